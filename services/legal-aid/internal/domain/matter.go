package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
)

// Matter is the legal work of one agency on one referral.
type Matter struct {
	legalaidv1.Work
	work.Standing
	// Place is the country and the programme, also when the consent that named it is over.
	Place        referralv1.Place
	Advice       []Advised
	Orders       []Order
	Served       []Served
	Changes      []Change
	Duties       []Duty
	Following    []Following
	Proceedings  []Proceeding
	Steps        []Step
	Hearings     []Hearing
	Eligibility  []Eligibility
	Explained    []Explained
	Chosen       []Chosen
	Documents    []Document
	Files        []vault.File
	Certificates []Certificate
	Reminders    []Came
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
	// Round counts the answers of the court, without corrections: a new one is served anew.
	Round int `json:"-"`
	// ServeBy is until when it is to be served, and PlannedFor when that is planned.
	ServeBy    time.Time `json:"to_serve_by,omitzero"`
	PlannedFor time.Time `json:"planned_for,omitzero"`
	// EndsSoonAt is from when it ends soon. Served is not kept, as Standing is not.
	EndsSoonAt time.Time `json:"-"`
	Served     bool      `json:"served,omitempty"`
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
		return m.placed(what)
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
	case legalaidv1.OrderServicePlanned, legalaidv1.OrderServed, legalaidv1.OrderChanged:
		m = m.ordered(e)
	case legalaidv1.LegalDutySettled:
		by, _ := e.Private.(By)
		m = m.tended(d, by, e.At)
	case legalaidv1.ReminderCame:
		m = m.reminded(d, e.At)
	case legalaidv1.FollowingAnswered, legalaidv1.ProceedingOpened, legalaidv1.ProceedingStepped:
		m = m.proceeded(e)
	case legalaidv1.HearingPlanned, legalaidv1.HearingMoved, legalaidv1.HearingSettled:
		m = m.heard(e)
	case legalaidv1.EligibilityAssessed, legalaidv1.OptionsExplained, legalaidv1.OptionsChosen, legalaidv1.DocumentKept, legalaidv1.FileStored:
		m = m.counselled(e)
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

// placed is the matter after a consent: it knows whose rules hold from then on.
func (m Matter) placed(what work.What) Matter {
	place := referralv1.Place{}
	switch is := what.(type) {
	case work.Opening:
		place = is.Consent.Place
	case work.Reopening:
		place = is.Consent.Place
	case work.Renewal:
		place = is.Consent.Place
	}
	if place != (referralv1.Place{}) {
		m.Place = place
	}
	return m
}

// done is what is done to a matter. Before the first work on an open one, the network is told
// that it has begun.
func (m Matter) done(events []fact.Event) []fact.Event {
	if m.Now() != work.Open {
		return events
	}
	return work.Begin(m, events)
}

// changed is a list with the one of a kind as it is now. What others may hold stays as it was.
func changed[T any](list []T, is func(T) bool, change func(*T)) []T {
	if i := slices.IndexFunc(list, is); i >= 0 {
		list = slices.Clone(list)
		change(&list[i])
	}
	return list
}
