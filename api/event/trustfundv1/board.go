package trustfundv1

import "time"

// TrusteeAppointed says that a seat of the board has a trustee for a term. Who it is, is private.
// It stays in the room.
type TrusteeAppointed struct {
	// Seat is 1 to 5.
	Seat int `json:"seat"`
	// From is the first instant of the term, Until the first after it.
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// TrusteeshipEnded says that the term of a seat ends before its time. It stays in the room.
type TrusteeshipEnded struct {
	Seat  int       `json:"seat"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (TrusteeAppointed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (TrusteeshipEnded) ConfinedToAddressees() {}
