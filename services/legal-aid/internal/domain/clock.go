package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/services/internal/work"
)

// LegalDeadline names the instant from which something of a matter waits for its lawyer.
const LegalDeadline = "legal"

// clock is something that comes due by itself. When it was fixed, the programme said how long
// before or after something that is; the matter keeps the instant.
type clock struct {
	kind  code.LegalReminder
	about string
	at    time.Time
}

// Came is what came due, and when it was noted. What then gets a later time comes due again.
type Came struct {
	Kind  code.LegalReminder
	About string
	At    time.Time
}

// clocks are all that run for the matter, and those that have come and still wait.
func (m Matter) clocks() (all []clock) {
	run := func(kind code.LegalReminder, about string, at time.Time) {
		if !at.IsZero() {
			all = append(all, clock{kind, about, at})
		}
	}
	for _, o := range m.Orders {
		end, soon := m.ends(o)
		over := clock{code.OrderOver, o.Application, end}
		if !o.made() || m.lifted(o) || !end.IsZero() && m.came(over) {
			continue
		}
		if !m.served(o) {
			run(code.OrderNotServed, o.Application, o.ServeBy)
		}
		// What was recorded before orders had clocks has none.
		if run(code.OrderEndsSoon, o.Application, soon); !soon.IsZero() {
			run(code.OrderOver, o.Application, end)
		}
	}
	for _, d := range m.Duties {
		if d.waits() && !d.brought() {
			run(code.DutyLate, d.ID, d.Until)
		}
	}
	for _, h := range m.Hearings {
		if !h.InError && h.Result == "" {
			run(code.HearingSoon, h.ID, h.RemindAt)
			run(code.HearingPast, h.ID, h.StartsAt)
		}
	}
	return all
}

// came says whether a clock has come.
func (m Matter) came(c clock) bool {
	return slices.ContainsFunc(m.Reminders, func(r Came) bool {
		return r.Kind == c.kind && r.About == c.about && !r.At.Before(c.at)
	})
}

// runs says whether clocks run for the matter: until it is over, or closed to readers.
func (m Matter) runs() bool { return m.Exists() && !m.Closed() && m.Shows() != work.Nothing }

// Deadlines are the first instant at which something comes due.
func (m Matter) Deadlines() []fact.Deadline {
	if !m.runs() {
		return nil
	}
	ahead := slices.DeleteFunc(m.clocks(), m.came)
	if len(ahead) == 0 {
		return nil
	}
	first := slices.MinFunc(ahead, func(a, b clock) int { return a.at.Compare(b.at) })
	return []fact.Deadline{{Name: LegalDeadline, At: first.at}}
}

// ReminderDue notes what has come due (ErrNotDue before that). An order whose end has come is
// ended by it, and not by silence.
func (m Matter) ReminderDue(by fact.By) ([]fact.Event, error) {
	if !m.runs() {
		return nil, nil
	}
	ahead := slices.DeleteFunc(m.clocks(), m.came)
	due := slices.DeleteFunc(slices.Clone(ahead), func(c clock) bool { return by.At.Before(c.at) })
	if len(ahead) > 0 && len(due) == 0 {
		return nil, ErrNotDue
	}
	slices.SortStableFunc(due, func(a, b clock) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.about, b.about)) })
	var events []fact.Event
	for _, c := range due {
		events = append(events, fact.Event{Data: legalaidv1.ReminderCame{Work: m.Work, Kind: c.kind, About: c.about}})
	}
	if slices.ContainsFunc(due, func(c clock) bool { return c.kind != code.OrderOver }) {
		// Where nobody has a page open, a list tells nobody. Of an order that is over nothing is to be done.
		events = append(events, fact.Event{Data: legalaidv1.WorkerAwaited{Awaited: staff.Awaited{Agency: m.Agency}}})
	}
	return events, nil
}

// reminded is the matter after something came due.
func (m Matter) reminded(d legalaidv1.ReminderCame, at time.Time) Matter {
	m.Reminders = slices.Clone(m.Reminders)
	i := slices.IndexFunc(m.Reminders, func(r Came) bool { return r.Kind == d.Kind && r.About == d.About })
	if i < 0 {
		i, m.Reminders = len(m.Reminders), append(m.Reminders, Came{Kind: d.Kind, About: d.About})
	}
	m.Reminders[i].At = at
	return m
}

// Waits reports whether something waits for the lawyer, who may read of it: a certificate of
// which they are to take note, a duty, or what has come due.
func (m Matter) Waits() bool {
	if !m.Exists() || m.Shows() == work.Nothing {
		return false
	}
	certificate := m.Shows() == work.Everything && slices.ContainsFunc(m.Certificates, Certificate.waits)
	return certificate || slices.ContainsFunc(m.Duties, Duty.waits) || m.runs() && slices.ContainsFunc(m.clocks(), m.came)
}

// Date is one date or duty of a matter, as it stands on the list of its worker.
type Date struct {
	Matter string `json:"matter"`
	// About is an application, a duty or a hearing.
	About string         `json:"about"`
	Kind  code.LegalDate `json:"kind"`
	At    time.Time      `json:"at,omitzero"`
	// Waits says that it has come due, and waits for its worker.
	Waits bool `json:"waits,omitempty"`
}

// Dates are the dates and duties of a matter. They say nothing of what was asked of a court,
// nor where it is: that stands in the matter, where each look is recorded.
func (m Matter) Dates(now time.Time) (all []Date) {
	if !m.Exists() || m.Shows() == work.Nothing {
		return nil
	}
	for _, d := range m.Duties {
		if d.waits() {
			all = append(all, Date{m.Matter, d.ID, code.DateDuty, d.Until, true})
		}
	}
	if !m.runs() {
		return all
	}
	for _, h := range m.Hearings {
		if !h.InError && h.Result == "" {
			all = append(all, Date{m.Matter, h.ID, code.DateHearing, h.StartsAt, m.due(now, h.RemindAt, h.StartsAt)})
		}
	}
	for _, o := range m.Orders {
		if standing := m.standing(o, now); standing != code.OrderInForce && standing != code.OrderExpiring {
			continue
		}
		if !m.served(o) && !o.ServeBy.IsZero() {
			all = append(all, Date{m.Matter, o.Application, code.DateServe, o.ServeBy, m.due(now, o.ServeBy)})
		}
		if end, soon := m.ends(o); !end.IsZero() {
			all = append(all, Date{m.Matter, o.Application, code.DateOrderEnd, end, m.due(now, soon)})
		}
	}
	return all
}

// due says whether one of several instants has come.
func (Matter) due(now time.Time, at ...time.Time) bool {
	return slices.ContainsFunc(at, func(at time.Time) bool { return !at.IsZero() && !now.Before(at) })
}
