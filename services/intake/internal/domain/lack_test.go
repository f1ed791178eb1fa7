package domain

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
)

// A refusal says which one part is in the way, and says nothing where more than one
// differs.
func TestWhatAConsentLacks(t *testing.T) {
	given := func(change func(*Consent)) Case {
		k := Consent{
			ID: "cons_1", Recipient: legal, Service: code.LegalAssistance, Purpose: code.ServiceDelivery,
			Expires: noon.Add(time.Hour), Status: code.ConsentGiven, Evidence: Evidence{GivenBy: code.BySurvivor},
		}
		if change != nil {
			change(&k)
		}
		return Case{Consents: []Consent{k}}
	}
	both := func(k *Consent) { k.Purpose, k.Service = code.Prosecution, code.Food }
	for name, c := range map[string]struct {
		c       Case
		to      Choice
		purpose code.Purpose
		want    string
	}{
		"nothing was said":  {Case{}, Choice{Recipient: legal}, code.ServiceDelivery, "consent in force"},
		"another purpose":   {given(func(k *Consent) { k.Purpose = code.Prosecution }), Choice{Recipient: legal}, code.ServiceDelivery, "consent in force; one for the purpose prosecution exists"},
		"a second purpose":  {given(nil), Choice{Recipient: legal}, code.Prosecution, "consent to prosecution in force; one for the purpose service_delivery exists"},
		"another service":   {given(func(k *Consent) { k.Service = code.Food }), Choice{Recipient: legal}, code.ServiceDelivery, "consent in force; one for the service food_service exists"},
		"a similar name":    {given(nil), Choice{Recipient: "law-societies"}, code.ServiceDelivery, "consent in force; one for the agency law-society exists"},
		"another agency":    {given(nil), Choice{Recipient: clinic}, code.ServiceDelivery, "consent in force"},
		"expired":           {given(func(k *Consent) { k.Expires = noon }), Choice{Recipient: legal}, code.ServiceDelivery, "consent in force; one has expired"},
		"withdrawn":         {given(func(k *Consent) { k.Status = code.ConsentWithdrawn }), Choice{Recipient: legal}, code.ServiceDelivery, "consent in force; one was withdrawn"},
		"refused":           {given(func(k *Consent) { k.Status = code.ConsentRefused }), Choice{Recipient: legal}, code.ServiceDelivery, "consent in force; she said no to it"},
		"another one named": {given(nil), Choice{Recipient: legal, Consent: "cons_2"}, code.ServiceDelivery, "consent in force; another one than the named one is"},
		"two parts":         {given(both), Choice{Recipient: legal}, code.ServiceDelivery, "consent in force"},
		"withdrawn, and of another purpose": {
			given(func(k *Consent) { k.Status, k.Purpose = code.ConsentWithdrawn, code.Prosecution }),
			Choice{Recipient: legal},
			code.ServiceDelivery, "consent in force",
		},
	} {
		if got := c.c.lack(basis.law(Case{}, noon), code.LegalAssistance, c.to, c.purpose, noon); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	twice := given(func(k *Consent) { k.Status = code.ConsentWithdrawn })
	twice.Consents = append(twice.Consents, given(func(k *Consent) { k.Status = code.ConsentRefused }).Consents...)
	if got := twice.lack(basis.law(Case{}, noon), code.LegalAssistance, Choice{Recipient: legal}, code.ServiceDelivery, noon); !strings.HasSuffix(got, "she said no to it") {
		t.Errorf("her last answer is not told: %q", got)
	}
}

// The rule is short, and never has the name that was sent.
func TestWhatAConsentLacksEchoesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slugs := rapid.StringMatching(`[a-z0-9][a-z0-9-]{1,38}[a-z0-9]`)
		var c Case
		for range rapid.IntRange(0, 5).Draw(t, "consents") {
			c.Consents = append(c.Consents, Consent{
				ID: "cons_1", Recipient: slugs.Draw(t, "recipient"), Service: rapid.SampledFrom(code.Services).Draw(t, "service"),
				Purpose: rapid.SampledFrom(code.Purposes).Draw(t, "purpose"), Status: rapid.SampledFrom(code.ConsentStatuses).Draw(t, "status"),
				Expires: noon.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "expires")) * time.Hour),
			})
		}
		sent := rapid.StringMatching(`[qxz]{12,40}`).Draw(t, "sent")
		rule := c.lack(basis.law(Case{}, noon), rapid.SampledFrom(code.Services).Draw(t, "asked"), Choice{Recipient: sent}, rapid.SampledFrom(code.Purposes).Draw(t, "for"), noon)
		if strings.Contains(rule, sent) || len(rule) > 200 {
			t.Fatalf("the rule is %q", rule)
		}
	})
}
