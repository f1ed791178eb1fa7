// Package psychosocialv1 holds the events that the psychosocial service
// publishes, in their first version. Fields are only ever added.
package psychosocialv1

import "github.com/sanad-network/sanad/api/code"

// Work is what every event of a support plan repeats.
type Work struct {
	Plan     string `json:"plan"`
	Referral string `json:"referral"`
	Case     string `json:"case"`
	Agency   string `json:"agency"`
	// Turn is that of the referral, as far as its facts have arrived. Work from
	// before a reopening says nothing about the new round.
	Turn int `json:"turn,omitempty"`
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
type SafetyPlanned struct{ Work }

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
// withdrawn, and the work with it. Erasure says what was done with the
// survivor's data, once her consent has ended.
type PlanEnded struct {
	Work
	Erasure code.Erasure `json:"erasure,omitempty"`
}
