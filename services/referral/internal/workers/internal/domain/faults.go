package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	ErrNotYourAgency = fault.New(fault.Forbidden, "not_your_agency", "Only the agency itself or a coordinator of its country can do this.")
	ErrLeft          = fault.New(fault.Conflict, "worker_left", "The worker has left. To register them anew, say why.")
	ErrCover         = fault.New(fault.Invalid, "cover_invalid", "A colleague covers, and nobody covers for themself.")
	ErrDuty          = fault.New(fault.Invalid, "duty_invalid", "A duty ends in the future, after it began, and within 48 hours.")
	ErrAbsence       = fault.New(fault.Invalid, "absence_past", "An absence ends in the future. Who works again is back.")
)
