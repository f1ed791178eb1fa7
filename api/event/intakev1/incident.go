package intakev1

import "github.com/sanad-network/sanad/api/code"

// The events below stay in the room, and name no type and no sign: what happened to her,
// and in what danger she is, is private.

// IncidentRecorded says that an incident was written down. What it was is private.
type IncidentRecorded struct {
	Case     string `json:"case"`
	Incident string `json:"incident"`
}

// IncidentAmended says that an incident was written anew. What was written before stays.
type IncidentAmended struct {
	Case     string           `json:"case"`
	Incident string           `json:"incident"`
	Reason   code.AmendReason `json:"reason"`
}

// IncidentEnteredInError says that an incident should never have been written down.
type IncidentEnteredInError struct {
	Case     string `json:"case"`
	Incident string `json:"incident"`
}

// DangerAsked says that the desk asked her about danger. What she said is private.
type DangerAsked struct {
	Case string `json:"case"`
}

// AgeTurned says that she reached an age on which consents hang. Which one is private, and so
// is the day: the event stays in the room.
type AgeTurned struct {
	Case string `json:"case"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (AgeTurned) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (IncidentRecorded) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (IncidentAmended) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (IncidentEnteredInError) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DangerAsked) ConfinedToAddressees() {}
