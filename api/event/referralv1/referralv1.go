// Package referralv1 holds the events that the referral service publishes, in
// their first version. Fields are only ever added.
package referralv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
)

// Loop is what every event of a referral repeats, so that a reader needs no
// other event to understand it: facts may arrive in any order.
type Loop struct {
	Referral string `json:"referral"`
	Case     string `json:"case"`
	Sender   string `json:"sender"`
	// Recipient is left out while a broadcast or a queued referral has none.
	Recipient string       `json:"recipient,omitempty"`
	Service   code.Service `json:"service"`
	// Turn counts the changes of the referral's status: of two facts that arrive
	// out of order, the one with the higher turn is the later.
	Turn int `json:"turn,omitempty"`
}

// Addressees names the agencies that may see the event.
func (l Loop) Addressees() []string { return []string{l.Sender, l.Recipient} }

// AboutReferral is the referral's identifier.
func (l Loop) AboutReferral() string { return l.Referral }

// OfService is what she was referred to.
func (l Loop) OfService() code.Service { return l.Service }

// Moved is how often the referral's status had changed with the event.
func (l Loop) Moved() int { return l.Turn }

// Place is the country and the programme of the case. Whoever takes up the work knows by it which
// rules hold. It says nothing of her. Referrals of earlier releases leave it out.
type Place struct {
	Country   string `json:"country,omitempty"`
	Programme string `json:"programme,omitempty"`
}

// Told says that the recipient, which has no account, told the sender by telephone, and
// that the sender recorded it.
type Told bool

// Shared says that the survivor lets the sender know when she is expected and whether she
// came. Else that stays with the recipient.
type Shared bool

func (s Shared) with(l Loop) []string {
	if s {
		return l.Addressees()
	}
	return []string{l.Recipient}
}

// AgencyRegistered says that an agency answers referrals for these services. A
// second one replaces the first.
type AgencyRegistered struct {
	Agency   string         `json:"agency"`
	Country  code.Country   `json:"country"`
	Services []code.Service `json:"services"`
	// Feed says that the agency wants the events of its referrals on the bus.
	Feed bool `json:"feed,omitempty"`
	// TwoStepDenial says that a supervisor of the agency confirms each decline.
	TwoStepDenial bool `json:"two_step_denial,omitempty"`
	// Turn counts what was said of the agency, from 1; events of before there were
	// turns have none.
	Turn int `json:"turn,omitempty"`
}

// Subscriber is the agency, and whether it wants a feed.
func (e AgencyRegistered) Subscriber() (agency string, wants bool) { return e.Agency, e.Feed }

// AgencySuspended says that an agency takes no new referrals.
type AgencySuspended struct {
	Agency string `json:"agency"`
	// Turn is as in AgencyRegistered.
	Turn int `json:"turn,omitempty"`
}

// Requested says that a referral was made, and is to be answered by Due. Its
// copy goes to the sender only: an agency that has not accepted may not know
// what the survivor consented to. Asked agencies get an Offered.
type Requested struct {
	Loop
	Urgency        code.Urgency    `json:"urgency"`
	Consent        string          `json:"consent,omitempty"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories,omitempty"`
	ConsentExpires time.Time       `json:"consent_expires,omitzero"`
	// Further are the further consents; each candidate has its own.
	Further []Further `json:"further_consents,omitempty"`
	Due     time.Time `json:"due"`
	// Mode is left out for a directed referral, Candidates likewise.
	Mode       code.ReferralMode `json:"mode,omitempty"`
	Candidates []Candidate       `json:"candidates,omitempty"`
	Needs      Needs             `json:"needs,omitzero"`
	Policy     Policy            `json:"policy,omitzero"`
	// Replaces is the referral that this one replaces.
	Replaces string `json:"replaces,omitempty"`
	// Visit is shared by the services of one visit, and for the sender only.
	Visit string `json:"visit,omitempty"`
	// Country and Programme are those of the case. They say whose coordinators see that
	// nobody answers.
	Country   string `json:"country,omitempty"`
	Programme string `json:"programme,omitempty"`
	// Transfers says how often the case had gone to another office when this was asked for.
	Transfers int `json:"transfers,omitempty"`
}

// Addressees is the sender.
func (e Requested) Addressees() []string { return []string{e.Sender} }

