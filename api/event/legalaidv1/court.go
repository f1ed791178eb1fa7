package legalaidv1

import "github.com/sanad-network/sanad/api/code"

// CourtDescribed says what a court has for those who must be kept apart from the other side.
// The description is private: it says by which doors they come.
type CourtDescribed struct {
	Court  string `json:"court"`
	Agency string `json:"agency"`
}

// OpposingNoted says that a time of the accused, or a room of a witness of the accused, was
// noted at a court's day, or with Gone that it holds no more. When and where is private.
type OpposingNoted struct {
	Day      string `json:"day"`
	Court    string `json:"court"`
	Opposing string `json:"opposing"`
	Gone     bool   `json:"gone,omitempty"`
}

// SlotHeld says that a court's day has a room for a booking. One of the same booking comes in
// the place of the earlier one. Which room, and when, is private.
type SlotHeld struct {
	Day     string `json:"day"`
	Court   string `json:"court"`
	Booking string `json:"booking"`
}

// SlotFreed gives the room of a booking back.
type SlotFreed struct {
	Day     string `json:"day"`
	Court   string `json:"court"`
	Booking string `json:"booking"`
}

// RoomBooking is what every event of a booking repeats but BookingChanged.
type RoomBooking struct {
	Booking string `json:"booking"`
	Matter  string `json:"matter"`
	Case    string `json:"case"`
	Agency  string `json:"agency"`
	Court   string `json:"court"`
}

// BookingNoted says how a booking of a protected room stands now. What is booked, when, the
// code word and who accompanies her are private, and said as a whole.
type BookingNoted struct {
	RoomBooking
	Status code.BookingStatus `json:"status"`
}

// BookingPassed says what an usher saw. The instant is that of the commit.
type BookingPassed struct {
	RoomBooking
	Step code.BookingStep `json:"step"`
}

// BookingTold says that who accompanies her was told, by safe contact, of a booking that moved.
type BookingTold struct{ RoomBooking }

// BookingChanged says that something about a booking is new, and nothing of what. The services
// alone are told.
type BookingChanged struct {
	Booking string `json:"booking"`
}

// AlarmRaised says that court security is needed at a room. It says nothing of who is in it,
// and the services alone are told. Rooms are numbers in their court's description.
type AlarmRaised struct {
	Alarm string `json:"alarm"`
	Court string `json:"court"`
	// Agency keeps the court.
	Agency string `json:"agency"`
	Room   int    `json:"room"`
}

// AlarmAcknowledged says that somebody of court security goes.
type AlarmAcknowledged struct {
	Alarm string `json:"alarm"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CourtDescribed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OpposingNoted) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (SlotHeld) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (SlotFreed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (BookingNoted) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (BookingPassed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (BookingTold) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (AlarmAcknowledged) ConfinedToAddressees() {}

// ForServicesAlone says that no integrator may see that somebody is expected at a court.
func (BookingChanged) ForServicesAlone() {}

// ForServicesAlone says that no integrator may see that somebody is in danger at a court.
func (AlarmRaised) ForServicesAlone() {}
