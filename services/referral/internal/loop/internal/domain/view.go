package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// ReferralView is a referral as one of its agencies may see it.
type ReferralView struct {
	ID             string               `json:"id"`
	Case           string               `json:"case,omitempty"`
	Country        code.Country         `json:"country,omitempty"`
	Programme      string               `json:"programme,omitempty"`
	Sender         string               `json:"sender,omitempty"`
	Recipient      string               `json:"recipient,omitempty"`
	Service        code.Service         `json:"service,omitempty"`
	Urgency        code.Urgency         `json:"urgency,omitempty"`
	Mode           code.ReferralMode    `json:"mode,omitempty"`
	Needs          referralv1.Needs     `json:"needs,omitzero"`
	Candidates     []CandidateView      `json:"candidates,omitempty"`
	Categories     []code.Category      `json:"categories,omitempty"`
	Purpose        code.Purpose         `json:"purpose,omitempty"`
	Consent        string               `json:"consent,omitempty"`
	ConsentExpires time.Time            `json:"consent_expires,omitzero"`
	Further        []referralv1.Further `json:"further_consents,omitempty"`
	Status         code.ReferralStatus  `json:"status"`
	RequestedAt    time.Time            `json:"requested_at"`
	Due            time.Time            `json:"due"`
	ExpiresAt      time.Time            `json:"expires_at,omitzero"`
	ContactBy      time.Time            `json:"contact_by,omitzero"`
	ServeBy        time.Time            `json:"serve_by,omitzero"`
	ReceivedAt     time.Time            `json:"received_at,omitzero"`
	OverdueAt      time.Time            `json:"overdue_at,omitzero"`
	AnsweredAt     time.Time            `json:"answered_at,omitzero"`
	Appointment    time.Time            `json:"appointment,omitzero"`
	ContactedAt    time.Time            `json:"contacted_at,omitzero"`
	Contact        code.ContactResult   `json:"contact,omitempty"`
	Contacts       []Attempt            `json:"contacts,omitempty"`
	ContactClosed  time.Time            `json:"contact_closed_since,omitzero"`
	ContactUpdated time.Time            `json:"contact_updated_at,omitzero"`
	ByCode         bool                 `json:"answered_by_code,omitempty"`
	AssignedAt     time.Time            `json:"assigned_at,omitzero"`
	Hands          []Hand               `json:"hands,omitempty"`
	StartedAt      time.Time            `json:"started_at,omitzero"`
	EndedAt        time.Time            `json:"ended_at,omitzero"`
	DeclineReason  code.DeclineReason   `json:"decline_reason,omitempty"`
	CancelReason   code.CancelReason    `json:"cancel_reason,omitempty"`
	CancelledBy    string               `json:"cancelled_by,omitempty"`
	Outcome        code.Outcome         `json:"outcome,omitempty"`
	Survivor       code.SurvivorOutcome `json:"survivor_outcome,omitempty"`
	Replaces       string               `json:"replaces,omitempty"`
	Successor      string               `json:"successor,omitempty"`
	Visit          string               `json:"visit,omitempty"`
	RecalledAt     time.Time            `json:"recalled_at,omitzero"`
	AcknowledgedAt time.Time            `json:"acknowledged_at,omitzero"`
	Erasure        code.Erasure         `json:"erasure,omitempty"`
	ClosedAt       time.Time            `json:"closed_to_readers_at,omitzero"`
	Kept           *Kept                `json:"kept,omitempty"`
	RenewBy        time.Time            `json:"renew_by,omitzero"`
	ToAcknowledge  bool                 `json:"to_acknowledge,omitempty"`
}

// CandidateView is an agency that is asked, as the sender sees it.
type CandidateView struct {
	Agency     string               `json:"agency"`
	Consent    string               `json:"consent"`
	Further    []referralv1.Further `json:"further_consents,omitempty"`
	ReceivedAt time.Time            `json:"received_at,omitzero"`
}

