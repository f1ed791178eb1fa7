package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is a matter as its agency's workers see it. Visible refuses everybody
// else.
type View struct {
	ID           string        `json:"id"`
	Referral     string        `json:"referral"`
	Case         string        `json:"case"`
	Agency       string        `json:"agency"`
	Status       work.Status   `json:"status"`
	Since        time.Time     `json:"since"`
	Consent      *work.Consent `json:"consent,omitempty"`
	Advice       []Advised     `json:"advice,omitempty"`
	Orders       []Order       `json:"protection_orders,omitempty"`
	Certificates []string      `json:"certificates,omitempty"`
	Outcome      code.Outcome  `json:"outcome,omitempty"`
}

// View is the answer to a worker of the matter's agency.
func (m Matter) View(fact.By) any {
	v := View{
		ID: m.Matter, Referral: m.Referral, Case: m.Case(), Agency: m.Agency, Status: m.Status, Since: m.Since,
		Advice: m.Advice, Orders: m.Orders, Certificates: m.Certificates, Outcome: m.Outcome,
	}
	if m.ClosedToReaders {
		v.Advice, v.Orders, v.Certificates, v.Outcome = nil, nil, nil, ""
	}
	if m.Status == work.Open {
		v.Consent = &m.Consent
	}
	return v
}
