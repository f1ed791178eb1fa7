package credential

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
)

// ErrMissing refuses to give work to somebody who lacks what the role requires, and to
// certify without it. It names what is missing, and never who lacks it.
var ErrMissing = fault.New(fault.Conflict, "credential_missing", "A credential that this work requires is missing, or is not in force.")

// Need is one thing that a role requires.
type Need = programme.Need

// Requirement is what a role requires. The zero value requires nothing.
type Requirement []Need

// Place is the country and the programme of the work, and the instant of the question.
type Place struct {
	Country, Programme string
	At                 time.Time
}

// Requires is what the programme of a place requires of a role.
type Requires func(of Place, role code.WorkerRole) Requirement

// Under is what programmes say. Work of which no programme is known has what the base says.
func Under(all programme.Set) Requires {
	return func(of Place, role code.WorkerRole) Requirement {
		return all.For(of.Programme, code.Country(of.Country), of.At, of.At).Roles[role]
	}
}

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
		if reason, since := lack(n, h, at); reason != "" {
			missing = append(missing, Lack{n.Scope, n.Course, n.Content, reason, since, n.Bars})
		}
	}
	return missing
}

// lack is why a need is not met, and since when; empty where it is met.
func lack(n Need, h Held, at time.Time) (code.LackReason, time.Time) {
	last := map[code.CredentialStatus]time.Time{}
	for _, c := range h {
		if !met(n, c) {
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
func met(n Need, c staff.Credential) bool {
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
