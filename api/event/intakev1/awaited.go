package intakev1

// DeskAwaited says that something waits at the desk of an agency, and that its people must look,
// though none of them has a page open: somebody turned to the desk, something is late, or the desk
// that has a case put or changed something in the share of the agency. What it is stands where the
// agency looks, and is told to nobody.
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

// ForServicesAlone says that an integrator would see in it when somebody turns to a desk, and who
// has a part in what is planned with her.
func (DeskAwaited) ForServicesAlone() {}
