package work

import (
	"cmp"
	"slices"

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
type Ground struct{ Referral, Case, Agency string }

// concerns says whether a fact is about this work, and refuses one about the same
// referral that does not agree (agree.Err). While there is no work, each referral
// to its service with a recipient concerns it.
func (w Work) concerns(l referralv1.Loop) (bool, error) {
	if w.Referral == "" {
		return l.Service == w.Service && l.Recipient != "", nil
	}
	err := cmp.Or(
		agree.Same("/referral", w.Referral, l.Referral),
		agree.Same("/case", w.Case, l.Case),
		agree.Same("/recipient", w.Agency, l.Recipient),
		agree.Same("/service", w.Service, l.Service),
	)
	return err == nil, err
}

// taken is concerns for an acceptance, a reopening or a renewal: they must name the
// agency.
func (w Work) taken(l referralv1.Loop) (bool, error) {
	if l.Service == w.Service && l.Recipient == "" {
		return false, agree.Err.At("/recipient", "required")
	}
	return w.concerns(l)
}

// The facts of a referral arrive late, twice and in any order. The turn shows
// the later of two, so that the work ends the same in every order: an end
// before its acceptance is kept, an end of an earlier round ends nothing that was
// taken up again, and the end of an earlier consent closes nothing that she gave a
// later one for. The rules below are about facts that concern the work.

// opens says whether an acceptance, or a referral that was taken up again, is new to
// the work. Both stand on a consent of hers. It does not matter how the work ended:
// closing work here completes the referral, and the same agency takes up both again.
func (s Standing) opens(l referralv1.Loop) bool { return l.Turn+1 > s.Granted }

// inHand are the statuses of a referral that its recipient accepted. Before, there is
// no work to renew.
var inHand = []code.ReferralStatus{code.Accepted, code.Scheduled, code.Missed, code.InService, code.CancellationRequested}

// renews says whether a consent in the place of another is new to the work. Work that
// its agency closed needs none. One turn can have several renewals: each names the
// consent that it replaces.
func (s Standing) renews(e referralv1.Renewed) bool {
	switch {
	case !slices.Contains(inHand, e.Status), s.Status == Closed:
		return false
	case s.Status == Open && e.Turn == s.Turn && s.Granted == e.Turn+1 && !s.Kept():
		return !slices.Contains(s.Replaced, e.Replaces)
	default:
		return s.opens(e.Loop)
	}
}

// rests says whether the end of a consent that ran out brings the work to rest. What
// its agency closed, or continues on her own word, does not stand on that consent.
func (s Standing) rests(l referralv1.Loop) bool {
	return s.Status != Closed && !s.Kept() && (!s.Exists() || l.Turn > s.Turn)
}

// ends says whether the end of the referral, in the round that began with a
// turn, ends the work. Work that its agency closed keeps only the end of a round
// whose beginning has not arrived yet.
func (s Standing) ends(l referralv1.Loop, round int) bool {
	switch {
	case s.Kept():
		return false
	case s.Status == Closed:
		return round > s.Turn
	case s.Status == Open:
		return l.Turn >= s.Turn
	default:
		return !s.Exists() || l.Turn > s.Turn
	}
}

// closesToReaders says whether the end of the survivor's consent is new to the work.
// A consent that she gave in a later turn is another one.
func (s Standing) closesToReaders(l referralv1.Loop) bool {
	return l.Turn+1 >= s.Granted && l.Turn+1 > s.Shut
}

// asks says whether her worker is to ask her whether the work ends, too, when she took
// the consent back. What its agency closed has ended.
func (s Standing) asks() bool { return s.Status != Closed }
