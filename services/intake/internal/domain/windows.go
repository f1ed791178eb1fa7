package domain

import (
	"cmp"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/window"
)

// Rules are what country programmes decide for themselves.
type Rules struct {
	Programmes programme.Set
	// Danger is what holds until a programme says.
	Danger DangerRules
}

// of is the programme of a case, as it holds at an instant.
func (r Rules) of(c Case, at time.Time) programme.Programme {
	return r.Programmes.For(c.Programme, code.Country(c.Country), c.OpenedAt, at)
}

// Within is the decision that opens a case, under a programme that is installed and uses the
// door (programme.ErrUnknown, programme.ErrChannel).
func Within(rules Rules) func(Case, fact.By, Open) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd Open) ([]fact.Event, error) {
		p, unknown := rules.Programmes.Opening(cmd.Programme, cmd.Country, by.At)
		cmd.zone = birthplace(p)
		cmd.Survivor = cmd.Survivor.in(birthplace(p), by.At)
		events, err := c.Open(by, cmd)
		if err != nil || len(events) == 0 {
			return events, err
		}
		if unknown != nil {
			return nil, unknown
		}
		if !p.Opens(cmd.Channel) {
			return nil, programme.ErrChannel.At("/channel", "in use in the programme")
		}
		return events, nil
	}
}

// Under is a decision that asks for services under rules. Its requests are as urgent
// as the windows of each incident, and a score, ask for, and never less than what was
// asked. The windows are those of this instant, for a decision at the desk and for one after nobody took a referral.
// They are advice: nothing is refused, and without a known instant nothing is raised.
func Under[C any](rules Rules, decide func(Case, fact.By, C, Rules) ([]fact.Event, error)) func(Case, fact.By, C) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C) ([]fact.Event, error) {
		events, err := decide(c, by, cmd, rules)
		for i, e := range events {
			if d, ok := e.Data.(intakev1.ServiceRequested); ok {
				events[i] = c.raise(rules.of(c, by.At).Windows, by, e, d)
			}
		}
		return events, err
	}
}

// Closing is Case.CloseAll, for a reason that the programme uses (programme.ErrReason). That she
// asked for it is in use everywhere.
func Closing(rules Rules) func(Case, fact.By, Close, Led) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd Close, led Led) ([]fact.Event, error) {
		events, err := c.CloseAll(by, cmd, led)
		if _, used := rules.of(c, by.At).Reasons.Close[cmd.Reason]; err == nil && !used && cmd.Reason != code.CloseRequested {
			return nil, programme.ErrReason.At("/reason", "in use in the programme")
		}
		return events, err
	}
}

// uses refuses a service that the programme does not use.
func (r Rules) uses(c Case, s code.Service, pointer string, at time.Time) error {
	if !r.of(c, at).Uses(s) {
		return programme.ErrService.At(pointer+"/service", "in use in the programme")
	}
	return nil
}

// requirement is what a service requires for her, and who may consent to it.
type requirement struct {
	programme.Requirement
	law programme.Consent
}

// required is what a service requires for her.
func (r Rules) required(c Case, s code.Service, at time.Time) requirement {
	p := r.of(c, at)
	return requirement{p.Requirement[s], p.Consent}
}

// law is who may consent for her.
func (r Rules) law(c Case, at time.Time) programme.Consent { return r.of(c, at).Consent }

// Ruled is a decision under rules.
func Ruled[C any](rules Rules, decide func(Case, fact.By, C, Rules) ([]fact.Event, error)) func(Case, fact.By, C) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C) ([]fact.Event, error) { return decide(c, by, cmd, rules) }
}

// raise is a request at the urgency of the windows. The urgency that was asked
// stays in the private half: beside the raised one it would show how long ago it
// happened.
func (c Case) raise(w programme.Windows, by fact.By, e fact.Event, d intakev1.ServiceRequested) fact.Event {
	asked := d.Urgency
	if i := find(c.Referrals, d.Replaces); i >= 0 {
		asked = cmp.Or(c.Referrals[i].Asked, asked)
	}
	for _, i := range c.when() {
		d.Urgency = window.Raise(d.Urgency, window.For(d.Service, w, i, by.At), by.At)
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
func (c Case) options(w programme.Windows, by fact.By, s code.Service) []window.Option {
	return window.Among(s, w, c.when(), by.At)
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
