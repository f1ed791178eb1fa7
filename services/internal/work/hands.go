package work

import (
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

// assigns says whether an assignment is new to the work. One turn of the referral can
// have several: then the later one counts. One of before there was a register names
// nobody.
func (s Standing) assigns(e referralv1.Assigned) bool {
	switch {
	case e.Worker == "":
		return false
	case e.Turn != s.AssignedTurn:
		return e.Turn > s.AssignedTurn
	case !e.At.Equal(s.AssignedAt):
		return e.At.After(s.AssignedAt)
	default:
		return e.Worker > s.Worker
	}
}
