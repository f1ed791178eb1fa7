package domain

import (
	"slices"
	"time"
	"unique"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/credential"
)

// Referral is one request for one service: to one agency or, until one took it,
// to several.
type Referral struct {
	referralv1.Loop

	Urgency code.Urgency
	Mode    code.ReferralMode
	// Candidates are the agencies still asked, while there is no recipient.
	Candidates []Candidate
	// Consent is what the referral stands on, until ConsentExpires, and Further are the
	// consents on which it stands as well. While there are candidates, each has its own.
	Consent        string
	Further        []referralv1.Further
	Purpose        code.Purpose
	Categories     []code.Category
	ConsentExpires time.Time
	Needs          referralv1.Needs
	Policy         referralv1.Policy
	Replaces       string
	// Request is the print of the request that made the referral.
	Request   uint64
	Successor string
	// Moved is how often the case went to another office; nil for nearly all referrals.
	Moved *Moved
	// Visit is known to the sender only: agencies of one visit do not know of each
	// other.
	Visit string
	// Place is where her case is; without names for a referral from before they were told.
	Place unique.Handle[Place]
	// Round is the turn with which the referral was last taken up again, and AskedIn the one
	// with which its recipient was last asked again; zero where it was asked once.
	Round, AskedIn int
	// Reminded counts the reminders of the policy that were sent.
	Reminded int

	Status code.ReferralStatus
	// Before is the status before the sender asked to call the referral off.
	Before code.ReferralStatus
	// OverdueAt is when the answer was found late: a flag, the referral stays
	// requested.
	RequestedAt time.Time
	ReceivedAt  time.Time
	OverdueAt   time.Time
	AnsweredAt  time.Time
	StartedAt   time.Time
	EndedAt     time.Time

	// AcceptedAt is when the recipient took the referral, or took it up again.
	AcceptedAt  time.Time
	Appointment time.Time
	// ByCode says that the recipient has no account: what it does, it tells the sender
	// by telephone.
	ByCode bool
	// Warned says that both agencies know that the consent soon runs out.
	Warned bool
	// Reach is what is known of how to reach her; nil before anybody tried.
	Reach            *Reach
	ContactOverdueAt time.Time
	ServiceOverdueAt time.Time
	// Steps are those of the ladder that were taken, and when.
	Steps []Step

	DeclineReason code.DeclineReason
	// ProposedBy is the person who wants to decline, known to their agency
	// only.
	ProposedBy      string
	CancelReason    code.CancelReason
	CancelledBy     string
	Outcome         code.Outcome
	SurvivorOutcome code.SurvivorOutcome
	// Hands are the persons who looked after the referral, the present one
	// last.
	Hands []Hand

	// RecalledAt is when the recipient was told to let go of the data, and
	// AcknowledgedAt when a person there said what became of its copies.
	RecalledAt     time.Time
	AcknowledgedAt time.Time
	Erasure        code.Erasure
	// Letting is what else is known of that; nil for nearly all referrals.
	Letting *Letting
}

// Candidate is an agency that is asked, and whether it has looked.
type Candidate struct {
	referralv1.Candidate
	ReceivedAt time.Time
}

// Hand is a person of the recipient: a private half, which stays with the
// recipient.
type Hand struct {
	Worker string    `json:"worker"`
	At     time.Time `json:"at,omitzero"`
	// ID names the worker on the register. It is empty for those who were assigned
	// before there was one.
	ID string `json:"id,omitempty"`
	// Lacks is what the worker lacked when they were assigned all the same.
	Lacks []credential.Lack `json:"lacks,omitempty"`
}

// Exists says whether the referral was ever requested.
func (r Referral) Exists() bool { return r.Status != "" }

// taken says whether the recipient has taken the referral and it has not ended.
func (r Referral) taken() bool { return slices.Contains(taken, r.Status) }

// Open says whether the referral has begun and not ended.
func (r Referral) Open() bool { return r.Exists() && r.EndedAt.IsZero() }

// Holds says whether the recipient has the survivor's data on a consent that
// nobody has ended.
func (r Referral) Holds() bool { return !r.AcceptedAt.IsZero() && r.RecalledAt.IsZero() }

// Closed says that nothing more will happen: the referral has ended, and the
// recipient has let go of the data or never held them.
func (r Referral) Closed() bool {
	return !r.EndedAt.IsZero() && !r.Holds() && !r.mustAcknowledge() && r.keptUntil().IsZero()
}

// Case is the survivor's case.
func (r Referral) Case() string { return r.Loop.Case }

