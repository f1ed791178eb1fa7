package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Reach is whether she may be contacted at an instant, and how. Whatever would reach her asks
// it first. Nothing here is about meeting her when she comes: that is never refused.
type Reach struct {
	// Channels are those that are allowed now, the best first; empty: nobody contacts her.
	Channels []SafeChannel
	// Until is when this ends, where it ends within a day. Zero: later, or the channel is one
	// that breaks the hours.
	Until time.Time
	// Next is the next safe minute, where she is not contacted now. Zero: none is known.
	Next time.Time
}

// Reach says whether she may be contacted at an instant. Channels and hours must both be on
// record: without either nobody contacts her first. A zone that this process does not know
// is the same, because nobody can say what her clock shows. For danger news the channel that
// she chose for it stands first, at any hour.
func (c Contact) Reach(purpose code.ContactPurpose, now time.Time) Reach {
	var r Reach
	breaks := purpose == code.DangerNews && c.DangerNews != nil
	if breaks {
		r.Channels = []SafeChannel{*c.DangerNews}
	}
	week, known := c.week()
	if !known || len(c.Channels) == 0 {
		return r
	}
	if !week.safe(now) {
		if !breaks {
			r.Next = week.next(now)
		}
		return r
	}
	for _, one := range c.Channels {
		if !slices.Contains(r.Channels, one) {
			r.Channels = append(r.Channels, one)
		}
	}
	if !breaks {
		r.Until = week.ends(now)
	}
	return r
}

// News is how danger news reaches her now (his release, an order that was served on him).
// Exactly one of the two is so: there is a channel, or Duty.
type News struct {
	Channels []SafeChannel
	// Duty says that the person on duty at her desk is to be told at once: she chose no
	// channel, or nobody may contact her.
	Duty bool
}

// News says how danger news reaches her at an instant: by the channel that she chose
// beforehand, in her hours also by the others, and else through the person on duty at her
// desk. While her contact is closed it is always that person.
func (c Case) News(now time.Time) News {
	if !c.ContactClosed.IsZero() {
		return News{Duty: true}
	}
	contact, _ := c.grownContact(now)
	channels := contact.Reach(code.DangerNews, now).Channels
	return News{Channels: channels, Duty: len(channels) == 0}
}

// week is her hours, and the zone of her clock.
type week struct {
	zone  *time.Location
	hours []span
}

// span is minutes of one day, from its midnight. It goes on after midnight where it ends
// before it begins.
type span struct {
	day         time.Weekday
	from, until int
}

// day is how many minutes one has, on a clock: a clock that is set back shows some of them
// twice, and one that is set forward leaves some out.
const day = 24 * 60

// searched is how far the next safe time is looked for: two weeks and a day. A clock that is
// set forward may leave out the only hour of one week, and a zone that crosses the date line
// a whole day.
const searched = 15 * day

// week reads the hours. It is not known where there are none, or where one of them, or the
// zone, cannot be read.
func (c Contact) week() (week, bool) {
	zone, known := zoneOf(c.Zone)
	w := week{zone: zone}
	for _, h := range c.Hours {
		from, ok := minuteOf(h.From)
		until, too := minuteOf(h.Until)
		known = known && ok && too
		for _, d := range h.Days {
			on := slices.Index(code.Weekdays, d)
			known = known && on >= 0
			// Sunday is the last of ours, and the first of Go's.
			w.hours = append(w.hours, span{time.Weekday((on + 1) % 7), from, until})
		}
	}
	return w, known && len(w.hours) > 0
}

// safe says whether her clock shows a safe time. The clock decides and nothing else: an hour
// that it shows twice is safe twice.
func (w week) safe(now time.Time) bool {
	local := now.In(w.zone)
	minute, today := local.Hour()*60+local.Minute(), local.Weekday()
	return slices.ContainsFunc(w.hours, func(s span) bool {
		over := s.until < s.from
		switch {
		case s.day == today && minute >= s.from && (over || minute < s.until):
			return true
		default:
			return over && s.day == (today+6)%7 && minute < s.until
		}
	})
}

// next is the first safe minute after an instant; zero for none.
func (w week) next(now time.Time) time.Time {
	return w.first(now, searched, true)
}

// ends is the first minute that is not safe any more; zero where there is none within a day.
func (w week) ends(now time.Time) time.Time {
	return w.first(now, day, false)
}

// first looks minute by minute. It costs little, and has no rule of its own for clocks that
// are set.
func (w week) first(after time.Time, minutes int, safe bool) time.Time {
	at := after.UTC().Truncate(time.Minute)
	for range minutes {
		if at = at.Add(time.Minute); w.safe(at) == safe {
			return at
		}
	}
	return time.Time{}
}

// minuteOf reads a time of day, from "00:00" to "24:00".
func minuteOf(clock string) (int, bool) {
	if clock == "24:00" {
		return day, true
	}
	t, err := time.Parse("15:04", clock)
	return t.Hour()*60 + t.Minute(), err == nil && len(clock) == len("15:04")
}
