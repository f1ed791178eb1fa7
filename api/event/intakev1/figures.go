package intakev1

// CountingAnswered says that she answered whether she may be counted in figures, or that her answer
// ended. What she said is private: an event that told it would let somebody compute how many say
// yes.
type CountingAnswered struct {
	Case string `json:"case"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CountingAnswered) ConfinedToAddressees() {}
