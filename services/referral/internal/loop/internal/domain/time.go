package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Due is a deadline of a referral: when, and what happens then.
type Due struct {
	// Name is that of the deadline, Op that of the reaction to it.
	Name, Op string

	at   func(Referral) time.Time
	come func(Referral, fact.By) ([]fact.Event, error)
}

// Dues are all deadlines. Their times are those of the policy that was frozen into the
// referral; zero is never. An event takes each of them away, so that none comes twice.
var Dues = []Due{
	{"response", "onResponseDue", Referral.responseBy, Referral.ResponseDue},
	{"reminder", "onReminderDue", Referral.reminderAt, Referral.ReminderDue},
	{"escalation", "onEscalationDue", Referral.escalationAt, Referral.EscalationDue},
	{"expiry", "onExpiryDue", Referral.expiryAt, Referral.ExpiryDue},
	{"contact", "onContactDue", Referral.contactBy, Referral.ContactDue},
	{"service", "onServiceDue", Referral.serviceBy, Referral.ServiceDue},
	{"warning", "onWarningDue", Referral.warnAt, Referral.WarningDue},
	{"consent", "onConsentDue", Referral.consentUntil, Referral.ConsentDue},
	{"grace", "onGraceDue", Referral.graceUntil, Referral.GraceDue},
	{"press", "onPressDue", Referral.pressAt, Referral.PressDue},
	{"kept", "onKeptDue", Referral.keptUntil, Referral.KeptDue},
}

// Deadlines are the next one of each kind.
func (r Referral) Deadlines() []fact.Deadline {
	deadlines := make([]fact.Deadline, 0, len(Dues))
	for _, d := range Dues {
		if at := d.at(r); !at.IsZero() {
			deadlines = append(deadlines, fact.Deadline{Name: d.Name, At: at})
		}
	}
	return deadlines
}

// responseBy is when the answer is due, until it is found to be late.
func (r Referral) responseBy() time.Time {
	if !r.awaitsAnswer() || !r.OverdueAt.IsZero() {
		return time.Time{}
	}
	return r.Policy.RespondBy
}

func (r Referral) reminderAt() time.Time {
	if !r.awaitsAnswer() || r.Reminded >= len(r.Policy.Reminders) {
		return time.Time{}
	}
	return r.Policy.Reminders[r.Reminded]
}

func (r Referral) escalationAt() time.Time {
	if !r.awaitsAnswer() || len(r.Steps) >= len(r.Policy.Ladder) {
		return time.Time{}
	}
	return r.Policy.Ladder[len(r.Steps)].At
}

func (r Referral) expiryAt() time.Time {
	if !r.awaitsAnswer() {
		return time.Time{}
	}
	return r.Policy.ExpiresAt
}

// contactBy is when the survivor is to have been contacted, until that is found
// to be late. An attempt that reached nobody does not count. While the contact is
// closed, no clock presses anybody to reach her.
func (r Referral) contactBy() time.Time {
	if !r.unserved() || !r.ContactOverdueAt.IsZero() || !r.contactClosed().IsZero() || r.lastContact().Result == code.Reached {
		return time.Time{}
	}
	return r.from(r.Policy.ContactWithin)
}

// serviceBy is when the service is to have begun, until that is found to be
// late.
func (r Referral) serviceBy() time.Time {
	if !r.unserved() || !r.ServiceOverdueAt.IsZero() || !r.contactClosed().IsZero() {
		return time.Time{}
	}
	return r.from(r.Policy.ServeWithin)
}

// from counts from acceptance, or from when the clocks began anew. A referral that was
// made before there were policies has no such times.
func (r Referral) from(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	begin := r.AcceptedAt
	if later := r.reach().ClocksFrom; later.After(begin) {
		begin = later
	}
	return begin.Add(time.Duration(seconds) * time.Second)
}

// consentUntil is when the first consent of the referral runs out.
func (r Referral) consentUntil() time.Time {
	if !r.Open() && !r.Holds() || r.Status == code.Lapsed {
		return time.Time{}
	}
	var until time.Time
	for _, s := range r.stands() {
		if until.IsZero() || s.until().Before(until) {
			until = s.until()
		}
	}
	return until
}

