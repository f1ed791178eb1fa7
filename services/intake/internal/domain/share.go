package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/work"
)

// LookAtShare is the command of an agency that asks for its own share of what is planned. The
// referral names it, because the agency does not know the case.
type LookAtShare struct{}

// Share is what an agency sees of what is planned with her: what names its own referral.
// There is no goal in it, no step of anybody else, and nothing by which it could tell
// whether there are any.
type Share struct {
	Referral string        `json:"referral"`
	Steps    []ShareStep   `json:"steps"`
	Onward   []ShareOnward `json:"onward"`
	// Conferences are those to which the agency is invited.
	Conferences []ShareConference `json:"conferences"`
	// Visit is by what she is called in the house, while she waits there for the agency.
	Visit string `json:"visit_code,omitempty"`
}

// Onwards are what an agency asked her desk for on one referral.
type Onwards struct {
	Referral string        `json:"referral"`
	Onward   []ShareOnward `json:"onward"`
}

// Noted says to an agency that what she told was written down. It says nothing of what
// stands beside it.
type Noted struct {
	Referral string     `json:"referral"`
	Topic    code.Topic `json:"topic"`
}

// ShareStep is a step that the agency does.
type ShareStep struct {
	ID     string          `json:"id"`
	What   string          `json:"step_words"`
	Until  time.Time       `json:"until,omitzero"`
	Status code.StepStatus `json:"status"`
}

// ShareOnward is what the agency asked her desk for, and what came of it.
type ShareOnward struct {
	ID      string             `json:"id"`
	Service code.Service       `json:"service"`
	Urgency code.Urgency       `json:"urgency"`
	AskedAt time.Time          `json:"asked_at"`
	Status  code.OnwardStatus  `json:"status"`
	Reason  code.OnwardRefusal `json:"reason,omitempty"`
}

// holds is a referral that the actor's agency has taken, for the worker who has it. The rule
// is that of Disclose after acceptance, and so are the errors (ErrTooEarly, ErrConsentAnew,
// work.ErrNotTheWorker). It reports false to an agency that may not know of the referral.
func (c Case) holds(by fact.By, referral string, h work.Hands, rules Rules) (Referral, bool, error) {
	if !c.Knows(by, referral) {
		return Referral{}, false, nil
	}
	if err := c.HandedTo(by, referral, h); err != nil {
		return Referral{}, false, err
	}
	f, err := c.taken(by, referral, rules)
	return f, err == nil, err
}

// taken is a referral that the actor's agency has taken and may work on now (ErrTooEarly,
// ErrConsentAnew), whoever of it has the referral.
func (c Case) taken(by fact.By, referral string, rules Rules) (Referral, error) {
	f, _, ok := c.ground(by, referral)
	switch {
	case !ok || f.Recipient != by.Agency || !slices.Contains(held, f.Status):
		return Referral{}, ErrTooEarly
	case c.halts(f.on(by.Agency), rules.law(c, by.At), by.At):
		return Referral{}, ErrConsentAnew
	}
	return f, nil
}

// LookAtShare records that an agency looks at its part, as each disclosure is recorded.
func (c Case) LookAtShare(by fact.By, referral string, h work.Hands, rules Rules) ([]fact.Event, error) {
	f, ok, err := c.holds(by, referral, h, rules)
	if err != nil || !ok {
		return nil, err
	}
	return fact.Of(intakev1.ShareSeen{Case: c.ID, Referral: f.ID, Recipient: by.Agency}), nil
}

// Share answers an agency, at the instant of the answer and by what holds then. It reports
// false where the agency may not know of the referral.
func (c Case) Share(by fact.By, referral string, h work.Hands, rules Rules) (Share, bool, error) {
	f, ok, err := c.holds(by, referral, h, rules)
	if err != nil || !ok {
		return Share{}, ok, err
	}
	return c.shareOf(by, f, rules), true, nil
}

func (c Case) shareOf(by fact.By, f Referral, rules Rules) Share {
	p := Share{Referral: f.ID, Steps: []ShareStep{}, Onward: c.onwardsOf(by, f.ID), Conferences: c.invitations(by, f, rules), Visit: c.visitCode(f.ID)}
	if c.ActionPlan.open() {
		for _, s := range c.ActionPlan.Steps {
			if s.Who == code.DoneByAgency && s.Referral == f.ID {
				p.Steps = append(p.Steps, ShareStep{ID: s.ID, What: s.What, Until: s.Until, Status: s.Status})
			}
		}
	}
	return p
}

// Awaited says in which shares of an agency something is new: the private half of DeskAwaited.
// An agency learns it from its own list, and the referral names no case to it.
type Awaited struct {
	Referrals []string `json:"referrals"`
}

