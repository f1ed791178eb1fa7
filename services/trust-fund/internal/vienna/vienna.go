// Package vienna reads days as the trust fund means them: its secretariat is in Vienna. It refuses
// to know what a day is for.
package vienna

import (
	"time"
	_ "time/tzdata" // an image may hold no time zones
)

// Zone is that of Vienna.
var Zone = func() *time.Location {
	at, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		panic(err) // the zones are compiled in
	}
	return at
}()

// Day is the first instant of a day that is written as 2006-01-02.
func Day(day string) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, day, Zone)
	return at.UTC(), err
}

// Of is the day of an instant.
func Of(at time.Time) string { return at.In(Zone).Format(time.DateOnly) }

// After is the first instant that lies some years, months and days after the first instant of a
// day, counted on the calendar.
func After(at time.Time, years, months, days int) time.Time {
	return at.In(Zone).AddDate(years, months, days).UTC()
}
