package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Duty is something that waits for the worker of a plan.
type Duty struct {
	Kind code.PlanDuty `json:"kind"`
	// Entry is what it is about.
	Entry string    `json:"entry"`
	DueAt time.Time `json:"due_at"`
	// Taken says that somebody is at it: it is not late any more.
	Taken bool `json:"taken,omitempty"`
}

// Late says whether its time is over and nobody is at it.
func (d Duty) Late(now time.Time) bool { return !d.Taken && !now.Before(d.DueAt) }

// Duties are what waits, the earliest first. Of a plan of which nobody reads anything there is
// none. While it rests, or is asked about, it is what hangs on her safety and on dates.
func (p Plan) Duties() (all []Duty) {
	shows := p.Shows()
	if !p.Exists() || shows == work.Nothing {
		return nil
	}
	for _, a := range p.Answers {
		if task := a.task(); task == code.RiskWaiting || task == code.RiskTaken {
			all = append(all, Duty{Kind: code.DutyRisk, Entry: a.ID, DueAt: a.TakeBy, Taken: task == code.RiskTaken})
		}
	}
	if s, ok := p.expected(); ok && !p.Standing.Closed() {
		all = append(all, Duty{Kind: code.DutyAppointment, Entry: s.ID, DueAt: s.NextAt})
	}
	for _, g := range p.Goals {
		if g.Status == code.GoalOpen && p.MustBeOpen() == nil {
			all = append(all, Duty{Kind: code.DutyGoalReview, Entry: g.ID, DueAt: g.ReviewAt})
		}
	}
	for _, f := range p.FollowUps {
		// Nobody follows her up on what she may be about to end.
		if f.waits() && shows == work.Everything {
			all = append(all, Duty{Kind: code.DutyFollowUp, Entry: f.ID, DueAt: f.DueAt})
		}
	}
	slices.SortStableFunc(all, func(a, b Duty) int { return a.DueAt.Compare(b.DueAt) })
	return all
}

// DutyDeadline names the instant from which something of a plan waits for its worker.
const DutyDeadline = "duty"

// ErrNotDue is given before anything of a plan has come due.
var ErrNotDue = fault.New(fault.Unavailable, "not_due", "It is not time yet.")

// Deadlines is when the next of the duties comes due of which nobody is told yet.
func (p Plan) Deadlines() []fact.Deadline {
	for _, d := range p.Duties() {
		if !d.Taken && d.DueAt.After(p.Came) {
			return []fact.Deadline{{Name: DutyDeadline, At: d.DueAt}}
		}
	}
	return nil
}

// DutyDue tells the agency that something waits, and not what (ErrNotDue before that). A list
// tells only who looks at it. That an answer of hers opened a task is told in the same way and
// at no other moment than its time: so nobody outside can tell it from an appointment.
func (p Plan) DutyDue(by fact.By) ([]fact.Event, error) {
	ahead := p.Deadlines()
	switch {
	case len(ahead) == 0:
		return nil, nil
	case by.At.Before(ahead[0].At):
		return nil, ErrNotDue
	}
	return []fact.Event{
		{Data: psychosocialv1.PlanDutyCame{Work: p.Work}},
		{Data: psychosocialv1.WorkerAwaited{Awaited: staff.Awaited{Agency: p.Agency}}},
	}, nil
}

// Closed reports whether the plan is over and nothing in it waits for anybody: what is due is found
// in memory.
func (p Plan) Closed() bool { return p.Standing.Closed() && len(p.Duties()) == 0 }

// expected is the session that says when she is expected again: the one that was recorded last.
// Whether she came to it is recorded as a session, and says nothing against her.
func (p Plan) expected() (Session, bool) {
	for _, s := range slices.Backward(p.Sessions) {
		if !s.InError {
			return s, !s.NextAt.IsZero()
		}
	}
	return Session{}, false
}
