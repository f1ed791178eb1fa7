package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is a plan. Everybody of its agency who reads plans sees its frame; who has the
// work, or covers, sees what is in it.
type View struct {
	work.Frame
	Case       string          `json:"case,omitempty"`
	Consent    *work.Agreement `json:"consent,omitempty"`
	Sessions   []Session       `json:"sessions,omitempty"`
	SafetyPlan SafetyPlan      `json:"safety_plan,omitzero"`
	Outcome    code.Outcome    `json:"outcome,omitempty"`
}

// View is the frame. Visible refuses other agencies.
func (p Plan) View(fact.By) any { return View{Frame: p.Frame(p.Plan, p.Referral)} }

// Content is what is in the plan, for its worker. While it rests, that is when the
// safety plan was last reviewed: a review that nobody makes is a danger to her. What is
// in it would say where to wait for her.
func (p Plan) Content(fact.By) any {
	v := View{Frame: p.Frame(p.Plan, p.Referral), Case: p.Case()}
	switch p.Shows() {
	case work.Everything:
		v.Sessions, v.SafetyPlan, v.Outcome = p.Sessions, p.Safety, p.Outcome
		v.Consent = p.Agreed()
	case work.Duties:
		v.SafetyPlan = SafetyPlan{Made: Made{At: p.Safety.At}}
	case work.Nothing:
	}
	return v
}
