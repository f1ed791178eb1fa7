package credential

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
)

// ErrMissing refuses to give work to somebody who lacks what the role requires, and to
// certify without it. It names what is missing, and never who lacks it.
var ErrMissing = fault.New(fault.Conflict, "credential_missing", "A credential that this work requires is missing, or is not in force.")

// Need is one thing that a role requires: a scope, a course or a content. One of the three is
// given.
type Need struct {
	Scope   code.CredentialScope
	Course  code.Course
	Content code.CourseContent
	// Bars says that who lacks it does not act in the role. Otherwise it only limits what
	// they may certify.
	Bars bool
}

// Requirement is what a role requires. The zero value requires nothing.
type Requirement []Need

// Requires is what is required of a role at a service; a service is empty where a role has
// none, as for who has a case. It is where a programme says so.
type Requires func(role code.WorkerRole, service code.Service) Requirement

// UntilAProgrammeSays is what is required where no programme says anything: nothing.
func UntilAProgrammeSays(code.WorkerRole, code.Service) Requirement { return nil }

// Lack is one thing that is missing.
type Lack struct {
	// Scope, Course and Content are what is missing: one of the three.
	Scope   code.CredentialScope `json:"scope,omitempty"`
	Course  code.Course          `json:"course,omitempty"`
	Content code.CourseContent   `json:"content,omitempty"`
	Reason  code.LackReason      `json:"reason"`
	// Since is when it ended, was suspended or was revoked, or from when it will count. Left
	// out where it was never recorded.
	Since time.Time `json:"since,omitzero"`
	// Bars says that who lacks it does not act in the role.
	Bars bool `json:"bars,omitempty"`
}

// reasons are those that a lack may have, the nearest to being in force first: it is what
// somebody can put right soonest.
var reasons = []struct {
	is     code.CredentialStatus
	reason code.LackReason
}{
	{code.CredentialNotYet, code.LackNotYet},
	{code.CredentialSuspended, code.LackSuspended},
	{code.CredentialExpired, code.LackExpired},
	{code.CredentialRevoked, code.LackRevoked},
}

// Missing is what of a requirement the credentials of a worker do not give at an instant, in the
// order of the requirement. A need that says nothing is never met: a requirement that cannot be
// understood must be seen.
func (r Requirement) Missing(h Held, at time.Time) []Lack {
	var missing []Lack
	for _, n := range r {
		if reason, since := n.lack(h, at); reason != "" {
			missing = append(missing, Lack{n.Scope, n.Course, n.Content, reason, since, n.Bars})
		}
	}
	return missing
}

// lack is why a need is not met, and since when; empty where it is met.
func (n Need) lack(h Held, at time.Time) (code.LackReason, time.Time) {
	last := map[code.CredentialStatus]time.Time{}
	for _, c := range h {
		if !n.met(c) {
			continue
		}
		is, since := h.Status(c, at)
		if is == code.CredentialInForce {
			return "", time.Time{}
		}
		if known, ok := last[is]; !ok || sooner(is, since, known) {
			last[is] = since
		}
	}
	for _, r := range reasons {
		if since, ok := last[r.is]; ok {
			return r.reason, since
		}
	}
	return code.NeverRecorded, time.Time{}
}

// sooner says whether of two credentials of one status the first tells more: the one that
// begins first, or the one that ended last.
func sooner(is code.CredentialStatus, a, b time.Time) bool {
	if is == code.CredentialNotYet {
		return a.Before(b)
	}
	return a.After(b)
}

// met says whether a credential is of the kind that is needed.
func (n Need) met(c staff.Credential) bool {
	switch {
	case n.Scope != "":
		return slices.Contains(c.Scope, n.Scope)
	case n.Course != "":
		return c.Course == n.Course
	case n.Content != "":
		return slices.Contains(c.Content, n.Content)
	}
	return false
}

// Alike reports whether two say the same, instants as instants.
func Alike(a, b []Lack) bool {
	return slices.EqualFunc(a, b, func(a, b Lack) bool {
		same := a.Since.Equal(b.Since)
		a.Since, b.Since = time.Time{}, time.Time{}
		return same && a == b
	})
}

// Barring is what of it has somebody not act.
func Barring(missing []Lack) []Lack {
	return slices.DeleteFunc(slices.Clone(missing), func(l Lack) bool { return !l.Bars })
}

// Refuse refuses because something is missing, and names it at the place in the command;
// nil where nothing is. Errors: ErrMissing.
func Refuse(pointer string, missing []Lack) error {
	if len(missing) == 0 {
		return nil
	}
	refusal := ErrMissing
	for _, l := range missing {
		switch {
		case l.Scope != "":
			refusal = refusal.At(pointer, "in force: scope "+string(l.Scope))
		case l.Course != "":
			refusal = refusal.At(pointer, "in force: course "+string(l.Course))
		default:
			refusal = refusal.At(pointer, "in force: content "+string(l.Content))
		}
	}
	return refusal
}
