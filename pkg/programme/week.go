package programme

import (
	"slices"
	"time"
)

// Week is when the offices of a programme are open.
type Week struct {
	Days []time.Weekday
	// Opens and Closes count from midnight by the clocks of the place.
	Opens, Closes time.Duration
	// Holidays are days on which no office opens.
	Holidays []Holiday
	Zone     *time.Location
}

// Holiday is a day of one year, or of each year where Year is 0.
type Holiday struct {
	Year  int
	Month time.Month
	Day   int
}

// Known reports whether anybody said when the offices are open. Where nobody did nothing
// pauses: nobody waits because of a guess.
func (w Week) Known() bool { return len(w.Days) > 0 && w.Zone != nil && w.Opens < w.Closes }

// Same reports whether two weeks are alike.
func (w Week) Same(o Week) bool {
	return slices.Equal(w.Days, o.Days) && w.Opens == o.Opens && w.Closes == o.Closes && slices.Equal(w.Holidays, o.Holidays) &&
		(w.Zone == o.Zone || w.Zone != nil && o.Zone != nil && w.Zone.String() == o.Zone.String())
}

// longest bounds the search for an open day: no office is closed for as long.
const longest = 3 * 366

// After is the instant at which so many open hours have passed. A day is the hours of one open
// day: three days to answer are three days on which the office is open. Time that the clocks
// skip or repeat while the office is open counts as it passes.
func (w Week) After(from time.Time, d time.Duration) time.Time {
	left := time.Duration(float64(d) * float64(w.Closes-w.Opens) / float64(24*time.Hour))
	y, m, day := from.In(w.Zone).Date()
	for n := range longest {
		date := time.Date(y, m, day+n, 0, 0, 0, 0, time.UTC)
		if !w.Open(date) {
			continue
		}
		begin, end := w.at(date, w.Opens), w.at(date, w.Closes)
		if from.After(begin) {
			begin = from
		}
		if !begin.Before(end) {
			continue
		}
		if left <= end.Sub(begin) {
			return begin.Add(left).UTC()
		}
		left -= end.Sub(begin)
	}
	return from.Add(d)
}

// Open reports whether the offices open on a date.
func (w Week) Open(date time.Time) bool {
	return slices.Contains(w.Days, date.Weekday()) && !slices.ContainsFunc(w.Holidays, func(h Holiday) bool {
		return (h.Year == 0 || h.Year == date.Year()) && h.Month == date.Month() && h.Day == date.Day()
	})
}

func (w Week) at(date time.Time, d time.Duration) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), int(d/time.Hour), int(d%time.Hour/time.Minute), 0, 0, w.Zone)
}
