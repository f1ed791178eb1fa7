package intakev1

import "github.com/sanad-network/sanad/api/code"

// DangerNewsBrought says that news of danger waits for her at her desk. What it is, and who
// brought it, is private.
type DangerNewsBrought struct {
	Case string `json:"case"`
	News string `json:"news"`
	// Referral is that of the agency that brought it; left out where her desk wrote it down.
	Referral string `json:"referral,omitempty"`
}

// DangerNewsOverdue says that nobody of the desk settled it in time.
type DangerNewsOverdue struct {
	Case string `json:"case"`
	News string `json:"news"`
}

// DangerNewsSettled says what came of it. By which way she was told is private.
type DangerNewsSettled struct {
	Case   string                `json:"case"`
	News   string                `json:"news"`
	Result code.DangerNewsResult `json:"result"`
}

// DangerNewsReopened says that what came of it was entered in error: it waits again.
type DangerNewsReopened struct {
	Case string `json:"case"`
	News string `json:"news"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DangerNewsBrought) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DangerNewsOverdue) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DangerNewsSettled) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DangerNewsReopened) ConfinedToAddressees() {}
