package work

import (
	"time"

	"github.com/sanad-network/sanad/api/event/referralv1"
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

// Agreed is the consent on which the work is open, as people see it; nil where it stands on none.
func (s Standing) Agreed() *Consent {
	if s.Status != Open || s.Kept() {
		return nil
	}
	agreed := s.Consent
	agreed.Place = referralv1.Place{} // the rules are no part of what she said
	return &agreed
}
