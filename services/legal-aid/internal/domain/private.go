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
	Summary string `json:"summary,omitempty"`
}

// Applied is the private half of ProtectionOrderApplied. AppliedAt is missing in one of
// before there were dates of the writer.
type Applied struct {
	AppliedAt time.Time `json:"applied_at,omitzero"`
	Petition
}

// Petition is the name of the court and the measures it was asked for, whom they are to protect,
// and against whom. Names are missing in one of before they were asked for.
type Petition struct {
	Court       string   `json:"court,omitempty"`
	Measures    string   `json:"measures,omitempty"`
	Protected   []string `json:"protected,omitempty"`
	Respondents []string `json:"respondents,omitempty"`
}

// Decision is the private half of ProtectionOrderDecided. By is who recorded it; it is
// missing in one of before answers had versions.
type Decision struct {
	By string `json:"by,omitempty"`
	Decided
	Clock
}

// Decided is when the court answered, and until when its order is valid. A date would help
// to find her order in a court's public list. DecidedAt is missing in one of before there
// were dates of the writer.
type Decided struct {
	DecidedAt time.Time `json:"decided_at,omitzero"`
	Ruling
}

// Ruling is until when an order is valid.
type Ruling struct {
	ValidUntil time.Time `json:"valid_until,omitzero"`
}
