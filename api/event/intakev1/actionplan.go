package intakev1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// The events below stay in the room: what she told, what is planned with her and what an
// agency found that she needs is for her desk. An agency looks at its own share.

// TopicTold says that she has told something, or decided anew who may know that she has.
// Which topic it is, is private.
type TopicTold struct {
	Case string `json:"case"`
}

// ActionGoalSet says that a goal was set with her. What it is, is private.
type ActionGoalSet struct {
	Case string `json:"case"`
	Goal string `json:"goal"`
}

// ActionGoalSettled says that a goal is met, or that she no longer wants it.
type ActionGoalSettled struct {
	Case   string          `json:"case"`
	Goal   string          `json:"goal"`
	Status code.GoalStatus `json:"status"`
}

// ActionStepSet says that a step was agreed with her. Who does what by when is private.
type ActionStepSet struct {
	Case string `json:"case"`
	Step string `json:"step"`
}

// ActionStepSettled says what became of a step.
type ActionStepSettled struct {
	Case   string          `json:"case"`
	Step   string          `json:"step"`
	Status code.StepStatus `json:"status"`
	Reason code.StepReason `json:"reason,omitempty"`
}

// ActionPlanReviewed says that the desk went through the action plan with her, and when it
// does so next.
type ActionPlanReviewed struct {
	Case string    `json:"case"`
	Next time.Time `json:"next,omitzero"`
}

// ActionPlanReviewDue says that the day has come to go through the action plan with her.
type ActionPlanReviewDue struct {
	Case string `json:"case"`
}

// ActionPlanClosed says that the action plan has ended.
type ActionPlanClosed struct {
	Case   string             `json:"case"`
	Reason code.ActionPlanEnd `json:"reason"`
}

// ShareSeen says that an agency looked at its own share of what is planned.
type ShareSeen struct {
	Case      string `json:"case"`
	Referral  string `json:"referral"`
	Recipient string `json:"recipient"`
}

// OnwardAsked says that an agency that has a referral found, with her, that she needs
// something more. What that is, is private.
type OnwardAsked struct {
	Case     string `json:"case"`
	Onward   string `json:"onward"`
	Referral string `json:"referral"`
}

// OnwardAnswered says that her desk asked for the service, and by which referral; or why it
// does not.
type OnwardAnswered struct {
	Case   string             `json:"case"`
	Onward string             `json:"onward"`
	By     string             `json:"by,omitempty"`
	Reason code.OnwardRefusal `json:"reason,omitempty"`
}

// OnwardOverdue says that nobody of the desk answered in time.
type OnwardOverdue struct {
	Case   string `json:"case"`
	Onward string `json:"onward"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (TopicTold) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ActionGoalSet) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ActionGoalSettled) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ActionStepSet) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ActionStepSettled) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ActionPlanReviewed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ActionPlanReviewDue) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ActionPlanClosed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ShareSeen) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OnwardAsked) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OnwardAnswered) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OnwardOverdue) ConfinedToAddressees() {}
