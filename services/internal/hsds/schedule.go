package hsds

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Schedule says when something is open: the rule of HSDS, which is a part of
// RFC 5545. The rule is evaluated here and not by a library, because HSDS
// repeats weeks and months only, and the one library of Go for it has had no
// release since January 2023. Every BY part limits: HSDS lets exporters fill
// parts that RFC 5545 does not give to a weekly rule.
type Schedule struct {
	ID string
	// Text is what HSDS says in words; it decides nothing.
	Text string

	weekly, monthly            bool
	from, to, start, until     day
	interval, count, wkst      int
	byday                      []weekday
	bymonthday, byweek, byyear []int
	opens, closes              int // seconds of the day; closes may be past midnight
	timed                      bool
	zone                       *time.Location
	offset                     *float64
}

// weekday is a day of the week, in a month the nth from its beginning or end;
// n 0 is every.
type weekday struct{ n, day int }

var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// broken is a part of a rule that cannot be read.
type broken struct{ field, rule string }

// compile reads a rule, and names what it does not understand.
func compile(d map[string]any) (Schedule, []broken) {
	c := compiler{d: d}
	s := Schedule{
		from: c.day("valid_from"), to: c.day("valid_to"), start: c.day("dtstart"), until: c.day("until"),
		interval: c.positive("interval", 1), count: c.positive("count", 0),
		wkst:       max(0, slices.Index(weekdays, c.text("wkst"))),
		bymonthday: c.numbers("bymonthday", 31), byweek: c.numbers("byweekno", 53), byyear: c.numbers("byyearday", 366),
		byday: c.byday(),
	}
	s.ID, s.Text = c.text("id"), c.text("description")
	switch c.text("freq") {
	case "WEEKLY":
		s.weekly = true
	case "MONTHLY":
		s.monthly = true
	case "":
		s.weekly = len(s.byday) > 0 && !slices.ContainsFunc(s.byday, func(w weekday) bool { return w.n != 0 })
		s.monthly = !s.weekly && (len(s.byday) > 0 || len(s.bymonthday) > 0)
	default:
		c.broken("freq", "must be WEEKLY or MONTHLY")
	}
	if s.start == noDay && s.interval > 1 {
		c.broken("interval", "needs dtstart to count from")
	}
	if s.start == noDay && s.count > 0 {
		c.broken("count", "needs dtstart to count from")
	}
	if s.weekly && slices.ContainsFunc(s.byday, func(w weekday) bool { return w.n != 0 }) {
		c.broken("byday", "must not count days of a month in a weekly rule")
	}
	if s.from != noDay && s.to != noDay && s.to < s.from {
		c.broken("valid_to", "must not be before valid_from")
	}
	c.hours(&s)
	c.timezone(&s)
	if len(c.found) == 0 && s.count > 0 {
		s.until = s.lastOf(s.count)
	}
	return s, c.found
}

// UnmarshalJSON reads a schedule that was taken before.
func (s *Schedule) UnmarshalJSON(text []byte) error {
	d, err := decode(text)
	if err != nil {
		return err
	}
	object, _ := d.(map[string]any)
	*s, _ = compile(object)
	return nil
}

type compiler struct {
	d     map[string]any
	found []broken
}

func (c *compiler) broken(field, rule string) { c.found = append(c.found, broken{field, rule}) }

func (c *compiler) text(name string) string {
	s, _ := c.d[name].(string)
	return s
}

func (c *compiler) day(name string) day {
	if c.d[name] == nil {
		return noDay
	}
	d, err := parseDay(c.text(name))
	if err != nil {
		c.broken(name, "must be a date")
	}
	return d
}

func (c *compiler) positive(name string, absent int) int {
	n, ok := c.d[name].(json.Number)
	if !ok {
		return absent
	}
	i, err := strconv.Atoi(n.String())
	if err != nil || i < 1 || i > 10_000 {
		c.broken(name, "must be a whole number from 1 to 10000")
		return absent
	}
	return i
}

func (c *compiler) numbers(name string, limit int) []int {
	var list []int
	for part := range strings.SplitSeq(c.text(name), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || n == 0 || n > limit || n < -limit {
			c.broken(name, "must be numbers from 1 to "+strconv.Itoa(limit)+", or from the end")
			return nil
		}
		list = append(list, n)
	}
	return list
}

