package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is a matter. Everybody of its agency who reads matters sees its frame; who has
// the work, or covers, sees what is in it.
type View struct {
	work.Frame
	Case        string          `json:"case,omitempty"`
	Consent     *work.Agreement `json:"consent,omitempty"`
	Eligibility []Eligibility   `json:"eligibility,omitempty"`
	Explained   []Explained     `json:"options_explained,omitempty"`
	Chosen      []Chosen        `json:"options_chosen,omitempty"`
	Advice      []Advised       `json:"advice,omitempty"`
	Duties      []Duty          `json:"duties,omitempty"`
	Orders      []Order         `json:"protection_orders,omitempty"`
	Served      []Served        `json:"order_services,omitempty"`
	Changes     []Change        `json:"order_changes,omitempty"`
	Hearings    []Hearing       `json:"hearings,omitempty"`
	// Following is what she said to whether the proceedings are followed.
	Following    []Following     `json:"following,omitempty"`
	Proceedings  []Proceeding    `json:"proceedings,omitempty"`
	Steps        []Step          `json:"proceeding_steps,omitempty"`
	Documents    []Document      `json:"documents,omitempty"`
	Files        []vault.Content `json:"files,omitempty"`
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
// worker must act on: dates, and what her safety asks for. Which court has an application, what
// it answered and until when an order protects her; its service, hearings, and duties.
func (m Matter) Content(by fact.By) any {
	v := View{Frame: m.Frame(m.Matter, m.Referral), Case: m.Case(), Conflict: m.checked()}
	switch m.Shows() {
	case work.Everything:
		v.Eligibility, v.Explained, v.Chosen = m.Eligibility, m.Explained, m.Chosen
		v.Advice, v.Orders, v.Served, v.Changes, v.Duties = m.Advice, m.orders(by.At), m.Served, m.Changes, m.Duties
		v.Hearings, v.Following, v.Proceedings, v.Steps = m.Hearings, m.Following, m.Proceedings, m.Steps
		v.Documents, v.Files, v.Outcome = m.Documents, m.files(), m.Outcome
		v.Certificates, v.Earlier = m.certificates()
		v.Consent = m.Agreed()
	case work.Duties:
		v.Orders, v.Served, v.Changes, v.Duties, v.Hearings = m.duties(by.At), m.Served, m.Changes, m.Duties, m.Hearings
		v.Served, v.Changes, v.Hearings = slices.Clone(v.Served), slices.Clone(v.Changes), slices.Clone(v.Hearings)
		for i := range v.Served {
			v.Served[i].Before = nil
		}
		for i := range v.Changes {
			v.Changes[i].Measures, v.Changes[i].Notes, v.Changes[i].Before = "", "", nil
		}
		for i := range v.Hearings {
			v.Hearings[i].Before = nil
		}
	case work.Nothing:
	}
	return v
}

// duties are the orders without what she asked the court for, and without names.
func (m Matter) duties(now time.Time) []Order {
	orders := m.orders(now)
	for i := range orders {
		o := &orders[i]
		o.Petition = Petition{Court: o.Court}
		o.Before, o.Earlier = nil, nil
	}
	return orders
}
