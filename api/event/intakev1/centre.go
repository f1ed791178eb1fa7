package intakev1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// What happens in a one-stop centre stays in the room: who comes, which step is next and which room is
// free is for the people who are in the house with her.

// CentreRoom is a room of a one-stop centre, and how many people fit into it.
type CentreRoom struct {
	Room     string             `json:"centre_room"`
	Use      code.CentreRoomUse `json:"room_use"`
	Capacity int                `json:"capacity"`
}

// CentreDescribed says which rooms a one-stop centre has, and which agencies are in the house. What
// people call it is private: it may be an address.
type CentreDescribed struct {
	Centre string       `json:"centre"`
	Agency string       `json:"agency"`
	Rooms  []CentreRoom `json:"rooms"`
	// InHouse are the agencies.
	InHouse []string `json:"in_house"`
	// HoldMinutes is for how long a room is held for somebody who decides.
	HoldMinutes int `json:"hold_minutes"`
}

// RoomHeld says that a room is held for a visit until an instant, and whether somebody is in it.
type RoomHeld struct {
	Centre string `json:"centre"`
	Room   string `json:"centre_room"`
	// Visit is the code of the visit, which says nothing of the case.
	Visit string    `json:"visit_code"`
	Until time.Time `json:"until"`
	Taken bool      `json:"taken,omitempty"`
}

// RoomGivenBack says that a room is not held for a visit any more.
type RoomGivenBack struct {
	Centre string `json:"centre"`
	Room   string `json:"centre_room"`
	Visit  string `json:"visit_code"`
}

// VisitBegun says that she came to a one-stop centre. Where, and what is to be done, is private.
type VisitBegun struct {
	Case  string `json:"case"`
	Visit string `json:"centre_visit"`
}

// VisitStepPlanned says that a step was put into her visit. What it is, is private.
type VisitStepPlanned struct {
	Case  string `json:"case"`
	Visit string `json:"centre_visit"`
}

// VisitStepMoved says that a step of her visit came further. Which, and how far, is private.
type VisitStepMoved struct {
	Case  string `json:"case"`
	Visit string `json:"centre_visit"`
}

// VisitLeft says that she left. It has no reason.
type VisitLeft struct {
	Case  string `json:"case"`
	Visit string `json:"centre_visit"`
}

// AccountRecorded says that an account of hers was recorded. Where the recording is, is private, and
// what she said is not in this network.
type AccountRecorded struct {
	Case      string `json:"case"`
	Recording string `json:"recording"`
}

// AccountHeard says that somebody heard it again. Who, is private.
type AccountHeard struct {
	Case      string `json:"case"`
	Recording string `json:"recording"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CentreDescribed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (RoomHeld) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (RoomGivenBack) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (VisitBegun) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (VisitStepPlanned) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (VisitStepMoved) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (VisitLeft) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (AccountRecorded) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (AccountHeard) ConfinedToAddressees() {}
