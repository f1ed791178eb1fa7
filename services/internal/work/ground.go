package work

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Ground is what work stands on: a referral for a service, the case that it is
// of, and the agency that took it. The first fact that tells of it fixes it for
// good, also when that is an end which comes before its acceptance.
//
// A change of hands is not among the things that can happen. A referral has one
// recipient from its acceptance on: reopened it goes back to the agency that had
// it, rerouted it is another referral, and assigned it changes a person of the
// same agency. Until somebody accepts, a referral to several agencies names no
// recipient, and then there is no work. So a fact with another recipient is not
// one of this referral. Should agencies ever hand over to each other, then by an
// event of its own that names both, and its rule belongs here.
type Ground struct {
	Referral, Case, Agency string
	Service                code.Service
}

// Concerns says whether a fact is about this work, and refuses one that tells of
// the same referral and does not agree (agree.Err). Nothing is known of work yet:
// then it is about the referrals to its service that somebody may have taken. Of
// one that names no recipient nobody has.
func (s Standing) Concerns(is Ground, l referralv1.Loop) (bool, error) {
	if !s.Exists() {
		return l.Service == is.Service && l.Recipient != "", nil
	}
	err := cmp.Or(
		agree.Same("/referral", is.Referral, l.Referral),
		agree.Same("/case", is.Case, l.Case),
		agree.Same("/recipient", is.Agency, l.Recipient),
		agree.Same("/service", is.Service, l.Service),
	)
	return err == nil, err
}

// Taken is Concerns for a fact that an agency took the referral, or took it up
// again: it cannot be nobody.
func (s Standing) Taken(is Ground, l referralv1.Loop) (bool, error) {
	if l.Service == is.Service && l.Recipient == "" {
		return false, agree.Err.At("/recipient", "required")
	}
	return s.Concerns(is, l)
}

// The facts of a referral arrive late, twice and in any order. Its turn tells
// the later of two, so that the work ends up the same whatever came first: an
// end that comes before its acceptance is remembered, and one of an earlier
// round ends nothing that was taken up again. The rules below are about facts
// that concern the work.

// Opens says whether an acceptance opens the work: what is known already was
// opened, or has ended meanwhile.
func (s Standing) Opens() bool { return !s.Exists() }

// Reopens says whether the work goes on because its referral was taken up
// again. It does not matter how it came to its end: whoever closes work here
// completes the referral by it, and the same agency takes up both again.
func (s Standing) Reopens(l referralv1.Loop) bool { return !s.ClosedToReaders && l.Turn > s.Turn }

// Ends says whether the end of the referral, in the round that began with a
// turn, ends the work. Work that is over already remembers only an end of a
// round of which it has yet to hear the beginning.
func (s Standing) Ends(l referralv1.Loop, round int) bool {
	switch {
	case s.ClosedToReaders:
		return false
	case s.Closed():
		return round > s.Turn
	default:
		return l.Turn >= s.Turn
	}
}

// ClosesToReaders says whether the end of the survivor's consent is new to the work.
// Nothing comes after it, so that it needs no turn.
func (s Standing) ClosesToReaders() bool { return !s.ClosedToReaders }