// TellingShares is a decision at the desk that tells each agency in whose share it puts or
// changes something that it is awaited, once, and not what waits. An agency that is shown nothing
// is told nothing, and neither is one whose only change is that something is gone: nothing of
// that waits for it.
func TellingShares[C any](rules Rules, decide func(Case, fact.By, C) ([]fact.Event, error)) func(Case, fact.By, C) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C) ([]fact.Event, error) {
		events, err := decide(c, by, cmd)
		now := c
		for _, e := range events {
			e.At = by.At
			now = now.Evolve(e)
		}
		return append(events, now.awaiting(c, by.At, rules)...), err
	}
}

// awaiting tells the agencies in whose shares something is that was not there before.
func (c Case) awaiting(before Case, at time.Time, rules Rules) (told []fact.Event) {
	var agencies []string
	of := map[string][]string{}
	for _, f := range c.Referrals {
		to := fact.By{Agency: f.Recipient, At: at}
		if _, err := c.taken(to, f.ID, rules); err != nil || c.Blocks.Person(f.Hand.Worker) || !c.shareOf(to, f, rules).adds(before.shareOf(to, f, rules)) {
			continue
		}
		if of[f.Recipient] == nil {
			agencies = append(agencies, f.Recipient)
		}
		of[f.Recipient] = append(of[f.Recipient], f.ID)
	}
	for _, agency := range agencies {
		told = append(told, fact.With(intakev1.DeskAwaited{Agency: agency, Case: c.ID}, Awaited{of[agency]})...)
	}
	return told
}

// adds says that a share has a step or an invitation that it did not have so before.
func (s Share) adds(before Share) bool {
	return slices.ContainsFunc(s.Steps, func(n ShareStep) bool { return !slices.Contains(before.Steps, n) }) ||
		slices.ContainsFunc(s.Conferences, func(n ShareConference) bool {
			return !slices.ContainsFunc(before.Conferences, func(o ShareConference) bool {
				return o.ID == n.ID && o.Status == n.Status && o.At.Equal(n.At)
			})
		})
}

// ShareOnwards answers who asked her desk for something: what the agency itself asked for, and
// no step, because nothing is shown that is not recorded as a look.
func (c Case) ShareOnwards(by fact.By, referral string, h work.Hands, rules Rules) (Onwards, bool, error) {
	f, ok, err := c.holds(by, referral, h, rules)
	if err != nil || !ok {
		return Onwards{}, ok, err
	}
	return Onwards{Referral: f.ID, Onward: c.onwardsOf(by, f.ID)}, true, nil
}

func (c Case) onwardsOf(by fact.By, referral string) []ShareOnward {
	own := []ShareOnward{}
	for _, o := range c.Onwards {
		if o.Referral == referral && o.Agency == by.Agency {
			own = append(own, ShareOnward{ID: o.ID, Service: o.Service, Urgency: o.Urgency, AskedAt: o.AskedAt, Status: o.Status, Reason: o.Reason})
		}
	}
	return own
}

// unseen notes since when something new is in the shares of some referrals, and that their agency
// looked (zero).
func unseen(referrals []Referral, ids []string, since time.Time) []Referral {
	referrals = slices.Clone(referrals)
	for i, f := range referrals {
		if slices.Contains(ids, f.ID) && (since.IsZero() || f.ShareNew.IsZero()) {
			referrals[i].ShareNew = since
		}
	}
	return referrals
}

// ByShare is (agency, since): the cases in which an agency has something new in its share, the one
// that waits longest first. Whether it may be shown hangs on the instant (NewShares).
var ByShare = image.List[Case]{
	Keys: func(c Case) []string {
		since := map[string]time.Time{}
		for _, f := range c.Referrals {
			if first, has := since[f.Recipient]; !f.ShareNew.IsZero() && slices.Contains(held, f.Status) && (!has || f.ShareNew.Before(first)) {
				since[f.Recipient] = f.ShareNew
			}
		}
		keys := make([]string, 0, len(since))
		for agency, first := range since {
			keys = append(keys, fact.Key(agency, fact.Sortable(first)))
		}
		return keys
	},
	Timed: true,
}

// NewShare is a referral whose share has something at which its worker has not looked. What it is
// they see when they look, and that look is recorded.
type NewShare struct {
	Referral string       `json:"referral"`
	Service  code.Service `json:"service"`
	Since    time.Time    `json:"since"`
}

// NewShares are those of the actor's agency that may be looked at now, whoever of it has them.
func (c Case) NewShares(by fact.By, rules Rules) (all []NewShare) {
	for _, f := range c.Referrals {
		if f.ShareNew.IsZero() {
			continue
		}
		f, err := c.taken(by, f.ID, rules)
		if err != nil {
			continue
		}
		if s := c.shareOf(by, f, rules); len(s.Steps)+len(s.Conferences) > 0 {
			all = append(all, NewShare{Referral: f.ID, Service: f.Service, Since: f.ShareNew})
		}
	}
	return all
}
