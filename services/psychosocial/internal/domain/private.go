package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Held is the private half of SessionRecorded. HeldAt is missing in one of before there
// were dates of the writer.
type Held struct {
	HeldAt time.Time `json:"held_at,omitzero"`
	Notes
	Next
}

// Next is what a session says of others. No entry shows who else was in the group: each has a
// plan, and an entry, of its own.
type Next struct {
	// NextAt is when she is expected again.
	NextAt time.Time `json:"next_at,omitzero"`
	// Group is the group that met.
	Group string `json:"group,omitempty"`
}

// Notes is what the counsellor wrote of a session.
type Notes struct {
	Notes string `json:"notes,omitempty"`
}

// Safety is the private half of SafetyPlanned: a reader of it would know where
// to wait for her.
type Safety struct {
	Plan string `json:"plan,omitempty"`
	// Shared is how she has it, as she wishes. It is missing in one of before that was asked.
	Shared code.SafetyShare `json:"shared,omitempty"`
}
