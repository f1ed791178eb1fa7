package legalaidv1

import "github.com/sanad-network/sanad/api/code"

// ConflictNamed says that the worker of a matter wrote the names of its client and of the
// opposing parties. The names are private.
type ConflictNamed struct {
	Work
	Check string `json:"check"`
}

// ConflictMatched says what the comparison with the other matters of the agency gave. With
// which of them is private.
type ConflictMatched struct {
	Work
	Check  string              `json:"check"`
	Result code.ConflictResult `json:"result"`
}

// ConflictSettled says what a conflicts officer answered. Who is private.
type ConflictSettled struct {
	Work
	Check  string              `json:"check"`
	Answer code.ConflictAnswer `json:"answer"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ConflictNamed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: a match tells whom the agency acts for.
func (ConflictMatched) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ConflictSettled) ConfinedToAddressees() {}
