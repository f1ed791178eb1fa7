package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// A need is unmet when she asked for a service and did not get it: nobody took the
// referral, or it ended without help. It stays on the list of her desk until another
// agency is asked for the same service, or her desk settles it with her.

// SettleNeed is the command that settles an unmet need.
type SettleNeed struct {
	Referral   string              `json:"referral"`
	Settlement code.NeedSettlement `json:"settlement"`
}

// Unmet are the referrals of which the need is unmet. A closed case has none: it is not
// closed before each is settled.
func (c Case) Unmet() []Referral {
	var unmet []Referral
	for _, f := range c.Referrals {
		if !c.Closed() && c.unmet(f) {
			unmet = append(unmet, f)
		}
	}
	return unmet
}

// unmet says that she lacks what a referral asked for, and that no other referral stands
// for the same need: one that is open, one that helped, or a later one.
func (c Case) unmet(f Referral) bool {
	if f.open() || f.Settled != "" || !c.failed(f) {
		return false
	}
	return !c.replaced(f)
}

// replaced says that another referral stands for the same need.
func (c Case) replaced(f Referral) bool {
	later := false
	for _, g := range c.Referrals {
		switch {
		case g.ID == f.ID:
			later = true
		case g.Service != f.Service:
		case g.open() || g.helped() || later && g.counts():
			return true
		}
	}
	return false
}

// failed says that a referral ended, and she did not get what she asked for. Her own
// withdrawal and what her desk called off for her are no lack. That her consent was revoked or was
// never good is one. What an agency says of her
// wishes is no word of hers: her desk asks her.
func (c Case) failed(f Referral) bool {
	switch f.Status {
	case code.Declined, code.Expired, code.Lapsed:
		return true
	case code.Cancelled:
		return !f.ByDesk || f.CancelReason == code.UnsafeToContinue || f.CancelReason == code.OtherCancel
	case code.Completed:
		return !f.helped()
	case code.Withdrawn:
		return c.othersEnded(f)
	}
	return false
}

// helped says that the service was given. Her own word counts more than the agency's.
func (f Referral) helped() bool {
	if f.Status != code.Completed {
		return false
	}
	switch f.SurvivorOutcome {
	case code.NotHelped:
		return false
	case code.Helped, code.PartlyHelped:
		return true
	}
	return !slices.Contains([]code.Outcome{code.NeedsNotMet, code.NoContact, code.SurvivorEnded}, f.Outcome)
}

// counts says that a later referral stands for the need. One that was made in error never
// did.
func (f Referral) counts() bool { return f.Status != code.EnteredInError }

// SettleNeed settles an unmet need (ErrNotUnmet). When she no longer wants the service,
// her consents to the agencies that were asked are taken back with it.
func (c Case) SettleNeed(_ fact.By, cmd SettleNeed) ([]fact.Event, error) {
	i := find(c.Referrals, cmd.Referral)
	if i < 0 || !c.unmet(c.Referrals[i]) && !c.displaced(c.Referrals[i]) {
		return nil, ErrNotUnmet.At("/referral", "an unmet need")
	}
	if err := known("/settlement", cmd.Settlement, code.NeedSettlements); err != nil {
		return nil, err
	}
	f, was := c.Referrals[i], c.Finished()
	if c.displaced(f) {
		return c.settleDisplaced(f, cmd.Settlement), nil
	}
	events := fact.Of(intakev1.NeedSettled{Case: c.ID, Referral: f.ID, Settlement: cmd.Settlement})
	c = c.Evolve(events[0])
	if cmd.Settlement == code.NoLongerWanted {
		events = append(events, c.unwanted(f)...)
	}
	if !was && c.Finished() {
		events = append(events, fact.Event{Data: intakev1.ReferralsFinished{Case: c.ID}})
	}
	return events, nil
}

// unwanted takes back her consents to every agency that a referral asked.
func (c Case) unwanted(f Referral) (events []fact.Event) {
	var done []string
	for _, to := range f.First {
		if !slices.Contains(done, to.Recipient) {
			done = append(done, to.Recipient)
			events = append(events, c.takeBack(nil, to.Recipient, f.Service, code.Purposes...)...)
		}
	}
	return events
}

func settled(referrals []Referral, referral string, how code.NeedSettlement) []Referral {
	i := find(referrals, referral)
	if i < 0 {
		return referrals
	}
	referrals = slices.Clone(referrals)
	referrals[i].Settled = how
	return referrals
}
