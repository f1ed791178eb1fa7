package site

import (
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// legalDate is a date or a duty of a matter. A test holds its names against the contract.
type legalDate struct {
	Matter string    `json:"matter"`
	Kind   string    `json:"kind"`
	At     time.Time `json:"at"`
	Waits  bool      `json:"waits"`
}

// agenda is the dates and duties of a lawyer, or of one for whom they cover. Where a hearing is
// stands in the matter, because each look is recorded.
func (s *Site) agenda(v *visit) (templ.Component, error) {
	var page struct {
		Items []legalDate `json:"items"`
	}
	if _, err := v.get("listAgenda", "", v.query("worker"), &page); err != nil {
		return nil, err
	}
	return agendaPage(v, page.Items), nil
}

// hearingAbout is of what a hearing may be: the applications and the proceedings of a matter.
func hearingAbout(v *visit) ([]form.Option, error) {
	orders, err := chosen("matter", "protection_orders", "application", "/about")(v)
	if err != nil {
		return nil, err
	}
	proceedings, err := chosen("matter", "proceedings", "id", "/about")(v)
	return append(orders, proceedings...), err
}
