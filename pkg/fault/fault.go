// Package fault holds the errors that callers may see. A fault has a kind,
// which decides what a transport does with it, and a code, which is stable API.
// It never carries a value that a caller sent, and never one of a survivor.
package fault

import (
	"errors"
	"slices"
	"time"
)

// Kind says what a transport does with a fault: one table in edge for HTTP, one
// in bus for deliveries.
type Kind uint8

// The kinds of fault.
const (
	// Internal is a defect or an outage that the caller cannot repair.
	Internal Kind = iota
	// Malformed is a request that cannot be read.
	Malformed
	// Invalid is a request that can be read and breaks the contract.
	Invalid
	// Unauthenticated is a request without a valid token.
	Unauthenticated
	// Forbidden is a permission that the caller's roles do not hold.
	Forbidden
	// NotFound is a record that does not exist, or of which the caller may not
	// know: the two must look the same.
	NotFound
	// Conflict is a rule of the domain that refuses in the present state.
	Conflict
	// Contended is a race lost too often. Trying again helps.
	Contended
	// Stale is an If-Match that names another version.
	Stale
	// TooLarge is a body over the limit.
	TooLarge
	// Unsupported is a media type that the service does not read.
	Unsupported
	// RateLimited is a caller that asks too often.
	RateLimited
	// Unavailable is a store or a bus that is away. Trying again helps.
	Unavailable
)

var kinds = [...]string{
	"internal", "malformed", "invalid", "unauthenticated", "forbidden", "not_found", "conflict",
	"contended", "stale", "too_large", "unsupported", "rate_limited", "unavailable",
}

// String is the metric label of the kind.
func (k Kind) String() string { return kinds[k] }

// Quarantined is the code of a fault that says of one record that it is set aside
// until a person has decided about it. Its kind is Unavailable. What a transport
// does with that kind, trying again for some time, is too little here: nothing is
// given up meanwhile.
const Quarantined = "record_quarantined"

// Field names one place in a request and the rule that it breaks.
type Field struct {
	// Pointer is a JSON pointer into the body, or the name of a parameter.
	Pointer string `json:"pointer"`
	Rule    string `json:"rule"`
}

// Error is a fault.
type Error struct {
	Kind   Kind
	Code   string
	Detail string
	Fields []Field
	// Current is the record as the caller may see it, where knowing it helps
	// (a lost race); Version is its version.
	Current any
	Version uint64
	// Near are names that may have been meant in the place of one that is not
	// known; nil where none was looked for. They are names that the caller may
	// know, and never the one that was sent.
	Near []string
	// RetryAfter is how long a caller waits before the same can succeed without
	// anybody's doing, in whole seconds. Zero says nothing.
	RetryAfter time.Duration
	// NotBefore is the instant before which the same is refused, where a rule knows it.
	// Zero says nothing.
	NotBefore time.Time

	cause error
}

// New declares a fault. Declare each once, as a package variable; errors.Is
// matches by code.
func New(kind Kind, code, detail string) *Error {
	return &Error{Kind: kind, Code: code, Detail: detail}
}

// Error says the code only: a cause may hold what a caller must not see.
func (e *Error) Error() string { return e.Code }

// Unwrap gives the cause, for logs of the operators.
func (e *Error) Unwrap() error { return e.cause }

// Is matches faults by code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// At is a copy that names one more place and rule.
func (e *Error) At(pointer, rule string) *Error {
	c := *e
	c.Fields = append(slices.Clip(e.Fields), Field{Pointer: pointer, Rule: rule})
	return &c
}

// After is a copy that says when to try again. What is less than a second is said
// as a second: HTTP counts in seconds, and zero would be no wait.
func (e *Error) After(wait time.Duration) *Error {
	c := *e
	c.RetryAfter = max(wait.Round(time.Second), time.Second)
	return &c
}

// Until is a copy that says before which instant the same is refused.
func (e *Error) Until(notBefore time.Time) *Error {
	c := *e
	c.NotBefore = notBefore
	return &c
}

// Because is a copy that keeps its cause for the operators.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Showing is a copy that carries the present state for the caller.
func (e *Error) Showing(current any, version uint64) *Error {
	c := *e
	c.Current, c.Version = current, version
	return &c
}

// Nearest is a copy that gives names that may have been meant.
func (e *Error) Nearest(names []string) *Error {
	c := *e
	c.Near = slices.Clone(names)
	return &c
}

var internal = New(Internal, "internal", "Something went wrong on our side. Nothing was changed.")

// Of finds the fault in an error. Anything else is an opaque Internal: what
// libraries say may hold what a caller must not see.
func Of(err error) *Error {
	if f, ok := errors.AsType[*Error](err); ok {
		return f
	}
	return internal.Because(err)
}