// Decide is what happens when the deadline has come: first what was due before it,
// each at its own instant. After a pause all are delivered at once, in any order, and
// what ends the referral must not swallow what should have come first.
func (d Due) Decide(r Referral, by fact.By) ([]fact.Event, error) {
	if events, err := d.come(r, by); err != nil || len(events) == 0 {
		return nil, err
	}
	var events []fact.Event
	for {
		come, err := r.earliest(by)
		if err != nil || len(come) == 0 {
			return events, err
		}
		for _, e := range come {
			e.At = by.At
			r = r.Evolve(e)
		}
		events = append(events, come...)
	}
}

// earliest is what happens at the first deadline that is past.
func (r Referral) earliest(by fact.By) ([]fact.Event, error) {
	var first Due
	var past time.Time
	for _, d := range Dues {
		if at := d.at(r); !at.IsZero() && !at.After(by.At) && (past.IsZero() || at.Before(past)) {
			first, past = d, at
		}
	}
	if past.IsZero() {
		return nil, nil
	}
	by.At = past
	return first.come(r, by)
}

// pending says whether a deadline has come: false when there is none, and
// ErrNotDue while it is yet to come.
func pending(by fact.By, at time.Time) (bool, error) {
	switch {
	case at.IsZero():
		return false, nil
	case by.At.Before(at):
		return false, ErrNotDue
	}
	return true, nil
}

// ResponseDue marks the referral as overdue. It stays open: a late answer drops
// nothing.
func (r Referral) ResponseDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.responseBy()); !ok {
		return nil, err
	}
	return fact.Of(referralv1.Overdue{Loop: r.Loop, Due: r.Policy.RespondBy}), nil
}

// ContactDue marks that the survivor was not contacted in time.
func (r Referral) ContactDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.contactBy()); !ok {
		return nil, err
	}
	return fact.Of(referralv1.Overdue{Loop: r.Loop, Due: r.contactBy(), Kind: code.ToContact}), nil
}

// ServiceDue marks that the service did not begin in time.
func (r Referral) ServiceDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.serviceBy()); !ok {
		return nil, err
	}
	return fact.Of(referralv1.Overdue{Loop: r.Loop, Due: r.serviceBy(), Kind: code.ToServe}), nil
}

// ReminderDue reminds each agency that is asked. A reminder that was missed
// while no process ran comes late.
func (r Referral) ReminderDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.reminderAt()); !ok {
		return nil, err
	}
	asked := r.Asked()
	var events []fact.Event
	for n := r.Reminded; n < len(r.Policy.Reminders) && !by.At.Before(r.Policy.Reminders[n]); n++ {
		for _, agency := range asked {
			events = append(events, fact.Event{Data: referralv1.Reminded{
				Referral: r.Referral, Agency: agency, Number: n + 1, Due: r.Policy.RespondBy,
			}})
		}
	}
	return events, nil
}

// EscalationDue takes the next step up the ladder, or all that are due.
func (r Referral) EscalationDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.escalationAt()); !ok {
		return nil, err
	}
	var events []fact.Event
	for _, rung := range r.Policy.Ladder[len(r.Steps):] {
		if by.At.Before(rung.At) {
			break
		}
		events = append(events, fact.Event{Data: referralv1.Escalated{Loop: r.Loop, Step: rung.Step}})
	}
	return events, nil
}

// ExpiryDue ends a referral that nobody answered. The sender is told, and may
// ask the next agency.
func (r Referral) ExpiryDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.expiryAt()); !ok {
		return nil, err
	}
	return append(fact.Of(referralv1.Expired{Loop: r.turn()}), r.dismiss(code.ReleasedEnded, "")...), nil
}

// ConsentDue lets lapse what stands on a consent that has run out. What had ended before
// is let go of.
func (r Referral) ConsentDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.consentUntil()); !ok {
		return nil, err
	}
	return r.consentsEnd(lapse, func(_ string, expires time.Time) bool { return !by.At.Before(expires) }), nil
}
