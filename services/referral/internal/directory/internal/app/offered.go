package app

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
)

// Offered is a service that an agency gives, for who counts what there is. The type has no name,
// so that its user need not know the directory.
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

// Offered is what agencies give in a country, as far as this process knows: for an answer, never
// for a decision about somebody.
func (d Directory) Offered(c code.Country, now time.Time) []Offered {
	var unlisted match.Places = d.Unlisted
	if d.Counted != nil {
		unlisted = counting{d.Unlisted, d.Counted}
	}
	var all []Offered
	for _, s := range code.Services {
		for _, o := range d.places().Of(c, s) {
			all = append(all, offered(o, !o.Placed(), now))
		}
		for _, o := range unlisted.Of(c, s) {
			all = append(all, offered(o, true, now))
		}
	}
	return all
}

func offered(o *match.Place, hidden bool, now time.Time) Offered {
	is := Offered{Agency: o.Agency, Listing: o.Listing, Service: o.Service, Serving: o.Status == code.AgencyActive, Hidden: hidden}
	is.Opening, is.Opens, is.Capacity = o.Standing(now)
	if !o.Capacity.Updated.IsZero() {
		is.Unit, is.Free, is.Maximum = o.Capacity.Unit, o.Capacity.Available, o.Capacity.Maximum
	}
	if hidden {
		return is
	}
	is.Areas, is.Languages, is.MinAge, is.MaxAge = o.Areas, o.Languages, o.MinAge, o.MaxAge
	is.Sexes, is.Situations, is.Accessibility = o.Sexes, o.Situations, o.Accessibility
	if o.Point != nil {
		is.Placed, is.Latitude, is.Longitude = true, o.Point.Latitude, o.Point.Longitude
	}
	return is
}