// Candidate is an agency that may take a referral, on a consent of its own.
type Candidate struct {
	Agency         string          `json:"agency"`
	Consent        string          `json:"consent"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
	Further        []Further       `json:"further_consents,omitempty"`
}

// Further is a consent that is required beside the one to the service.
type Further = intakev1.Further

// Needs is what an agency must know to answer: whether it can serve, and not
// whom. ConflictCheck says that it is to look for a conflict of interest first.
type Needs struct {
	Area          string       `json:"area,omitempty"`
	Language      string       `json:"language,omitempty"`
	AgeBand       code.AgeBand `json:"age_band,omitempty"`
	Sex           code.Sex     `json:"sex,omitempty"`
	ConflictCheck bool         `json:"conflict_check,omitempty"`
}

// Policy is the times of a referral, frozen when it is made: a change of the
// rules changes no referral that is under way. Spans are in seconds and count
// from acceptance, or from the end.
type Policy struct {
	RespondBy     time.Time   `json:"respond_by"`
	Reminders     []time.Time `json:"reminders,omitempty"`
	Ladder        []Rung      `json:"ladder,omitempty"`
	ExpiresAt     time.Time   `json:"expires_at"`
	ContactWithin int64       `json:"contact_within"`
	ServeWithin   int64       `json:"serve_within"`
	// ReopenWithin counts from the end: how long her desk may ask the recipient again.
	ReopenWithin  int64 `json:"reopen_within"`
	OfficeHours   bool  `json:"office_hours,omitempty"`
	TwoStepDenial bool  `json:"two_step_denial,omitempty"`
}

// Rung says when a step of the escalation ladder is taken.
type Rung struct {
	Step code.EscalationStep `json:"step"`
	At   time.Time           `json:"at"`
}

// Offered asks one agency whether it takes a referral. It tells what is needed
// to answer, and nothing else.
type Offered struct {
	Referral string            `json:"referral"`
	Sender   string            `json:"sender"`
	Agency   string            `json:"agency"`
	Service  code.Service      `json:"service"`
	Urgency  code.Urgency      `json:"urgency"`
	Mode     code.ReferralMode `json:"mode"`
	Needs    Needs             `json:"needs,omitzero"`
	Due      time.Time         `json:"due"`
}

// Addressees is the agency that is asked.
func (e Offered) Addressees() []string { return []string{e.Agency} }

// AboutReferral is the referral's identifier.
func (e Offered) AboutReferral() string { return e.Referral }

// ConfinedToAddressees says that no service gets it: the Requested beside it says
// more.
func (Offered) ConfinedToAddressees() {}

// Released says that an agency is no longer asked. Decline is the agency's
// reason, when it declined.
type Released struct {
	Referral string             `json:"referral"`
	Sender   string             `json:"sender"`
	Agency   string             `json:"agency"`
	Reason   code.ReleaseReason `json:"reason"`
	Decline  code.DeclineReason `json:"decline,omitempty"`
}

// Addressees is the agency, and the sender when the agency dropped out.
func (e Released) Addressees() []string {
	if e.Reason == code.ReleasedDeclined || e.Reason == code.ReleasedConsentEnded {
		return []string{e.Agency, e.Sender}
	}
	return []string{e.Agency}
}

// AboutReferral is the referral's identifier.
func (e Released) AboutReferral() string { return e.Referral }

// Received says that an agency that is asked has opened the referral.
type Received struct {
	Loop
	Agency string `json:"agency"`
}

// Addressees is the sender and the agency.
func (e Received) Addressees() []string { return []string{e.Sender, e.Agency} }

// DenialProposed says that the recipient wants to decline, and that its
// supervisor must confirm.
type DenialProposed struct {
	Loop
	Reason code.DeclineReason `json:"reason"`
}

// DenialReturned says that the supervisor did not confirm: the recipient is to
// look again.
type DenialReturned struct{ Loop }

// Scheduled says when the survivor is expected. A second one replaces the
// first.
type Scheduled struct {
	Loop
	Appointment time.Time `json:"appointment"`
	Told        Told      `json:"told,omitempty"`
	Shared      Shared    `json:"shared,omitempty"`
}

// Addressees is the recipient, and the sender where she lets it know.
func (e Scheduled) Addressees() []string { return e.Shared.with(e.Loop) }

// AppointmentCancelled says that she is no longer expected then.
type AppointmentCancelled struct {
	Loop
	By     string `json:"by"`
	Shared Shared `json:"shared,omitempty"`
}

// Addressees is the recipient, and the sender where she lets it know.
func (e AppointmentCancelled) Addressees() []string { return e.Shared.with(e.Loop) }

// NoShow says that she did not come.
type NoShow struct {
	Loop
	Told   Told   `json:"told,omitempty"`
	Shared Shared `json:"shared,omitempty"`
}

// Addressees is the recipient, and the sender where she lets it know.
func (e NoShow) Addressees() []string { return e.Shared.with(e.Loop) }

// Contacted says what came of an attempt to reach the survivor.
type Contacted struct {
	Loop
	Result code.ContactResult `json:"result"`
	Told   Told               `json:"told,omitempty"`
}

// CancellationRequested says that the sender asks to call off a referral that
// was accepted.
type CancellationRequested struct {
	Loop
	Reason code.CancelReason `json:"reason"`
}

// GoesOn is a status as the events tell it that say where a referral goes on. An
// appointment goes only to those to whom she lets it be known (Shared), so such an event
// says accepted for it. Earlier releases said scheduled or missed.
func GoesOn(status code.ReferralStatus) code.ReferralStatus {
	if status == code.Scheduled || status == code.Missed {
		return code.Accepted
	}
	return status
}

// Continued says that the service goes on all the same. Status is where (GoesOn).
type Continued struct {
	Loop
	Status code.ReferralStatus `json:"status"`
}

// Expired says that nobody answered, and that no agency is asked any more.
type Expired struct{ Loop }

// Rerouted says that another referral replaces this one.
type Rerouted struct {
	Loop
	Successor string `json:"successor"`
}

// EnteredInError says that the referral should never have been made.
type EnteredInError struct{ Loop }

// Reopened says that an ended referral is accepted again.
type Reopened struct {
	Loop
	Place
	Consent        string          `json:"consent"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
	// ByCode says that the agency answered with a code this time.
	ByCode bool `json:"by_code,omitempty"`
	// Urgency is that of the request. Referrals of earlier releases leave it out.
	Urgency code.Urgency `json:"urgency,omitempty"`
}

