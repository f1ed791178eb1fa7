// Package referralv1 holds the events that the referral service publishes, in
// their first version. Fields are only ever added.
package referralv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Loop is what every event of a referral repeats, so that a reader needs no
// other event to understand it: facts may arrive in any order.
type Loop struct {
	Referral  string       `json:"referral"`
	Case      string       `json:"case"`
	Sender    string       `json:"sender"`
	Recipient string       `json:"recipient"`
	Service   code.Service `json:"service"`
}

// Addressees names the agencies that may see the event.
func (l Loop) Addressees() []string { return []string{l.Sender, l.Recipient} }

// AboutReferral is the referral's identifier.
func (l Loop) AboutReferral() string { return l.Referral }

// AgencyRegistered says that an agency answers referrals for these services.
// Registered again, it replaces what was said before.
type AgencyRegistered struct {
	Agency   string         `json:"agency"`
	Country  code.Country   `json:"country"`
	Services []code.Service `json:"services"`
	// Feed says that the agency wants the events of its referrals on the bus.
	Feed bool `json:"feed,omitempty"`
}

// Subscriber is the agency, and whether it wants a feed.
func (e AgencyRegistered) Subscriber() (agency string, wants bool) { return e.Agency, e.Feed }

// AgencySuspended says that an agency takes no new referrals.
type AgencySuspended struct {
	Agency string `json:"agency"`
}

// Requested says that a referral was offered to its recipient, who is to
// answer by Due.
type Requested struct {
	Loop
	Urgency        code.Urgency    `json:"urgency"`
	Consent        string          `json:"consent"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
	Due            time.Time       `json:"due"`
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

// Declined says that the recipient, or the network for it, said no.
type Declined struct {
	Loop
	Reason code.DeclineReason `json:"reason"`
}

// Started says that the service is under way.
type Started struct{ Loop }

// Completed says how the service ended.
type Completed struct {
	Loop
	Outcome code.Outcome `json:"outcome"`
}

// Cancelled says that an agency called the referral off.
type Cancelled struct {
	Loop
	By     string            `json:"by"`
	Reason code.CancelReason `json:"reason"`
}

// Withdrawn says that the survivor withdrew the consent on which the referral
// stood, or that it ran out before the referral ended.
type Withdrawn struct {
	Loop
	Consent string `json:"consent"`
}

// Overdue says that the recipient did not answer in time. The referral stays
// open.
type Overdue struct {
	Loop
	Due time.Time `json:"due"`
}

// ConsentEnded notes in the referral service that a consent is no longer in
// force, also for referrals that are yet to arrive.
type ConsentEnded struct {
	Consent string `json:"consent"`
	Case    string `json:"case"`
}

// EventType names the event on the network.
func (AgencyRegistered) EventType() string { return "referral.agency_registered.v1" }

// EventType names the event on the network.
func (AgencySuspended) EventType() string { return "referral.agency_suspended.v1" }

// EventType names the event on the network.
func (Requested) EventType() string { return "referral.requested.v1" }

// EventType names the event on the network.
func (Accepted) EventType() string { return "referral.accepted.v1" }

// EventType names the event on the network.
func (Declined) EventType() string { return "referral.declined.v1" }

// EventType names the event on the network.
func (Started) EventType() string { return "referral.started.v1" }

// EventType names the event on the network.
func (Completed) EventType() string { return "referral.completed.v1" }

// EventType names the event on the network.
func (Cancelled) EventType() string { return "referral.cancelled.v1" }

// EventType names the event on the network.
func (Withdrawn) EventType() string { return "referral.withdrawn.v1" }

// EventType names the event on the network.
func (Overdue) EventType() string { return "referral.overdue.v1" }

// EventType names the event on the network.
func (ConsentEnded) EventType() string { return "referral.consent_ended.v1" }
