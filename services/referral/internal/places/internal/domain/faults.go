package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	ErrNotFound      = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	ErrNotYourAgency = fault.New(fault.Forbidden, "not_your_agency", "Only the agency itself or a coordinator of its country can do this.")
	ErrCapacity      = fault.New(fault.Invalid, "capacity_impossible", "A service cannot have more left than it has at most.")
	ErrNotDue        = fault.New(fault.Unavailable, "not_due", "It is not time yet.")
	ErrTakesNot      = fault.New(fault.Invalid, "place_takes_not", "The place says that it does not take them.")
	ErrNoneFree      = fault.New(fault.Conflict, "no_place_free", "No place is free there now.")
	ErrHoldEnded     = fault.New(fault.Conflict, "hold_ended", "The place is not held any more.")
	ErrHoldRenewed   = fault.New(fault.Conflict, "hold_renewed", "A hold is renewed once only.")
	ErrHoldReferral  = fault.New(fault.Invalid, "hold_referral", "A hold is for a referral of the same desk that asks this agency and waits for its answer.")
	ErrHoldExists    = fault.New(fault.Conflict, "hold_exists", "A place is held there for this referral already.")
	ErrNotPlaced     = fault.New(fault.Conflict, "not_placed", "Nobody of this referral is counted there.")
)
