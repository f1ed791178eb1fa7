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
	// ErrOrderStep refuses what does not fit an order as it stands.
	ErrOrderStep = fault.New(fault.Conflict, "order_step_invalid", "The order does not take this as it stands.")
	// ErrUnwarned refuses to serve an order without saying why she was not warned.
	ErrUnwarned = fault.New(fault.Conflict, "order_unwarned", "She is warned before an order is served on him. Say that she was told, or why it was served before.")
	// ErrDuty refuses to settle what is no duty, or is settled.
	ErrDuty = fault.New(fault.Conflict, "legal_duty_unknown", "No such duty waits.")
	// ErrDutyWaits refuses to close while she is to be told something.
	ErrDutyWaits = fault.New(fault.Conflict, "legal_duty_waits", "A duty for her safety waits. Say what came of it, or that it is not needed.")
	// ErrNotFollowed refuses to write of a prosecution that she does not want followed.
	ErrNotFollowed = fault.New(fault.Conflict, "proceeding_not_followed", "A complaint and a prosecution are followed on her word alone. Ask her, and record her yes.")
	// ErrHearing refuses what does not fit a hearing.
	ErrHearing = fault.New(fault.Conflict, "hearing_invalid", "The hearing does not take this as it stands.")
	// ErrEligibility refuses an assessment that the programme does not know.
	ErrEligibility = fault.New(fault.Conflict, "eligibility_invalid", "The programme gives legal aid on other grounds, or asks otherwise for means.")
	// ErrOptions refuses a choice that she cannot have made.
	ErrOptions = fault.New(fault.Conflict, "legal_options_invalid", "She chooses of what was explained to her, or to do nothing now.")
	// ErrNotDue refuses what a clock says before its instant.
	ErrNotDue = fault.New(fault.Unavailable, "not_due", "It is not time yet.")
)