// OutcomeReported is the outcome as the survivor herself sees it.
type OutcomeReported struct {
	Loop
	By      string               `json:"by"`
	Outcome code.SurvivorOutcome `json:"outcome"`
}

// Assigned says that a person of the recipient looks after the referral. Who
// that is stays with the recipient.
type Assigned struct {
	Loop
	// Worker is the identifier of the person on the register of workers; events of
	// before there was one have none.
	Worker string `json:"worker,omitempty"`
	// At is when: of two assignments in one turn, the later counts.
	At time.Time `json:"at,omitzero"`
}

// Addressees is the recipient.
func (e Assigned) Addressees() []string { return []string{e.Recipient} }

// Lapsed says that the consent on which the referral stood ran out before the
// referral ended. She took nothing back: a new consent of hers takes it up within the
// time of grace.
type Lapsed struct {
	Loop
	Consent string `json:"consent"`
}

// Renewed says that the referral, and the work on it, go on with a new consent of hers.
// Status is where it goes on (GoesOn); it had lapsed where the turn is a new one.
type Renewed struct {
	Loop
	Place
	Agency         string              `json:"agency"`
	Replaces       string              `json:"replaces"`
	Consent        string              `json:"consent"`
	Purpose        code.Purpose        `json:"purpose"`
	Categories     []code.Category     `json:"categories"`
	ConsentExpires time.Time           `json:"consent_expires"`
	Status         code.ReferralStatus `json:"status"`
	// Urgency is that of the request. Referrals of earlier releases leave it out.
	Urgency code.Urgency `json:"urgency,omitempty"`
}

// Addressees are the sender, and the recipient once it took the referral: before, it
// may not know what she consented to.
func (e Renewed) Addressees() []string {
	switch e.Status {
	case code.Requested, code.Received, code.DenialPending:
		return []string{e.Sender}
	}
	return []string{e.Sender, e.Recipient}
}

// ConsentEnding says ahead that the referral soon has no consent to stand on.
type ConsentEnding struct {
	Loop
	Expires time.Time `json:"expires"`
}

