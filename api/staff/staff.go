// Package staff holds what the events of several services say of a worker with the
// same words. It refuses to hold a rule, and who the person is.
package staff

import "time"

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
}
