package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// OnAccepted opens the plan of a psychosocial referral, unless a later fact came first.
// A referral that her desk resumed is accepted again, on a new consent.
func (p Plan) OnAccepted(_ fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	if mine, err := p.Taken(p.ground(), e.Loop); !mine || !p.Opens(e.Loop) {
		return nil, err
	}
	if p.Granted > 0 {
		return fact.With(psychosocialv1.PlanReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentOf(e)), nil
	}
	return fact.With(psychosocialv1.PlanOpened{Work: about(e.Loop)}, work.ConsentOf(e)), nil
}

// OnCompleted ends the plan when its agency completed the referral itself. A
// closed one completed the referral, and stays closed.
func (p Plan) OnCompleted(_ fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return p.end(e.Loop, e.Round)
}

// OnCancelled ends the plan with its referral.
func (p Plan) OnCancelled(_ fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	return p.end(e.Loop, e.Round)
}

// OnReopened takes the plan up again with its referral.
func (p Plan) OnReopened(_ fact.By, e referralv1.Reopened) ([]fact.Event, error) {
	if mine, err := p.Taken(p.ground(), e.Loop); !mine || !p.Opens(e.Loop) {
		return nil, err
	}
	return fact.With(psychosocialv1.PlanReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentAgain(e)), nil
}

// OnLapsed lets the plan rest: its consent ran out, and nobody reads what is in it.
func (p Plan) OnLapsed(_ fact.By, e referralv1.Lapsed) ([]fact.Event, error) {
	if mine, err := p.Concerns(p.ground(), e.Loop); !mine || !p.Rests(e.Loop) {
		return nil, err
	}
	return fact.Of(psychosocialv1.PlanRested{Work: about(e.Loop)}), nil
}

// OnRenewed lets the plan continue on a new consent of hers.
func (p Plan) OnRenewed(_ fact.By, e referralv1.Renewed) ([]fact.Event, error) {
	if mine, err := p.Taken(p.ground(), e.Loop); !mine || !p.Renews(e) {
		return nil, err
	}
	return fact.With(psychosocialv1.PlanRenewed{Work: about(e.Loop), Replaces: e.Replaces}, work.ConsentRenewed(e)), nil
}

// OnAssigned follows who has the plan.
func (p Plan) OnAssigned(_ fact.By, e referralv1.Assigned) ([]fact.Event, error) {
	if mine, err := p.Concerns(p.ground(), e.Loop); !mine || !p.Assigns(e) {
		return nil, err
	}
	return fact.Of(psychosocialv1.PlanAssigned{Work: about(e.Loop), Worker: e.Worker, At: e.At}), nil
}

// OnWithdrawn closes the plan to readers, with the consent of her desk that it stood
// on. Whether her own counsellor ends the work is for her to say: the counsellor asks her.
func (p Plan) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	events, err := p.closeToReaders(e.Loop)
	if len(events) > 0 && p.Asks() {
		events = append(events, fact.Event{Data: psychosocialv1.PlanEndingAsked{Work: about(e.Loop)}})
	}
	return events, err
}

// OnRecalled closes to readers the plan of a referral that had ended, or lapsed for
// too long.
func (p Plan) OnRecalled(_ fact.By, e referralv1.Recalled) ([]fact.Event, error) {
	return p.closeToReaders(e.Loop)
}

// end also ends a plan that was never opened, so that a late acceptance
// opens nothing.
func (p Plan) end(l referralv1.Loop, round int) ([]fact.Event, error) {
	if mine, err := p.Concerns(p.ground(), l); !mine || !p.Ends(l, round) {
		return nil, err
	}
	return fact.Of(psychosocialv1.PlanEnded{Work: about(l)}), nil
}

// closeToReaders lets nobody read the plan any more, and says so. That is a fact of
// this network: what became of copies, a person of the agency says.
func (p Plan) closeToReaders(l referralv1.Loop) ([]fact.Event, error) {
	if mine, err := p.Concerns(p.ground(), l); !mine || !p.ClosesToReaders(l) {
		return nil, err
	}
	return fact.Of(psychosocialv1.PlanEnded{Work: about(l), Erasure: code.DataClosed}), nil
}

// ground is what the plan stands on.
func (p Plan) ground() work.Ground {
	return work.Ground{Referral: p.Referral, Case: p.Case(), Agency: p.Agency, Service: code.Psychosocial}
}

func about(l referralv1.Loop) psychosocialv1.Work {
	return psychosocialv1.Work{Plan: PlanID(l.Referral), Referral: l.Referral, Case: l.Case, Agency: l.Recipient, Turn: l.Turn}
}
