package referralv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// The events of a place stay in the room, all of them. A message on the bus names its
// record in its subject. Whoever reads there could count each shelter, also under a name
// that tells nothing, and could put a hold beside the acceptance that follows within
// minutes. Hidden shelters count at the level of a programme only.

// PlaceDescribed says what an agency has at a service of the directory, as a whole. It is
// the agency's own word, and corrects what was counted before.
type PlaceDescribed struct {
	// Place is the identifier of the service in HSDS.
	Place      string          `json:"place"`
	Agency     string          `json:"agency"`
	Country    code.Country    `json:"country,omitempty"`
	Services   []code.Service  `json:"services"`
	Visibility code.Visibility `json:"visibility"`
	Unit       code.PlaceUnit  `json:"unit"`
	Maximum    int64           `json:"maximum"`
	Free       int64           `json:"free"`
	Takes      Takes           `json:"takes"`
}

// Takes is whom a place takes, as the place says.
type Takes struct {
	For code.PlaceFor `json:"for"`
	// Children is how many come with an adult at most.
	Children int64 `json:"children,omitempty"`
	// BoysTo is the age in full years up to which boys are admitted. Left out: each age.
	BoysTo     *int64 `json:"boys_to,omitempty"`
	Wheelchair bool   `json:"wheelchair,omitempty"`
}

// PlaceHeld says that one unit is kept free until an instant, for a desk that asks her.
// The last one of a hold counts: it may be renewed, and be for a referral later.
type PlaceHeld struct {
	Place string `json:"place"`
	Hold  string `json:"hold"`
	// Agency is the desk that holds.
	Agency   string    `json:"agency"`
	Until    time.Time `json:"until"`
	Renewed  bool      `json:"renewed,omitempty"`
	Referral string    `json:"referral,omitempty"`
}

// HoldEnded says that a hold is over, and why.
type HoldEnded struct {
	Place  string       `json:"place"`
	Hold   string       `json:"hold"`
	Reason code.HoldEnd `json:"reason"`
}

// PlacementBegun says that an acceptance took one. It comes again when a referral that had
// ended is taken up again.
type PlacementBegun struct {
	Place    string `json:"place"`
	Referral string `json:"referral"`
	// Hold is the hold that became the placement, empty for none.
	Hold string `json:"hold,omitempty"`
	// Uncounted says that none was free by the count: the agency is shown that its count
	// is wrong.
	Uncounted bool `json:"uncounted,omitempty"`
	// Told says that the shelter keeps a record of the stay, which says when it ends.
	Told bool `json:"told,omitempty"`
}

// PlacementOutlived says that a referral has ended and nobody said that she left. Asked is
// for when the agency's people are asked for it.
type PlacementOutlived struct {
	Place    string    `json:"place"`
	Referral string    `json:"referral"`
	AskAt    time.Time `json:"ask_at"`
	Asked    bool      `json:"asked,omitempty"`
}

// PlacementEnded says that the agency said that she is not there any more.
type PlacementEnded struct {
	Place    string       `json:"place"`
	Referral string       `json:"referral"`
	Reason   code.StayEnd `json:"reason"`
}

// ConfinedToAddressees says that no service gets it.
func (PlaceDescribed) ConfinedToAddressees() {}

// ConfinedToAddressees says that no service gets it.
func (PlaceHeld) ConfinedToAddressees() {}

// ConfinedToAddressees says that no service gets it.
func (HoldEnded) ConfinedToAddressees() {}

// ConfinedToAddressees says that no service gets it.
func (PlacementBegun) ConfinedToAddressees() {}

// ConfinedToAddressees says that no service gets it.
func (PlacementOutlived) ConfinedToAddressees() {}

// ConfinedToAddressees says that no service gets it.
func (PlacementEnded) ConfinedToAddressees() {}
