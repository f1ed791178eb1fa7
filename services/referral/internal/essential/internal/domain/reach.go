package domain

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Offered is a service that an agency gives, as the directory shows it to the network. The type
// has no name, so that the directory need not know this package.
type Offered = struct {
	Agency  string
	Listing string
	Service code.Service
	// Areas are those that it serves, none: not said. Placed says that Latitude and Longitude are
	// known.
	Areas               []string
	Placed              bool
	Latitude, Longitude float64
	MinAge, MaxAge      int
	Sexes               []code.Sex
	Situations          []code.Situation
	Accessibility       []code.Accessibility
	Languages           []string
	// Serving says that the agency takes referrals for it. Opening is when it is open, and Opens
	// the next time; Capacity whether something is free.
	Serving  bool
	Opening  code.MatchReason
	Opens    time.Time
	Capacity code.MatchReason
	// Unit, Free and Maximum are what was counted; no Unit: nothing.
	Unit          string
	Free, Maximum int
	// Hidden says that not everybody may know where it is, or that it is there. Where it is, whom it
	// serves and in which areas is then left out.
	Hidden bool
}

// open says whether somebody could come: it takes referrals, has something free as far as is
// known, and plans to open.
func open(o Offered) bool {
	return o.Serving && o.Capacity != code.NoCapacity && o.Opening != code.NoOpening
}

// whole says that a service counts for the whole programme and in no area: where it is, is hidden,
// or it is a shelter, of which no area tells anything.
func whole(o Offered) bool { return o.Hidden || o.Service == code.SafeHouse }

// Coverage is an essential service in an area: how many in reach are open, and else the gap.
type Coverage struct {
	Essential string `json:"essential"`
	// Area is left out for the whole programme.
	Area      string            `json:"area,omitempty"`
	Providers int               `json:"providers"`
	Gap       code.EssentialGap `json:"gap,omitempty"`
}

// Rules are what a programme states.
type Rules struct {
	Country   code.Country
	Essential programme.Essential
	Reach     programme.Reach
	// Silent are the providers that do not answer.
	Silent func(agency string, s code.Service) bool
}

// Cover judges each essential service in each area. What is hidden closes no gap of an area: a
// gap that is closed by a place that nobody sees would tell where the place is. It counts for
// the whole programme, and so does each shelter.
func Cover(r Rules, areas []string, all []Offered) []Coverage {
	coverage := []Coverage{}
	for _, name := range names(r.Essential.Services) {
		gives := r.Essential.Services[name].Services
		offers := slices.DeleteFunc(slices.Clone(all), func(o Offered) bool { return !slices.Contains(gives, o.Service) })
		if slices.Contains(gives, code.SafeHouse) || slices.ContainsFunc(offers, whole) {
			providers, gap := r.judge(offers, func(Offered) code.EssentialGap { return "" })
			coverage = append(coverage, Coverage{Essential: name, Providers: providers, Gap: gap})
		}
		if len(gives) == 1 && gives[0] == code.SafeHouse {
			continue
		}
		seen := slices.DeleteFunc(offers, whole)
		for _, area := range areas {
			providers, gap := r.judge(seen, func(o Offered) code.EssentialGap { return r.far(area, o) })
			coverage = append(coverage, Coverage{Essential: name, Area: area, Providers: providers, Gap: gap})
		}
	}
	return coverage
}

