// Package event is the wire form of facts: how an event is written into a
// journal's box, and how its public half travels on the bus (CloudEvents 1.0
// in NATS binary mode).
//
// It knows names and bytes only. It opens no connection, holds no schema and
// never puts the private half of an event into a message: an Envelope has no
// field for it.
package event

import (
	"encoding/json"
	"strings"
)

// Recorded is an event as the journal keeps it.
type Recorded struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
	// Private is the half that stays in the service. It is read with the
	// journal's key only.
	Private json.RawMessage `json:"private,omitempty"`
}

// IsRecord reports whether a name has the form of an identifier, "ref_0a1b":
// small letters, an underscore, and then small letters, digits and hyphens. It
// is one token of a subject, and no wildcard.
func IsRecord(name string) bool {
	prefix, rest, ok := strings.Cut(name, "_")
	if !ok || prefix == "" || rest == "" {
		return false
	}
	for i := range len(prefix) {
		if c := prefix[i]; c < 'a' || c > 'z' {
			return false
		}
	}
	for i := range len(rest) {
		if c := rest[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// token reports whether a name can be one token of a NATS subject.
func token(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ', c > '~', c == '.', c == '*', c == '>', c == '/':
			return false
		}
	}
	return true
}
