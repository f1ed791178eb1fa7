package domain

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

func TestGiveConsent(t *testing.T) {
	d := open(t, Opening{})
	cmd := yes(legal, code.LegalAssistance)
	cmd.Expires = cmd.Expires.In(time.FixedZone("", 7*3600))
	want := []fact.Event{{
		Data: intakev1.ConsentGiven{
			Case: d.state.ID, Consent: d.by().ID("cons", 0), Recipient: legal, Service: code.LegalAssistance,
			Purpose: code.ServiceDelivery, Categories: cmd.Categories, Expires: noon.AddDate(0, 1, 0),
		},
		Private: cmd.Evidence,
	}}
	if diff := cmp.Diff(want, d.must(t)(do(d, plain(Case.GiveConsent), cmd))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestGiveConsentRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(*GiveConsent)
		want     *fault.Error
		pointers string
	}{
		"no recipient":       {func(g *GiveConsent) { g.Recipient = "" }, ErrSlug, "/recipient"},
		"a person":           {func(g *GiveConsent) { g.Recipient = "Dr. Name" }, ErrSlug, "/recipient"},
		"no service":         {func(g *GiveConsent) { g.Service = "" }, ErrUnknownCode, "/service"},
		"no purpose":         {func(g *GiveConsent) { g.Purpose = "" }, ErrUnknownCode, "/purpose"},
		"no method":          {func(g *GiveConsent) { g.Method = "" }, ErrUnknownCode, "/method"},
		"given by nobody":    {func(g *GiveConsent) { g.GivenBy = "" }, ErrUnknownCode, "/given_by"},
		"no categories":      {func(g *GiveConsent) { g.Categories = nil }, ErrCategories, "/categories"},
		"no end":             {func(g *GiveConsent) { g.Expires = time.Time{} }, ErrTerm, "/expires"},
		"ends now":           {func(g *GiveConsent) { g.Expires = noon }, ErrTerm, "/expires"},
		"more than one year": {func(g *GiveConsent) { g.Expires = noon.AddDate(1, 0, 1) }, ErrTerm, "/expires"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := yes(legal, code.LegalAssistance)
			c.change(&cmd)
			d := open(t, Opening{})
			events, err := do(d, plain(Case.GiveConsent), cmd)
			refused(t, events, err, c.want, c.pointers)
		})
	}
	cmd := yes(legal, code.LegalAssistance)
	cmd.Expires = noon.AddDate(1, 0, 0)
	d := open(t, Opening{})
	d.must(t)(do(d, plain(Case.GiveConsent), cmd))
}

func TestWhoMaySpeak(t *testing.T) {
	for _, c := range []struct {
		age    code.AgeBand
		by     code.GivenBy
		reason code.WithoutCaregiver
		want   *fault.Error
	}{
		{code.AgeTo5, code.BySurvivor, "", ErrCaregiverNeeded},
		{code.AgeTo5, code.ByCaregiver, "", nil},
		{code.AgeTo5, code.ByBoth, "", nil},
		{code.AgeTo5, code.BySurvivor, code.CaregiverIsAbuser, nil},
		{code.Age6To11, code.BySurvivor, "", ErrCaregiverNeeded},
		{code.Age6To11, code.ByCaregiver, "", nil},
		{code.Age6To11, code.ByBoth, "", nil},
		{code.Age6To11, code.BySurvivor, code.NotInChildsInterest, nil},
		{code.Age6To11, code.BySurvivor, code.NoCaregiver, nil},
		{code.AgeTo17, code.BySurvivor, "", nil},
		{code.AgeTo17, code.ByBoth, "", nil},
		{code.AgeTo17, code.ByCaregiver, "", ErrSurvivorNeeded},
		{code.AgeAdult, code.BySurvivor, "", nil},
		{code.AgeAdult, code.ByBoth, "", nil},
		{code.AgeAdult, code.ByCaregiver, "", ErrSurvivorNeeded},
		{code.AgeAdult, code.ByCaregiver, code.NoCaregiver, ErrSurvivorNeeded},
		{"", code.BySurvivor, "", nil},
		{"", code.ByCaregiver, "", ErrAgeUnknown},
		{"", code.ByCaregiver, code.NoCaregiver, ErrAgeUnknown},
		{"", code.ByBoth, "", ErrAgeUnknown},
	} {
		t.Run(string(c.age)+" "+string(c.by)+" "+string(c.reason), func(t *testing.T) {
			d := open(t, Opening{Survivor: Survivor{AgeBand: c.age}})
			cmd := yes(legal, code.LegalAssistance)
			cmd.Evidence = Evidence{Method: code.Written, GivenBy: c.by, WithoutCaregiver: c.reason}
			events, err := do(d, plain(Case.GiveConsent), cmd)
			if c.want == nil {
				d.must(t)(events, err)
				return
			}
			refused(t, events, err, c.want, "/given_by")
		})
	}
}

