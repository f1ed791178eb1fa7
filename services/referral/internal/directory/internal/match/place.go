// Package match ranks the places that could help a survivor, with the reasons
// for each rank, and says why others are not among them. It is pure: time, needs
// and places are arguments. It keeps nothing, and refuses to know her.
package match

import (
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Place is one service of an agency at one location. An empty field is not known,
// and is never taken for a yes.
type Place struct {
	Agency   string // slug
	Service  code.Service
	Listing  string // identifiers of the directory, empty for none
	Location string
	Country  code.Country
	// Areas are ISO 3166-2 codes, finer ones behind a further hyphen.
	Areas     []string
	Languages []string // BCP 47
	// MinAge and MaxAge are in full years, both included. MaxAge 0: no end.
	MinAge, MaxAge int
	// Sexes and Situations are whom it serves. None: everybody.
	Sexes         []code.Sex
	Situations    []code.Situation
	Accessibility []code.Accessibility
	Capacity      Capacity
	Hours         Hours // nil: not known
	Status        code.AgencyStatus
	// Visibility is who may know of the service, Where of where it is. Empty is
	// public, and of the place of a safe house, hidden.
	Visibility, Where code.Visibility
	Point             *Point
}

// Capacity is what an agency last said of its free capacity. Updated zero:
// nothing.
type Capacity struct {
	Unit               string
	Available, Maximum int // Maximum 0: not said
	Updated            time.Time
}

// Hours are the opening hours of a place.
type Hours interface {
	// KnownAt says whether they still hold at an instant.
	KnownAt(at time.Time) bool
	Open(at time.Time) bool
	// NextOpen is the opening that is under way at an instant, or the next
	// one. Not ok: none is planned.
	NextOpen(at time.Time) (from, to time.Time, ok bool)
}

// Point is a place on earth, in degrees.
type Point struct{ Latitude, Longitude float64 }

// listed says whether a caseworker of the network may be shown the place.
func (o *Place) listed() bool {
	return o.Visibility == "" || o.Visibility == code.VisiblePublic || o.Visibility == code.VisibleNetwork
}

// Placed says whether a caseworker may be shown where it is, or guess it from a
// rank.
func (o *Place) Placed() bool {
	switch o.Where {
	case code.VisiblePublic, code.VisibleNetwork:
		return true
	case "":
		return o.Service != code.SafeHouse
	default:
		return false
	}
}

// Standing is how a place stands at an instant for whoever asks: whether it is open, when it opens,
// and whether something is free.
func (o *Place) Standing(now time.Time) (opening code.MatchReason, opens time.Time, capacity code.MatchReason) {
	j := newJudge(&Need{}, nil, now, Limits{})
	s := standing{Ranked: Ranked{Place: o}}
	j.opening(&s)
	opening = code.HoursUnknown
	for _, r := range []code.MatchReason{code.OpenNow, code.OpensLater, code.NoOpening} {
		if s.Reasons&bit[r] != 0 {
			opening = r
		}
	}
	return opening, s.Opens, j.capacity(o)
}

// comparePlaces orders the places of a country and service for good.
func comparePlaces(a, b *Place) int {
	if c := strings.Compare(a.Agency, b.Agency); c != 0 {
		return c
	}
	if c := strings.Compare(a.Listing, b.Listing); c != 0 {
		return c
	}
	return strings.Compare(a.Location, b.Location)
}
