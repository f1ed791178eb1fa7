package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What a matter refuses, beside work that is not open.
var (
	// ErrUnknownApplication names an application that this matter never made.
	ErrUnknownApplication = fault.New(fault.Conflict, "application_unknown", "This matter has no such application.")
	// ErrNotTheAnswer refuses to correct an answer that does not stand.
	ErrNotTheAnswer = fault.New(fault.Conflict, "order_result_replaced", "Only the answer that stands now can be corrected. Read the matter again.")
	// ErrValidity refuses an order that ends before the court made it.
	ErrValidity = fault.New(fault.Invalid, "order_validity_invalid", "An order does not end before the court decided it.")
	// ErrDecided refuses a second final answer.
	ErrDecided = fault.New(fault.Conflict, "application_decided", "The court has already decided this application.")
	// ErrUndecided refuses to close while a court has yet to answer.
	ErrUndecided = fault.New(fault.Conflict, "application_undecided", "An application still waits for the court's answer.")
)
