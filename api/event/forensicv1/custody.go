package forensicv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Chain is what every event of a chain of custody repeats. A kit that nobody has converted belongs to
// no case.
type Chain struct {
	Custody     string `json:"custody"`
	Exhibit     string `json:"exhibit"`
	Agency      string `json:"agency"`
	Examination string `json:"examination,omitempty"`
	Referral    string `json:"referral,omitempty"`
	Case        string `json:"case,omitempty"`
}

// CustodyOpened says that an exhibit has a chain of custody.
type CustodyOpened struct{ Chain }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CustodyOpened) ConfinedToAddressees() {}

// CustodyProposed says that the next link of a chain waits for its signatures. What it says is
// private.
type CustodyProposed struct{ Chain }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CustodyProposed) ConfinedToAddressees() {}

// CustodyLinked says that a chain has one more link, signed. What it says is private.
type CustodyLinked struct{ Chain }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CustodyLinked) ConfinedToAddressees() {}

// CustodyHeld says that an exhibit is not destroyed, by an order or a statute. Its name is private.
type CustodyHeld struct {
	Chain
	Hold   string          `json:"hold"`
	Ground code.HoldGround `json:"ground"`
	// Until is its end, where it has one.
	Until time.Time `json:"until,omitzero"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CustodyHeld) ConfinedToAddressees() {}

// CustodyHoldLifted says that a legal hold has ended. Who said so, and why, is private.
type CustodyHoldLifted struct {
	Chain
	Hold string `json:"hold"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CustodyHoldLifted) ConfinedToAddressees() {}

// CustodySeen says that somebody looked at a chain of custody. Who is private.
type CustodySeen struct{ Chain }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CustodySeen) ConfinedToAddressees() {}

// Of is the case of the exhibit.
func (e CustodySeen) Of() string { return e.Case }

// CustodyKeyRegistered says which public key is that of a worker, and for how long. Nobody here has
// the private one.
type CustodyKeyRegistered struct {
	Key    string    `json:"key"`
	Worker string    `json:"worker"`
	Agency string    `json:"agency"`
	Public string    `json:"public"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CustodyKeyRegistered) ConfinedToAddressees() {}

// CustodyKeyEnded says that a key counts no more from then on.
type CustodyKeyEnded struct {
	Key string    `json:"key"`
	At  time.Time `json:"at"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CustodyKeyEnded) ConfinedToAddressees() {}
