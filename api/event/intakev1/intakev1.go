// Package intakev1 holds the events that the intake service publishes, in
// their first version. Fields are only ever added.
package intakev1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// CaseOpened says that a survivor's case exists. Who she is and what happened
// stay in the private half.
type CaseOpened struct {
	Case      string       `json:"case"`
	Agency    string       `json:"agency"`
	Channel   code.Channel `json:"channel"`
	Country   string       `json:"country"`
	Programme string       `json:"programme"`
}

// ConsentGiven says that the survivor lets one recipient have named data for
// one service and purpose, until an instant.
type ConsentGiven struct {
	Case       string          `json:"case"`
	Consent    string          `json:"consent"`
	Recipient  string          `json:"recipient"`
	Service    code.Service    `json:"service"`
	Purpose    code.Purpose    `json:"purpose"`
	Categories []code.Category `json:"categories"`
	Expires    time.Time       `json:"expires"`
}

// ConsentRefused says that the survivor was asked and said no. It costs her no
// other service.
type ConsentRefused struct {
	Case      string       `json:"case"`
	Consent   string       `json:"consent"`
	Recipient string       `json:"recipient"`
	Service   code.Service `json:"service"`
	Purpose   code.Purpose `json:"purpose"`
}

// ConsentWithdrawn ends a consent at once, everywhere.
type ConsentWithdrawn struct {
	Case      string       `json:"case"`
	Consent   string       `json:"consent"`
	Recipient string       `json:"recipient"`
	Service   code.Service `json:"service"`
}

// ServiceRequested asks the referral service for one referral to one agency.
// The consent that covers it was in force when it was asked.
type ServiceRequested struct {
	Case           string          `json:"case"`
	Referral       string          `json:"referral"`
	Sender         string          `json:"sender"`
	Recipient      string          `json:"recipient"`
	Service        code.Service    `json:"service"`
	Urgency        code.Urgency    `json:"urgency"`
	Consent        string          `json:"consent"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
}

// ReferralFollowed notes on the case how far one of its referrals has come.
type ReferralFollowed struct {
	Case     string              `json:"case"`
	Referral string              `json:"referral"`
	Status   code.ReferralStatus `json:"status"`
}

// ReferralsFinished says that every referral of the case has ended.
type ReferralsFinished struct {
	Case string `json:"case"`
}

// CaseClosed ends the work of intake on a case.
type CaseClosed struct {
	Case   string           `json:"case"`
	Reason code.CloseReason `json:"reason"`
}

// EventType names the event on the network.
func (CaseOpened) EventType() string { return "intake.case_opened.v1" }

// EventType names the event on the network.
func (ConsentGiven) EventType() string { return "intake.consent_given.v1" }

// EventType names the event on the network.
func (ConsentRefused) EventType() string { return "intake.consent_refused.v1" }

// EventType names the event on the network.
func (ConsentWithdrawn) EventType() string { return "intake.consent_withdrawn.v1" }

// EventType names the event on the network.
func (ServiceRequested) EventType() string { return "intake.service_requested.v1" }

// EventType names the event on the network.
func (ReferralFollowed) EventType() string { return "intake.referral_followed.v1" }

// EventType names the event on the network.
func (ReferralsFinished) EventType() string { return "intake.referrals_finished.v1" }

// EventType names the event on the network.
func (CaseClosed) EventType() string { return "intake.case_closed.v1" }
