// Package work holds what a legal matter, a support plan and an examination
// have in common: each is an agency's work that stands on a referral it
// accepted and on the survivor's consent behind that referral. It refuses to
// know what the work is: every rule of a profession stays in its own room.
package work

import (
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// Status says how far a piece of work has come. Empty: there is none yet.
type Status string

// The statuses of work. What is closed or ended is open again when its referral
// is taken up again, unless the survivor's consent has ended.
const (
	Open Status = "open"
	// Closed is work that its agency finished.
	Closed Status = "closed"
	// Ended is work whose referral was completed, cancelled or withdrawn.
	Ended Status = "ended"
)

// What work that is not open refuses.
var (
	// ErrNotOpen refuses a command on work that its agency has closed.
	ErrNotOpen = fault.New(fault.Conflict, "work_not_open", "This work is closed.")
	// ErrEnded refuses a command on work whose referral has ended.
	ErrEnded = fault.New(fault.Conflict, "work_ended", "The referral behind this work was completed, cancelled or withdrawn, and the work ended with it.")
)

// Standing says whether work may go on. Consent is held only while the work is
// open: once it is closed or ended it allows nothing any more. So it also does
// not matter whether a referral's end arrives before or after its acceptance.
type Standing struct {
	Status Status
	// Since is when the status began.
	Since   time.Time
	Consent Consent
	// Turn is that of the referral, as far as its facts have arrived.
	Turn int
	// ClosedToReaders says that the survivor's consent has ended: nothing opens the work
	// again, and nobody reads what is in it.
	ClosedToReaders bool
}

// ConsentEnded is when the survivor's consent ended: nobody is shown again what
// was done to the work before that.
func (s Standing) ConsentEnded(fact.By) time.Time {
	if !s.ClosedToReaders {
		return time.Time{}
	}
	return s.Since
}

// Exists reports whether anything is known of the work.
func (s Standing) Exists() bool { return s.Status != "" }

// Closed reports whether the work is over, in either way.
func (s Standing) Closed() bool { return s.Status == Closed || s.Status == Ended }

// Deadlines is empty: no work comes due by itself.
func (s Standing) Deadlines() []fact.Deadline { return nil }

// MustBeOpen gives ErrEnded or ErrNotOpen for work that may not go on.
func (s Standing) MustBeOpen() error {
	switch s.Status {
	case Open:
		return nil
	case Ended:
		return ErrEnded
	default:
		return ErrNotOpen
	}
}
