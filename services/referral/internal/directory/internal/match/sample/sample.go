// Package sample makes up a directory and the questions asked of it, for
// measurements. Nothing in it is or resembles a real place.
package sample

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
)

// Directory makes places in a number of countries. As in life a few countries
// and a few services have most of them. The same numbers give the same places.
func Directory(places, countries int, now time.Time) []*match.Place {
	r := source(1)
	list := make([]*match.Place, places)
	for i := range list {
		c := code.Countries[skewed(r, countries)]
		o := &match.Place{
			Agency: fmt.Sprintf("agency-%05d", i/3), Service: code.Services[skewed(r, len(code.Services))],
			Listing: fmt.Sprint(i), Location: fmt.Sprint(i), Country: c, Status: code.AgencyActive,
			Languages: []string{"en", languages[r.IntN(len(languages))]}, Hours: daily{r.IntN(12), 6 + r.IntN(18)},
			Point: &match.Point{Latitude: r.Float64()*10 + 10, Longitude: r.Float64()*10 + 30},
		}
		for range r.IntN(4) {
			o.Areas = append(o.Areas, area(r, c))
		}
		if r.IntN(2) == 0 {
			o.MinAge, o.Sexes = 18, []code.Sex{code.Female}
		}
		if r.IntN(3) > 0 {
			o.Capacity = match.Capacity{Available: r.IntN(5), Maximum: 10, Updated: now.Add(-time.Duration(r.IntN(48)) * time.Hour)}
		}
		for _, a := range code.Accessibilities {
			if r.IntN(2) == 0 {
				o.Accessibility = append(o.Accessibility, a)
			}
		}
		list[i] = o
	}
	return list
}

// Needs makes questions about such a directory, of everything that may be said.
func Needs(n, countries int, now time.Time) []match.Need {
	r := source(2)
	list := make([]match.Need, n)
	for i := range list {
		c := code.Countries[skewed(r, countries)]
		list[i] = match.Need{
			Services: []code.Service{code.Services[skewed(r, len(code.Services))]}, Country: c, Area: area(r, c),
			Point:   &match.Point{Latitude: r.Float64()*10 + 10, Longitude: r.Float64()*10 + 30},
			Urgency: code.Urgent, Language: languages[r.IntN(len(languages))], AgeBand: code.AgeAdult, Sex: code.Female,
			Accessibility: []code.Accessibility{code.AccessWheelchair, code.AccessFemaleStaff},
			Incident:      window.Incident{Earliest: now.Add(-time.Duration(r.IntN(130)) * time.Hour)},
			Blocked:       []string{fmt.Sprintf("agency-%05d", r.IntN(6000))},
			Conflicts:     []string{fmt.Sprintf("agency-%05d", r.IntN(6000))},
			Consents:      []match.Consent{{Agency: fmt.Sprintf("agency-%05d", r.IntN(6000)), Service: code.HealthMedical}},
		}
	}
	return list
}

var languages = []string{"ar", "es", "vi", "ky", "fr", "sw"}

func area(r *rand.Rand, c code.Country) string { return fmt.Sprintf("%s-%02d", c, r.IntN(8)) }

// skewed draws small numbers more often than large ones.
func skewed(r *rand.Rand, n int) int { return min(r.IntN(n), r.IntN(n)) }

func source(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // measurements want the same numbers again
}

// daily is open between two hours of each day.
type daily struct{ from, to int }

// KnownAt is always.
func (d daily) KnownAt(time.Time) bool { return true }

// Open says whether it is open.
func (d daily) Open(at time.Time) bool { return at.Hour() >= d.from && at.Hour() < d.to }

// NextOpen is today's opening, or tomorrow's.
func (d daily) NextOpen(at time.Time) (from, to time.Time, ok bool) {
	day := at.Truncate(24 * time.Hour)
	if at.Hour() >= d.to {
		day = day.Add(24 * time.Hour)
	}
	return day.Add(time.Duration(d.from) * time.Hour), day.Add(time.Duration(d.to) * time.Hour), d.to > d.from
}
