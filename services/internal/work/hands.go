package work

import (
	"time"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/look"
)

// Hands is what a decision knows of somebody who wants to read or change work: whether
// they act for the worker who had it when it was looked up.
type Hands struct {
	Worker string
	Act    look.Fresh[bool]
	Err    error
}

// Actor says how near to the work the caller is.
func (h Hands) Actor() command.Actor {
	if h.Err == nil && h.Act.Value() {
		return command.Hands
	}
	return command.Anybody
}

// Has is who has the work, by the identifier in the register; empty for nobody.
func (s Standing) Has() string { return s.Worker }

// Handled gives ErrNotTheWorker, unless the hands are those of the worker who has the
// work, or of who covers.
func (s Standing) Handled(h Hands) error {
	switch {
	case h.Err != nil:
		return h.Err
	case s.Worker == "" || h.Worker != s.Worker || !h.Act.Value():
		return ErrNotTheWorker
	}
	return nil
}

// ByWorker is a rule for the worker who has the work, and who covers, alone.
func ByWorker[S interface{ Handled(h Hands) error }, C any](decide func(S, fact.By, C) ([]fact.Event, error)) func(S, fact.By, C, Hands) ([]fact.Event, error) {
	return func(s S, by fact.By, cmd C, h Hands) ([]fact.Event, error) {
		if err := s.Handled(h); err != nil {
			return nil, err
		}
		return decide(s, by, cmd)
	}
}

// Assignee is who looks after a referral at the agency that takes it, and since which
// assignment.
type Assignee struct {
	// Worker is the identifier in the register; empty for nobody.
	Worker string
	// AssignedTurn and AssignedAt say which of two assignments is the later.
	AssignedTurn int
	AssignedAt   time.Time
}

// Assigns says whether an assignment is new. One turn of the referral can have several:
// then the later one counts. One of before there was a register names nobody.
func (a Assignee) Assigns(e referralv1.Assigned) bool {
	switch {
	case e.Worker == "":
		return false
	case e.Turn != a.AssignedTurn:
		return e.Turn > a.AssignedTurn
	case !e.At.Equal(a.AssignedAt):
		return e.At.After(a.AssignedAt)
	default:
		return e.Worker > a.Worker
	}
}