// Visible lets the agencies of the referral know of it, and nobody else.
func (r Referral) Visible(by fact.By) bool { return r.part(by) != 0 }

func (r Referral) awaitsAnswer() bool { return slices.Contains(awaiting, r.Status) }

// unserved says that the recipient took the referral and has not begun.
func (r Referral) unserved() bool { return slices.Contains(unserved, r.Status) }

// ConsentEnded is when the consent of an agency ended. What was done before that is
// shown to it no more. The sender asked in the survivor's name and sees the
// outcome.
func (r Referral) ConsentEnded(by fact.By) time.Time {
	switch {
	case r.part(by)&(sender|network) != 0:
		return time.Time{}
	case (r.Status == code.Withdrawn || r.Status == code.Lapsed) && r.RecalledAt.IsZero():
		return r.EndedAt // nobody had taken it, or a new consent may still take it up
	default:
		return r.RecalledAt
	}
}

// candidate finds an agency among those that are asked.
func (r Referral) candidate(agency string) int {
	return slices.IndexFunc(r.Candidates, func(c Candidate) bool { return c.Agency == agency })
}

// Evolve is the referral after an event.
func (r Referral) Evolve(e fact.Event) Referral {
	if l, ok := e.Data.(interface{ Moved() int }); ok {
		r.Turn = max(r.Turn, l.Moved())
	}
	switch d := e.Data.(type) {
	case referralv1.Requested:
		return r.requested(d, e.At)
	case referralv1.Released:
		if i := r.candidate(d.Agency); i >= 0 {
			r.Candidates = slices.Delete(slices.Clone(r.Candidates), i, i+1)
		}
	case referralv1.Received:
		r = r.received(d, e.At)
	case referralv1.DenialProposed:
		hand, _ := e.Private.(Hand)
		r.Status, r.DeclineReason, r.ProposedBy = code.DenialPending, d.Reason, hand.Worker
	case referralv1.DenialReturned:
		r.Status, r.DeclineReason, r.ProposedBy = code.Received, "", ""
	case referralv1.Accepted:
		if i := r.candidate(d.Recipient); i >= 0 {
			r.Further = r.Candidates[i].Further
		}
		r.Recipient, r.Candidates = shared(d.Recipient), nil
		r.Consent, r.Categories, r.ConsentExpires = d.Consent, d.Categories, d.ConsentExpires
		r.Status, r.AnsweredAt, r.AcceptedAt, r.ByCode = code.Accepted, e.At, e.At, d.ByCode
		r.Policy.Reminders, r.Policy.Ladder = nil, nil // an answered referral has no reminders
	case referralv1.Declined:
		r = r.ended(code.Declined, e.At)
		r.AnsweredAt, r.DeclineReason = e.At, d.Reason
	case referralv1.Completed:
		r = r.ended(code.Completed, e.At)
		r.Outcome = d.Outcome
	case referralv1.Cancelled:
		r = r.ended(code.Cancelled, e.At)
		r.CancelledBy, r.CancelReason = d.By, d.Reason
	case referralv1.Expired:
		r = r.ended(code.Expired, e.At)
	case referralv1.EnteredInError:
		r = r.ended(code.EnteredInError, e.At)
	case referralv1.Rerouted:
		r.Status, r.Successor = code.Rerouted, d.Successor
	case referralv1.Withdrawn:
		if r = r.ended(code.Withdrawn, e.At); r.Holds() {
			r.RecalledAt = e.At
		}
	case referralv1.Lapsed:
		before := r.Status
		if before == code.CancellationRequested {
			before = r.Before
		}
		r = r.ended(code.Lapsed, e.At)
		r.Before = before
	case referralv1.Renewed:
		r = r.renewed(d, e.At)
	case referralv1.ConsentEnding:
		r.Warned = true
	case referralv1.Resumed:
		r = r.resumed(d, e.At)
	case referralv1.SenderChanged:
		r = r.senderChanged(d)
	case referralv1.Recalled, referralv1.ClosedToReaders, referralv1.Acknowledged:
		r = r.letGo(e)
	default:
		r = r.served(e)
	}
	return r
}

