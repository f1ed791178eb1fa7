package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Matter is the legal work of one agency on one referral.
type Matter struct {
	legalaidv1.Work
	work.Standing
	Advice       []Advised
	Orders       []Order
	Certificates []Certificate
	Outcome      code.Outcome
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
	switch d := e.Data.(type) {
	case legalaidv1.MatterOpened:
		consent, _ := e.Private.(work.Consent)
		m.Standing = m.Opened(e.At, consent, d.Turn)
		m.Work = m.still(d.Work)
	case legalaidv1.MatterReopened:
		consent, _ := e.Private.(work.Consent)
		m.Standing = m.Opened(e.At, consent, d.Turn)
		if m.Status == work.Open {
			m.Outcome = ""
		}
		m.Work = m.still(d.Work)
	case legalaidv1.MatterRenewed:
		consent, _ := e.Private.(work.Consent)
		m.Standing = m.Standing.Renewed(e.At, consent, d.Turn, d.Replaces)
		m.Work = m.still(d.Work)
	case legalaidv1.MatterStarted:
		m.Standing = m.Begun()
	case legalaidv1.MatterRested:
		m.Standing = m.Standing.Rested(e.At, d.Turn)
		m.Work = m.still(d.Work)
	case legalaidv1.MatterAssigned:
		m.Standing = m.Assigned(d.Worker, d.Turn, d.At)
		m.Work = m.still(d.Work)
	case legalaidv1.MatterEndingAsked:
		m.Standing = m.ToAsk()
	case legalaidv1.MatterEndingAnswered:
		m.Standing = m.Answered(e.At, d.Answer)
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
	case legalaidv1.MatterClosed:
		m.Standing = m.Finished(e.At, d.Turn)
		m.Outcome = d.Outcome
	case legalaidv1.MatterKeptClosed:
		m.Standing = m.Finished(e.At, d.Turn)
		m.Outcome = d.Outcome
	case legalaidv1.MatterEnded:
		m.Standing = m.Over(e.At, d.Turn, d.Erasure != "")
		m.Work = m.still(d.Work)
	}
	return m
}

// still is what the matter is after an event: what it was made for, at the turn of its
// standing. A journal may hold an early commit that names another agency. It is read
// like any other and does not move the matter.
func (m Matter) still(w legalaidv1.Work) legalaidv1.Work {
	is := m.Work
	if is.Referral == "" {
		is = w
	}
	is.Turn = m.Standing.Turn
	return is
}

// order is the index of an application, or -1.
func (m Matter) order(application string) int {
	return slices.IndexFunc(m.Orders, func(o Order) bool { return o.Application == application })
}