// Resumed says that her desk asks the recipient again for a referral that had ended,
// on a new consent of hers. The recipient answers as it did the first time.
type Resumed struct {
	Loop
	Consent        string          `json:"consent"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
	Further        []Further       `json:"further_consents,omitempty"`
	Policy         Policy          `json:"policy"`
}

// Addressees is the sender: the recipient gets an Offered.
func (e Resumed) Addressees() []string { return []string{e.Sender} }

// NotResumed says that the recipient is not asked again: meanwhile it had to let go of the
// data. The referral stays as it was: Status says so (GoesOn).
type NotResumed struct {
	Loop
	Status code.ReferralStatus `json:"status"`
}

// Addressees is the sender.
func (e NotResumed) Addressees() []string { return []string{e.Sender} }

// ContactClosed says that nobody contacts her now: it is not safe.
type ContactClosed struct{ Loop }

// ContactOpened says that her desk opened the contact again.
type ContactOpened struct{ Loop }

// ContactUpdated says that how she may be reached has changed: look again, before you use
// what you have.
type ContactUpdated struct{ Loop }

// SenderChanged says that the case went to another office by her consent: the sender of the
// referral is that office from now on. It tells nothing else.
type SenderChanged struct {
	Loop
	// From is the office that was the sender.
	From string `json:"from"`
	// Number is that of the transfer of the case.
	Number int `json:"number"`
	// Going says that the recipient still has to do with the referral or with its data, so
	// that it is told. Where the referral is over for it, it is not.
	Going bool `json:"going,omitempty"`
}

// Addressees are the new sender and, while it goes on, the recipient. To the office that
// was the sender nothing more is told.
func (e SenderChanged) Addressees() []string {
	if e.Going {
		return e.Loop.Addressees()
	}
	return []string{e.Sender}
}

// ClosedToReaders says that nobody on this network reads the recipient's work on the
// referral any more. What became of copies, a person of the agency says (Acknowledged).
type ClosedToReaders struct{ Loop }

// Recalled says that the consent on which an ended referral stood has ended,
// so that its recipient is to let go of the survivor's data.
type Recalled struct {
	Loop
	Consent string `json:"consent"`
}

// Acknowledged says what became of the recipient's copies of the survivor's data. The
// ground on which a law keeps them, until when, and whether she was told, is private.
type Acknowledged struct {
	Loop
	Erasure code.Erasure `json:"erasure"`
	Told    Told         `json:"told,omitempty"`
}

// Reminded says to one agency that its answer is awaited.
type Reminded struct {
	Referral string    `json:"referral"`
	Agency   string    `json:"agency"`
	Number   int       `json:"number"`
	Due      time.Time `json:"due"`
	// Kind is left out where the answer to the referral is awaited.
	Kind code.DeadlineKind `json:"kind,omitempty"`
}

// Addressees is the agency.
func (e Reminded) Addressees() []string { return []string{e.Agency} }

// AboutReferral is the referral's identifier.
func (e Reminded) AboutReferral() string { return e.Referral }

// Escalated says that a referral without an answer took a step of the ladder.
type Escalated struct {
	Loop
	Step code.EscalationStep `json:"step"`
	// Kind is left out where the answer to the referral is awaited.
	Kind code.DeadlineKind `json:"kind,omitempty"`
}

// Accepted says that the recipient takes the referral. It repeats what the
// survivor consented to, for the service that now begins.
type Accepted struct {
	Loop
	Place
	Urgency        code.Urgency    `json:"urgency"`
	Consent        string          `json:"consent"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
	// ByCode says that the agency has no account, and answered with a code.
	ByCode bool `json:"by_code,omitempty"`
}

// Declined says that the recipient, or the network for it, declined.
type Declined struct {
	Loop
	Reason code.DeclineReason `json:"reason"`
}

// Started says that the service is under way.
type Started struct {
	Loop
	Told Told `json:"told,omitempty"`
}

// Completed says how the service ended. Round is the turn with which the
// referral was last taken up again, left out when it never was: so a reader
// that gets this end before that beginning knows that there was one.
type Completed struct {
	Loop
	Outcome code.Outcome `json:"outcome"`
	Round   int          `json:"round,omitempty"`
	Told    Told         `json:"told,omitempty"`
}

// Cancelled says that an agency called the referral off. Round is as in
// Completed.
type Cancelled struct {
	Loop
	By     string            `json:"by"`
	Reason code.CancelReason `json:"reason"`
	Round  int               `json:"round,omitempty"`
	// Taken says that the recipient had accepted it.
	Taken bool `json:"taken,omitempty"`
	Told  Told `json:"told,omitempty"`
}

// Withdrawn says that the survivor withdrew the consent on which the referral
// stood. In journals of before there was Lapsed, it may have run out.
type Withdrawn struct {
	Loop
	Consent string `json:"consent"`
}

// Overdue says that the recipient did not answer, contact or serve in time. The
// referral stays open. Without a kind it is the answer.
type Overdue struct {
	Loop
	Due  time.Time         `json:"due"`
	Kind code.DeadlineKind `json:"kind,omitempty"`
}

// ConsentEnded notes in the referral service that a consent is no longer in
// force, also for referrals that are yet to arrive.
type ConsentEnded struct {
	Consent string `json:"consent"`
	Case    string `json:"case"`
}
