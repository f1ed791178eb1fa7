package intakev1

import "github.com/sanad-network/sanad/api/code"

// ConferenceProposed says that a conference was planned with her. When, with whom and about
// what is private.
type ConferenceProposed struct {
	Case       string `json:"case"`
	Conference string `json:"conference"`
}

// ConferenceAgreed says that she agreed to it.
type ConferenceAgreed struct {
	Case       string `json:"case"`
	Conference string `json:"conference"`
}

// ConferenceAnswered says whether an agency that is invited attends.
type ConferenceAnswered struct {
	Case       string                `json:"case"`
	Conference string                `json:"conference"`
	Referral   string                `json:"referral"`
	Recipient  string                `json:"recipient"`
	Answer     code.ConferenceAnswer `json:"answer"`
}

// ConferenceHeld says that it took place.
type ConferenceHeld struct {
	Case       string `json:"case"`
	Conference string `json:"conference"`
}

// ConferenceCalledOff says that it does not take place, and why.
type ConferenceCalledOff struct {
	Case       string                 `json:"case"`
	Conference string                 `json:"conference"`
	Reason     code.ConferenceCallOff `json:"reason"`
}

// ConferenceDue says that its time has passed, and nobody has written down yet whether it took
// place.
type ConferenceDue struct {
	Case       string `json:"case"`
	Conference string `json:"conference"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ConferenceProposed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ConferenceAgreed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ConferenceAnswered) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ConferenceHeld) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ConferenceCalledOff) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ConferenceDue) ConfinedToAddressees() {}
