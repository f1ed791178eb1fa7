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

// ConsentRequested says that a question was put to her, and waits for her answer. It stays in
// the room: an agency does not learn that it may be asked.
type ConsentRequested struct {
	Case       string          `json:"case"`
	Consent    string          `json:"consent"`
	Recipient  string          `json:"recipient"`
	Service    code.Service    `json:"service"`
	Purpose    code.Purpose    `json:"purpose"`
	Categories []code.Category `json:"categories"`
}

// ConfinedToAddressees says that it stays in the room.
func (ConsentRequested) ConfinedToAddressees() {}

// ConsentQuestionEnded says that a question waits no more, without an answer of hers: it lapsed
// (expired), or should not have been put (invalidated).
type ConsentQuestionEnded struct {
	Case    string             `json:"case"`
	Consent string             `json:"consent"`
	Status  code.ConsentStatus `json:"status"`
}

// ConfinedToAddressees says that it stays in the room.
func (ConsentQuestionEnded) ConfinedToAddressees() {}

// ConsentWithdrawn ends a consent at once, everywhere. It is the same whether she took it back,
// another person revoked it, or it was never good.
type ConsentWithdrawn struct {
	Case      string       `json:"case"`
	Consent   string       `json:"consent"`
	Recipient string       `json:"recipient"`
	Service   code.Service `json:"service"`
}

// ReceiptOffered says that she was offered a receipt of a consent. What she said is private.
type ReceiptOffered struct {
	Case    string `json:"case"`
	Consent string `json:"consent"`
}

// ConfinedToAddressees says that it stays in the room.
func (ReceiptOffered) ConfinedToAddressees() {}

// ReportRecorded says that somebody recorded a report that a law asked for. It asks nobody for
// anything and shows nobody anything: all of it is private.
type ReportRecorded struct {
	Case string `json:"case"`
}

// ConfinedToAddressees says that it stays in the room.
func (ReportRecorded) ConfinedToAddressees() {}

// ServiceRequested asks the referral service for one referral: to one agency
// or, by mode, to one of several candidates. The consents that cover it were in
// force when it was asked. A request without a recipient has candidates instead
// of the one consent.
type ServiceRequested struct {
	Case           string          `json:"case"`
	Referral       string          `json:"referral"`
	Sender         string          `json:"sender"`
	Recipient      string          `json:"recipient,omitempty"`
	Service        code.Service    `json:"service"`
	Urgency        code.Urgency    `json:"urgency"`
	Consent        string          `json:"consent,omitempty"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories,omitempty"`
	ConsentExpires time.Time       `json:"consent_expires,omitzero"`
	// Further are the further consents. Each candidate has its own.
	Further []Further `json:"further_consents,omitempty"`
	// Mode is left out for a directed request.
	Mode       code.ReferralMode `json:"mode,omitempty"`
	Candidates []Candidate       `json:"candidates,omitempty"`
	Needs      Needs             `json:"needs,omitzero"`
	// Replaces is the referral that this one replaces.
	Replaces string `json:"replaces,omitempty"`
	// Visit is shared by services that she is to get in one visit. It shows
	// nothing more: each agency sees its own referral, and not the visit.
	Visit string `json:"visit,omitempty"`
	// Country and Programme are those of the case. Requests of earlier releases leave
	// them out.
	Country   string `json:"country,omitempty"`
	Programme string `json:"programme,omitempty"`
	// Transfers says how often the case had gone to another office, so that a reader who
	// has not heard of the last time waits.
	Transfers int `json:"transfers,omitempty"`
}

