package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Rules is what decides beside a matter: the programmes that are installed.
type Rules struct{ Programmes programme.Set }

// of is what the programme of a matter says of legal aid now. Where none is known, it is the
// base of the network.
func (r Rules) of(m Matter, now time.Time) programme.LegalAid {
	return r.Programmes.For(m.Place.Programme, code.Country(m.Place.Country), now, now).LegalAid
}

// Ruled gives the rules to a command that asks for them.
func Ruled[C any](rules Rules, decide func(Matter, fact.By, C, Rules) ([]fact.Event, error)) func(Matter, fact.By, C) ([]fact.Event, error) {
	return func(m Matter, by fact.By, cmd C) ([]fact.Event, error) { return decide(m, by, cmd, rules) }
}

// ahead is an instant some time before another, and not before now. It is never, where the
// programme names no time, or there is no other that is still to come.
func ahead(of time.Time, some time.Duration, now time.Time) time.Time {
	if some == 0 || !of.After(now) {
		return time.Time{}
	}
	if at := of.Add(-some); at.After(now) {
		return at.UTC()
	}
	return now.UTC()
}

// after is an instant some time after another: never, where the programme names no time.
func after(at time.Time, some time.Duration) time.Time {
	if some == 0 {
		return time.Time{}
	}
	return at.Add(some).UTC()
}
