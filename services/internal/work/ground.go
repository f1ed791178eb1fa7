package work

import "github.com/sanad-network/sanad/api/event/referralv1"

// The facts of a referral arrive late, twice and in any order. Its turn tells
// the later of two, so that the work ends up the same whatever came first: an
// end that comes before its acceptance is remembered, and one of an earlier
// round ends nothing that was taken up again.

// Opens says whether an acceptance opens the work: what is known already was
// opened, or has ended meanwhile.
func (s Standing) Opens() bool { return !s.Exists() }

// Reopens says whether the work goes on because its referral was taken up
// again. It does not matter how it came to its end: whoever closes work here
// completes the referral by it, and the same agency takes up both again.
func (s Standing) Reopens(l referralv1.Loop) bool { return !s.Sealed && l.Turn > s.Turn }

// Ends says whether the end of the referral, in the round that began with a
// turn, ends the work. Work that is over already remembers only an end of a
// round of which it has yet to hear the beginning. A referral that nobody took
// has no work to end.
func (s Standing) Ends(l referralv1.Loop, round int) bool {
	switch {
	case s.Sealed || l.Recipient == "":
		return false
	case s.Closed():
		return round > s.Turn
	default:
		return l.Turn >= s.Turn
	}
}

// Seals says whether the end of the survivor's consent is new to the work.
// Nothing comes after it, so that it needs no turn.
func (s Standing) Seals(l referralv1.Loop) bool { return !s.Sealed && l.Recipient != "" }
