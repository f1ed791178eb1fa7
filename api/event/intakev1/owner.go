package intakev1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// The events below stay in the room: who works on a case at her desk, and who looks for
// one, is nobody else's to know.

// CaseHandedOver gives a case to another person of her desk. Who, as their token names
// them, is private.
type CaseHandedOver struct {
	Case string `json:"case"`
	// Owner is the identifier in the register of workers.
	Owner string `json:"owner"`
}

// CaseOwnerLeft says that the person who had the case works at the agency no more.
type CaseOwnerLeft struct {
	Case  string `json:"case"`
	Owner string `json:"owner"`
}

// ReferralAssigned notes who looks after a referral at the agency that takes it. What she
// consented to show is for that person there, and for who covers.
type ReferralAssigned struct {
	Case      string `json:"case"`
	Referral  string `json:"referral"`
	Recipient string `json:"recipient"`
	// Worker is the identifier in the register of workers.
	Worker string `json:"worker"`
	// Turn and At are those of the referral's event: of two, the later counts.
	Turn int       `json:"turn,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// CaseRestricted says whether a case is kept out of every search and hint.
type CaseRestricted struct {
	Case       string `json:"case"`
	Restricted bool   `json:"restricted"`
}

// CaseSeen says that somebody looked at what is in the case. Who, and at what, is
// private.
type CaseSeen struct {
	Case string `json:"case"`
}

// DuplicateHinted says that another case of the desk may be about the same person.
type DuplicateHinted struct {
	Case  string `json:"case"`
	Other string `json:"other"`
	// Both says that whoever has this case may see the other one, too.
	Both bool `json:"both,omitempty"`
}

// DuplicateSettled says that whoever has the case has looked at the hint.
type DuplicateSettled struct {
	Case  string `json:"case"`
	Other string `json:"other"`
}

// DisplacedSettled says that nobody looks any more for a service that she lacked after she
// said whom she must not meet. It is apart from NeedSettled, so that who reads events of the
// network does not learn that a withdrawal left a need.
type DisplacedSettled struct {
	Case       string              `json:"case"`
	Referral   string              `json:"referral"`
	Settlement code.NeedSettlement `json:"settlement"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DisplacedSettled) ConfinedToAddressees() {}

// CaseMerged has a case point to the one that leads. Both keep their history.
type CaseMerged struct {
	Case string `json:"case"`
	Into string `json:"into"`
}

// CaseClosedWith says that the case was closed with the one that it points to, and not by
// itself. It is apart from CaseClosed, so that who reads events of the network does not learn
// that two cases are one person's.
type CaseClosedWith struct {
	Case    string `json:"case"`
	Leading string `json:"leading"`
}

// CaseUnmerged undoes a merge.
type CaseUnmerged struct {
	Case string `json:"case"`
	From string `json:"from"`
}

// CasesSearched says that a person of a desk searched for a case, and why. What they
// searched for is kept nowhere. Who, as their token names them, is private.
type CasesSearched struct {
	Agency string            `json:"agency"`
	Worker string            `json:"worker"`
	Kind   code.SearchKind   `json:"kind"`
	Reason code.SearchReason `json:"reason"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CaseHandedOver) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CaseOwnerLeft) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: the agency has told the services
// already.
func (ReferralAssigned) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CaseRestricted) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CaseSeen) ConfinedToAddressees() {}

// Of is the case, whose key seals who looked.
func (e CaseSeen) Of() string { return e.Case }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DuplicateHinted) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DuplicateSettled) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CaseMerged) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CaseUnmerged) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CaseClosedWith) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CasesSearched) ConfinedToAddressees() {}
