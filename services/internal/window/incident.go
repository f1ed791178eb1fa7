package window

import (
	"time"

	"github.com/sanad-network/sanad/pkg/fault"
)

// ErrInterval refuses an interval that runs backwards or into the future.
var ErrInterval = fault.New(fault.Invalid, "interval_invalid", "The earliest instant is not after the latest and not in the future, and the latest is not after today.")

// Incident is when it happened, as closely as she can or wants to say. The zero
// value: not known.
type Incident struct {
	Earliest time.Time
	// Latest may be missing when the instant is known.
	Latest time.Time
}

// Known says whether anything is known.
func (i Incident) Known() bool { return !i.Earliest.IsZero() }

func (i Incident) latest() time.Time {
	if i.Latest.IsZero() {
		return i.Earliest
	}
	return i.Latest
}

// Check refuses what contradicts itself: ErrInterval.
func (i Incident) Check(now time.Time) error {
	switch {
	case !i.Known() && !i.Latest.IsZero():
		return ErrInterval.At("/incident/earliest", "required")
	case i.latest().Before(i.Earliest):
		return ErrInterval.At("/incident/latest", "not before earliest")
	case i.latest().After(now):
		return ErrInterval.At("/incident/latest", "not in the future")
	}
	return nil
}

// Day is an incident on a day, at an unknown hour: from the first instant of
// the day, as the clocks of the place have it, to its end. Until brings a day
// that is not over to now.
func Day(year int, month time.Month, day int, zone *time.Location) Incident {
	return Incident{Earliest: midnight(year, month, day, zone), Latest: midnight(year, month, day+1, zone)}
}

// Until is the incident without its future part.
func (i Incident) Until(now time.Time) Incident {
	if i.Latest.After(now) && !i.Earliest.After(now) {
		i.Latest = now
	}
	return i
}

// midnight is the first instant of a day. Where the clocks change at midnight,
// 00:00 may come twice, and the first counts, or not at all, and the day begins
// with the change.
func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	wall := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	var first, before time.Time
	for _, probe := range []time.Duration{-26 * time.Hour, 0, 26 * time.Hour} {
		_, offset := wall.Add(probe).In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if before.IsZero() || t.Before(before) {
			before = t
		}
		if shows(t, wall) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	if !first.IsZero() {
		return first
	}
	_, change := before.ZoneBounds()
	return change
}

// shows says whether the clocks of the place show this wall time.
func shows(t, wall time.Time) bool {
	y, m, d := t.Date()
	wy, wm, wd := wall.Date()
	return y == wy && m == wm && d == wd && t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0
}
