package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Consent records that a survivor's consent has ended, also for requests that
// stand on it and are yet to arrive. A consent in force is not recorded here:
// it is intake's.
type Consent struct{ end referralv1.ConsentEnded }

// OnConsentWithdrawn notes the end of the consent, once. A consent is of one
// case: an end that names another case is refused.
func (c Consent) OnConsentWithdrawn(_ fact.By, e intakev1.ConsentWithdrawn) ([]fact.Event, error) {
	if ended, err := c.EndedFor(e.Case); ended || err != nil {
		return nil, err
	}
	return fact.Of(referralv1.ConsentEnded{Consent: e.Consent, Case: e.Case}), nil
}

// Ended says whether the consent is known to have ended.
func (c Consent) Ended() bool { return c.end.Consent != "" }

// EndedFor is Ended for a case. It refuses a case that the end did not name: that
// consent is not hers, or that end was not.
func (c Consent) EndedFor(caseID string) (bool, error) {
	if !c.Ended() {
		return false, nil
	}
	return true, agree.Same("/case", c.Case(), caseID)
}

// Consents are the known ends of consents, or why they cannot be known.
type Consents func(consent string) (look.Fresh[Consent], error)

// stands says that a consent is not known to have ended.
func (c Consents) stands(consent string) error {
	known, err := c(consent)
	if err == nil && known.Value().Ended() {
		err = ErrNotOpen.At("/status", "not "+string(code.Withdrawn))
	}
	return err
}

// Case is the survivor's case.
func (c Consent) Case() string { return c.end.Case }

// Visible is for the network only: no agency asks for it.
func (c Consent) Visible(by fact.By) bool { return by.System() }

// Closed is never, so that the end of a consent is always at hand.
func (c Consent) Closed() bool { return false }

// Deadlines are none.
func (c Consent) Deadlines() []fact.Deadline { return nil }

// View is empty.
func (c Consent) View(fact.By) any { return struct{}{} }

// Evolve is the consent after an event.
func (c Consent) Evolve(e fact.Event) Consent {
	if d, ok := e.Data.(referralv1.ConsentEnded); ok {
		c.end = d
	}
	return c
}
