package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Plan is the psychosocial work of one agency on one referral.
type Plan struct {
	psychosocialv1.Work
	work.Standing
	// Place is the country and the programme of the case, Urgency that of the request, and Opened
	// when a referral first opened the plan. They stay after the consent is gone.
	Place    referralv1.Place
	Urgency  code.Urgency
	Opened   time.Time
	Sessions []Session
	Safety   SafetyPlan
	// Earlier are the safety plans before it, the first one first.
	Earlier   []SafetyPlan
	Answers   []Answer
	Goals     []Goal
	FollowUps []FollowUp
	// Came is until when what came due is told.
	Came time.Time
}

// Session is one session that took place or was missed.
type Session struct {
	ID string `json:"id"`
	Meeting
	InError bool                   `json:"entered_in_error,omitempty"`
	Before  []work.Before[Meeting] `json:"before,omitempty"`
}

// Meeting is what can be written anew of a session. It is empty where the session was
// entered in error. At is when it took place or was to take place.
type Meeting struct {
	At         time.Time       `json:"at,omitzero"`
	Kind       code.Session    `json:"kind,omitempty"`
	Attendance code.Attendance `json:"attendance,omitempty"`
	Notes
	Next
}

// SafetyPlan is the safety plan as last made or reviewed.
type SafetyPlan struct {
	ID string `json:"id,omitempty"`
	Made
	InError bool                `json:"entered_in_error,omitempty"`
	Before  []work.Before[Made] `json:"before,omitempty"`
}

// Made is what can be written anew of a safety plan. It is empty where the plan was entered
// in error.
type Made struct {
	At time.Time `json:"at,omitzero"`
	Safety
}

// Prefix begins the identifier of every plan.
const Prefix = "plan"

// PlanID is the plan of a referral: one each, whatever arrives first.
func PlanID(referral string) string { return fact.Rename(Prefix, referral) }

// Case is the case that the plan belongs to.
func (p Plan) Case() string { return p.Work.Case }

// Visible reports whether the actor may know of the plan: its own agency.
func (p Plan) Visible(by fact.By) bool {
	return by.System() || p.Exists() && by.Agency == p.Agency
}

// Evolve is the plan after an event.
func (p Plan) Evolve(e fact.Event) Plan {
	if w, what := all(e); what != nil {
		is := p.AsWork().After(work.Event{Ground: ground(w), Turn: w.Turn, What: what}, e.At)
		p.Work, p.Standing = own(is.Ground, is.Turn, cmp.Or(p.Service, w.Service)), is.Standing
		return p.stands(e)
	}
	switch d := e.Data.(type) {
	case psychosocialv1.SessionRecorded:
		held, _ := e.Private.(Held)
		p.Sessions = append(slices.Clip(p.Sessions), Session{
			ID:      d.Session,
			Meeting: Meeting{At: work.Dated(held.HeldAt, e.At), Kind: d.Kind, Attendance: d.Attendance, Notes: held.Notes, Next: held.Next},
		})
	case psychosocialv1.SafetyPlanned:
		safety, _ := e.Private.(Safety)
		if p.Safety.ID != "" {
			p.Earlier = append(slices.Clip(p.Earlier), p.Safety)
		}
		p.Safety = SafetyPlan{ID: work.EntryID("safe", d.SafetyPlan, p.Plan), Made: Made{At: e.At, Safety: safety}}
	case psychosocialv1.PlanAmended:
		amendment, _ := e.Private.(Amendment)
		p = p.amended(d, amendment, e.At)
	case psychosocialv1.InstrumentAnswered:
		answered, _ := e.Private.(Answered)
		p.Answers = append(slices.Clip(p.Answers), Answer{ID: d.Answer, Answered: answered})
	case psychosocialv1.RiskHandled:
		handled, _ := e.Private.(Handled)
		p = p.handled(d.Answer, handled, e.At)
	case psychosocialv1.GoalSet:
		aim, _ := e.Private.(Aim)
		p.Goals = append(slices.Clip(p.Goals), Goal{ID: d.Goal, SetAt: e.At, Aim: aim, Status: code.GoalOpen})
	case psychosocialv1.GoalReviewed:
		review, _ := e.Private.(Review)
		p = p.reviewed(d.Goal, review, e.At)
	case psychosocialv1.FollowUpAgreed:
		on, _ := e.Private.(Agreed)
		p.FollowUps = append(slices.Clip(p.FollowUps), FollowUp{ID: d.FollowUp, Agreed: on})
	case psychosocialv1.PlanDutyCame:
		p.Came = e.At
	case psychosocialv1.FollowUpDone:
		tried, _ := e.Private.(Tried)
		p = p.tried(d.FollowUp, tried, e.At)
	}
	return p
}

// stands keeps what the consents of the referral say beside what she agreed to. The first
// opening counts, and which rules hold does not change with a consent.
func (p Plan) stands(e fact.Event) Plan {
	consent, ok := e.Private.(work.Consent)
	if !ok {
		return p
	}
	if p.Place == (referralv1.Place{}) {
		p.Place = consent.Place
	}
	p.Urgency = cmp.Or(p.Urgency, consent.Urgency)
	if p.Opened.IsZero() {
		p.Opened = e.At
	}
	return p
}
