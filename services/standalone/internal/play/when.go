package play

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// weekdays are the days as a journey names them.
var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// units are those in which time is told. Days, weeks, months and years are those of
// the calendar.
var units = map[string]func(time.Time, int) time.Time{
	"second": func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Second) },
	"minute": func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Minute) },
	"hour":   func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Hour) },
	"day":    func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) },
	"week":   func(t time.Time, n int) time.Time { return t.AddDate(0, 0, 7*n) },
	"month":  func(t time.Time, n int) time.Time { return t.AddDate(0, n, 0) },
	"year":   func(t time.Time, n int) time.Time { return t.AddDate(n, 0, 0) },
}

// forms are how an instant is written where it is not the instant itself: by the clocks of the journey.
var forms = map[string]func(time.Time) string{
	"day of ":     func(t time.Time) string { return t.Format(time.DateOnly) },
	"minute of ":  func(t time.Time) string { return t.Format("2006-01-02T15:04") },
	"quarter of ": func(t time.Time) string { return fmt.Sprintf("%d-Q%d", t.Year(), (t.Month()+2)/3) },
}

// formed takes the form from words: "day of tomorrow 09:00". A nil form is the instant itself.
func formed(words string) (instant string, form func(time.Time) string) {
	for begins, form := range forms {
		if rest, ok := strings.CutPrefix(words, begins); ok {
			return rest, form
		}
	}
	return words, nil
}

// moment reads an instant in words, seen from now: "now", "in 3 months", "20 hours ago",
// "today 15:00", "tomorrow 09:00" and "monday 09:00", which is the next one after now. What has a form
// is read as the instant.
func moment(words string, now time.Time) (time.Time, bool) {
	words, _ = formed(words)
	if words == "now" {
		return now, true
	}
	if rest, ok := strings.CutPrefix(words, "in "); ok {
		return span(rest, now, 1)
	}
	if rest, ok := strings.CutSuffix(words, " ago"); ok {
		return span(rest, now, -1)
	}
	day, at, ok := strings.Cut(words, " ")
	clock, err := time.Parse("15:04", at)
	if !ok || err != nil || len(at) != len("15:04") {
		return time.Time{}, false
	}
	on := func(days int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, clock.Hour(), clock.Minute(), 0, 0, now.Location())
	}
	switch day {
	case "today":
		return on(0), true
	case "tomorrow":
		return on(1), true
	}
	n := slices.Index(weekdays, day)
	if n < 0 {
		return time.Time{}, false
	}
	next := on((n - int(now.Weekday()) + 7) % 7)
	if !next.After(now) {
		next = on(7)
	}
	return next, true
}

// passed reads how far time goes on: "20 minutes", or "until monday 09:00".
func passed(words string, now time.Time) (time.Time, bool) {
	if rest, ok := strings.CutPrefix(words, "until "); ok {
		then, known := moment(rest, now)
		return then, known
	}
	return span(words, now, 1)
}

// span reads "20 minutes", or "1 hour and 30 minutes".
func span(words string, now time.Time, sign int) (time.Time, bool) {
	for part := range strings.SplitSeq(words, " and ") {
		count, unit, _ := strings.Cut(part, " ")
		n, err := strconv.Atoi(count)
		add := units[strings.TrimSuffix(unit, "s")]
		if err != nil || n < 1 || add == nil {
			return time.Time{}, false
		}
		now = add(now, sign*n)
	}
	return now, true
}

// said is an instant as people of the journey read it.
func said(t time.Time) string {
	return fmt.Sprintf("%s %s", weekdays[t.Weekday()], t.Format("15:04"))
}
