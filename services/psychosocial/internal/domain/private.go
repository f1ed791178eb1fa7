package domain

import "time"

// Held is the private half of SessionRecorded. HeldAt is missing in one of before there
// were dates of the writer.
type Held struct {
	HeldAt time.Time `json:"held_at,omitzero"`
	Notes
}

// Notes is what the counsellor wrote of a session.
type Notes struct {
	Notes string `json:"notes,omitempty"`
}

// Safety is the private half of SafetyPlanned: a reader of it would know where
// to wait for her.
type Safety struct {
	Plan string `json:"plan,omitempty"`
}
