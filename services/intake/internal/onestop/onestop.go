// Package onestop is about one visit to a one-stop centre: which steps it has, in which order, and how far
// each has come. It is pure. It refuses to know whose visit it is, and to press anybody: she may leave at
// any step, what is done stays done, and the rest goes on when she comes again.
package onestop

import (
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// What a visit refuses.
var (
	// ErrStep refuses what does not fit a step, or a visit, as it stands.
	ErrStep = fault.New(fault.Conflict, "visit_invalid", "The visit does not take this as it stands.")
	// ErrOrder refuses to call her to a step before one that comes first. She may want it all the same.
	ErrOrder = fault.New(fault.Conflict, "visit_order", "Another step comes first. Tell her why. Where she wants this one first all the same, say so.")
)

// Most is how many steps a visit has at most.
const Most = 30

// Step is one step. What is said of it here is for who has the case.
type Step struct {
	ID   string             `json:"visit_step"`
	Kind code.VisitStepKind `json:"visit_step_kind"`
	// Referral is what a service is given on; empty where the step is none.
	Referral string               `json:"referral,omitempty"`
	Status   code.VisitStepStatus `json:"visit_step_status"`
	// Room is where she is called to.
	Room string `json:"centre_room,omitempty"`
	// Since is when it came to this status.
	Since time.Time `json:"since"`
}

// Visit is one visit, from when she comes until she leaves.
type Visit struct {
	ID string `json:"id"`
	// Centre is the record of the house.
	Centre  string    `json:"centre"`
	BegunAt time.Time `json:"begun_at"`
	LeftAt  time.Time `json:"left_at,omitzero"`
	Steps   []Step    `json:"visit_steps"`
}

// Comes says that one step comes before another.
type Comes func(first, then Step) bool

// CodeOf is by what a visit is called in the house: five letters and digits. It follows from the
// identifier of the visit alone, so it is new at each, and says nothing of a case. Two of thirty visits of
// one day have the same about once in 80,000 days.
func CodeOf(id string) string {
	_, digits, _ := strings.Cut(fact.ID("called", id), "_")
	return strings.ToUpper(digits[:5])
}

// Here says that she has not left.
func (v Visit) Here() bool { return v.ID != "" && v.LeftAt.IsZero() }

// beside says that a step goes beside the others, and does not occupy her.
func (s Step) beside() bool { return s.Kind == code.ChildCareStep }

// Waits says that she is still to have it, or has it now.
func (s Step) Waits() bool {
	return s.Status == code.VisitWaiting || s.Status == code.VisitCalled || s.Status == code.VisitWithHer
}

// now says that she is called to it, or has it.
func (s Step) now() bool { return s.Status == code.VisitCalled || s.Status == code.VisitWithHer }

// Sorted are steps in their order: each after those that come before it, else as given.
func Sorted(steps []Step, comes Comes) []Step {
	sorted, placed := make([]Step, 0, len(steps)), make([]bool, len(steps))
	var place func(i int)
	place = func(i int) {
		if placed[i] {
			return
		}
		placed[i] = true
		for j := range steps {
			if comes(steps[j], steps[i]) {
				place(j)
			}
		}
		sorted = append(sorted, steps[i])
	}
	for i := range steps {
		place(i)
	}
	return sorted
}

// Next is the step to which she is called next: the first that waits and is not held up. A child who is
// looked after goes beside it.
func (v Visit) Next(comes Comes) (Step, bool) {
	i := slices.IndexFunc(v.Steps, func(s Step) bool {
		return s.Status == code.VisitWaiting && !s.beside() && !v.heldUp(s, comes)
	})
	if i < 0 || !v.Here() {
		return Step{}, false
	}
	return v.Steps[i], true
}

// Now is the step to which she is called, or which she has.
func (v Visit) Now() (Step, bool) {
	i := slices.IndexFunc(v.Steps, func(s Step) bool { return s.now() && !s.beside() })
	if i < 0 || !v.Here() {
		return Step{}, false
	}
	return v.Steps[i], true
}

// heldUp says that a step that comes first still waits. One that she does not want holds nothing up.
func (v Visit) heldUp(s Step, comes Comes) bool {
	return slices.ContainsFunc(v.Steps, func(first Step) bool { return first.Waits() && comes(first, s) })
}

// ways are to which status a step may go from each.
var ways = map[code.VisitStepStatus][]code.VisitStepStatus{
	code.VisitWaiting: {code.VisitCalled, code.VisitWithHer, code.VisitSkipped},
	code.VisitCalled:  {code.VisitWaiting, code.VisitWithHer, code.VisitSkipped},
	code.VisitWithHer: {code.VisitDone, code.VisitStopped},
	code.VisitStopped: {code.VisitWaiting, code.VisitSkipped},
	code.VisitSkipped: {code.VisitWaiting},
}

// Step is one step of the visit.
func (v Visit) Step(id string) (Step, bool) {
	i := slices.IndexFunc(v.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return v.Steps[i], true
}

// May gives ErrStep where a step does not go to a status, ErrOrder where another comes first and she does
// not want it so.
func (v Visit) May(id string, to code.VisitStepStatus, wanted bool, comes Comes) error {
	s, there := v.Step(id)
	switch {
	case !v.Here() || !there:
		return ErrStep.At("/visit_step", "a step of a visit that goes on")
	case !slices.Contains(ways[s.Status], to):
		return ErrStep.At("/visit_step_status", "one to which the step goes from where it is")
	case to != code.VisitCalled && to != code.VisitWithHer:
		return nil
	}
	if other, busy := v.Now(); busy && other.ID != id && !s.beside() {
		return ErrStep.At("/visit_step", "not while she is called to another step")
	}
	if v.heldUp(s, comes) && !wanted {
		return ErrOrder.At("/visit_step", "after the steps that come first")
	}
	return nil
}

// Moved is the visit after a step went to a status. A room is where she is, so it is for as long as she is
// called or there.
func (v Visit) Moved(id string, to code.VisitStepStatus, room string, at time.Time) Visit {
	v.Steps = slices.Clone(v.Steps)
	for i := range v.Steps {
		if s := &v.Steps[i]; s.ID == id {
			if s.Status, s.Since = to, at; !s.now() {
				room = ""
			}
			s.Room = room
		}
	}
	return v
}

// Planned is the visit with one more step, in its order.
func (v Visit) Planned(s Step, comes Comes) Visit {
	v.Steps = Sorted(append(slices.Clone(v.Steps), s), comes)
	return v
}

// Left is the visit after she left. What was under way has stopped, and to what she was called she goes
// another day. A rest that she had, and a child who was looked after, are done.
func (v Visit) Left(at time.Time) Visit {
	v.LeftAt, v.Steps = at, slices.Clone(v.Steps)
	for i := range v.Steps {
		s := &v.Steps[i]
		switch {
		case s.Status == code.VisitCalled:
			s.Status, s.Since = code.VisitWaiting, at
		case s.Status == code.VisitWithHer && (s.Kind == code.RestStep || s.beside()):
			s.Status, s.Since = code.VisitDone, at
		case s.Status == code.VisitWithHer:
			s.Status, s.Since = code.VisitStopped, at
		}
		s.Room = ""
	}
	return v
}

// Rest are the steps with which the next visit begins: what is neither done nor refused by her.
func (v Visit) Rest(at time.Time) (rest []Step) {
	for _, s := range v.Steps {
		if s.Status == code.VisitWaiting || s.Status == code.VisitStopped {
			s.Status, s.Room, s.Since = code.VisitWaiting, "", at
			rest = append(rest, s)
		}
	}
	return rest
}