// Her last word counts: a no takes back the yes to the same question, and to
// no other.
func TestRefuseConsent(t *testing.T) {
	d := consented(t)
	lawyer := d.state.Consents[0]
	want := fact.Of(
		intakev1.ConsentRefused{
			Case: d.state.ID, Consent: d.by().ID("cons", 0), Recipient: legal, Service: code.LegalAssistance, Purpose: code.ServiceDelivery,
		},
		intakev1.ConsentWithdrawn{Case: d.state.ID, Consent: lawyer.ID, Recipient: legal, Service: code.LegalAssistance},
	)
	if diff := cmp.Diff(want, d.must(t)(do(d, Case.RefuseConsent, no(legal, code.LegalAssistance)))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	events, err := do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance)))
	refused(t, events, err, ErrConsentMissing, "/requests/0")
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(clinic, code.ForensicExam))))

	events, err = do(d, Case.RefuseConsent, RefuseConsent{Recipient: "x", Service: code.Food, Purpose: code.ServiceDelivery})
	refused(t, events, err, ErrSlug, "/recipient")
	events, err = do(d, Case.RefuseConsent, RefuseConsent{Recipient: legal, Purpose: code.ServiceDelivery})
	refused(t, events, err, ErrUnknownCode, "/service")
	events, err = do(d, Case.RefuseConsent, RefuseConsent{Recipient: legal, Service: code.Food})
	refused(t, events, err, ErrUnknownCode, "/purpose")

	// What was refused is never in force again; a new yes is a new record.
	d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	if got := len(d.state.Consents); got != 4 {
		t.Errorf("%d consents, want 4", got)
	}
}

func TestWithdrawConsent(t *testing.T) {
	d := consented(t)
	lawyer := d.state.Consents[0].ID
	d.now = noon.Add(time.Hour)
	want := fact.Of(intakev1.ConsentWithdrawn{Case: d.state.ID, Consent: lawyer, Recipient: legal, Service: code.LegalAssistance})
	if diff := cmp.Diff(want, d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: lawyer}))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if k := d.state.Consents[0]; k.Status != code.ConsentWithdrawn || k.WithdrawnAt != d.now || k.InForce(d.now) {
		t.Errorf("consent %+v", k)
	}
	if got := d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: lawyer})); got != nil {
		t.Errorf("withdrawn twice: %v", got)
	}
	events, err := do(d, Case.WithdrawConsent, WithdrawConsent{Consent: "cons_unknown"})
	refused(t, events, err, ErrConsentUnknown, "/consent")

	d.must(t)(do(d, Case.RefuseConsent, no(clinic, code.Psychosocial)))
	events, err = do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[2].ID})
	refused(t, events, err, ErrConsentRefused, "/consent")

	// Nobody looks at the clock before she may say so.
	d.now = noon.AddDate(0, 2, 0)
	if got := d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[1].ID})); len(got) != 1 {
		t.Errorf("an expired consent cannot be withdrawn: %v", got)
	}
}

// When nobody knows what a commit said, what she had allowed before ends: also what
// has run out, since an agency that acts on it must be told. What she allowed later
// stands, and her no stays what it is.
func TestDoubt(t *testing.T) {
	d := open(t, Opening{})
	d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
	d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.Psychosocial)))
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[1].ID}))
	d.must(t)(do(d, Case.RefuseConsent, RefuseConsent{Recipient: legal, Service: code.ForensicExam, Purpose: code.ServiceDelivery}))
	if events := d.state.Doubt(d.state.Consents[0].AnsweredAt); len(events) > 0 {
		t.Errorf("a doubt from before anything was allowed ends %v", events)
	}
	want := fact.Of(intakev1.ConsentWithdrawn{Case: d.state.ID, Consent: d.state.Consents[0].ID, Recipient: legal, Service: code.LegalAssistance})
	events := d.state.Doubt(d.state.Consents[0].AnsweredAt.Add(time.Hour))
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	ended := d.state
	for _, e := range events {
		ended = ended.Evolve(e)
	}
	if again := ended.Doubt(noon.AddDate(9, 0, 0)); len(again) > 0 {
		t.Errorf("again it ends %v", again)
	}
}

func TestInForce(t *testing.T) {
	k := consented(t).state.Consents[0]
	for name, c := range map[string]struct {
		at   time.Time
		want code.ConsentStatus
	}{
		"at once":          {noon, code.ConsentGiven},
		"up to its end":    {k.Expires.Add(-1), code.ConsentGiven},
		"not at its end":   {k.Expires, code.ConsentExpired},
		"never afterwards": {k.Expires.AddDate(1, 0, 0), code.ConsentExpired},
	} {
		if got := k.at(c.at).Status; got != c.want || k.InForce(c.at) != (c.want == code.ConsentGiven) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
