package domain

import "time"

// Told is the private half of AdviceGiven. GivenAt is missing in one of before there
// were dates of the writer.
type Told struct {
	GivenAt time.Time `json:"given_at,omitzero"`
	Advice
}

// Advice is what she was advised.
type Advice struct {
	Summary string `json:"summary"`
}

// Applied is the private half of ProtectionOrderApplied. AppliedAt is missing in one of
// before there were dates of the writer.
type Applied struct {
	AppliedAt time.Time `json:"applied_at,omitzero"`
	Petition
}

// Petition is the name of the court and the measures it was asked for.
type Petition struct {
	Court    string `json:"court"`
	Measures string `json:"measures,omitempty"`
}

// Decided is the private half of ProtectionOrderDecided. A date would help to find her
// order in a court's public list. DecidedAt is missing in one of before there were dates
// of the writer.
type Decided struct {
	DecidedAt time.Time `json:"decided_at,omitzero"`
	Ruling
}

// Ruling is until when an order is valid.
type Ruling struct {
	ValidUntil time.Time `json:"valid_until,omitzero"`
}
