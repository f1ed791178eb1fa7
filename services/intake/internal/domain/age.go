package domain

import (
	"cmp"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Born is when she was born, as closely as it is known: a date, or her age on a date. It stays
// in the private half, and no packet shows it: an agency sees the band.
type Born struct {
	// Date is the day (YYYY-MM-DD).
	Date string `json:"date,omitempty"`
	// Age is how many years she had on the day AgeOn (YYYY-MM-DD).
	Age   int    `json:"age,omitempty"`
	AgeOn string `json:"age_on,omitempty"`
}

// years are the ages, in whole years, that she may have.
type years struct{ least, most int }

func (y years) adult() bool { return y.least >= programme.Majority }

// old is above every age.
const old = 130

// bands are the ages of each band.
var bands = map[code.AgeBand]years{
	code.AgeTo5: {0, 5}, code.Age6To11: {6, 11}, code.AgeTo17: {12, 17}, code.AgeAdult: {18, old},
}

// age is how old she is at an instant; false where nobody knows. Of an age on a date it is the
// age that she surely has: she is treated as a child for longer rather than for less.
func (c Case) age(at time.Time) (years, bool) {
	if c.Survivor.Born.known() {
		n := c.Survivor.Born.years(c.Zone, at)
		return years{n, n}, true
	}
	band, known := bands[c.Survivor.AgeBand]
	return band, known
}

// band is her band at an instant.
func (s Survivor) band(zone string, at time.Time) code.AgeBand {
	if !s.Born.known() {
		return s.AgeBand
	}
	n := s.Born.years(zone, at)
	for _, b := range code.AgeBands {
		if bands[b].least <= n && n <= bands[b].most {
			return b
		}
	}
	return s.AgeBand
}

func (b Born) known() bool { return b.Date != "" || b.AgeOn != "" }

// day is a day from which the years are counted, and how many years she has then.
func (b Born) day(zone string) (time.Time, int, error) {
	in, known := zoneOf(zone)
	if !known {
		in = time.UTC
	}
	day, err := time.ParseInLocation(time.DateOnly, cmp.Or(b.Date, b.AgeOn), in)
	return day, b.Age, err
}

// birthdays gives the first instant at which she surely has each age; false where nothing is known
// of her birth. Who was born on 29 February has her birthday on 1 March in other years. It looks up
// the zone once, because that reads a file.
func (b Born) birthdays(zone string) (func(age int) time.Time, bool) {
	if !b.known() {
		return nil, false
	}
	day, had, err := b.day(zone)
	if err != nil {
		return nil, false
	}
	return func(age int) time.Time { return day.AddDate(age-had, 0, 0) }, true
}

// turns is the first instant at which she surely has an age.
func (b Born) turns(zone string, age int) (time.Time, bool) {
	at, known := b.birthdays(zone)
	if !known {
		return time.Time{}, false
	}
	return at(age), true
}

// years is the age that she surely has at an instant.
func (b Born) years(zone string, at time.Time) int {
	day, known := b.birthdays(zone)
	if !known {
		return old
	}
	n := 0
	for n < old && !day(n+1).After(at) {
		n++
	}
	return n
}

// ahead is how far a zone may be from that of our clock. Here it is not known yet where her day
// begins.
const ahead = 14 * time.Hour

// check refuses a birth that is no date, that is to come, or that contradicts the band
// (ErrBorn).
func (s Survivor) check(now time.Time) error {
	b := s.Born
	if s.ThoughtChild != "" {
		if err := known("/survivor/thought_child", s.ThoughtChild, code.ThoughtChilds); err != nil {
			return err
		}
		if s.AgeBand != "" || b.known() {
			return ErrBorn.At("/survivor/thought_child", "only where the age is not known")
		}
	}
	if !b.known() {
		if b.Age != 0 {
			return ErrBorn.At("/survivor/born/age_on", "required")
		}
		return nil
	}
	day, _, err := b.day("")
	switch {
	case b.Date != "" && (b.AgeOn != "" || b.Age != 0):
		return ErrBorn.At("/survivor/born", "a date, or an age on a date")
	case err != nil:
		return ErrBorn.At("/survivor/born", "a day of the calendar")
	case day.After(now.Add(ahead)) || b.Age < 0 || b.Age > old || b.years("", now) >= old:
		return ErrBorn.At("/survivor/born", "not in the future, and not too long ago")
	case s.AgeBand != "" && s.AgeBand != s.band("", now.Add(-ahead)) && s.AgeBand != s.band("", now.Add(ahead)):
		return ErrBorn.At("/survivor/age_band", "the band of her age")
	}
	return nil
}

// in is what is known of her as it is written down where a programme is: the band follows from
// the birth.
func (s Survivor) in(zone string, now time.Time) Survivor {
	s.AgeBand = cmp.Or(s.AgeBand, s.band(zone, now))
	return s
}

// birthplace is the zone in which birthdays begin: that of the programme.
func birthplace(p programme.Programme) string {
	if p.Zone == nil {
		return ""
	}
	return p.Zone.String()
}

// child reports whether she is known, or thought, to be under 18.
func (s Survivor) child() bool {
	return s.AgeBand != "" && s.AgeBand != code.AgeAdult || s.AgeBand == "" && s.ThoughtChild != ""
}
