package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/near"
)

// lack is the rule that a request without a consent breaks, and which one part of a
// consent of the case is in the way, where it is one: a desk corrects a slip at once.
// It never repeats what the request says.
func (c Case) lack(law programme.Consent, service code.Service, to Choice, purpose code.Purpose, at time.Time) string {
	rule := "consent in force"
	if purpose != code.ServiceDelivery {
		rule = "consent to " + string(purpose) + " in force"
	}
	for _, nearly := range []func(Consent) string{
		func(k Consent) string {
			return when(k.Status == code.ConsentGiven && k.covers(to.Recipient, service, purpose) && c.heldBack(k),
				"she gave none since she is left in peace")
		},
		func(k Consent) string {
			return when(k.Status == code.ConsentGiven && k.covers(to.Recipient, service, purpose) && k.dissents(), "the child said no to one")
		},
		func(k Consent) string {
			return when(k.Status == code.ConsentGiven && k.covers(to.Recipient, service, purpose) && !c.speaks(law, k, at),
				"one was given by a person who may not consent for her at the age on record")
		},
		func(k Consent) string {
			return when(k.Status == code.ConsentGiven && k.covers(to.Recipient, service, purpose), "another one than the named one is")
		},
		func(k Consent) string {
			return when(k.Status == code.ConsentGiven && k.covers(to.Recipient, service, k.Purpose), "one for the purpose "+string(k.Purpose)+" exists")
		},
		func(k Consent) string {
			return when(k.Status == code.ConsentGiven && k.covers(to.Recipient, k.Service, purpose), "one for the service "+string(k.Service)+" exists")
		},
		func(k Consent) string {
			return when(k.Status == code.ConsentGiven && k.covers(k.Recipient, service, purpose) && len(near.To(to.Recipient, []string{k.Recipient})) > 0,
				"one for the agency "+k.Recipient+" exists")
		},
		func(k Consent) string {
			return when(k.covers(to.Recipient, service, purpose), over[k.Status])
		},
	} {
		for i := range c.Consents {
			// The latest answer counts, and the latest is the last.
			if found := nearly(c.Consents[len(c.Consents)-1-i].at(at)); found != "" {
				return rule + "; " + found
			}
		}
	}
	return rule
}

// over says why a consent to the very question is not in force.
var over = map[code.ConsentStatus]string{
	code.ConsentExpired:     "one has expired",
	code.ConsentWithdrawn:   "one was withdrawn",
	code.ConsentRefused:     "she said no to it",
	code.ConsentRequested:   "she was asked and has not answered",
	code.ConsentRevoked:     "one was revoked",
	code.ConsentInvalidated: "one was invalidated",
}

func when(holds bool, text string) string {
	if holds {
		return text
	}
	return ""
}
