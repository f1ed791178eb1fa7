package domain

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/intake/internal/requirement"
	"github.com/sanad-network/sanad/services/internal/window"
)

// Rules are what countries decide for themselves: until when help is possible, what a
// service requires before an agency may be asked for it, and by which instruments the desk
// asks about danger.
type Rules struct {
	Windows      window.Policy
	Requirements requirement.Policy
	Danger       DangerRules
}

// Under is a decision that asks for services under rules. Its requests are as urgent
// as the windows of each incident, and a score, ask for, and never less than what was asked. The windows are those of
// this instant, for a decision at the desk and for one after nobody took a referral.
// They are advice: nothing is refused, and without a known instant nothing is raised.
func Under[C any](rules Rules, decide func(Case, fact.By, C, Rules) ([]fact.Event, error)) func(Case, fact.By, C) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C) ([]fact.Event, error) {
		events, err := decide(c, by, cmd, rules)
		for i, e := range events {
			if d, ok := e.Data.(intakev1.ServiceRequested); ok {
				events[i] = c.raise(rules.Windows, by, e, d)
			}
		}
		return events, err
	}
}

// required is what a service requires for her.
func (r Rules) required(c Case, s code.Service) requirement.Requirement {
	return r.Requirements.For(s, code.Country(c.Country))
}

// raise is a request at the urgency of the windows. The urgency that was asked
// stays in the private half: beside the raised one it would show how long ago it
// happened.
func (c Case) raise(w window.Policy, by fact.By, e fact.Event, d intakev1.ServiceRequested) fact.Event {
	asked := d.Urgency
	if i := find(c.Referrals, d.Replaces); i >= 0 {
		asked = cmp.Or(c.Referrals[i].Asked, asked)
	}
	for _, i := range c.when() {
		d.Urgency = window.Raise(d.Urgency, w.For(d.Service, code.Country(c.Country), i, by.At), by.At)
	}
	d.Urgency = c.raisedByScore(d.Urgency, d.Service)
	e.Data = d
	if d.Urgency != asked {
		onward, _ := e.Private.(Onward)
		onward.Asked = asked
		return fact.Event{Data: d, Private: onward}
	}
	return e
}

// options are the windows of a service for her: of several incidents, those that stay open
// longest.
func (c Case) options(w window.Policy, by fact.By, s code.Service) []window.Option {
	return w.Among(s, code.Country(c.Country), c.when(), by.At)
}

// when are the times of her incidents, and nothing else of them.
func (c Case) when() []window.Incident {
	var when []window.Incident
	for _, t := range c.standing() {
		if t.Happened != nil {
			when = append(when, window.Incident{Earliest: t.Happened.Earliest, Latest: t.Happened.Latest})
		}
	}
	return when
}
