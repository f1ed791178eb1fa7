package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// RecordSession records a session that took place or was missed.
type RecordSession struct {
	Kind       code.Session    `json:"kind"`
	Attendance code.Attendance `json:"attendance"`
	Notes      string          `json:"notes,omitempty"`
}

// MakeSafetyPlan makes the safety plan, or replaces it after a review.
type MakeSafetyPlan struct {
	Plan string `json:"plan"`
}

// Close ends the agency's work on the plan.
type Close struct {
	Outcome code.Outcome `json:"outcome"`
}

// RecordSession records one more session of an open plan.
func (p Plan) RecordSession(by fact.By, cmd RecordSession) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := work.Known("/kind", cmd.Kind, code.Sessions); err != nil {
		return nil, err
	}
	if err := work.Known("/attendance", cmd.Attendance, code.Attendances); err != nil {
		return nil, err
	}
	recorded := psychosocialv1.SessionRecorded{
		Work: p.Work, Session: by.ID("sess", 0), Kind: cmd.Kind, Attendance: cmd.Attendance,
	}
	return fact.With(recorded, Notes{Notes: cmd.Notes}), nil
}

// MakeSafetyPlan makes or replaces the safety plan of an open plan.
func (p Plan) MakeSafetyPlan(_ fact.By, cmd MakeSafetyPlan) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	return fact.With(psychosocialv1.SafetyPlanned{Work: p.Work}, Safety(cmd)), nil
}

// Close ends the work on an open plan.
func (p Plan) Close(_ fact.By, cmd Close) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := work.Known("/outcome", cmd.Outcome, code.Outcomes); err != nil {
		return nil, err
	}
	return fact.Of(psychosocialv1.PlanClosed{Work: p.Work, Outcome: cmd.Outcome}), nil
}
