package domain

import "time"

// tries are the wrong typed codes of an invitation.
//
// Safety is in the number of codes, and the limit keeps it there. A typed code has
// 40 bits of secret. Four wrong ones are free. The fifth and each further one lock
// typed codes for a time that doubles from one minute to eight. So a person who made
// mistakes, or was locked out by others, goes on within minutes: the shortest answer
// is due in thirty. An invitation to answer lives for less than 14 days: at most
// three days of open offices, and the weekends between. One to say what became of copies
// lives for 21. A guesser who comes back at the end of each lock has at most
// 8 + 180 × 21 = 3,788 tries at one invitation in that time, and a chance of
// 3,788 / 2^40 < 4 × 10^-9 to be right once. For 250 open invitations together it is less
// than 10^-6. Each time that new codes are asked for, and each reminder, gives five tries
// more. A test holds this sum against the figures below.
//
// A link has 128 bits. Wrong links are not limited by a count, which would let anybody
// lock out the owner of the right one. The right link always works, also while typed
// codes are locked, and a wrong one leaves no mark on the invitation.
type tries struct {
	n    int
	last time.Time
}

const (
	freeTries = 5
	firstLock = time.Minute
	lastLock  = 8 * time.Minute
)

// wrong is one wrong code more.
func (t tries) wrong(at time.Time) tries { return tries{t.n + 1, at} }

// left is how many wrong codes are free after the next one.
func (t tries) left() int { return max(0, freeTries-t.n-1) }

// lockedUntil is when typed codes are heard again, zero when they are not locked.
func (t tries) lockedUntil() time.Time {
	if t.n < freeTries {
		return time.Time{}
	}
	return t.last.Add(min(firstLock<<min(t.n-freeTries, 8), lastLock))
}

func (t tries) locked(at time.Time) bool { return at.Before(t.lockedUntil()) }
