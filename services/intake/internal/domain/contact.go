package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// SuspendContact is the command that closes her contact: nobody may reach out to her.
type SuspendContact struct{}

// RestoreContact is the command that opens it again. Only her desk knows when.
type RestoreContact struct{}

// SuspendContact tells each agency that might contact her. They are shown no address until
// it is restored.
func (c Case) SuspendContact(_ fact.By, _ SuspendContact) ([]fact.Event, error) {
	if err := c.maySuspendContact(); err != nil {
		return nil, err
	}
	return fact.Of(intakev1.ContactSuspended{Case: c.ID, Referrals: c.openOnes()}), nil
}

// RestoreContact tells them again.
func (c Case) RestoreContact(_ fact.By, _ RestoreContact) ([]fact.Event, error) {
	if err := c.mayRestoreContact(); err != nil {
		return nil, err
	}
	return fact.Of(intakev1.ContactRestored{Case: c.ID, Referrals: c.openOnes()}), nil
}

// OnContacted closes her contact when an agency found it unsafe to reach her.
func (c Case) OnContacted(_ fact.By, e referralv1.Contacted) ([]fact.Event, error) {
	if err := c.agrees(e.Loop, code.Accepted); err != nil || e.Result != code.UnsafeToReach || !c.ContactClosed.IsZero() {
		return nil, err
	}
	return fact.Of(intakev1.ContactSuspended{Case: c.ID, Referrals: c.openOnes()}), nil
}

func (c Case) openOnes() []string {
	ids := []string{}
	for _, f := range c.Referrals {
		if f.open() || f.Status == code.Lapsed {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// guarded tells also those who are asked while her contact is closed.
func (c Case) guarded(events []fact.Event) []fact.Event {
	if c.ContactClosed.IsZero() {
		return events
	}
	var ids []string
	for _, e := range events {
		switch d := e.Data.(type) {
		case intakev1.ServiceRequested:
			ids = append(ids, d.Referral)
		case intakev1.ReferralResumed:
			ids = append(ids, d.Referral)
		}
	}
	if len(ids) == 0 {
		return events
	}
	return append(events, fact.Event{Data: intakev1.ContactSuspended{Case: c.ID, Referrals: ids}})
}

// shows says whether an agency may be shown a category now: no address while her contact
// is closed.
func (c Case) shows(category code.Category) bool {
	return category != code.Contact || c.ContactClosed.IsZero()
}
