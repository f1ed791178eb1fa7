package work

import (
	"time"

	"github.com/sanad-network/sanad/pkg/fault"
)

// ErrDate refuses a date of the writer that cannot be right.
var ErrDate = fault.New(fault.Invalid, "date_invalid", "What took place is not dated in the future, and not more than 20 years back.")

const (
	// fastClock is how far the clock of a worker may be ahead of ours: nobody sets the
	// clocks of phones and old computers, and a record must not wait for that.
	fastClock = 15 * time.Minute
	// paperYears is how old paper may be. What is older is a mistyped year.
	paperYears = 20
)

// Took is when something took place: as the writer gives it, from paper too, or now where
// it is left out. A clock that is some minutes fast means now.
// Errors: ErrDate, with the pointer.
func Took(pointer string, given, now time.Time) (time.Time, error) {
	switch {
	case given.IsZero():
		return now, nil
	case given.After(now.Add(fastClock)):
		return time.Time{}, ErrDate.At(pointer, "not in the future")
	case given.Before(now.AddDate(-paperYears, 0, 0)):
		return time.Time{}, ErrDate.At(pointer, "not more than 20 years ago")
	case given.After(now):
		return now, nil
	default:
		return given, nil
	}
}

// Dated is when something took place, as a record holds it. A record of before there were
// dates of the writer has none: then it is the instant of its commit.
func Dated(held, commit time.Time) time.Time {
	if held.IsZero() {
		return commit
	}
	return held
}
