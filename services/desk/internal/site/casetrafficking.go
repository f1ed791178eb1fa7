package site

import "time"

// caseReflection is the time in which she is left in peace.
type caseReflection struct {
	Until time.Time `json:"until"`
	Zone  string    `json:"zone"`
	Ended time.Time `json:"ended_at"`
}

// caseBy is who wrote something down, and when.
type caseBy struct {
	At time.Time `json:"at"`
	By string    `json:"by"`
}
