package domain

import "time"

// Advice is the private half of AdviceGiven.
type Advice struct {
	Summary string `json:"summary"`
}

// Petition is the private half of ProtectionOrderApplied: the name of the
// court and the measures it was asked for.
type Petition struct {
	Court    string `json:"court"`
	Measures string `json:"measures,omitempty"`
}

// Ruling is the private half of ProtectionOrderDecided. A date would help to
// find her order in a court's public list.
type Ruling struct {
	ValidUntil time.Time `json:"valid_until,omitzero"`
}
