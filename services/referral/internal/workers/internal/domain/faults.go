package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	ErrNotYourAgency = fault.New(fault.Forbidden, "not_your_agency", "Only the agency itself or a coordinator of its country can do this.")
	ErrLeft          = fault.New(fault.Conflict, "worker_left", "The worker has left. To register them anew, say why.")
	ErrCover         = fault.New(fault.Invalid, "cover_invalid", "A colleague covers, and nobody covers for themself.")
	ErrDuty          = fault.New(fault.Invalid, "duty_invalid", "A duty ends in the future, after it began, and within 48 hours.")
	ErrAbsence       = fault.New(fault.Invalid, "absence_past", "An absence ends in the future. Who works again is back.")

	// ErrSupervisor refuses somebody as their own supervisor.
	ErrSupervisor = fault.New(fault.Invalid, "supervisor_invalid", "A colleague supervises, and nobody supervises themself.")
	// ErrOwnCredential refuses to vouch for oneself.
	ErrOwnCredential = fault.New(fault.Forbidden, "credential_own", "Nobody records, corrects or reinstates their own credential. A colleague who keeps the register does.")
	// ErrCredentialTime refuses a credential that never counts.
	ErrCredentialTime = fault.New(fault.Invalid, "credential_time", "A credential begins at an instant, and ends after it.")
	// ErrCredentialKnown refuses a second entry of one paper that says something else.
	ErrCredentialKnown = fault.New(fault.Conflict, "credential_known", "The same paper is on record with other content. Correct that entry.")
	// ErrCredentialUnknown refuses a credential that the worker does not have.
	ErrCredentialUnknown = fault.New(fault.Conflict, "credential_unknown", "The worker has no credential of this identifier.")
	// ErrCredentialCorrected refuses to go on from an entry that was wrong.
	ErrCredentialCorrected = fault.New(fault.Conflict, "credential_corrected", "Another entry stands in the place of this one.")
	// ErrCredentialRevoked refuses to bring back what was revoked.
	ErrCredentialRevoked = fault.New(fault.Conflict, "credential_revoked", "The credential was revoked, and that is final.")
)
