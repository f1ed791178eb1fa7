package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// View is a case as the people of its own agency see it. Visible refuses
// everybody else.
type View struct {
	ID          string           `json:"id"`
	Reference   string           `json:"reference"`
	Agency      string           `json:"agency"`
	Channel     code.Channel     `json:"channel"`
	Country     string           `json:"country"`
	Programme   string           `json:"programme"`
	Status      code.CaseStatus  `json:"status"`
	Finished    bool             `json:"finished"`
	OpenedAt    time.Time        `json:"opened_at"`
	ClosedAt    time.Time        `json:"closed_at,omitzero"`
	CloseReason code.CloseReason `json:"close_reason,omitempty"`
	// ContactClosedSince is when it became unsafe to reach her.
	ContactClosedSince time.Time `json:"contact_closed_since,omitzero"`
	Opening
	// Amendments are what was written before, and why it is written anew.
	Amendments []Amended `json:"amendments,omitempty"`
	// UnmetNeeds are the referrals that did not bring her what she asked for.
	UnmetNeeds []string   `json:"unmet_needs,omitempty"`
	Consents   []Consent  `json:"consents"`
	Referrals  []Referral `json:"referrals"`
}

// View is the answer to the case's own agency, with each consent as it stands
// at this instant.
func (c Case) View(by fact.By) any {
	v := View{
		ID: c.ID, Reference: c.Reference(), Agency: c.Agency, Channel: c.Channel, Country: c.Country, Programme: c.Programme,
		Status: c.Status(), Finished: c.Finished(), OpenedAt: c.OpenedAt, ClosedAt: c.ClosedAt, CloseReason: c.CloseReason,
		Opening:   c.Opening,
		Consents:  make([]Consent, len(c.Consents)),
		Referrals: append([]Referral{}, c.Referrals...),
	}
	v.ContactClosedSince, v.Amendments = c.ContactClosed, c.Amendments
	for _, f := range c.Unmet() {
		v.UnmetNeeds = append(v.UnmetNeeds, f.ID)
	}
	for i, k := range c.Consents {
		v.Consents[i] = k.at(by.At)
	}
	return v
}
