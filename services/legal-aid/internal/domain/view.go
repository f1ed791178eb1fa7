package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is a matter. Everybody of its agency who reads matters sees its frame; who has
// the work, or covers, sees what is in it.
type View struct {
	work.Frame
	Case         string        `json:"case,omitempty"`
	Consent      *work.Consent `json:"consent,omitempty"`
	Advice       []Advised     `json:"advice,omitempty"`
	Orders       []Order       `json:"protection_orders,omitempty"`
	Certificates []string      `json:"certificates,omitempty"`
	Outcome      code.Outcome  `json:"outcome,omitempty"`
}

// View is the frame. Visible refuses other agencies.
func (m Matter) View(fact.By) any { return View{Frame: m.Frame(m.Matter, m.Referral)} }

// Content is what is in the matter, for its worker. While it rests, that is what the
// worker must act on: which court has an application, what it answered, and until
// when an order protects her.
func (m Matter) Content(fact.By) any {
	v := View{Frame: m.Frame(m.Matter, m.Referral), Case: m.Case()}
	switch m.Shows() {
	case work.Everything:
		v.Advice, v.Orders, v.Certificates, v.Outcome = m.Advice, m.Orders, m.Certificates, m.Outcome
		v.Consent = m.Agreed()
	case work.Duties:
		v.Orders = m.duties()
	case work.Nothing:
	}
	return v
}

// duties are the orders without what she asked the court for.
func (m Matter) duties() []Order {
	orders := slices.Clone(m.Orders)
	for i := range orders {
		orders[i].Measures = ""
	}
	return orders
}