func (c *compiler) byday() []weekday {
	var list []weekday
	for part := range strings.SplitSeq(c.text("byday"), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if len(part) < 2 || !slices.Contains(weekdays, part[len(part)-2:]) {
			c.broken("byday", "must be days of the week as in RFC 5545")
			return nil
		}
		w := weekday{day: slices.Index(weekdays, part[len(part)-2:])}
		if nth := part[:len(part)-2]; nth != "" {
			n, err := strconv.Atoi(nth)
			if err != nil || n == 0 || n > 5 || n < -5 {
				c.broken("byday", "must count at most five of a day in a month")
				return nil
			}
			w.n = n
		}
		list = append(list, w)
	}
	return list
}

// lastMinute is 23:59, in seconds of the day.
const lastMinute = 86340

func (c *compiler) hours(s *Schedule) {
	opens, closes := c.d["opens_at"] != nil, c.d["closes_at"] != nil
	if opens != closes {
		c.broken(map[bool]string{true: "closes_at", false: "opens_at"}[opens], "is required beside the other end")
		return
	}
	if !opens {
		return
	}
	begin, err := parseClock(c.text("opens_at"))
	if err != nil {
		c.broken("opens_at", "must be a time of day")
	}
	end, err := parseClock(c.text("closes_at"))
	if err != nil {
		c.broken("closes_at", "must be a time of day")
	}
	s.timed, s.opens, s.closes = true, begin.seconds, end.seconds
	if s.opens == 0 && s.closes >= lastMinute {
		s.closes = 86400 // many programs have no 24:00, and mean the whole day
	}
	if s.closes <= s.opens {
		s.closes += 86400 // past midnight; the same time twice is a day and a night
	}
	if begin.offset != nil {
		hours := float64(*begin.offset) / 3600
		s.offset = &hours
	}
}

func (c *compiler) timezone(s *Schedule) {
	if n, ok := c.d["timezone"].(json.Number); ok {
		hours, err := n.Float64()
		if err != nil || hours < -12 || hours > 14 {
			c.broken("timezone", "must be an offset from UTC in hours")
			return
		}
		s.offset = &hours
	}
	attributes, _ := c.d["attributes"].([]any)
	for _, a := range attributes {
		m, _ := a.(map[string]any)
		term, _ := m["taxonomy_term"].(map[string]any)
		if term["taxonomy"] == TaxonomyTimezone {
			name, _ := term["code"].(string)
			zone, ok := zoneNamed(name)
			if !ok {
				c.broken("attributes", "must name a time zone of the IANA list")
			}
			s.zone = zone
		}
	}
}

// At is the schedule at a place: the zone of an attribute decides, else that of
// the country where it shows the offset that the schedule has, else the offset.
func (s Schedule) At(country *time.Location) Schedule {
	switch {
	case s.zone != nil:
	case s.offset == nil:
		s.zone = country
	case country != nil && keeps(country, *s.offset):
		s.zone = country
	default:
		s.zone = offsetZone(*s.offset)
	}
	return s
}

// In is the schedule in the time zone of its country.
func (s Schedule) In(c code.Country) Schedule { return s.At(ZoneOf(c)) }

// Known says whether the rule tells when it is open. One without hours, days
// or a time zone does not: what is not known is not closed.
func (s Schedule) Known() bool {
	return s.timed && s.zone != nil && (s.weekly || s.monthly || s.start != noDay)
}

// OpenAt says whether it is open at an instant: from the opening on, and not at
// the closing.
func (s Schedule) OpenAt(t time.Time) bool {
	opens, closes, ok := s.next(t, 1)
	return ok && !t.Before(opens) && t.Before(closes)
}

// horizon is how far ahead an opening is looked for, in days.
const horizon = 731

// NextOpen is when it opens, and closes again: the opening under way at an
// instant, or the first after it.
func (s Schedule) NextOpen(t time.Time) (opens, closes time.Time, ok bool) { return s.next(t, horizon) }

func (s Schedule) next(t time.Time, days day) (opens, closes time.Time, ok bool) {
	if !s.Known() {
		return opens, closes, false
	}
	today := localDay(t, s.zone)
	last := today + days
	if s.to != noDay {
		last = min(last, s.to)
	}
	if s.until != noDay {
		last = min(last, s.until)
	}
	// What opened the day before may be open still: nothing is open for longer
	// than a day and a night.
	for d := max(today-2, s.from, s.start); d <= last; d++ {
		if !s.on(d) {
			continue
		}
		opens, closes = instant(d, s.opens, s.zone), instant(d+day(s.closes/86400), s.closes%86400, s.zone)
		if t.Before(closes) {
			return opens, closes, true
		}
	}
	return time.Time{}, time.Time{}, false
}

