package forensicv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// ExaminationHeld says that a part of an examination is closed to readers and kept, by an order or a
// statute. Its name is private.
type ExaminationHeld struct {
	Work
	Hold   string          `json:"hold"`
	Part   code.HoldPart   `json:"part"`
	Ground code.HoldGround `json:"ground"`
	// Until is its end, where it has one.
	Until time.Time `json:"until,omitzero"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationHeld) ConfinedToAddressees() {}

// ExaminationHoldLifted says that a legal hold on an examination has ended. Who said so, and why, is
// private.
type ExaminationHoldLifted struct {
	Work
	Hold string `json:"hold"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationHoldLifted) ConfinedToAddressees() {}

// HoldTold says what came of telling her of a legal hold, or of its end. Who said so is private.
type HoldTold struct {
	Work
	Hold   string               `json:"hold"`
	Result code.LegalDutyResult `json:"result"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (HoldTold) ConfinedToAddressees() {}