// served is the referral after an event of the service, or of time.
func (r Referral) served(e fact.Event) Referral {
	switch d := e.Data.(type) {
	case referralv1.Scheduled:
		r.Status, r.Appointment = code.Scheduled, d.Appointment
	case referralv1.AppointmentCancelled:
		r.Status, r.Appointment = code.Accepted, time.Time{}
	case referralv1.NoShow:
		r.Status = code.Missed
	case referralv1.Contacted:
		r = r.tried(Attempt{e.At, d.Result})
	case referralv1.ContactClosed:
		r = r.closedContact(e.At)
	case referralv1.ContactUpdated:
		r = r.updatedContact(e.At)
	case referralv1.ContactOpened:
		r = r.fromNow(e.At)
	case referralv1.Started:
		r.Status, r.StartedAt = code.InService, e.At
	case referralv1.CancellationRequested:
		r.Before, r.Status, r.CancelReason = r.Status, code.CancellationRequested, d.Reason
	case referralv1.Continued:
		r.Status, r.Before, r.CancelReason = r.Before, "", "" // the event tells nothing of an appointment
	case referralv1.Reopened:
		if r.awaitsAnswer() { // earlier releases reopened without an answer: its way stayed
			r.ByCode = d.ByCode
		}
		r = r.anew()
		r.Status, r.AcceptedAt, r.AnsweredAt, r.Round = code.Accepted, e.At, e.At, d.Turn
		r.Policy.Reminders, r.Policy.Ladder = nil, nil
	case referralv1.OutcomeReported:
		r.SurvivorOutcome = d.Outcome
	case referralv1.Assigned:
		hand, _ := e.Private.(Hand)
		hand.At = e.At
		r.Hands = append(slices.Clip(r.Hands), hand)
	case referralv1.Overdue:
		switch d.Kind {
		case code.ToContact:
			r.ContactOverdueAt = e.At
		case code.ToServe:
			r.ServiceOverdueAt = e.At
		default:
			r.OverdueAt = e.At
		}
	case referralv1.Reminded:
		if d.Kind == code.ToLetGo {
			return r.pressed()
		}
		r.Reminded = max(r.Reminded, d.Number)
	case referralv1.Escalated:
		r.Steps = append(slices.Clip(r.Steps), Step{d.Step, e.At, d.Kind})
		if d.Kind == code.ToLetGo {
			return r.pressed()
		}
	}
	return r
}

func (r Referral) requested(d referralv1.Requested, at time.Time) Referral {
	r.Loop, r.Status, r.RequestedAt = d.Loop, code.Requested, at
	r.Sender, r.Recipient = shared(d.Sender), shared(d.Recipient)
	r.Urgency, r.Mode, r.Needs, r.Policy, r.Replaces = d.Urgency, d.Mode, d.Needs, d.Policy, d.Replaces
	r.Policy.RespondBy = d.Due // also of a referral from before there were policies
	r.Consent, r.Purpose, r.Categories, r.ConsentExpires = d.Consent, d.Purpose, d.Categories, d.ConsentExpires
	r.Further, r.Visit, r.Request = d.Further, d.Visit, printOf(d)
	r.Place, r.Moved = placed(d.Country, d.Programme), asking(d.Transfers)
	if r.Mode == "" {
		r.Mode = code.Directed
	}
	r.Candidates = make([]Candidate, 0, len(d.Candidates))
	for _, c := range d.Candidates {
		r.Candidates = append(r.Candidates, Candidate{Candidate: c})
	}
	return r
}

// Place is the country and the programme of a case.
type Place struct{ Country, Programme string }

// rules is the place as the room of the work hears of it.
func (r Referral) rules() referralv1.Place { return referralv1.Place(r.Place.Value()) }

// Country is where the case is; empty where that is not known.
func (r Referral) Country() code.Country {
	if !r.Exists() {
		return ""
	}
	return code.Country(r.Place.Value().Country)
}

// programme is that of the case; empty where it is not known.
func (r Referral) programme() string {
	if !r.Exists() {
		return ""
	}
	return r.Place.Value().Programme
}

// placed is the one copy of a place: there are few, and each is in many referrals.
func placed(country, programme string) unique.Handle[Place] {
	return unique.Make(Place{Country: country, Programme: programme})
}

// shared is the one copy of an agency's name: there are few agencies, and each
// is in many referrals.
func shared(agency string) string { return unique.Make(agency).Value() }

func (r Referral) received(d referralv1.Received, at time.Time) Referral {
	if r.Status == code.Requested {
		r.Status, r.ReceivedAt = code.Received, at
	}
	if i := r.candidate(d.Agency); i >= 0 {
		r.Candidates = slices.Clone(r.Candidates)
		r.Candidates[i].ReceivedAt = at
	}
	return r
}

// ended is the referral at its end: nobody is asked any more.
func (r Referral) ended(status code.ReferralStatus, at time.Time) Referral {
	r.Status, r.EndedAt, r.Candidates, r.ProposedBy, r.Before = status, at, nil, "", ""
	return r
}
