package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// SuspendContact is the command that closes her contact: nobody may reach out to her.
type SuspendContact struct{}

// RestoreContact is the command that opens it again. Only her desk knows when.
type RestoreContact struct{}

// Hold is the private half of ContactSuspended where nobody contacts her on some referrals
// alone, because she is left in peace. What the agencies are told is the same.
type Hold struct {
	Peace bool `json:"peace"`
}

// SuspendContact tells each agency that might contact her. They are shown no address until
// it is restored.
func (c Case) SuspendContact(_ fact.By, _ SuspendContact) ([]fact.Event, error) {
	if err := c.maySuspendContact(); err != nil {
		return nil, err
	}
	return fact.Of(intakev1.ContactSuspended{Case: c.ID, Referrals: c.openOnes()}), nil
}

// RestoreContact tells them again, but for those on whose referral she is left in peace.
func (c Case) RestoreContact(_ fact.By, _ RestoreContact) ([]fact.Event, error) {
	if err := c.mayRestoreContact(); err != nil {
		return nil, err
	}
	return fact.Of(intakev1.ContactRestored{Case: c.ID, Referrals: c.restorable()}), nil
}

// restorable are the referrals on which somebody may contact her again.
func (c Case) restorable() []string {
	return c.openWhere(func(f Referral) bool { return (!c.ContactClosed.IsZero() || f.Held) && !c.resting(f) })
}

// hold closes contact on the open referrals that a period of reflection holds back, as of an
// instant at which it goes on: no clock of theirs presses anybody to reach her. Its end opens
// nothing; her desk does, when she wants it.
func (c Case) hold() []fact.Event {
	ids := c.openWhere(func(f Referral) bool { return !f.Held && c.resting(f) })
	if len(ids) == 0 {
		return nil
	}
	return fact.With(intakev1.ContactSuspended{Case: c.ID, Referrals: ids}, Hold{Peace: true})
}

// resting says that she is left in peace on a referral.
func (c Case) resting(f Referral) bool {
	return slices.ContainsFunc(f.holders(), c.rests)
}

// suspended is the case after her contact was closed: for all, or on some referrals.
func (c Case) suspended(e fact.Event, d intakev1.ContactSuspended) Case {
	if hold, _ := e.Private.(Hold); hold.Peace {
		c.Referrals = heldOn(c.Referrals, d.Referrals, true)
	} else if c.ContactClosed.IsZero() {
		c.ContactClosed = e.At
	}
	return c
}

// heldOn is the referrals after some of them were held or let go.
func heldOn(all []Referral, ids []string, held bool) []Referral {
	return mapped(all, func(f Referral) Referral {
		if slices.Contains(ids, f.ID) {
			f.Held = held
		}
		return f
	})
}

// OnContacted closes her contact when an agency found it unsafe to reach her.
func (c Case) OnContacted(_ fact.By, e referralv1.Contacted) ([]fact.Event, error) {
	if err := c.agrees(e.Loop, code.Accepted); err != nil || e.Result != code.UnsafeToReach || !c.ContactClosed.IsZero() {
		return nil, err
	}
	return fact.Of(intakev1.ContactSuspended{Case: c.ID, Referrals: c.openOnes()}), nil
}

func (c Case) openOnes() []string { return c.openWhere(func(Referral) bool { return true }) }

// openWhere are the referrals on which somebody may contact her, and of which something is so.
func (c Case) openWhere(so func(Referral) bool) []string {
	ids := []string{}
	for _, f := range c.Referrals {
		if (f.open() || f.Status == code.Lapsed) && so(f) {
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
