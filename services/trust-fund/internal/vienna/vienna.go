// Package vienna reads days as the trust fund means them. It refuses to know what a day is for.
package vienna

import (
	"time"

	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// Day is the first instant of a day that is written as 2006-01-02.
func Day(day string) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, day, call.Vienna)
	return at.UTC(), err
}

// Of is the day of an instant.
func Of(at time.Time) string { return at.In(call.Vienna).Format(time.DateOnly) }

// After is the instant that lies some years, months and days later on the calendar.
func After(at time.Time, years, months, days int) time.Time {
	return at.In(call.Vienna).AddDate(years, months, days).UTC()
}
