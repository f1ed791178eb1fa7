package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	ErrNotFound      = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	ErrNotYourAgency = fault.New(fault.Forbidden, "not_your_agency", "Only the agency itself or a coordinator of its country can do this.")
	ErrNotDue        = fault.New(fault.Unavailable, "not_due", "It is not time yet.")
	ErrTeam          = fault.New(fault.Invalid, "team_impossible", "The team cannot be as it is described.")
	ErrRota          = fault.New(fault.Invalid, "rota_impossible", "The rota cannot be as it is written.")
	ErrShift         = fault.New(fault.Conflict, "shift_not_yours", "A shift is handed over by the member who has it, before it ends.")
	ErrTaken         = fault.New(fault.Conflict, "alert_taken", "Another member acknowledged this alert first.")
	ErrOver          = fault.New(fault.Conflict, "alert_over", "The alert is off. Nobody goes.")
	ErrNotTaken      = fault.New(fault.Conflict, "alert_not_yours", "Only the member who acknowledged the alert can say this.")
	ErrOthers        = fault.New(fault.Conflict, "alert_goes_on", "Another member goes. Who was not with her passes the alert.")
	ErrOrder         = fault.New(fault.Conflict, "alert_order", "An alert goes forward only: on the way, with her, options, stood down.")
	ErrChoice        = fault.New(fault.Invalid, "response_choice", "She chooses among what she was shown, or nothing.")
	ErrUnseen        = fault.New(fault.Invalid, "response_unseen", "Where she was not seen, say why, and nothing else.")
	ErrNotUnanswered = fault.New(fault.Conflict, "alert_not_unanswered", "Only an alert that waits for the district is signed.")
)
