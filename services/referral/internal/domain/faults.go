package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	// ErrNotFound looks the same as for a record that does not exist.
	ErrNotFound        = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	ErrNotTheRecipient = fault.New(fault.Forbidden, "not_the_recipient", "Only the agency that the referral was made to can do this.")
	ErrAlreadyAnswered = fault.New(fault.Conflict, "already_answered", "The referral has been answered.")
	ErrAlreadyStarted  = fault.New(fault.Conflict, "already_started", "The service is under way.")
	ErrNotAccepted     = fault.New(fault.Conflict, "referral_not_accepted", "The referral has not been accepted.")
	ErrNotOpen         = fault.New(fault.Conflict, "referral_not_open", "The referral has ended.")
	ErrConsentExpired  = fault.New(fault.Conflict, "consent_expired", "The survivor's consent has run out. A new one is needed.")

	// ErrNotDue meets a deadline of a clock that is ahead of ours: it is to
	// come again, and must not be lost.
	ErrNotDue = fault.New(fault.Unavailable, "not_due", "It is not time yet.")

	ErrNotYourAgency = fault.New(fault.Forbidden, "not_your_agency", "Only the agency itself or a coordinator can do this.")
	ErrSuspended     = fault.New(fault.Conflict, "agency_suspended", "The agency is suspended. Only a coordinator can register it again.")
)
