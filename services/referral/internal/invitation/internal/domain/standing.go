package domain

import (
	"maps"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Standing is an invitation as the sender of the referral sees it. It holds no
// address and nothing of a code.
type Standing struct {
	Agency string `json:"agency"`
	// Kind is that of the notice with the code: whether an answer is asked for, or what became
	// of copies.
	Kind    code.NoticeKind      `json:"kind"`
	State   code.InvitationState `json:"state"`
	Expires time.Time            `json:"expires"`
	// LockedUntil is when typed codes are heard again.
	LockedUntil time.Time `json:"locked_until,omitzero"`
	Notices     []Notice  `json:"notices"`
}

// Standing is how the invitation stands at an instant, for an agency with these
// channels. Ask is what the referral asks of it now; another one, or none, when this
// invitation is a past one.
func (i Invitation) Standing(at time.Time, ask Ask, c Channels) Standing {
	s := Standing{
		Agency: i.Agency, Kind: Ask{Recalled: i.Recalled}.Kind(), State: i.state(at, ask, c), Expires: i.Expires, Notices: []Notice{},
	}
	if s.State == code.InvitationLocked {
		s.LockedUntil = i.tries.lockedUntil()
	}
	if !i.made() || i.toldTo(c) {
		for _, position := range slices.Sorted(maps.Keys(i.told)) {
			s.Notices = append(s.Notices, i.told[position])
		}
	}
	return s
}

func (i Invitation) state(at time.Time, ask Ask, c Channels) code.InvitationState {
	asked := ask.ID() == i.Invitation
	told := false
	for _, n := range i.told {
		told = told || n.Outcome == code.NoticeSent
	}
	switch {
	case i.answer != "", i.LetsGo() && asked && ask.Until.IsZero(): // somebody said what became of them
		return code.InvitationAnswered
	case i.over(at), !asked || !ask.Awaits(at):
		return code.InvitationOver
	case !told || !i.made() || !i.toldTo(c):
		return code.InvitationNotTold
	case i.tries.locked(at):
		return code.InvitationLocked
	}
	return code.InvitationTold
}
