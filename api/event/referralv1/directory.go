package referralv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// DirectoryListed says that an entry of the directory is new or has changed. It
// carries codes only: a reader gets the texts and the location from the
// directory, if they may see them.
type DirectoryListed struct {
	Kind code.EntryKind `json:"kind"`
	// Entry is the identifier that the entry has in HSDS.
	Entry         string               `json:"entry"`
	Organization  string               `json:"organization,omitempty"`
	Agency        string               `json:"agency,omitempty"`
	Country       code.Country         `json:"country,omitempty"`
	Services      []code.Service       `json:"services,omitempty"`
	Sexes         []code.Sex           `json:"sexes,omitempty"`
	Situations    []code.Situation     `json:"situations,omitempty"`
	Accessibility []code.Accessibility `json:"accessibility,omitempty"`
	Visibility    code.Visibility      `json:"visibility"`
	// Coordination is the country whose coordinators handed the entry in. It is left out
	// for what was handed in before coordinators had a country.
	Coordination code.Country `json:"coordination,omitempty"`
}

// CapacityReported says how much of something a service has left.
type CapacityReported struct {
	Service      string    `json:"service"`
	Organization string    `json:"organization"`
	Agency       string    `json:"agency"`
	Capacity     string    `json:"capacity"`
	Available    int64     `json:"available"`
	Maximum      *int64    `json:"maximum,omitempty"`
	Updated      time.Time `json:"updated"`
}
