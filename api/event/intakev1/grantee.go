package intakev1

// The events below stay in the room: at which agency she has a worker is hers.

// GranteeSuspended says that a grant of an agency that helps her was suspended, and that her desk
// asks her what she wants.
type GranteeSuspended struct {
	Case  string `json:"case"`
	Grant string `json:"grant"`
}

// GranteeRestored says that the grant is in force again: nobody needs to ask her any more.
type GranteeRestored struct {
	Case  string `json:"case"`
	Grant string `json:"grant"`
}

// GranteeAnswered says that her desk asked her. What she said is private.
type GranteeAnswered struct {
	Case  string `json:"case"`
	Grant string `json:"grant"`
}

// GranteeOverdue says that nobody of the desk asked her in time.
type GranteeOverdue struct {
	Case string `json:"case"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (GranteeSuspended) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (GranteeRestored) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (GranteeAnswered) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (GranteeOverdue) ConfinedToAddressees() {}
