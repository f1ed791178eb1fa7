// Package work holds what a legal matter, a support plan and an examination
// have in common: each is an agency's work that stands on a referral it
// accepted and on the survivor's consent behind that referral. It refuses to
// know what the work is: every rule of a profession stays in its own room.
package work

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// Status says how far a piece of work has come. Empty: there is none yet.
type Status string

// The statuses of work. What is not open is open again when its referral is taken up
// again on a consent of hers.
const (
	Open Status = "open"
	// Closed is work that its agency finished.
	Closed Status = "closed"
	// Ended is work whose referral was completed, cancelled or withdrawn.
	Ended Status = "ended"
	// Resting is work whose consent ran out. She took nothing back: a new consent of
	// hers opens it again.
	Resting Status = "resting"
	// Asked is work whose worker is to ask her whether it ends, because she took back
	// the consent that she gave at her desk.
	Asked Status = "asked"
)

// What work that is not open refuses.
var (
	// ErrNotOpen refuses a command on work that its agency has closed.
	ErrNotOpen = fault.New(fault.Conflict, "work_not_open", "This work is closed.")
	// ErrEnded refuses a command on work whose referral has ended.
	ErrEnded = fault.New(fault.Conflict, "work_ended", "The referral behind this work was completed, cancelled or withdrawn, and the work ended with it.")
	// ErrResting refuses a command on work whose consent ran out.
	ErrResting = fault.New(fault.Conflict, "work_resting", "The survivor's consent ran out. The work rests until she gives a new one.")
	// ErrAsked refuses a command on work that she may want to end.
	ErrAsked = fault.New(fault.Conflict, "work_ending_asked", "The survivor took back her consent at her desk. Ask her first whether this work ends.")
	// ErrKept refuses to tell the network of work that continues on her own word.
	ErrKept = fault.New(fault.Conflict, "work_kept", "This work continues on the survivor's own word. Nobody else is told of it.")
	// ErrNotTheWorker refuses to show or to change work that somebody else has, or
	// nobody yet.
	ErrNotTheWorker = fault.New(fault.Forbidden, "not_the_worker", "Only the worker who has this work, and who covers for them, can do this. Work that nobody has is taken first.")
	// ErrNotAsked refuses an answer to what nobody asks.
	ErrNotAsked = fault.New(fault.Conflict, "work_ending_not_asked", "Nothing is to be asked about the end of this work.")
)

// Work is what a legal matter, a support plan and an examination are alike: what it
// stands on, for which service, and how it stands.
type Work struct {
	Ground
	Service code.Service
	Standing
}

// Standing says whether work may go on, and who may read it. It is the same whatever
// order the facts of the referral arrive in (ground.go).
type Standing struct {
	Status Status
	// Since is when the status began.
	Since time.Time
	// Consent is held only while the work is open on it: at rest, closed or ended it
	// allows nothing any more.
	Consent Consent
	// Turn is that of the referral, as far as its facts have arrived.
	Turn int
	// Granted is one more than the turn of the latest consent under which the agency
	// took the work; 0 for none.
	Granted int
	// Shut is one more than the turn in which that consent ended; 0 when it has not.
	Shut int
	// Replaced are the consents, sorted, in whose place she gave another one in the
	// same turn. Two renewals that arrive in the wrong order are told apart by them.
	Replaced []string
	// Withdrawn says that she took the consent back while the agency worked.
	Withdrawn bool
	// Answer is what she then said to her worker.
	Answer code.EndingAnswer
	// Started says that others know that the work has begun in this round.
	Started bool
	Assignee
	// Outcome is how its agency closed it. Open work has none, also where it was closed
	// before.
	Outcome code.Outcome
}

// Now is the status as people see it. Nobody can ask her where nobody has the work.
func (s Standing) Now() Status {
	if s.Withdrawn && s.Worker != "" && s.Answer == "" {
		return Asked
	}
	return s.Status
}

// ClosedToReaders reports whether the survivor's consent has ended and nothing has
// come in its place: nobody reads what is in the work.
func (s Standing) ClosedToReaders() bool {
	return s.Shut > 0 && s.Shut >= s.Granted && s.Answer != code.KeepWork
}

// Kept reports whether the work continues on her own word to her worker.
func (s Standing) Kept() bool { return s.Answer == code.KeepWork }

// Extent is how much of work its worker may read.
type Extent int

// From nothing to everything.
const (
	// Nothing is what is left of work that is over and closed to readers.
	Nothing Extent = iota
	// Duties are the dates and safety duties, while the work rests or she is asked.
	Duties
	// Everything is all that is in the work.
	Everything
)

// Shows is how much of the work its worker may read.
func (s Standing) Shows() Extent {
	switch {
	case s.Now() == Asked || s.Status == Resting && !s.ClosedToReaders():
		return Duties
	case s.ClosedToReaders():
		return Nothing
	default:
		return Everything
	}
}

// ConsentEnded is when the survivor's consent ended: nobody is shown again what
// was done to the work before that.
func (s Standing) ConsentEnded(fact.By) time.Time {
	if s.Shows() == Everything {
		return time.Time{}
	}
	return s.Since
}

// Exists reports whether anything is known of the work.
func (s Standing) Exists() bool { return s.Status != "" }

// Closed reports whether the work is over, in either way. What rests, or is to be
// asked about, is not.
func (s Standing) Closed() bool { return s.Now() == Closed || s.Now() == Ended }

// Deadlines is empty: no work comes due by itself.
func (s Standing) Deadlines() []fact.Deadline { return nil }

// MustBeOpen gives the reason why work may not go on.
func (s Standing) MustBeOpen() error {
	switch s.Now() {
	case Open:
		return nil
	case Ended:
		return ErrEnded
	case Resting:
		return ErrResting
	case Asked:
		return ErrAsked
	default:
		return ErrNotOpen
	}
}

// MayDoDuties gives the reason why not even a duty may be done. A duty, such as to
// note the end of an order that protects her, is done while the work rests as well.
func (s Standing) MayDoDuties() error {
	if s.Shows() == Duties {
		return nil
	}
	return s.MustBeOpen()
}

// MayAnswer gives ErrNotAsked, unless she is to be asked whether the work ends.
func (s Standing) MayAnswer() error {
	if s.Now() != Asked {
		return ErrNotAsked
	}
	return nil
}

// MayTell gives the reason why the network is told nothing of the work.
func (s Standing) MayTell() error {
	if s.Kept() {
		return ErrKept
	}
	return s.MustBeOpen()
}

// InForce reports whether the work may be done at an instant: on a consent in force,
// or on her own word to her worker.
func (s Standing) InForce(at time.Time) bool { return s.Kept() || s.Consent.InForce(at) }