func names[T any](m map[string]T) []string {
	all := make([]string, 0, len(m))
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// gaps are in their order: of several providers the one counts that comes nearest to helping.
var gaps = []code.EssentialGap{code.NoProvider, code.ProviderNotOpen, code.ProviderPlaceUnknown, code.OutOfReach, code.NoAnswer}

// judge counts who helps, and says what is wrong where nobody does.
func (r Rules) judge(offers []Offered, far func(Offered) code.EssentialGap) (helping int, gap code.EssentialGap) {
	best := 0
	agencies := map[string]bool{}
	for _, o := range offers {
		is := far(o)
		switch {
		case is == code.NoProvider:
		case !open(o):
			is = code.ProviderNotOpen
		case is == "" && r.Silent(o.Agency, o.Service):
			is = code.NoAnswer
		}
		if is == "" {
			agencies[o.Agency] = true
			continue
		}
		best = max(best, slices.Index(gaps, is))
	}
	if len(agencies) > 0 {
		return len(agencies), ""
	}
	return 0, gaps[best]
}

// far says why a service is not in reach of an area; empty where it is.
func (r Rules) far(area string, o Offered) code.EssentialGap {
	serves := slices.ContainsFunc(o.Areas, func(a string) bool {
		return a == string(r.Country) || a == area || strings.HasPrefix(a, area+"-")
	})
	if len(o.Areas) > 0 && !serves {
		return code.NoProvider
	}
	from, known := r.Reach.Areas[area]
	stated := r.Reach.Kilometres > 0 || r.Reach.Travel > 0
	switch {
	case !stated:
		return ""
	case known && o.Placed:
		if r.within(from, kilometres(from.Latitude, from.Longitude, o.Latitude, o.Longitude)) {
			return ""
		}
		return code.OutOfReach
	case slices.ContainsFunc(o.Areas, func(a string) bool { return a != string(r.Country) }):
		return "" // it says that it comes, or is there
	}
	return code.ProviderPlaceUnknown
}

// within compares a distance with what the programme states. One of the two is enough: who is
// within the distance, or within the time of travel.
func (r Rules) within(from programme.Area, km float64) bool {
	if r.Reach.Kilometres > 0 && km <= float64(r.Reach.Kilometres) {
		return true
	}
	speed := from.Speed
	if speed == 0 {
		speed = r.Reach.Speed
	}
	return r.Reach.Travel > 0 && speed > 0 && km <= float64(speed)*r.Reach.Travel.Hours()
}

// kilometres is along a great circle of a round earth.
func kilometres(latA, lonA, latB, lonB float64) float64 {
	const radius, degree = 6371, math.Pi / 180
	lat, lon := (latB-latA)*degree/2, (lonB-lonA)*degree/2
	h := math.Pow(math.Sin(lat), 2) + math.Cos(latA*degree)*math.Cos(latB*degree)*math.Pow(math.Sin(lon), 2)
	return 2 * radius * math.Asin(math.Sqrt(min(h, 1)))
}

// Areas are those of the programme, and where it names none those that providers name.
func Areas(r Rules, all []Offered) []string {
	if len(r.Reach.Areas) > 0 {
		return names(r.Reach.Areas)
	}
	found := map[string]bool{}
	for _, o := range all {
		if whole(o) {
			continue
		}
		for _, a := range o.Areas {
			if area := AreaOf(r.Country, o.Service, a); area != "" {
				found[area] = true
			}
		}
	}
	return names(found)
}

// Shown is a provider that everybody in the network may know of: for whom it is, when it is open,
// and what is free.
type Shown struct {
	Service       code.Service         `json:"service"`
	Agency        string               `json:"agency"`
	Listing       string               `json:"listing,omitempty"`
	Areas         []string             `json:"areas"`
	MinimumAge    int                  `json:"minimum_age,omitempty"`
	MaximumAge    int                  `json:"maximum_age,omitempty"`
	Sexes         []code.Sex           `json:"sexes,omitempty"`
	Situations    []code.Situation     `json:"situations,omitempty"`
	Accessibility []code.Accessibility `json:"accessibility,omitempty"`
	Languages     []string             `json:"languages,omitempty"`
	Serving       bool                 `json:"serving"`
	Opening       code.MatchReason     `json:"opening"`
	Opens         time.Time            `json:"opens,omitzero"`
	Capacity      code.MatchReason     `json:"capacity"`
	Unit          string               `json:"unit,omitempty"`
	Free          *int                 `json:"free,omitempty"`
	Maximum       *int                 `json:"maximum,omitempty"`
}

// Show are the providers that are not hidden, and no shelter.
func Show(all []Offered) []Shown {
	shown := []Shown{}
	for _, o := range all {
		if whole(o) {
			continue
		}
		s := Shown{
			Service: o.Service, Agency: o.Agency, Listing: o.Listing, Areas: append([]string{}, o.Areas...), MinimumAge: o.MinAge, MaximumAge: o.MaxAge,
			Sexes: o.Sexes, Situations: o.Situations, Accessibility: o.Accessibility, Languages: o.Languages,
			Serving: o.Serving, Opening: o.Opening, Opens: o.Opens, Capacity: o.Capacity, Unit: o.Unit,
		}
		if o.Unit != "" {
			s.Free = &o.Free
			if o.Maximum > 0 {
				s.Maximum = &o.Maximum
			}
		}
		shown = append(shown, s)
	}
	return shown
}

// Whole is what counts for the whole programme alone: how many there are of a service, and what they
// have free together.
type Whole struct {
	Service   code.Service `json:"service"`
	Providers int          `json:"providers"`
	Unit      string       `json:"unit,omitempty"`
	Free      *int         `json:"free,omitempty"`
	Maximum   *int         `json:"maximum,omitempty"`
}

// together is from how many agencies on their counts are told as one: the sum of two is each to the other.
const together = 3

// Wholes count what is hidden, and shelters. Beds are told where at least three agencies count them
// in one unit.
func Wholes(all []Offered) []Whole {
	type sum struct {
		agencies      map[string]bool
		free, maximum int
	}
	type row struct {
		listings map[string]bool
		units    map[string]*sum
	}
	rows := map[code.Service]*row{}
	for _, o := range all {
		if !whole(o) {
			continue
		}
		r := rows[o.Service]
		if r == nil {
			r = &row{map[string]bool{}, map[string]*sum{}}
			rows[o.Service] = r
		}
		id := o.Agency + " " + o.Listing
		if r.listings[id] {
			continue // at several places, it is one
		}
		r.listings[id] = true
		if o.Unit == "" {
			continue
		}
		u := r.units[o.Unit]
		if u == nil {
			u = &sum{agencies: map[string]bool{}}
			r.units[o.Unit] = u
		}
		u.agencies[o.Agency] = true
		u.free, u.maximum = u.free+o.Free, u.maximum+max(o.Free, o.Maximum)
	}
	wholes := []Whole{}
	for _, s := range code.Services {
		r := rows[s]
		if r == nil {
			continue
		}
		w := Whole{Service: s, Providers: len(r.listings)}
		for _, unit := range names(r.units) {
			if u := r.units[unit]; len(u.agencies) >= together {
				w.Unit, w.Free, w.Maximum = unit, &u.free, &u.maximum
				break
			}
		}
		wholes = append(wholes, w)
	}
	return wholes
}
