package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
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
	f, _, ok := c.ground(by, referral)
	if !ok {
		return Referral{}, false, nil
	}
	if err := c.HandedTo(by, f.ID, h); err != nil {
		return Referral{}, false, err
	}
	switch {
	case f.Recipient != by.Agency || !slices.Contains(held, f.Status):
		return Referral{}, false, ErrTooEarly
	case c.halts(f.on(by.Agency), rules.law(c, by.At), by.At):
		return Referral{}, false, ErrConsentAnew
	}
	return f, true, nil
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
	p := Share{Referral: f.ID, Steps: []ShareStep{}, Onward: c.onwardsOf(by, f.ID), Conferences: c.invitations(by, f, rules)}
	if c.ActionPlan.open() {
		for _, s := range c.ActionPlan.Steps {
			if s.Who == code.DoneByAgency && s.Referral == f.ID {
				p.Steps = append(p.Steps, ShareStep{ID: s.ID, What: s.What, Until: s.Until, Status: s.Status})
			}
		}
	}
	return p, true, nil
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
