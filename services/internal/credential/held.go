// Package credential says what somebody lacks of what a role requires: trainings and
// permissions to practise, as the register of workers has them. Every room asks the same rule. The
// package refuses to know who a person is, to look anything up, and to say what a role
// requires: that is for a programme.
package credential

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/staff"
)

// Held are the credentials of one worker, as far as they are known, in no order.
type Held []staff.Credential

// With is what is held after something was said of one credential. What was said earlier and
// comes later changes nothing.
func (h Held) With(c staff.Credential) Held {
	i := slices.IndexFunc(h, func(o staff.Credential) bool { return o.ID == c.ID })
	switch {
	case i < 0:
		return append(slices.Clip(h), c)
	case c.Turn <= h[i].Turn:
		return h
	}
	h = slices.Clone(h)
	h[i] = c
	return h
}

// Find is the credential of an identifier.
func (h Held) Find(id string) (staff.Credential, bool) {
	i := slices.IndexFunc(h, func(c staff.Credential) bool { return c.ID == id })
	if i < 0 {
		return staff.Credential{}, false
	}
	return h[i], true
}

// Corrected says whether an entry was wrong: another one stands in its place. It does not
// matter which of the two became known first.
func (h Held) Corrected(id string) bool {
	return slices.ContainsFunc(h, func(c staff.Credential) bool { return c.Replaces == id })
}

// Status is what a credential is at an instant, and since when; until when, for one that is in
// force, zero where it has no end. An end counts from its instant on.
func (h Held) Status(c staff.Credential, at time.Time) (code.CredentialStatus, time.Time) {
	switch {
	case h.Corrected(c.ID):
		return code.CredentialCorrected, time.Time{}
	case !c.Revoked.IsZero():
		return code.CredentialRevoked, c.Revoked
	case !c.ValidUntil.IsZero() && !at.Before(c.ValidUntil):
		return code.CredentialExpired, c.ValidUntil
	case !c.Suspended.IsZero() && !at.Before(c.Suspended):
		return code.CredentialSuspended, c.Suspended
	case at.Before(c.ValidFrom):
		return code.CredentialNotYet, c.ValidFrom
	}
	return code.CredentialInForce, c.ValidUntil
}

// Same reports whether two say the same, instants as instants.
func Same(a, b staff.Credential) bool {
	return a.ID == b.ID && a.Worker == b.Worker && a.Agency == b.Agency && a.Replaces == b.Replaces &&
		a.Suspended.Equal(b.Suspended) && a.Revoked.Equal(b.Revoked) && SameContent(a, b)
}

// SameContent reports whether two say the same of what was learned and permitted, and of when
// it counts.
func SameContent(a, b staff.Credential) bool {
	return a.Course == b.Course && slices.Equal(a.Scope, b.Scope) && slices.Equal(a.Content, b.Content) &&
		a.ValidFrom.Equal(b.ValidFrom) && a.ValidUntil.Equal(b.ValidUntil)
}
