package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is a matter. Everybody of its agency who reads matters sees its frame; who has
// the work, or covers, sees what is in it.
type View struct {
	work.Frame
	Case         string          `json:"case,omitempty"`
	Consent      *work.Agreement `json:"consent,omitempty"`
	Advice       []Advised       `json:"advice,omitempty"`
	Orders       []Order         `json:"protection_orders,omitempty"`
	Certificates []string        `json:"certificates,omitempty"`
	// Earlier are the certificates that do not stand any more.
	Earlier []EarlierCertificate `json:"earlier_certificates,omitempty"`
	Outcome code.Outcome         `json:"outcome,omitempty"`
	// Conflict is the conflict check, also before anything else is shown.
	Conflict *Checked `json:"conflict,omitempty"`
}

// View is the frame. Visible refuses other agencies.
func (m Matter) View(fact.By) any { return View{Frame: m.Frame(m.Matter, m.Referral)} }

// Content is what is in the matter, for its worker. While it rests, that is what the
// worker must act on: which court has an application, what it answered, and until
// when an order protects her.
func (m Matter) Content(by fact.By) any {
	v := View{Frame: m.Frame(m.Matter, m.Referral), Case: m.Case(), Conflict: m.checked()}
	switch m.Shows() {
	case work.Everything:
		v.Advice, v.Orders, v.Outcome = m.Advice, m.orders(by.At), m.Outcome
		v.Certificates, v.Earlier = m.certificates()
		v.Consent = m.Agreed()
	case work.Duties:
		v.Orders = m.duties(by.At)
	case work.Nothing:
	}
	return v
}

// duties are the orders without what she asked the court for.
func (m Matter) duties(now time.Time) []Order {
	orders := m.orders(now)
	for i := range orders {
		orders[i].Measures, orders[i].Before, orders[i].Earlier = "", nil, nil
	}
	return orders
}

// orders are the orders as they stand at an instant.
func (m Matter) orders(now time.Time) []Order {
	orders := slices.Clone(m.Orders)
	for i := range orders {
		orders[i].Standing = orders[i].standing(now)
	}
	return orders
}

// standing is what an order is worth at an instant: a worker who reads "granted" must not
// take an order that is over for one that protects her.
func (o Order) standing(now time.Time) code.OrderStanding {
	switch {
	case o.Result != code.OrderGranted && o.Result != code.OrderInterim:
		return ""
	case !o.ValidUntil.IsZero() && o.ValidUntil.Before(now):
		return code.OrderExpired
	default:
		return code.OrderInForce
	}
}
