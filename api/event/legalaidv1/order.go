package legalaidv1

import "github.com/sanad-network/sanad/api/code"

// OrderServicePlanned says that an order is to be served, and that she is to be warned of it
// before. When is private.
type OrderServicePlanned struct {
	Work
	Application string `json:"application"`
	// Duty is to warn her. It has a new time where it waits already.
	Duty string `json:"duty"`
}

// OrderServed says that an order was served. When is private.
type OrderServed struct {
	Work
	Application string `json:"application"`
	Served      string `json:"served"`
	// Partly says that it was not yet served on each of those against whom it is.
	Partly bool `json:"partly,omitempty"`
	// Unwarned is why it was served before she was warned; Duty is to tell her then.
	Unwarned code.Unwarned `json:"unwarned,omitempty"`
	Duty     string        `json:"duty,omitempty"`
}

// OrderChanged says what became of an order. When, and what the order says now, is private.
type OrderChanged struct {
	Work
	Application string           `json:"application"`
	Entry       string           `json:"entry"`
	Change      code.OrderChange `json:"change"`
}

// LegalDutySettled says what came of a duty. Who says so is private.
type LegalDutySettled struct {
	Work
	Duty   string               `json:"duty"`
	Result code.LegalDutyResult `json:"result"`
}

// ReminderCame says that something of the matter came due, by the clock.
type ReminderCame struct {
	Work
	Kind code.LegalReminder `json:"kind"`
	// About is an application, a duty or a hearing.
	About string `json:"about"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OrderServicePlanned) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OrderServed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OrderChanged) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (LegalDutySettled) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ReminderCame) ConfinedToAddressees() {}
