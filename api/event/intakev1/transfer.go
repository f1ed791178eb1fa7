package intakev1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// CaseTransferred says that a case belongs to another office from now on, by her consent.
// Who has it there is private.
type CaseTransferred struct {
	Case     string `json:"case"`
	Transfer string `json:"transfer"`
	From     string `json:"from"`
	To       string `json:"to"`
	// Number counts the transfers of the case, from 1: facts arrive in any order.
	Number int `json:"number"`
	// Referrals are all of the case, also those that have ended: what is left to do about
	// them is the new office's.
	Referrals []string `json:"referrals"`
}

// TransferAsked asks another office to take a case over, on a consent of hers, until an
// instant. It stays in the room: the other office sees that it is asked, and nothing of
// her.
type TransferAsked struct {
	Case     string              `json:"case"`
	Transfer string              `json:"transfer"`
	From     string              `json:"from"`
	To       string              `json:"to"`
	Reason   code.TransferReason `json:"reason"`
	Consent  string              `json:"consent"`
	Until    time.Time           `json:"until"`
}

// TransferEnded says that the other office does not take the case over. It stays in the
// room.
type TransferEnded struct {
	Case          string               `json:"case"`
	Transfer      string               `json:"transfer"`
	Status        code.TransferStatus  `json:"status"`
	DeclineReason code.TransferDecline `json:"decline_reason,omitempty"`
}

// TransferNoted says that her desk has seen that the other office does not take the case
// over. It stays in the room.
type TransferNoted struct {
	Case     string `json:"case"`
	Transfer string `json:"transfer"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (TransferAsked) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (TransferEnded) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (TransferNoted) ConfinedToAddressees() {}
