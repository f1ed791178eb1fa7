package intakev1

import "github.com/sanad-network/sanad/api/code"

// AgencyNoted keeps what the directory says of an agency, as a whole, so that intake
// can refuse one that is not registered. It stays in the room.
type AgencyNoted struct {
	Agency    string `json:"agency"`
	Suspended bool   `json:"suspended,omitempty"`
	// Turn is that of the directory's event; those of before there were turns have
	// none.
	Turn int `json:"turn,omitempty"`
	// Country is where the agency belongs; empty in what was noted before it was kept.
	Country code.Country `json:"country,omitempty"`
	// Police says that it gives the service of the police.
	Police bool `json:"police,omitempty"`
}

// ConfinedToAddressees says that it stays in the room: the directory has told the
// services already.
func (AgencyNoted) ConfinedToAddressees() {}
