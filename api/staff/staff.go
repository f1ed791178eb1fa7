// Package staff holds what the events of several services say of a worker with the
// same words. It refuses to hold a rule, and who the person is.
package staff

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Worker is what holds of a worker of an agency from some event on, as a whole: of
// several, the one with the highest turn counts, and the others may be missing.
type Worker struct {
	// ID is the opaque identifier of the person at this agency.
	ID     string `json:"worker"`
	Agency string `json:"agency"`
	// Turn counts what was said of the worker, from 1.
	Turn int `json:"turn"`
	// AbsentUntil is when the person works again. Left out: there is no absence.
	AbsentUntil time.Time `json:"absent_until,omitzero"`
	// Cover is the identifier of the colleague who acts while the person does not work.
	Cover string `json:"cover,omitempty"`
	// DutyFrom and DutyUntil are when the person is on duty for their desk, also at night.
	// Left out: they are not.
	DutyFrom  time.Time `json:"duty_from,omitzero"`
	DutyUntil time.Time `json:"duty_until,omitzero"`
	// Left says that the person works there no more.
	Left bool `json:"left,omitempty"`
	// Roles are what the person does at the agency. They permit nothing.
	Roles []code.WorkerRole `json:"roles,omitempty"`
	// Supervisor is the identifier of the colleague who supervises the person.
	Supervisor string `json:"supervisor,omitempty"`
}

// Credential is what holds of one credential of a worker from some event on, as a whole: of
// several, the one with the highest turn counts, and the others may be missing. Who issued
// it, and what it is called, stays with the agency.
type Credential struct {
	// ID is the identifier of the credential.
	ID string `json:"credential"`
	// Worker is who holds it, by the identifier in the register.
	Worker string `json:"worker"`
	Agency string `json:"agency"`
	// Turn counts what was said of the credential, from 1.
	Turn    int                    `json:"turn"`
	Course  code.Course            `json:"course"`
	Scope   []code.CredentialScope `json:"scope,omitempty"`
	Content []code.CourseContent   `json:"content,omitempty"`
	// ValidFrom is when it begins to count, ValidUntil when it counts no more. Without an
	// end it counts until somebody says otherwise.
	ValidFrom  time.Time `json:"valid_from"`
	ValidUntil time.Time `json:"valid_until,omitzero"`
	// Suspended is from when it does not count for now.
	Suspended time.Time `json:"suspended,omitzero"`
	// Revoked is when it was taken away, for good.
	Revoked time.Time `json:"revoked,omitzero"`
	// Replaces is the entry in whose place it comes, because that one was wrong. The other
	// one counts no more.
	Replaces string `json:"replaces,omitempty"`
}
