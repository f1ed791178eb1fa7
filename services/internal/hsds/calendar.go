package hsds

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// day counts days from 1970-01-01: opening times are a matter of the civil
// calendar, and only their two ends are instants.
type day int

const noDay day = -1 << 31

func dayOf(year int, month time.Month, d int) day {
	return day(floorDiv(int(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix()), 86400))
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (d day) date() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// weekday has Monday as 0, as RFC 5545 begins the week.
func (d day) weekday() int { return floorMod(int(d)+3, 7) }

func floorMod(a, b int) int { return a - b*floorDiv(a, b) }

// parseDay reads a date; of a date-time, which some exporters write, the date.
func parseDay(text string) (day, error) {
	if len(text) > 10 {
		if _, err := time.Parse(time.RFC3339, text); err != nil {
			return 0, err
		}
		text = text[:10]
	}
	t, err := time.Parse(time.DateOnly, text)
	return dayOf(t.Date()), err
}

// clock is a time of day in seconds, and the offset that it names, if any.
type clock struct {
	seconds int
	offset  *int
}

var errClock = errors.New("not a time of day")

// parseClock reads HH:MM and HH:MM:SS, up to 24:00, with an offset or none.
func parseClock(text string) (clock, error) {
	var c clock
	if rest, ok := strings.CutSuffix(text, "Z"); ok {
		c.offset, text = new(int), rest
	} else if i := strings.LastIndexAny(text, "+-"); i > 0 {
		t, err := time.Parse("-07:00", text[i:])
		if err != nil {
			return c, errClock
		}
		_, offset := t.Zone()
		c.offset, text = &offset, text[:i]
	}
	parts := strings.Split(text, ":")
	if len(parts) != 2 && len(parts) != 3 {
		return c, errClock
	}
	for i, limit := range []int{24, 59, 59}[:len(parts)] {
		whole, _, fraction := strings.Cut(parts[i], ".")
		if fraction && i < 2 {
			return c, errClock
		}
		n, err := strconv.ParseUint(whole, 10, 8)
		if err != nil || len(whole) != 2 || int(n) > limit {
			return c, errClock
		}
		c.seconds += int(n) * []int{3600, 60, 1}[i]
	}
	if c.seconds > 86400 {
		return c, errClock
	}
	return c, nil
}

// instant is a time of day on a day at a place. A time that the night of a
// clock change skips is taken as if the clock had not changed, and of one that
// comes twice the first is taken (RFC 5545, section 3.3.5).
func instant(d day, seconds int, at *time.Location) time.Time {
	wall := d.date().Add(time.Duration(seconds) * time.Second)
	_, before := wall.Add(-24 * time.Hour).In(at).Zone()
	_, after := wall.Add(24 * time.Hour).In(at).Zone()
	first := wall.Add(-time.Duration(before) * time.Second)
	if before == after || shows(first, wall, at) {
		return first
	}
	if second := wall.Add(-time.Duration(after) * time.Second); shows(second, wall, at) {
		return second
	}
	return first
}

func shows(t, wall time.Time, at *time.Location) bool {
	_, offset := t.In(at).Zone()
	return t.Add(time.Duration(offset) * time.Second).Equal(wall)
}

// localDay is the day that the calendar at a place shows.
func localDay(t time.Time, at *time.Location) day { return dayOf(t.In(at).Date()) }
