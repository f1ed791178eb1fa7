package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Referral is one request to one agency for one service.
type Referral struct {
	referralv1.Loop

	Urgency code.Urgency
	// Consent is what the referral stands on, until ConsentExpires.
	Consent        string
	Purpose        code.Purpose
	Categories     []code.Category
	ConsentExpires time.Time

	Status code.ReferralStatus
	// Due is the instant by which the recipient is to answer. OverdueAt is
	// when it was found not to have: a flag, the referral stays requested.
	Due         time.Time
	RequestedAt time.Time
	OverdueAt   time.Time
	AnsweredAt  time.Time
	StartedAt   time.Time
	EndedAt     time.Time

	DeclineReason code.DeclineReason
	CancelReason  code.CancelReason
	CancelledBy   string
	Outcome       code.Outcome
}

// Exists says whether the referral was ever requested.
func (r Referral) Exists() bool { return r.Status != "" }

// Open says whether the referral still binds somebody.
func (r Referral) Open() bool { return r.Exists() && r.EndedAt.IsZero() }

// Closed says that nothing more will happen.
func (r Referral) Closed() bool { return !r.EndedAt.IsZero() }

// Case is the survivor's case.
func (r Referral) Case() string { return r.Loop.Case }

// Visible lets the two agencies know of the referral, and nobody else.
func (r Referral) Visible(by fact.By) bool { return r.part(by) != 0 }

// Deadlines are the answer's, while it is awaited, and the consent's, while
// the referral is open.
func (r Referral) Deadlines() []fact.Deadline {
	var d []fact.Deadline
	if r.awaitsAnswer() {
		d = append(d, fact.Deadline{Name: "response", At: r.Due})
	}
	if r.Open() {
		d = append(d, fact.Deadline{Name: "consent", At: r.ConsentExpires})
	}
	return d
}

func (r Referral) awaitsAnswer() bool { return r.Status == code.Requested && r.OverdueAt.IsZero() }

// Evolve is the referral after an event.
func (r Referral) Evolve(e fact.Event) Referral {
	switch d := e.Data.(type) {
	case referralv1.Requested:
		r.Loop, r.Status, r.RequestedAt = d.Loop, code.Requested, e.At
		r.Urgency, r.Due = d.Urgency, d.Due
		r.Consent, r.Purpose, r.Categories, r.ConsentExpires = d.Consent, d.Purpose, d.Categories, d.ConsentExpires
	case referralv1.Overdue:
		r.OverdueAt = e.At
	case referralv1.Accepted:
		r.Status, r.AnsweredAt = code.Accepted, e.At
	case referralv1.Started:
		r.Status, r.StartedAt = code.InService, e.At
	case referralv1.Declined:
		r.Status, r.AnsweredAt, r.EndedAt, r.DeclineReason = code.Declined, e.At, e.At, d.Reason
	case referralv1.Completed:
		r.Status, r.EndedAt, r.Outcome = code.Completed, e.At, d.Outcome
	case referralv1.Cancelled:
		r.Status, r.EndedAt, r.CancelledBy, r.CancelReason = code.Cancelled, e.At, d.By, d.Reason
	case referralv1.Withdrawn:
		r.Status, r.EndedAt = code.Withdrawn, e.At
	}
	return r
}
