package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
)

// Matter is the legal work of one agency on one referral.
type Matter struct {
	legalaidv1.Work
	work.Standing
	Advice       []Advised
	Orders       []Order
	Certificates []Certificate
	// Conflict is the conflict check, before which nothing is shown or written.
	Conflict conflict.Check
}

// Advised is one piece of advice.
type Advised struct {
	ID string `json:"id"`
	Said
	InError bool                `json:"entered_in_error,omitempty"`
	Before  []work.Before[Said] `json:"before,omitempty"`
}

// Said is what can be written anew of advice. It is empty where the advice was entered in
// error.
type Said struct {
	At    time.Time       `json:"at,omitzero"`
	Topic code.LegalTopic `json:"topic,omitempty"`
	Advice
}

// Order is a protection order: asked for, and perhaps answered. Standing is not kept: it
// is what the order is worth when somebody reads it.
type Order struct {
	Application string `json:"application"`
	Applied
	InError bool                   `json:"entered_in_error,omitempty"`
	Before  []work.Before[Applied] `json:"before,omitempty"`
	Answer
	// Earlier is what the court answered before, and what was recorded wrongly.
	Earlier  []work.Before[Answer] `json:"earlier,omitempty"`
	Standing code.OrderStanding    `json:"standing,omitempty"`
}

// Answer is one version of what a court answered. It is never changed in place.
type Answer struct {
	ID     string           `json:"ruling,omitempty"`
	Result code.OrderResult `json:"result,omitempty"`
	Decided
}

// Prefix begins the identifier of every matter.
const Prefix = "mat"

// MatterID is the matter of a referral: one each, whatever arrives first.
func MatterID(referral string) string { return fact.Rename(Prefix, referral) }

// Case is the case that the matter belongs to.
func (m Matter) Case() string { return m.Work.Case }

// Visible reports whether the actor may know of the matter: its own agency.
func (m Matter) Visible(by fact.By) bool {
	return by.System() || m.Exists() && by.Agency == m.Agency
}

// Evolve is the matter after an event.
func (m Matter) Evolve(e fact.Event) Matter {
	m.Conflict = m.Conflict.After(e)
	if w, what := all(e); what != nil {
		is := m.AsWork().After(work.Event{Ground: ground(w), Turn: w.Turn, What: what}, e.At)
		m.Work, m.Standing = own(is.Ground, is.Turn), is.Standing
		return m
	}
	switch d := e.Data.(type) {
	case legalaidv1.AdviceGiven:
		told, _ := e.Private.(Told)
		m.Advice = append(slices.Clip(m.Advice), Advised{
			ID:   work.EntryID("adv", d.Advice, m.Matter, len(m.Advice)),
			Said: Said{At: work.Dated(told.GivenAt, e.At), Topic: d.Topic, Advice: told.Advice},
		})
	case legalaidv1.ProtectionOrderApplied:
		asked, _ := e.Private.(Applied)
		asked.AppliedAt = work.Dated(asked.AppliedAt, e.At)
		m.Orders = append(slices.Clip(m.Orders), Order{Application: d.Application, Applied: asked})
	case legalaidv1.ProtectionOrderDecided:
		decision, _ := e.Private.(Decision)
		m = m.decided(d, decision, e.At)
	case legalaidv1.MatterAmended:
		amendment, _ := e.Private.(Amendment)
		m = m.amended(d, amendment, e.At)
	case legalaidv1.CertificateNoted:
		m.Certificates = append(slices.Clip(m.Certificates), Certificate{ID: d.Certificate, Replaces: d.Replaces})
	case legalaidv1.CertificateOutdated:
		m = m.certified(d.Certificate, func(c *Certificate) {
			c.OutdatedAt, c.Annulled, c.Settled = e.At, c.Annulled || d.Annulled, false
		})
	case legalaidv1.CertificateSettled:
		m = m.certified(d.Certificate, func(c *Certificate) { c.Settled = true })
	}
	return m
}

// order is the index of an application, or -1.
func (m Matter) order(application string) int {
	return slices.IndexFunc(m.Orders, func(o Order) bool { return o.Application == application })
}
