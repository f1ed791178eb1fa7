package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Hand is who looks after a referral at the agency that takes it. It can come before the
// acceptance, so it says whose person that is.
type Hand struct {
	Agency string
	work.Assignee
}

// OnAssigned follows who looks after a referral, at whatever stage it is: of several
// assignments the latest counts (work.Assignee). Who that is, no desk is shown.
func (c Case) OnAssigned(_ fact.By, e referralv1.Assigned) ([]fact.Event, error) {
	// Only an agency that may take the referral, or has taken it, hands it to its people.
	if err := c.agrees(e.Loop, code.Accepted); err != nil {
		return nil, err
	}
	if f := c.Referrals[find(c.Referrals, e.Referral)]; !f.Hand.Assigns(e) {
		return nil, nil
	}
	return fact.Of(intakev1.ReferralAssigned{
		Case: c.ID, Referral: e.Referral, Recipient: e.Recipient, Worker: e.Worker, Turn: e.Turn, At: e.At,
	}), nil
}

// HandOf is who looks after a referral at the actor's agency, by the identifier in the
// register of workers; empty for nobody.
func (c Case) HandOf(by fact.By, referral string) string {
	if i := find(c.Referrals, referral); i >= 0 && c.Referrals[i].Hand.Agency == by.Agency {
		return c.Referrals[i].Hand.Worker
	}
	return ""
}

// HandedTo gives work.ErrNotTheWorker, unless what she consented to show of a referral is
// for the hands: it is for the worker to whom their agency gave it, and for who covers. As
// long as nobody has it, it is for each of the agency who may ask: somebody must read it,
// to say who takes it.
func (c Case) HandedTo(by fact.By, referral string, h work.Hands) error {
	switch has := c.HandOf(by, referral); {
	case h.Err != nil:
		return h.Err
	case c.barred(by):
		// To whom she must not meet a referral is always somebody else's.
		return work.ErrNotTheWorker
	case has == "":
		return nil
	case h.Worker != has || !h.Act.Value():
		return work.ErrNotTheWorker
	}
	return nil
}

// Keeps says whether somebody acts for the worker who has a referral: it is themself, or
// they cover. The copy of the register can be late: until it knows who has the referral,
// it is for that person alone.
func Keeps(has string, by fact.By, me, them worker.Present) bool {
	return !me.Left && (has == Self(by).Owner || me.Covers(them, by.At))
}

func handed(referrals []Referral, d intakev1.ReferralAssigned) []Referral {
	i := find(referrals, d.Referral)
	if i < 0 {
		return referrals
	}
	referrals = slices.Clone(referrals)
	referrals[i].Hand = Hand{d.Recipient, work.Assignee{Worker: d.Worker, AssignedTurn: d.Turn, AssignedAt: d.At}}
	return referrals
}
