package referralv1

import "github.com/sanad-network/sanad/api/code"

// ServiceAssessed says how a service of an agency stood against the standards of a programme on a
// day, as a whole. The last version counts. Who assessed it stays private, and the event in the
// room.
type ServiceAssessed struct {
	Assessment string       `json:"assessment"`
	Agency     string       `json:"agency"`
	Service    code.Service `json:"service"`
	Country    code.Country `json:"country"`
	Programme  string       `json:"programme"`
	// Version counts from 1.
	Version int `json:"version"`
	// Amends says why the version takes the place of the one before; left out for a further
	// assessment.
	Amends code.AmendReason `json:"amends,omitempty"`
	// On is the day of the assessment, Next the one by which the next is due (RFC 3339, full-date).
	On       string            `json:"on"`
	Next     string            `json:"next"`
	Findings []StandardFinding `json:"findings"`
}

// StandardFinding is what was found of one standard, by its name in the programme.
type StandardFinding struct {
	Standard string               `json:"standard"`
	Finding  code.StandardFinding `json:"finding"`
}

// ConfinedToAddressees says that no service gets it.
func (ServiceAssessed) ConfinedToAddressees() {}
