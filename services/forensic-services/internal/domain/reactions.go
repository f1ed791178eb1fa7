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
	if x.Exists() || e.Service != code.ForensicExam {
		return nil, nil
	}
	return fact.With(forensicv1.ExaminationOpened{Work: about(e.Loop)}, work.ConsentOf(e)), nil
}

// OnCompleted ends the examination when its agency completed the referral itself. An
// examination that was closed completed the referral, and stays closed.
func (x Examination) OnCompleted(_ fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return x.end(e.Loop), nil
}

// OnCancelled ends the examination with its referral.
func (x Examination) OnCancelled(_ fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	return x.end(e.Loop), nil
}

// OnWithdrawn ends the examination with the consent it stood on.
func (x Examination) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	return x.end(e.Loop), nil
}

// end also ends what was never opened, so that a late acceptance opens nothing.
func (x Examination) end(l referralv1.Loop) []fact.Event {
	if x.Closed() || l.Service != code.ForensicExam {
		return nil
	}
	return fact.Of(forensicv1.ExaminationEnded{Work: about(l)})
}

func about(l referralv1.Loop) forensicv1.Work {
	return forensicv1.Work{Examination: ExaminationID(l.Referral), Referral: l.Referral, Case: l.Case, Agency: l.Recipient}
}
