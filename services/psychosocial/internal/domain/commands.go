package domain

import (
	"time"

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
	// HeldAt is when it took place, or was to take place. Zero: now.
	HeldAt time.Time `json:"held_at,omitzero"`
}

// MakeSafetyPlan makes the safety plan, or replaces it after a review.
type MakeSafetyPlan struct {
	Plan string `json:"plan"`
}

// Close ends the agency's work on the plan.
type Close struct {
	Outcome code.Outcome `json:"outcome"`
}

// RecordSession records one more session of an open plan. Errors: work.ErrDate.
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
	at, err := work.Took("/held_at", cmd.HeldAt, by.At)
	if err != nil {
		return nil, err
	}
	recorded := psychosocialv1.SessionRecorded{
		Work: p.Work, Session: by.ID("sess", 0), Kind: cmd.Kind, Attendance: cmd.Attendance,
	}
	events := fact.With(recorded, Held{HeldAt: at, Notes: Notes{Notes: cmd.Notes}})
	if cmd.Attendance != code.Attended {
		return events, nil // that she did not come tells nobody anything
	}
	return p.begins(events), nil
}

// MakeSafetyPlan makes or replaces the safety plan of an open plan.
func (p Plan) MakeSafetyPlan(by fact.By, cmd MakeSafetyPlan) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	return p.begins(fact.With(psychosocialv1.SafetyPlanned{Work: p.Work, SafetyPlan: by.ID("safe", 0)}, Safety(cmd))), nil
}

// Close ends the work on an open plan.
func (p Plan) Close(_ fact.By, cmd Close) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := work.Known("/outcome", cmd.Outcome, code.Outcomes); err != nil {
		return nil, err
	}
	if p.Kept() {
		return fact.Of(psychosocialv1.PlanKeptClosed{Work: p.Work, Outcome: cmd.Outcome}), nil
	}
	return fact.Of(psychosocialv1.PlanClosed{Work: p.Work, Outcome: cmd.Outcome}), nil
}

// ContactProblem says that the worker could not reach her. It takes nothing more: how
// it was tried stays with the worker.
type ContactProblem struct{}

// ContactProblem tells the network that she was not reached, and nothing else. Of work
// that continues on her own word nobody is told (work.ErrKept).
func (p Plan) ContactProblem(_ fact.By, _ ContactProblem) ([]fact.Event, error) {
	if err := p.MayTell(); err != nil {
		return nil, err
	}
	return fact.Of(psychosocialv1.PlanContactProblem{Work: p.Work}), nil
}

// AnswerEnding records what she said to her counsellor, after she took back the consent
// that she gave at her desk.
type AnswerEnding struct {
	Answer code.EndingAnswer `json:"answer"`
}

// AnswerEnding ends the plan, its dates and duties too, or continues on her own word.
// Errors: work.ErrNotAsked.
func (p Plan) AnswerEnding(_ fact.By, cmd AnswerEnding) ([]fact.Event, error) {
	if err := p.MayAnswer(); err != nil {
		return nil, err
	}
	if err := work.Known("/answer", cmd.Answer, code.EndingAnswers); err != nil {
		return nil, err
	}
	return fact.Of(psychosocialv1.PlanEndingAnswered{Work: p.Work, Answer: cmd.Answer}), nil
}

// begins has the network told, before the first work of a round, that it has begun.
// That is all that it is told of the work. Of what continues on her own word it is told
// nothing.
func (p Plan) begins(events []fact.Event) []fact.Event {
	if p.Started || p.Kept() {
		return events
	}
	return append(fact.Of(psychosocialv1.PlanStarted{Work: p.Work}), events...)
}
