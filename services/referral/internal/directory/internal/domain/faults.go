package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	ErrNotFound       = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	ErrNotYourAgency  = fault.New(fault.Forbidden, "not_your_agency", "Only the agency itself or a coordinator of its country can do this.")
	ErrNotCoordinator = fault.New(fault.Forbidden, "not_a_coordinator", "Only a coordinator can do this.")
	ErrSuspended      = fault.New(fault.Conflict, "agency_suspended", "The agency is suspended. Only a coordinator can register it again.")
	ErrCapacity       = fault.New(fault.Invalid, "capacity_impossible", "A service cannot have more left than it has at most.")
)
