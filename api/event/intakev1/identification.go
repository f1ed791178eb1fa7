package intakev1

// The events below stay in the room, and say nothing of what was found: that somebody may have
// been trafficked or smuggled is private.

// IndicatorsAsked says that the desk asked her about indicators. What she said is private.
type IndicatorsAsked struct {
	Case string `json:"case"`
}

// IdentificationRecorded says that somebody said who she is to the law on trafficking. What,
// who and why is private.
type IdentificationRecorded struct {
	Case string `json:"case"`
}

// PassageRecorded says that she told of a way across a border. What is private.
type PassageRecorded struct {
	Case string `json:"case"`
}

// ReflectionLengthened says that a period in which she is left in peace goes on for longer.
type ReflectionLengthened struct {
	Case string `json:"case"`
}

// ReflectionEnded says that such a period is over. Nothing follows from it.
type ReflectionEnded struct {
	Case string `json:"case"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (IndicatorsAsked) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (IdentificationRecorded) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PassageRecorded) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ReflectionLengthened) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ReflectionEnded) ConfinedToAddressees() {}
