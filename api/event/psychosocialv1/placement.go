package psychosocialv1

// Stay is all that the services alone are told of a stay in a shelter: which place it takes. It
// names no case, no agency and no person.
type Stay struct {
	Placement string `json:"placement"`
	// Place is the service in the directory at which the agency counts its places; empty for the
	// one that the acceptance took.
	Place string `json:"place,omitempty"`
}

// PlacementStarted says that a place is taken until its end is said. Where, and for whom, is
// private.
type PlacementStarted struct{ Stay }

// PlacementChanged says that a stay goes on in another way: elsewhere, for longer, or with
// others. It stays in the room.
type PlacementChanged struct {
	Placement string `json:"placement"`
}

// PlacementEnded says that a place is free again. Why is private.
type PlacementEnded struct{ Stay }

// ForServicesAlone says that no integrator and no agency is told of it.
func (PlacementStarted) ForServicesAlone() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlacementChanged) ConfinedToAddressees() {}

// ForServicesAlone says that no integrator and no agency is told of it.
func (PlacementEnded) ForServicesAlone() {}
