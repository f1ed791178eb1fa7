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
	Agency      string           `json:"agency"`
	Channel     code.Channel     `json:"channel"`
	Country     string           `json:"country"`
	Programme   string           `json:"programme"`
	Status      code.CaseStatus  `json:"status"`
	Finished    bool             `json:"finished"`
	OpenedAt    time.Time        `json:"opened_at"`
	ClosedAt    time.Time        `json:"closed_at,omitzero"`
	CloseReason code.CloseReason `json:"close_reason,omitempty"`
	Opening
	Consents  []Consent  `json:"consents"`
	Referrals []Referral `json:"referrals"`
}

// View is the answer to the case's own agency, with each consent as it stands
// at this instant.
func (c Case) View(by fact.By) any {
	v := View{
		ID: c.ID, Agency: c.Agency, Channel: c.Channel, Country: c.Country, Programme: c.Programme,
		Status: c.Status(), Finished: c.Finished(), OpenedAt: c.OpenedAt, ClosedAt: c.ClosedAt, CloseReason: c.CloseReason,
		Opening:   c.Opening,
		Consents:  make([]Consent, len(c.Consents)),
		Referrals: append([]Referral{}, c.Referrals...),
	}
	for i, k := range c.Consents {
		v.Consents[i] = k.at(by.At)
	}
	return v
}
