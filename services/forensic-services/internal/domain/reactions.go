package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// OnAccepted opens the examination of a forensic referral, unless its end came
// first.
func (x Examination) OnAccepted(_ fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	if mine, err := x.Taken(x.ground(), e.Loop); !mine || !x.Opens() {
		return nil, err
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
	if mine, err := x.Taken(x.ground(), e.Loop); !mine || !x.Reopens(e.Loop) {
		return nil, err
	}
	return fact.With(forensicv1.ExaminationReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentAgain(e)), nil
}

// OnWithdrawn ends the examination with the consent it stood on, and closes it to readers.
func (x Examination) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	return x.closeToReaders(e.Loop)
}

// OnRecalled closes to readers the examination of a referral that had ended before its
// consent did.
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

// closeToReaders lets nobody read the examination any more, and says so: this
// acknowledges a withdrawal for an agency that works here.
func (x Examination) closeToReaders(l referralv1.Loop) ([]fact.Event, error) {
	if mine, err := x.Concerns(x.ground(), l); !mine || !x.ClosesToReaders() {
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
