package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// ReferralView is a referral as one of its agencies may see it.
type ReferralView struct {
	ID             string              `json:"id"`
	Case           string              `json:"case"`
	Sender         string              `json:"sender"`
	Recipient      string              `json:"recipient"`
	Service        code.Service        `json:"service"`
	Urgency        code.Urgency        `json:"urgency"`
	Categories     []code.Category     `json:"categories"`
	Purpose        code.Purpose        `json:"purpose,omitempty"`
	Consent        string              `json:"consent,omitempty"`
	ConsentExpires time.Time           `json:"consent_expires,omitzero"`
	Status         code.ReferralStatus `json:"status"`
	RequestedAt    time.Time           `json:"requested_at"`
	Due            time.Time           `json:"due"`
	OverdueAt      time.Time           `json:"overdue_at,omitzero"`
	AnsweredAt     time.Time           `json:"answered_at,omitzero"`
	StartedAt      time.Time           `json:"started_at,omitzero"`
	EndedAt        time.Time           `json:"ended_at,omitzero"`
	DeclineReason  code.DeclineReason  `json:"decline_reason,omitempty"`
	CancelReason   code.CancelReason   `json:"cancel_reason,omitempty"`
	CancelledBy    string              `json:"cancelled_by,omitempty"`
	Outcome        code.Outcome        `json:"outcome,omitempty"`
}

// View is what an actor may see of the referral. The recipient learns purpose
// and consent by accepting, and no longer sees them once the referral was
// withdrawn or cancelled.
func (r Referral) View(by fact.By) any {
	v := ReferralView{
		ID:            r.Referral,
		Case:          r.Loop.Case,
		Sender:        r.Sender,
		Recipient:     r.Recipient,
		Service:       r.Service,
		Urgency:       r.Urgency,
		Categories:    r.Categories,
		Status:        r.Status,
		RequestedAt:   r.RequestedAt,
		Due:           r.Due,
		OverdueAt:     r.OverdueAt,
		AnsweredAt:    r.AnsweredAt,
		StartedAt:     r.StartedAt,
		EndedAt:       r.EndedAt,
		DeclineReason: r.DeclineReason,
		CancelReason:  r.CancelReason,
		CancelledBy:   r.CancelledBy,
		Outcome:       r.Outcome,
	}
	if r.part(by) != recipient || r.took() {
		v.Purpose, v.Consent, v.ConsentExpires = r.Purpose, r.Consent, r.ConsentExpires
	}
	return v
}

// took says whether the recipient serves, or has served, the survivor.
func (r Referral) took() bool {
	return r.Status == code.Accepted || r.Status == code.InService || r.Status == code.Completed
}
