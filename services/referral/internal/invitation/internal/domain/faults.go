package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	// ErrCode is the one answer to every code that does not hold.
	ErrCode = fault.New(fault.NotFound, "code_not_valid", "This code does not hold: it may be wrong, used or out of time.")

	// ErrNobodyToInvite is the sender's: there is nobody to whom new codes could be told.
	ErrNobodyToInvite = fault.New(fault.Conflict, "nobody_to_invite", "No agency that is told by a channel is awaited to answer this.")

	ErrAnswerReason  = fault.New(fault.Invalid, "answer_reason", "A decline gives a reason, an acceptance none.")
	ErrAddress       = fault.New(fault.Invalid, "notice_address", "An address does not have the form of its kind.")
	ErrZone          = fault.New(fault.Invalid, "time_zone_unknown", "There is no time zone of this name.")
	ErrNotYourAgency = fault.New(fault.Forbidden, "not_your_agency", "Only the agency itself or a coordinator of its country can do this.")

	// ErrNotDue meets a deadline of a clock that is ahead of ours: it is to
	// come again, and must not be lost.
	ErrNotDue = fault.New(fault.Unavailable, "not_due", "It is not time yet.")
)