// View is what an actor may see of the referral. The sender sees what it sent
// and the outcome. Another agency sees what it needs to answer, then what the
// survivor consented to, and after the end that it has ended, what is left to do, and
// which of its own people has it.
func (r Referral) View(by fact.By) any {
	v := ReferralView{
		ID: r.Referral, Status: r.Status,
		RequestedAt: r.RequestedAt, Due: r.Policy.RespondBy, ReceivedAt: r.ReceivedAt, OverdueAt: r.OverdueAt,
		AnsweredAt: r.AnsweredAt, StartedAt: r.StartedAt, EndedAt: r.EndedAt,
		RecalledAt: r.RecalledAt, AcknowledgedAt: r.AcknowledgedAt, Erasure: r.Erasure, ToAcknowledge: r.mustAcknowledge(),
	}
	if l := r.letting(); r.Letting != nil {
		v.ClosedAt = l.ClosedAt
		if l.Kept != (Kept{}) {
			v.Kept = &l.Kept
		}
	}
	v.RenewBy = r.graceUntil()
	p := r.part(by)
	whole := p&(sender|network) != 0
	switch {
	case whole:
		r.showSender(&v)
	case !r.Open():
		if p&recipient != 0 && r.can(assign) {
			v.Hands = r.Hands // its own people: it may hand over what is left to do
		}
		return v
	case p&candidate != 0:
		// A candidate does not see what others do.
		v.Status, v.ReceivedAt = code.Requested, r.Candidates[r.candidate(by.Agency)].ReceivedAt
		if !v.ReceivedAt.IsZero() {
			v.Status = code.Received
		}
	}
	r.showOffer(&v)
	if whole || r.taken() {
		r.showPacket(&v)
	}
	if p&(recipient|network) == 0 && !bool(r.shares()) && slices.Contains(unserved, r.Status) {
		v.Status, v.Appointment = code.Accepted, time.Time{}
	}
	if p&recipient != 0 {
		v.Hands, v.DeclineReason = r.Hands, r.DeclineReason
	}
	return v
}

// showOffer is what an answer needs.
func (r Referral) showOffer(v *ReferralView) {
	v.Sender, v.Recipient, v.Service, v.Urgency = r.Sender, r.Recipient, r.Service, r.Urgency
	v.Mode, v.Needs, v.ExpiresAt = r.Mode, r.Needs, r.Policy.ExpiresAt
}

// showPacket is what comes with acceptance.
func (r Referral) showPacket(v *ReferralView) {
	v.Case, v.Categories, v.Purpose, v.Consent, v.ConsentExpires = r.Loop.Case, r.Categories, r.Purpose, r.Consent, r.ConsentExpires
	v.Further, v.Country, v.Programme = r.Further, r.Country(), r.programme()
	v.ContactBy, v.ServeBy, v.Appointment = r.contactBy(), r.serviceBy(), r.Appointment
	last := r.lastContact()
	v.ContactedAt, v.Contact, v.Contacts, v.ContactClosed = last.At, last.Result, r.reach().Contacts, r.contactClosed()
	v.ContactUpdated = r.reach().UpdatedAt
	v.CancelReason, v.ByCode = r.CancelReason, r.ByCode && !r.awaitsAnswer()
	if n := len(r.Hands); n > 0 {
		v.AssignedAt = r.Hands[n-1].At
	}
}

// showSender is the outcome for the sender. The reason of a proposed decline is
// not shown before a supervisor confirms it.
func (r Referral) showSender(v *ReferralView) {
	v.CancelledBy, v.Outcome, v.Survivor = r.CancelledBy, r.Outcome, r.SurvivorOutcome
	v.Replaces, v.Successor, v.Visit = r.Replaces, r.Successor, r.Visit
	if r.Status != code.DenialPending {
		v.DeclineReason = r.DeclineReason
	}
	for _, c := range r.Candidates {
		v.Candidates = append(v.Candidates, CandidateView{Agency: c.Agency, Consent: c.Consent, Further: c.Further, ReceivedAt: c.ReceivedAt})
	}
}

// visits are the events of when she is expected and whether she came.
var visits = []string{
	referralv1.Scheduled{}.EventType(), referralv1.AppointmentCancelled{}.EventType(), referralv1.NoShow{}.EventType(),
}

// Tells says whether an actor may see in the history what an agency did. Only
// the sender learns which others were asked.
func (r Referral) Tells(by fact.By, agency, event string) bool {
	if slices.Contains(visits, event) && r.part(by)&(recipient|network) == 0 && !bool(r.shares()) {
		return false
	}
	return r.part(by)&(sender|network) != 0 || agency == "" || agency == by.Agency || r.wasSentBy(agency)
}
