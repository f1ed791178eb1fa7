package work

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
)

// What work does when it hears of its referral. A fact that does not concern it, or is not
// new to it, does nothing (ground.go). Errors: agree.Err for a fact that does not agree
// with what the work is.

// OnAccepted opens the work of a referral, unless a later fact came first. A referral that
// her desk resumed is accepted again, on a new consent.
func (w Work) OnAccepted(e referralv1.Accepted) ([]Event, error) {
	if mine, err := w.taken(e.Loop); !mine || !w.opens(e.Loop) {
		return nil, err
	}
	if w.Granted > 0 {
		return heard(e.Loop, Reopening{ConsentOf(e)}), nil
	}
	return heard(e.Loop, Opening{ConsentOf(e)}), nil
}

// OnReopened takes the work up again with its referral.
func (w Work) OnReopened(e referralv1.Reopened) ([]Event, error) {
	if mine, err := w.taken(e.Loop); !mine || !w.opens(e.Loop) {
		return nil, err
	}
	return heard(e.Loop, Reopening{ConsentAgain(e)}), nil
}

// OnRenewed lets the work continue on a new consent of hers.
func (w Work) OnRenewed(e referralv1.Renewed) ([]Event, error) {
	if e.Recipient == "" && !slices.Contains(inHand, e.Status) {
		return nil, nil // one of several who are asked is asked on: there is no work
	}
	if mine, err := w.taken(e.Loop); !mine || !w.renews(e) {
		return nil, err
	}
	return heard(e.Loop, Renewal{ConsentRenewed(e), e.Replaces}), nil
}

// OnLapsed lets the work rest: its consent ran out, and nobody reads what is in it.
func (w Work) OnLapsed(e referralv1.Lapsed) ([]Event, error) {
	if mine, err := w.concerns(e.Loop); !mine || !w.rests(e.Loop) {
		return nil, err
	}
	return heard(e.Loop, Rest{}), nil
}

// OnAssigned follows who has the work.
func (w Work) OnAssigned(e referralv1.Assigned) ([]Event, error) {
	if mine, err := w.concerns(e.Loop); !mine || !w.Assigns(e) {
		return nil, err
	}
	return heard(e.Loop, Assignment{e.Worker, e.At}), nil
}

// OnCompleted ends the work when its agency completed the referral itself. A closed one
// completed the referral, and stays closed.
func (w Work) OnCompleted(e referralv1.Completed) ([]Event, error) { return w.end(e.Loop, e.Round) }

// OnCancelled ends the work with its referral.
func (w Work) OnCancelled(e referralv1.Cancelled) ([]Event, error) { return w.end(e.Loop, e.Round) }

// end also ends work that was never opened, so that a late acceptance opens nothing.
func (w Work) end(l referralv1.Loop, round int) ([]Event, error) {
	if mine, err := w.concerns(l); !mine || !w.ends(l, round) {
		return nil, err
	}
	return heard(l, End{}), nil
}

// OnWithdrawn closes the work to readers, with the consent of her desk that it stood on.
// Whether her own worker ends the work is for her to say: the worker asks her.
func (w Work) OnWithdrawn(e referralv1.Withdrawn) ([]Event, error) {
	events, err := w.closeToReaders(e.Loop)
	if len(events) > 0 && w.asks() {
		events = append(events, heard(e.Loop, Question{})...)
	}
	return events, err
}

// OnRecalled closes to readers the work of a referral that had ended, or lapsed for too
// long.
func (w Work) OnRecalled(e referralv1.Recalled) ([]Event, error) { return w.closeToReaders(e.Loop) }

// closeToReaders lets nobody read the work any more, and says so. That is a fact of this
// network: what became of copies, a person of the agency says.
func (w Work) closeToReaders(l referralv1.Loop) ([]Event, error) {
	if mine, err := w.concerns(l); !mine || !w.closesToReaders(l) {
		return nil, err
	}
	return heard(l, End{Erasure: code.DataClosed}), nil
}

// heard is what a fact of the referral makes of the work, at the turn of the fact.
func heard(l referralv1.Loop, what What) []Event {
	return []Event{{Ground: Ground{Referral: l.Referral, Case: l.Case, Agency: l.Recipient}, Turn: l.Turn, What: what}}
}
