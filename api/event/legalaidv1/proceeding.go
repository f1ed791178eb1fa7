package legalaidv1

import "github.com/sanad-network/sanad/api/code"

// FollowingAnswered is what she said to whether her lawyer follows the complaint and the
// prosecution. When she said so is private.
type FollowingAnswered struct {
	Work
	Answer code.YesNo `json:"answer"`
}

// ProceedingOpened says that her lawyer follows a complaint or a prosecution. Before which
// authority, and under which number, is private.
type ProceedingOpened struct {
	Work
	Proceeding string `json:"proceeding"`
}

// ProceedingStepped says how far it has come. When, and what was written of it, is private.
type ProceedingStepped struct {
	Work
	Proceeding string              `json:"proceeding"`
	Entry      string              `json:"entry"`
	Step       code.ProceedingStep `json:"step"`
	// Duty is to have her told, where the accused is free.
	Duty string `json:"duty,omitempty"`
}

// HearingPlanned says that there is to be a hearing. When, where and of what is private.
type HearingPlanned struct {
	Work
	Hearing string           `json:"hearing"`
	Kind    code.HearingKind `json:"kind"`
}

// HearingMoved says that a hearing has another time or another court.
type HearingMoved struct {
	Work
	Hearing string `json:"hearing"`
}

// HearingSettled says what became of a hearing. Who says so is private.
type HearingSettled struct {
	Work
	Hearing string             `json:"hearing"`
	Result  code.HearingResult `json:"result"`
}

// EligibilityAssessed says that it was assessed whether the programme gives her legal aid. On
// which ground, and what was found of her means, is private.
type EligibilityAssessed struct {
	Work
	Entry string `json:"entry"`
}

// OptionsExplained says that she was told what the law leaves her. Which options is private.
type OptionsExplained struct {
	Work
	Entry string `json:"entry"`
}

// OptionsChosen says that she chose, also to do nothing now. What she chose is private.
type OptionsChosen struct {
	Work
	Entry string `json:"entry"`
}

// DocumentKept says that a paper is in the matter. Its name, kind, hash and place are private.
type DocumentKept struct {
	Work
	Document string `json:"document"`
}

// FileStored says that a file was given to the matter. What it is, is private.
type FileStored struct {
	Work
	File string `json:"file"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FileStored) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FollowingAnswered) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ProceedingOpened) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ProceedingStepped) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (HearingPlanned) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (HearingMoved) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (HearingSettled) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (EligibilityAssessed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OptionsExplained) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OptionsChosen) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DocumentKept) ConfinedToAddressees() {}
