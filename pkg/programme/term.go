package programme

import (
	"time"
	_ "time/tzdata" // a service's image has no time zones of its own
)

// Term is how long something may hold at most: whole years of the calendar, or a length of time.
// A law that says a year means the same day of the next year, also across 29 February.
type Term struct {
	Years int
	Time  time.Duration
}

// Ends is the first instant at which nothing may hold any more that began at an instant. Years
// end with their last day, where the zone is: from 1 March 2027 they hold through 1 March 2028. A
// year from 29 February holds through 1 March. Without a zone days are those of UTC.
func (t Term) Ends(at time.Time, zone *time.Location) time.Time {
	if t.Years == 0 {
		return at.Add(t.Time)
	}
	if zone == nil {
		zone = time.UTC
	}
	year, month, day := at.In(zone).AddDate(t.Years, 0, 0).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, zone)
}
