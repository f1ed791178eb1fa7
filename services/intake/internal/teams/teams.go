// Package teams is what intake knows of the response teams of the network: where each goes
// and who is on it. The room of referrals decides that, and this is a copy. The package
// refuses to know who is on call, and which team may not be asked for somebody.
package teams

import (
	"slices"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// Prefix begins the name of every record.
const Prefix = "team"

// Team is the copy of one team. It lags behind by as long as the bus takes.
type Team struct{ intakev1.TeamNoted }

// OnDescribed notes what was said of the team, unless something later is known.
func (t Team) OnDescribed(_ fact.By, e referralv1.TeamDescribed) ([]fact.Event, error) {
	if e.Turn <= t.Turn {
		return nil, nil
	}
	return fact.Of(intakev1.TeamNoted{
		Team: e.Team, Country: e.Country, Programme: e.Programme, Area: e.Area, Members: slices.Clone(e.Members), Disbanded: e.Disbanded, Turn: e.Turn,
	}), nil
}

// Named names the record that an event is about.
func Named(e referralv1.TeamDescribed) string { return e.Team }

// Evolve is the copy after an event.
func (t Team) Evolve(e fact.Event) Team {
	if d, ok := e.Data.(intakev1.TeamNoted); ok {
		t.TeamNoted = d
	}
	return t
}

// Case is empty: a team belongs to no case.
func (t Team) Case() string { return "" }

// Visible is for the network alone.
func (t Team) Visible(by fact.By) bool { return by.System() }

// Closed is never: an alert must know at every moment which teams there are.
func (t Team) Closed() bool { return false }

// Deadlines are none.
func (t Team) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (t Team) View(fact.By) any { return struct{}{} }

// ByCountry lists the teams that can be asked in a country, by programme.
var ByCountry = image.List[Team]{Keys: func(t Team) []string {
	if t.Turn == 0 || t.Disbanded {
		return nil
	}
	return []string{fact.Key(string(t.Country), t.Programme)}
}}
