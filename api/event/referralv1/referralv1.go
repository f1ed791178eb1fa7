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

// Moved is how often the referral's status had changed with the event.
func (l Loop) Moved() int { return l.Turn }

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
	ReopenWithin  int64       `json:"reopen_within"`
	OfficeHours   bool        `json:"office_hours,omitempty"`
	TwoStepDenial bool        `json:"two_step_denial,omitempty"`
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
}

// AppointmentCancelled says that she is no longer expected then.
type AppointmentCancelled struct {
	Loop
	By string `json:"by"`
}

// NoShow says that she did not come.
type NoShow struct{ Loop }

// Contacted says what came of an attempt to reach the survivor.
type Contacted struct {
	Loop
	Result code.ContactResult `json:"result"`
}

// CancellationRequested says that the sender asks to call off a referral that
// was accepted.
type CancellationRequested struct {
	Loop
	Reason code.CancelReason `json:"reason"`
}

// Continued says that the service goes on all the same.
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
	Consent        string          `json:"consent"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
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
}

// Addressees is the recipient.
func (e Assigned) Addressees() []string { return []string{e.Recipient} }

// Recalled says that the consent on which an ended referral stood has ended,
// so that its recipient is to let go of the survivor's data.
type Recalled struct {
	Loop
	Consent string `json:"consent"`
}

// Acknowledged says that the recipient let go of the survivor's data, and how.
type Acknowledged struct {
	Loop
	Erasure code.Erasure `json:"erasure"`
}

// Reminded says to one agency that its answer is awaited.
type Reminded struct {
	Referral string    `json:"referral"`
	Agency   string    `json:"agency"`
	Number   int       `json:"number"`
	Due      time.Time `json:"due"`
}

// Addressees is the agency.
func (e Reminded) Addressees() []string { return []string{e.Agency} }

// AboutReferral is the referral's identifier.
func (e Reminded) AboutReferral() string { return e.Referral }

// Escalated says that a referral without an answer took a step of the ladder.
type Escalated struct {
	Loop
	Step code.EscalationStep `json:"step"`
}

// Accepted says that the recipient takes the referral. It repeats what the
// survivor consented to, for the service that now begins.
type Accepted struct {
	Loop
	Urgency        code.Urgency    `json:"urgency"`
	Consent        string          `json:"consent"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
}

// Declined says that the recipient, or the network for it, declined.
type Declined struct {
	Loop
	Reason code.DeclineReason `json:"reason"`
}

// Started says that the service is under way.
type Started struct{ Loop }

// Completed says how the service ended. Round is the turn with which the
// referral was last taken up again, left out when it never was: so a reader
// that gets this end before that beginning knows that there was one.
type Completed struct {
	Loop
	Outcome code.Outcome `json:"outcome"`
	Round   int          `json:"round,omitempty"`
}

// Cancelled says that an agency called the referral off. Round is as in
// Completed.
type Cancelled struct {
	Loop
	By     string            `json:"by"`
	Reason code.CancelReason `json:"reason"`
	Round  int               `json:"round,omitempty"`
}

// Withdrawn says that the survivor withdrew the consent on which the referral
// stood, or that it ran out before the referral ended.
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
