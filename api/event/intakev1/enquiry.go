package intakev1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// What is told at a door before there is a case stays in the room: nobody outside the desk knows
// that somebody turned to it.

// CardsMade says that a desk made cards, each with a code. Who holds one is written nowhere. The
// hashes of the codes are private.
type CardsMade struct {
	Cards  string `json:"cards"`
	Agency string `json:"agency"`
	// Count is how many there are.
	Count int       `json:"count"`
	Until time.Time `json:"until"`
}

// CardsEnded says that no code of these cards holds any more.
type CardsEnded struct {
	Cards string `json:"cards"`
}

// EnquiryMade says that somebody turned to a desk. Who, and what was told, is private.
type EnquiryMade struct {
	Enquiry string             `json:"enquiry"`
	Agency  string             `json:"agency"`
	Source  code.EnquirySource `json:"source"`
	// Cards and Card are by which code it came, the first card is 1.
	Cards string `json:"cards,omitempty"`
	Card  int    `json:"card,omitempty"`
	// Country is that of the desk, whose programmes count; empty where it was not known.
	Country string `json:"country,omitempty"`
	// Until is for how long somebody has to take it, by the rule of that day.
	Until time.Time `json:"until,omitzero"`
}

// EnquiryTaken says who of the desk has it from now on. Who, as their token names them, is
// private.
type EnquiryTaken struct {
	Enquiry string `json:"enquiry"`
	// Worker is the identifier in the register of workers.
	Worker string `json:"worker"`
	// Until is for how long they have to settle it, by the rule of that day.
	Until time.Time `json:"until,omitzero"`
}

// EnquiryOverdue says that nobody took it, or settled it, in time.
type EnquiryOverdue struct {
	Enquiry string `json:"enquiry"`
}

// EnquirySettled says what came of it, and names her case where there is one.
type EnquirySettled struct {
	Enquiry string             `json:"enquiry"`
	Result  code.EnquiryResult `json:"result"`
	Case    string             `json:"case,omitempty"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CardsMade) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CardsEnded) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (EnquiryMade) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (EnquiryTaken) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (EnquiryOverdue) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (EnquirySettled) ConfinedToAddressees() {}
