package work

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Ground is what work stands on: a referral for a service, its case, and the
// agency that took it. The first fact about it fixes it, also when that is an end
// that arrives before the acceptance.
//
// Work never moves to another agency. A referral has one recipient from its
// acceptance on: a reopened one goes back to it, a rerouted one is another
// referral, and an assignment changes a person of the same agency. Before its
// acceptance a referral to several agencies names no recipient, and then there is
// no work. So a fact with another recipient is not about this referral. If
// agencies ever hand over to each other, that needs an event that names both, and
// its rule belongs here.
type Ground struct {
	Referral, Case, Agency string
	Service                code.Service
}

// Concerns says whether a fact is about this work, and refuses one about the same
// referral that does not agree (agree.Err). While there is no work, each referral
// to its service with a recipient concerns it.
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

// Taken is Concerns for an acceptance or a reopening: they must name the
// agency.
func (s Standing) Taken(is Ground, l referralv1.Loop) (bool, error) {
	if l.Service == is.Service && l.Recipient == "" {
		return false, agree.Err.At("/recipient", "required")
	}
	return s.Concerns(is, l)
}

// The facts of a referral arrive late, twice and in any order. The turn shows
// the later of two, so that the work ends the same in every order: an end
// before its acceptance is kept, and an end of an earlier round ends nothing
// that was taken up again. The rules below are about facts that concern the
// work.

// Opens says whether an acceptance opens the work: known work was opened, or
// has ended meanwhile.
func (s Standing) Opens() bool { return !s.Exists() }

// Reopens says whether the work goes on because its referral was taken up
// again. It does not matter how it ended: closing work here completes the
// referral, and the same agency takes up both again.
func (s Standing) Reopens(l referralv1.Loop) bool { return !s.ClosedToReaders && l.Turn > s.Turn }

// Ends says whether the end of the referral, in the round that began with a
// turn, ends the work. Work that is over keeps only the end of a round whose
// beginning has not arrived yet.
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
