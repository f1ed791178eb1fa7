package work

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Frame is what everybody of an agency who reads its work sees: that it is there, how
// far it has come, and whether somebody has it. It says nothing of her.
type Frame struct {
	ID       string    `json:"id"`
	Referral string    `json:"referral"`
	Status   Status    `json:"status"`
	Since    time.Time `json:"since"`
	Assigned bool      `json:"assigned"`
}

// Frame is the frame of the work, which does not know its own names.
func (s Standing) Frame(id, referral string) Frame {
	return Frame{ID: id, Referral: referral, Status: s.Now(), Since: s.Since, Assigned: s.Worker != ""}
}

// Agreement is a consent as people see it: which rules hold is no part of what she said.
type Agreement struct {
	ID         string          `json:"id"`
	Purpose    code.Purpose    `json:"purpose"`
	Categories []code.Category `json:"categories"`
	Expires    time.Time       `json:"expires"`
}

// Agreed is the consent on which the work is open; nil where it stands on none.
func (s Standing) Agreed() *Agreement {
	if s.Status != Open || s.Kept() {
		return nil
	}
	c := s.Consent
	return &Agreement{ID: c.ID, Purpose: c.Purpose, Categories: c.Categories, Expires: c.Expires}
}
