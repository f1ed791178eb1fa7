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
	if !x.Opens() || e.Service != code.ForensicExam {
		return nil, nil
	}
	return fact.With(forensicv1.ExaminationOpened{Work: about(e.Loop)}, work.ConsentOf(e)), nil
}

// OnCompleted ends the examination when its agency completed the referral itself. One
// that was closed completed the referral, and stays closed.
func (x Examination) OnCompleted(_ fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return x.end(e.Loop, e.Round), nil
}

// OnCancelled ends the examination with its referral.
func (x Examination) OnCancelled(_ fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	return x.end(e.Loop, e.Round), nil
}

// OnReopened takes the examination up again with its referral.
func (x Examination) OnReopened(_ fact.By, e referralv1.Reopened) ([]fact.Event, error) {
	if e.Service != code.ForensicExam || !x.Reopens(e.Loop) {
		return nil, nil
	}
	return fact.With(forensicv1.ExaminationReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentAgain(e)), nil
}

// OnWithdrawn ends the examination with the consent it stood on, and seals it.
func (x Examination) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	return x.seal(e.Loop), nil
}

// OnRecalled seals the examination of a referral that had ended before its consent
// did.
func (x Examination) OnRecalled(_ fact.By, e referralv1.Recalled) ([]fact.Event, error) {
	return x.seal(e.Loop), nil
}

// end also ends what was never opened, so that a late acceptance opens nothing.
func (x Examination) end(l referralv1.Loop, round int) []fact.Event {
	if l.Service != code.ForensicExam || !x.Ends(l, round) {
		return nil
	}
	return fact.Of(forensicv1.ExaminationEnded{Work: about(l)})
}

// seal lets nobody read the examination any more, and says so: for an agency that
// works here this is what it owes to a withdrawal.
func (x Examination) seal(l referralv1.Loop) []fact.Event {
	if l.Service != code.ForensicExam || !x.Seals(l) {
		return nil
	}
	return fact.Of(forensicv1.ExaminationEnded{Work: about(l), Erasure: code.DataSealed})
}

func about(l referralv1.Loop) forensicv1.Work {
	return forensicv1.Work{Examination: ExaminationID(l.Referral), Referral: l.Referral, Case: l.Case, Agency: l.Recipient, Turn: l.Turn}
}
