package forensicv1

import "github.com/sanad-network/sanad/api/code"

// StepAnswered is what she said to one step of the examination. When, and to whom, is private.
type StepAnswered struct {
	Work
	Step   code.ExaminationStep `json:"step"`
	Answer code.StepAnswer      `json:"answer"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (StepAnswered) ConfinedToAddressees() {}

// FindingRecorded says that something was found, or looked for and not found, at a step to which
// she had said yes. What, is private.
type FindingRecorded struct {
	Work
	Finding string               `json:"finding"`
	Step    code.ExaminationStep `json:"step"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FindingRecorded) ConfinedToAddressees() {}
