package domain

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/intake/internal/requirement"
	"github.com/sanad-network/sanad/services/internal/window"
)

// Rules are what countries decide for themselves: until when help is possible, and
// what a service requires before an agency may be asked for it.
type Rules struct {
	Windows      window.Policy
	Requirements requirement.Policy
}

// Under is a decision that asks for services under rules. Its requests are as urgent
// as the windows ask for, and never less than what was asked. The windows are those of
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
	d.Urgency = window.Raise(d.Urgency, c.options(w, by, d.Service), by.At)
	e.Data = d
	if d.Urgency != asked {
		onward, _ := e.Private.(Onward)
		onward.Asked = asked
		return fact.Event{Data: d, Private: onward}
	}
	return e
}

// options are the windows of a service for her.
func (c Case) options(w window.Policy, by fact.By, s code.Service) []window.Option {
	var when window.Incident
	if c.Happened != nil {
		when = window.Incident{Earliest: c.Happened.Earliest, Latest: c.Happened.Latest}
	}
	return w.For(s, code.Country(c.Country), when, by.At)
}
