package psychosocialv1

// What stays in the room of what counsellors do beside sessions: which instrument, which
// answers, which goals and which follow-up is private, too.

// InstrumentAnswered says that she answered an instrument. Which, and how, is private.
type InstrumentAnswered struct {
	Work
	Answer string `json:"answer"`
}

// RiskHandled says that somebody took a step of the task that an answer opened. Who, and what
// they did, is private.
type RiskHandled struct {
	Work
	Answer string `json:"answer"`
}

// GoalSet says that she and her counsellor set a goal. Which is private.
type GoalSet struct {
	Work
	Goal string `json:"goal"`
}

// PlanDutyCame says that something came due which waits for the worker of a plan. What it is
// stands in the plan alone.
type PlanDutyCame struct{ Work }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanDutyCame) ConfinedToAddressees() {}

// GoalReviewed says that they reviewed a goal. How it stands is private.
type GoalReviewed struct {
	Work
	Goal string `json:"goal"`
}

// FollowUpAgreed says that she agreed to be asked later how she is. When is private, and the
// room holds no contact.
type FollowUpAgreed struct {
	Work
	FollowUp string `json:"follow_up"`
}

// FollowUpDone says that she was followed up, or that it was tried. What came of it is private.
type FollowUpDone struct {
	Work
	FollowUp string `json:"follow_up"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (InstrumentAnswered) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (RiskHandled) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (GoalSet) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (GoalReviewed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FollowUpAgreed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FollowUpDone) ConfinedToAddressees() {}
