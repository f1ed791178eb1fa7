package trustfundv1

// CallDrafted says that a call was written, or written anew before it was published. Its terms
// are private.
type CallDrafted struct {
	Call string `json:"call"`
}

// CallPublished says that everybody may read the call from now on, and that its terms stand.
type CallPublished struct {
	Call string `json:"call"`
}

// CallExtended says that a call closes later. Until when is private.
type CallExtended struct {
	Call string `json:"call"`
}

// CallRevoked says that a call was revoked. Why is private.
type CallRevoked struct {
	Call string `json:"call"`
}

// ClarificationAsked says that somebody asked about a call. What they asked is private.
type ClarificationAsked struct {
	Call          string `json:"call"`
	Clarification string `json:"clarification"`
}

// ClarificationGiven says that a question was answered, to all at once. The answer is private.
type ClarificationGiven struct {
	Call          string `json:"call"`
	Clarification string `json:"clarification"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CallDrafted) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CallPublished) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CallExtended) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CallRevoked) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ClarificationAsked) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ClarificationGiven) ConfinedToAddressees() {}
