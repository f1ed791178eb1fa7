package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// OnAccepted opens the examination of a forensic referral, unless a later fact came first.
// A referral that her desk resumed is accepted again, on a new consent.
func (x Examination) OnAccepted(_ fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	if mine, err := x.Taken(x.ground(), e.Loop); !mine || !x.Opens(e.Loop) {
		return nil, err
	}
	if x.Granted > 0 {
		return fact.With(forensicv1.ExaminationReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentOf(e)), nil
	}
	return fact.With(forensicv1.ExaminationOpened{Work: about(e.Loop)}, work.ConsentOf(e)), nil
}

// OnCompleted ends the examination when its agency completed the referral itself. A
// closed one completed the referral, and stays closed.
func (x Examination) OnCompleted(_ fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return x.end(e.Loop, e.Round)
}

// OnCancelled ends the examination with its referral.
func (x Examination) OnCancelled(_ fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	return x.end(e.Loop, e.Round)
}

// OnReopened takes the examination up again with its referral.
func (x Examination) OnReopened(_ fact.By, e referralv1.Reopened) ([]fact.Event, error) {
	if mine, err := x.Taken(x.ground(), e.Loop); !mine || !x.Opens(e.Loop) {
		return nil, err
	}
	return fact.With(forensicv1.ExaminationReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentAgain(e)), nil
}

// OnLapsed lets the examination rest: its consent ran out, and nobody reads what is in it.
func (x Examination) OnLapsed(_ fact.By, e referralv1.Lapsed) ([]fact.Event, error) {
	if mine, err := x.Concerns(x.ground(), e.Loop); !mine || !x.Rests(e.Loop) {
		return nil, err
	}
	return fact.Of(forensicv1.ExaminationRested{Work: about(e.Loop)}), nil
}

// OnRenewed lets the examination continue on a new consent of hers.
func (x Examination) OnRenewed(_ fact.By, e referralv1.Renewed) ([]fact.Event, error) {
	if mine, err := x.Taken(x.ground(), e.Loop); !mine || !x.Renews(e) {
		return nil, err
	}
	return fact.With(forensicv1.ExaminationRenewed{Work: about(e.Loop), Replaces: e.Replaces}, work.ConsentRenewed(e)), nil
}

// OnAssigned follows who has the examination.
func (x Examination) OnAssigned(_ fact.By, e referralv1.Assigned) ([]fact.Event, error) {
	if mine, err := x.Concerns(x.ground(), e.Loop); !mine || !x.Assigns(e) {
		return nil, err
	}
	return fact.Of(forensicv1.ExaminationAssigned{Work: about(e.Loop), Worker: e.Worker, At: e.At}), nil
}

// OnWithdrawn closes the examination to readers, with the consent of her desk that it stood
// on. Whether her own examiner ends the work is for her to say: the examiner asks her.
func (x Examination) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	events, err := x.closeToReaders(e.Loop)
	if len(events) > 0 && x.Asks() {
		events = append(events, fact.Event{Data: forensicv1.ExaminationEndingAsked{Work: about(e.Loop)}})
	}
	return events, err
}

// OnRecalled closes to readers the examination of a referral that had ended, or lapsed for
// too long.
func (x Examination) OnRecalled(_ fact.By, e referralv1.Recalled) ([]fact.Event, error) {
	return x.closeToReaders(e.Loop)
}

// end also ends an examination that was never opened, so that a late acceptance
// opens nothing.
func (x Examination) end(l referralv1.Loop, round int) ([]fact.Event, error) {
	if mine, err := x.Concerns(x.ground(), l); !mine || !x.Ends(l, round) {
		return nil, err
	}
	return fact.Of(forensicv1.ExaminationEnded{Work: about(l)}), nil
}

// closeToReaders lets nobody read the examination any more, and says so. That is a fact of
// this network: what became of copies, a person of the agency says.
func (x Examination) closeToReaders(l referralv1.Loop) ([]fact.Event, error) {
	if mine, err := x.Concerns(x.ground(), l); !mine || !x.ClosesToReaders(l) {
		return nil, err
	}
	return fact.Of(forensicv1.ExaminationEnded{Work: about(l), Erasure: code.DataClosed}), nil
}

// ground is what the examination stands on.
func (x Examination) ground() work.Ground {
	return work.Ground{Referral: x.Referral, Case: x.Case(), Agency: x.Agency, Service: code.ForensicExam}
}

func about(l referralv1.Loop) forensicv1.Work {
	return forensicv1.Work{Examination: ExaminationID(l.Referral), Referral: l.Referral, Case: l.Case, Agency: l.Recipient, Turn: l.Turn}
}