// on says whether it opens on a day.
func (s Schedule) on(d day) bool {
	switch {
	case s.from != noDay && d < s.from, s.to != noDay && d > s.to:
		return false
	case s.start != noDay && d < s.start, s.until != noDay && d > s.until:
		return false
	case s.weekly:
		return s.onWeekly(d) && s.limited(d)
	case s.monthly:
		return s.onMonthly(d) && s.limited(d)
	default:
		return d == s.start
	}
}

func (s Schedule) onWeekly(d day) bool {
	if s.interval > 1 && floorMod(s.week(d)-s.week(s.start), s.interval) != 0 {
		return false
	}
	if len(s.byday) > 0 {
		return slices.Contains(s.byday, weekday{day: d.weekday()})
	}
	return s.start == noDay || d.weekday() == s.start.weekday()
}

// week counts weeks that begin on the rule's first day of the week.
func (s Schedule) week(d day) int { return floorDiv(int(d)+3-s.wkst, 7) }

func (s Schedule) onMonthly(d day) bool {
	date := d.date()
	if s.interval > 1 {
		first := s.start.date()
		months := (date.Year()-first.Year())*12 + int(date.Month()-first.Month())
		if floorMod(months, s.interval) != 0 {
			return false
		}
	}
	if len(s.byday) == 0 && len(s.bymonthday) == 0 {
		return s.start == noDay || date.Day() == s.start.date().Day()
	}
	return len(s.byday) == 0 || slices.ContainsFunc(s.byday, func(w weekday) bool {
		if w.day != d.weekday() {
			return false
		}
		nth := (date.Day()-1)/7 + 1
		left := -((daysIn(date)-date.Day())/7 + 1)
		return w.n == 0 || w.n == nth || w.n == left
	})
}

// limited says whether the other parts let a day through.
func (s Schedule) limited(d day) bool {
	date := d.date()
	if len(s.bymonthday) > 0 && !numbered(s.bymonthday, date.Day(), daysIn(date)) {
		return false
	}
	if len(s.byyear) > 0 && !numbered(s.byyear, date.YearDay(), time.Date(date.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()) {
		return false
	}
	if len(s.byweek) > 0 {
		year, week := date.ISOWeek()
		_, weeks := time.Date(year, 12, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
		return numbered(s.byweek, week, weeks)
	}
	return true
}

// numbered says whether n of a total is on a list that may count from the end.
func numbered(list []int, n, total int) bool {
	return slices.Contains(list, n) || slices.Contains(list, n-total-1)
}

func daysIn(t time.Time) int { return time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day() }

// lastOf is the day of the last of the openings that a rule counts, also before
// valid_from.
func (s Schedule) lastOf(count int) day {
	s.from, s.to = noDay, noDay
	for d := s.start; d < s.start+30*366; d++ {
		if s.on(d) {
			if count--; count == 0 {
				return d
			}
		}
	}
	return s.until
}

// Hours are the schedules of one service at one place.
type Hours []Schedule

// Known says whether some schedule tells when it is open.
func (h Hours) Known() bool { return slices.ContainsFunc(h, Schedule.Known) }

// KnownAt says whether some schedule tells when it is open, and is still valid at an
// instant. What was said until a day that is over is not known after it, and not closed.
func (h Hours) KnownAt(at time.Time) bool {
	return slices.ContainsFunc(h, func(s Schedule) bool { return s.Known() && (s.to == noDay || localDay(at, s.zone) <= s.to) })
}

// OpenAt says whether it is open at an instant.
func (h Hours) OpenAt(t time.Time) bool {
	return slices.ContainsFunc(h, func(s Schedule) bool { return s.OpenAt(t) })
}

// NextOpen is the opening under way at an instant, or the first after it.
func (h Hours) NextOpen(t time.Time) (opens, closes time.Time, ok bool) {
	for _, s := range h {
		from, to, found := s.NextOpen(t)
		if found && (!ok || from.Before(opens)) {
			opens, closes, ok = from, to, true
		}
	}
	return opens, closes, ok
}

// Open is OpenAt, as matching asks.
func (h Hours) Open(at time.Time) bool { return h.OpenAt(at) }
