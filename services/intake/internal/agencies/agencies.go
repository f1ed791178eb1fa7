// Package agencies is what intake knows of the agencies of the network: that one is
// registered, and whether it is suspended. The directory decides that, and this is a
// copy. The package refuses to know what an agency gives: the directory says so when
// it is asked.
package agencies

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Prefix begins the name of every record; the agency follows.
const Prefix = "agency"

// Agency is the copy of one agency. It lags behind the directory by as long as the
// bus takes.
type Agency struct {
	Name      string // the slug, which has no underscore
	Suspended bool
	// Country is empty where it was noted before countries were.
	Country code.Country
	// Police says that it gives the service of the police.
	Police bool
	turn   int
}

// Exists reports whether the agency was ever registered.
func (a Agency) Exists() bool { return a.Name != "" }

// Seen is what a command sees of the agencies that it names.
type Seen struct {
	Known map[string]look.Fresh[Agency]
	// Near are registered names that may have been meant, by the name that is not known.
	Near map[string][]string
	// Err is why nothing can be known now.
	Err error
}

// Of is what was seen of an agency: one that does not exist where none was.
func (s Seen) Of(name string) (Agency, error) { return s.Known[name].Value(), s.Err }

// OnRegistered notes that the agency takes referrals.
func (a Agency) OnRegistered(_ fact.By, e referralv1.AgencyRegistered) ([]fact.Event, error) {
	return a.note(intakev1.AgencyNoted{
		Agency: e.Agency, Turn: e.Turn, Country: e.Country, Police: slices.Contains(e.Services, code.Police),
	})
}

// OnSuspended notes that the agency takes no new referrals.
func (a Agency) OnSuspended(_ fact.By, e referralv1.AgencySuspended) ([]fact.Event, error) {
	return a.note(intakev1.AgencyNoted{Agency: e.Agency, Suspended: true, Turn: e.Turn, Country: a.Country, Police: a.Police})
}

// note takes what has a higher turn. Facts of before there were turns are taken in the
// order in which they come, until one with a turn has come.
func (a Agency) note(says intakev1.AgencyNoted) ([]fact.Event, error) {
	has := intakev1.AgencyNoted{Agency: a.Name, Suspended: a.Suspended, Turn: a.turn, Country: a.Country, Police: a.Police}
	switch {
	case says == has || says.Turn < a.turn:
		return nil, nil
	case a.Country == "" && says.Turn == a.turn && says.Suspended == a.Suspended:
		// The same fact, told once more: the country was not kept when it came first.
	case a.Exists() && says.Turn > 0 && says.Turn == a.turn:
		return nil, agree.That("/turn", false)
	}
	return fact.Of(says), nil
}

// Evolve is the copy after an event.
func (a Agency) Evolve(e fact.Event) Agency {
	if d, ok := e.Data.(intakev1.AgencyNoted); ok {
		a = Agency{Name: d.Agency, Suspended: d.Suspended, Country: d.Country, Police: d.Police, turn: d.Turn}
	}
	return a
}

// Case is empty: an agency belongs to no case.
func (a Agency) Case() string { return "" }

// Visible is for the network alone: people ask the directory.
func (a Agency) Visible(by fact.By) bool { return by.System() }

// Closed is never: a request must know at every moment who is registered.
func (a Agency) Closed() bool { return false }

// Deadlines is empty.
func (a Agency) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (a Agency) View(fact.By) any { return struct{}{} }

// All is the list of all agencies.
var All = image.List[Agency]{Keys: func(a Agency) []string {
	if !a.Exists() {
		return nil
	}
	return []string{fact.Key("", a.Name)}
}}
