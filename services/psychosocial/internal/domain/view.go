package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is a plan as its agency's workers see it. Visible refuses everybody
// else.
type View struct {
	ID         string        `json:"id"`
	Referral   string        `json:"referral"`
	Case       string        `json:"case"`
	Agency     string        `json:"agency"`
	Status     work.Status   `json:"status"`
	Since      time.Time     `json:"since"`
	Consent    *work.Consent `json:"consent,omitempty"`
	Sessions   []Session     `json:"sessions,omitempty"`
	SafetyPlan SafetyPlan    `json:"safety_plan,omitzero"`
	Outcome    code.Outcome  `json:"outcome,omitempty"`
}

// View is the answer to a worker of the plan's agency.
func (p Plan) View(fact.By) any {
	v := View{
		ID: p.Plan, Referral: p.Referral, Case: p.Case(), Agency: p.Agency, Status: p.Status, Since: p.Since,
		Sessions: p.Sessions, SafetyPlan: p.Safety, Outcome: p.Outcome,
	}
	if p.ClosedToReaders {
		v.Sessions, v.SafetyPlan, v.Outcome = nil, SafetyPlan{}, ""
	}
	if p.Status == work.Open {
		v.Consent = &p.Consent
	}
	return v
}