// Candidate is an agency that may take a referral, on a consent of its own.
type Candidate struct {
	Agency         string          `json:"agency"`
	Consent        string          `json:"consent"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
	Further        []Further       `json:"further_consents,omitempty"`
}

// Further is a consent that is required beside the one to the service, for a purpose
// of its own. The referral stands on it as well.
type Further struct {
	Consent string       `json:"consent"`
	Purpose code.Purpose `json:"purpose"`
	Expires time.Time    `json:"expires"`
}

// Needs is what an agency must know before it answers, as far as she agrees.
// ConflictCheck asks it to look for a conflict of interest first.
type Needs struct {
	Area          string       `json:"area,omitempty"`
	Language      string       `json:"language,omitempty"`
	AgeBand       code.AgeBand `json:"age_band,omitempty"`
	Sex           code.Sex     `json:"sex,omitempty"`
	ConflictCheck bool         `json:"conflict_check,omitempty"`
}

// ReferralFollowed notes on the case how far one of its referrals has come, and
// which candidate took it or is no longer asked.
type ReferralFollowed struct {
	Case      string              `json:"case"`
	Referral  string              `json:"referral"`
	Status    code.ReferralStatus `json:"status"`
	Recipient string              `json:"recipient,omitempty"`
	Turn      int                 `json:"turn,omitempty"`
	Released  string              `json:"released,omitempty"`
	// Why and how it ended.
	DeclineReason code.DeclineReason `json:"decline_reason,omitempty"`
	CancelReason  code.CancelReason  `json:"cancel_reason,omitempty"`
	CancelledBy   string             `json:"cancelled_by,omitempty"`
	// Sender is the desk of the referral when it was cancelled, where the case has another
	// one by now.
	Sender          string               `json:"sender,omitempty"`
	Taken           bool                 `json:"taken,omitempty"`
	Outcome         code.Outcome         `json:"outcome,omitempty"`
	SurvivorOutcome code.SurvivorOutcome `json:"survivor_outcome,omitempty"`
}

// ReferralRenewed carries a referral over to a new consent of hers, in the place of one
// to the same recipient, service and purpose. A candidate is a recipient here.
type ReferralRenewed struct {
	Case       string          `json:"case"`
	Referral   string          `json:"referral"`
	Recipient  string          `json:"recipient"`
	Service    code.Service    `json:"service"`
	Purpose    code.Purpose    `json:"purpose"`
	Replaces   string          `json:"replaces"`
	Consent    string          `json:"consent"`
	Categories []code.Category `json:"categories"`
	Expires    time.Time       `json:"expires"`
}

// ReferralResumed asks the recipient again for a referral that had ended, on a consent
// that she gave since.
type ReferralResumed struct {
	Case           string          `json:"case"`
	Referral       string          `json:"referral"`
	Sender         string          `json:"sender"`
	Recipient      string          `json:"recipient"`
	Service        code.Service    `json:"service"`
	Consent        string          `json:"consent"`
	Purpose        code.Purpose    `json:"purpose"`
	Categories     []code.Category `json:"categories"`
	ConsentExpires time.Time       `json:"consent_expires"`
	Further        []Further       `json:"further_consents,omitempty"`
	// Transfers is as in ServiceRequested.
	Transfers int `json:"transfers,omitempty"`
}

// NeedSettled says that nobody looks any more for a service that she did not get.
type NeedSettled struct {
	Case       string              `json:"case"`
	Referral   string              `json:"referral"`
	Settlement code.NeedSettlement `json:"settlement"`
}

// ContactSuspended says that nobody may contact her now. Why, and how she may be
// reached, is private.
type ContactSuspended struct {
	Case string `json:"case"`
	// Referrals are those of the case whose agencies might contact her.
	Referrals []string `json:"referrals"`
}

// ContactRestored says that her desk opened the contact again.
type ContactRestored struct {
	Case      string   `json:"case"`
	Referrals []string `json:"referrals"`
}

// ReferralsFinished says that every referral of the case has ended.
type ReferralsFinished struct {
	Case string `json:"case"`
}

// CaseResumed says that a referral of a closed case is under way again: the
// agency that had ended it took it up. The case stays closed.
type CaseResumed struct {
	Case     string `json:"case"`
	Referral string `json:"referral"`
}

// CaseReopened says that her desk took a closed case up again.
type CaseReopened struct {
	Case string `json:"case"`
}

// CaseAmended says which parts of what was said at the desk were written anew. It stays in
// the room: what was written before and what is true now is private.
type CaseAmended struct {
	Case   string           `json:"case"`
	Reason code.AmendReason `json:"reason"`
	Parts  []code.CasePart  `json:"parts"`
}

// ConfinedToAddressees says that no service gets it.
func (CaseAmended) ConfinedToAddressees() {}

// ContactChanged says that how she may be reached has changed. Agencies that hold her
// contact are to look again, before they use what they have.
type ContactChanged struct {
	Case      string   `json:"case"`
	Referrals []string `json:"referrals"`
}

// CaseEnteredInError says that the case should never have been opened.
type CaseEnteredInError struct {
	Case string `json:"case"`
}

// CaseClosed ends the work of intake on a case.
type CaseClosed struct {
	Case   string           `json:"case"`
	Reason code.CloseReason `json:"reason"`
}

// Disclosed says that an agency was shown what a stage of its referral allows.
// It names the kinds of data, and never the data.
type Disclosed struct {
	Case       string               `json:"case"`
	Referral   string               `json:"referral"`
	Recipient  string               `json:"recipient"`
	Service    code.Service         `json:"service"`
	Stage      code.DisclosureStage `json:"stage"`
	Categories []code.Category      `json:"categories"`
}
