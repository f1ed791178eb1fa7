package intakev1

// DeskAwaited says that something waits at a desk, and that its people must look, though none of
// them has a page open: somebody turned to the desk, or something is late. What it is stands on the
// lists of the desk, and is told to nobody.
type DeskAwaited struct {
	Agency string `json:"agency"`
	// Case is left out where there is none.
	Case string `json:"case,omitempty"`
	// AtOnce says that those on duty are told first, by the channels that they carry.
	AtOnce bool `json:"at_once,omitempty"`
	// WithoutDuty says that the desk is told, and not by what people on duty carry: she must not
	// meet somebody of the desk.
	WithoutDuty bool `json:"without_duty,omitempty"`
}

// ForServicesAlone says that an integrator would see in it when somebody turns to a desk.
func (DeskAwaited) ForServicesAlone() {}
