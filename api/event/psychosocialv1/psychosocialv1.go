// Package psychosocialv1 holds the events that the psychosocial service records, in
// their first version. Fields are only ever added. What others are told is that a plan
// opened, started, goes on, ended with a reason, and that she was not reached. Every
// other event stays in the room (ConfinedToAddressees): whether she comes to sessions
// is nobody else's to know.
package psychosocialv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Work is what every event of a support plan repeats.
type Work struct {
	Plan     string `json:"plan"`
	Referral string `json:"referral"`
	Case     string `json:"case"`
	Agency   string `json:"agency"`
	// Turn is that of the referral, as far as its facts have arrived. Work from
	// before a reopening says nothing about the new round.
	Turn int `json:"turn,omitempty"`
	// Service is what she was referred to. It is left out of work on psychosocial support, as it
	// was before shelters had plans.
	Service code.Service `json:"service,omitempty"`
}

// PlanOpened says that an accepted referral became a support plan.
type PlanOpened struct{ Work }

// SessionRecorded says that a session took place or was missed. Its notes are
// private.
type SessionRecorded struct {
	Work
	Session    string          `json:"session"`
	Kind       code.Session    `json:"kind"`
	Attendance code.Attendance `json:"attendance"`
}

// SafetyPlanned says that a safety plan was made or reviewed. The plan itself
// is private.
type SafetyPlanned struct {
	Work
	// SafetyPlan is missing in one of before a safety plan could be put right.
	SafetyPlan string `json:"safety_plan,omitempty"`
}

// PlanAmended says that an entry of the plan was written anew, or was entered in error.
// What it holds, and who wrote it, is private.
type PlanAmended struct {
	Work
	Entry  string           `json:"entry"`
	Reason code.AmendReason `json:"reason"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanAmended) ConfinedToAddressees() {}

// PlanClosed ends the plan.
type PlanClosed struct {
	Work
	Outcome code.Outcome `json:"outcome"`
}

// PlanReopened says that the referral behind the plan was taken up again, and
// the work with it.
type PlanReopened struct {
	Work
	Categories []code.Category `json:"categories"`
}

// PlanEnded says that the referral behind the plan was completed, cancelled or
// withdrawn, and the work with it. Erasure says that the plan was closed to readers,
// once her consent has ended. It says nothing of copies.
type PlanEnded struct {
	Work
	Erasure code.Erasure `json:"erasure,omitempty"`
}

// PlanStarted says that the work has begun in this round of the referral. It says
// nothing of what was done.
type PlanStarted struct{ Work }

// PlanContactProblem says that the worker could not reach her. How it was tried, and
// what was missed, stays in the room.
type PlanContactProblem struct{ Work }

// PlanRested says that the consent behind the plan ran out: nobody reads what is
// in it until she gave a new one.
type PlanRested struct{ Work }

// PlanRenewed says that the plan continues on a new consent of hers, in the place of
// another.
type PlanRenewed struct {
	Work
	Replaces string `json:"replaces"`
}

// PlanEndingAsked says that she took back the consent of her desk, and that her
// worker is to ask her whether this work ends, too.
type PlanEndingAsked struct{ Work }

// PlanEndingAnswered is what she said to her worker.
type PlanEndingAnswered struct {
	Work
	Answer code.EndingAnswer `json:"answer"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanRested) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanRenewed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanEndingAsked) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanEndingAnswered) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (SessionRecorded) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (SafetyPlanned) ConfinedToAddressees() {}

// PlanKeptClosed says that the worker closed what continued on her own word. Her desk
// hears nothing of it.
type PlanKeptClosed struct {
	Work
	Outcome code.Outcome `json:"outcome"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanKeptClosed) ConfinedToAddressees() {}

// PlanAssigned says which worker has the plan, by the identifier in the register.
type PlanAssigned struct {
	Work
	Worker string    `json:"worker"`
	At     time.Time `json:"at,omitzero"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanAssigned) ConfinedToAddressees() {}

// PlanSeen says that somebody looked at what is in the plan. Who, and at what, is
// private.
type PlanSeen struct{ Work }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PlanSeen) ConfinedToAddressees() {}

// Of is the case of the plan.
func (e PlanSeen) Of() string { return e.Case }
