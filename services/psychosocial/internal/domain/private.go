package domain

// Notes is the private half of SessionRecorded.
type Notes struct {
	Notes string `json:"notes,omitempty"`
}

// Safety is the private half of SafetyPlanned: a reader of it would know where
// to wait for her.
type Safety struct {
	Plan string `json:"plan,omitempty"`
}
