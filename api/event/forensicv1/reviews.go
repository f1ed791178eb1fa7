package forensicv1

import "github.com/sanad-network/sanad/api/code"

// ReviewsPlanned says that the medical reviews after an examination have dates. Which is private.
type ReviewsPlanned struct{ Work }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ReviewsPlanned) ConfinedToAddressees() {}

// ReviewAnswered says that she was asked about a medical review. What she said is private.
type ReviewAnswered struct {
	Work
	Review code.MedicalReview `json:"review"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ReviewAnswered) ConfinedToAddressees() {}

// ReviewRecorded says that somebody recorded what came of a medical review. What, is private.
type ReviewRecorded struct {
	Work
	Review code.MedicalReview `json:"review"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ReviewRecorded) ConfinedToAddressees() {}

// ReviewCame says that a medical review came due. Which stands in the examination alone.
type ReviewCame struct{ Work }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ReviewCame) ConfinedToAddressees() {}
