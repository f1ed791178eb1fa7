package programme

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
)

// What is refused where something is opened.
var (
	// ErrUnknown refuses a programme that is not installed, or that is another country's.
	ErrUnknown = fault.New(fault.Invalid, "programme_unknown", "No programme of this name is installed for this country, or it does not hold yet.")
	// ErrChannel refuses a door, and ErrService a service, that a programme does not use.
	ErrChannel = fault.New(fault.Invalid, "channel_not_in_use", "The programme does not use this channel.")
	ErrService = fault.New(fault.Invalid, "service_not_in_use", "The programme does not use this service.")
	// ErrReason refuses a reason that a programme does not use.
	ErrReason = fault.New(fault.Invalid, "reason_not_in_use", "The programme does not use this reason.")
)

// Version is one version of a programme.
type Version struct {
	Number int
	// From is the first instant at which it holds.
	From   time.Time
	Status code.ProgrammeStatus
	Fields Fields
}

// Installed is a programme with its versions, the earliest first.
type Installed struct {
	ID       string
	Country  code.Country
	Zone     *time.Location
	Versions []Version
	// between holds what meets what: [opened][now], for opened <= now.
	between [][]*Programme
}

// Set is the programmes that are installed, and the base of the network. It is made once, by
// NewSet, and never changed. The zero Set knows nothing; no service starts with it.
type Set struct {
	base      *Programme
	installed map[string]Installed
}

// NewSet takes the base and the programmes. Versions stand in their order, and each later
// version holds from a later instant.
func NewSet(base Fields, programmes ...Installed) Set {
	s := Set{installed: make(map[string]Installed, len(programmes))}
	b := base.alone(Programme{})
	s.base = &b
	for _, p := range programmes {
		id := Programme{ID: p.ID, Country: p.Country, Zone: p.Zone}
		p.between = make([][]*Programme, len(p.Versions))
		for i, opened := range p.Versions {
			holds := opened.Fields.alone(id)
			p.between[i] = []*Programme{&holds}
			for _, later := range p.Versions[i+1:] {
				next := later.Fields.after(*p.between[i][len(p.between[i])-1])
				p.between[i] = append(p.between[i], &next)
			}
		}
		s.installed[p.ID] = p
	}
	return s
}

// Known reports whether the set was made.
func (s Set) Known() bool { return s.base != nil }

// Base is what holds for records of which no programme is installed.
// The zero Set has the zero Programme, which uses and allows nothing.
func (s Set) Base() Programme {
	if s.base == nil {
		return Programme{}
	}
	return *s.base
}

// List gives the installed programmes, by their names.
func (s Set) List() []Installed {
	list := make([]Installed, 0, len(s.installed))
	for _, p := range s.installed {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Installed) int { return compare(a.ID, b.ID) })
	return list
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// For is the programme as it holds now for a record that was opened at an instant. Where no
// programme of the name is installed for the country, it is the base of the network.
func (s Set) For(id string, country code.Country, opened, now time.Time) Programme {
	p, ok := s.installed[id]
	if !ok || p.Country != country {
		return s.Base()
	}
	return *p.holds(opened, now)
}

// VersionOf is the number of the version under which something was opened: 0 where no such
// programme is installed for the country, so that the base of the network holds.
func (s Set) VersionOf(id string, country code.Country, opened time.Time) int {
	p, ok := s.installed[id]
	if !ok || p.Country != country {
		return 0
	}
	return p.Versions[max(0, p.at(opened))].Number
}

// holds is the programme as it holds now for what was opened at an instant: before the first
// version held, under the first that does.
func (p Installed) holds(opened, now time.Time) *Programme {
	i := max(0, p.at(opened))
	j := max(i, p.at(now))
	return p.between[i][j-i]
}

// Opening is the programme under which something is opened now: ErrUnknown where there is none.
func (s Set) Opening(id string, country code.Country, now time.Time) (Programme, error) {
	p, err := s.InForce(id, now)
	switch {
	case err != nil:
		return Programme{}, err
	case p.Country != country:
		return Programme{}, ErrUnknown.At("/country", "the country of the programme")
	}
	return s.For(id, country, now, now), nil
}

// InForce is the installed programme of a name: ErrUnknown where there is none, or no version of it
// holds yet.
func (s Set) InForce(id string, now time.Time) (Installed, error) {
	p, ok := s.installed[id]
	if !ok || p.at(now) < 0 {
		return Installed{}, ErrUnknown.At("/programme", "installed, and in force")
	}
	return p, nil
}

// In gives what the programmes of a country agree on now, for what began at an instant. Where
// none holds, or two differ in what is asked, it gives the zero value and false: nobody
// guesses between them.
func In[T any](s Set, country code.Country, opened, now time.Time, of func(Programme) T, same func(a, b T) bool) (T, bool) {
	var first T
	found := false
	for _, p := range s.List() {
		if p.Country != country || p.at(now) < 0 {
			continue
		}
		is := of(*p.holds(opened, now))
		if found && !same(first, is) {
			var none T
			return none, false
		}
		first, found = is, true
	}
	return first, found
}

// At is the version that holds at an instant: false before the first.
func (p Installed) At(now time.Time) (Version, Programme, bool) {
	i := p.at(now)
	if i < 0 {
		return Version{}, Programme{}, false
	}
	return p.Versions[i], *p.between[i][0], true
}

// at is the place of the version that holds at an instant; -1 before the first.
func (p Installed) at(now time.Time) int {
	i := len(p.Versions) - 1
	for i >= 0 && p.Versions[i].From.After(now) {
		i--
	}
	return i
}
