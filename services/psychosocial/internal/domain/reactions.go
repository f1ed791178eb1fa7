package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// OnAccepted opens the plan of a psychosocial referral, unless its end came
// first.
func (p Plan) OnAccepted(_ fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	if p.Exists() || e.Service != code.Psychosocial {
		return nil, nil
	}
	return fact.With(psychosocialv1.PlanOpened{Work: about(e.Loop)}, work.ConsentOf(e)), nil
}

// OnCompleted ends the plan when its agency completed the referral itself. A
// plan that was closed completed the referral, and stays closed.
func (p Plan) OnCompleted(_ fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return p.end(e.Loop), nil
}

// OnCancelled ends the plan with its referral.
func (p Plan) OnCancelled(_ fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	return p.end(e.Loop), nil
}

// OnWithdrawn ends the plan with the consent it stood on.
func (p Plan) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	return p.end(e.Loop), nil
}

// end also ends what was never opened, so that a late acceptance opens nothing.
func (p Plan) end(l referralv1.Loop) []fact.Event {
	if p.Closed() || l.Service != code.Psychosocial {
		return nil
	}
	return fact.Of(psychosocialv1.PlanEnded{Work: about(l)})
}

func about(l referralv1.Loop) psychosocialv1.Work {
	return psychosocialv1.Work{Plan: PlanID(l.Referral), Referral: l.Referral, Case: l.Case, Agency: l.Recipient}
}
