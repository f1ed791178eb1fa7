package domain

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
)

var (
	sisters = SafeChannel{Kind: code.Call, Address: "+502 5555 0101", WhoMayAnswer: code.AnybodyInside}
	own     = SafeChannel{Kind: code.TextMessage, Address: "+502 5555 0102", Device: code.HerOwn}
	anyDay  = []SafeHours{{Days: code.Weekdays, From: "00:00", Until: "24:00"}}
)

// reachable is a contact with some hours of a zone.
func reachable(zone string, hours ...SafeHours) Contact {
	return Contact{Channels: []SafeChannel{own}, Zone: zone, Hours: hours}
}

func days(d ...code.Weekday) []code.Weekday { return d }

// in reads a time as a clock of a zone shows it, with its offset where it shows it twice.
func in(t *testing.T, zone, clock string) time.Time {
	t.Helper()
	if at, err := time.Parse("2006-01-02 15:04 -0700", clock); err == nil {
		return at
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, where)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Clocks that are set, midnights and the date line: what her clock shows decides.
func TestHerClockDecides(t *testing.T) {
	night := SafeHours{days(code.Saturday), "22:00", "02:00"}
	for name, c := range map[string]struct {
		zone  string
		hours SafeHours
		at    string
		// next is the next safe time; empty where it is safe at once.
		next string
	}{
		"an evening":                        {"America/Guatemala", SafeHours{days(code.Friday), "18:30", "20:00"}, "2026-11-27 18:30", ""},
		"the last minute":                   {"America/Guatemala", SafeHours{days(code.Friday), "18:30", "20:00"}, "2026-11-27 19:59", ""},
		"its end":                           {"America/Guatemala", SafeHours{days(code.Friday), "18:30", "20:00"}, "2026-11-27 20:00", "2026-12-04 18:30"},
		"a minute too early":                {"America/Guatemala", SafeHours{days(code.Friday), "18:30", "20:00"}, "2026-11-27 18:29", "2026-11-27 18:30"},
		"before midnight":                   {"Asia/Bishkek", night, "2026-11-28 23:59", ""},
		"after midnight":                    {"Asia/Bishkek", night, "2026-11-29 01:59", ""},
		"after it, of another day":          {"Asia/Bishkek", night, "2026-11-28 01:00", "2026-11-28 22:00"},
		"until midnight":                    {"Asia/Bishkek", SafeHours{days(code.Saturday), "22:00", "24:00"}, "2026-11-28 23:59", ""},
		"until midnight, and no later":      {"Asia/Bishkek", SafeHours{days(code.Saturday), "22:00", "24:00"}, "2026-11-29 00:00", "2026-12-05 22:00"},
		"midnight as 00:00":                 {"Asia/Bishkek", SafeHours{days(code.Saturday), "22:00", "00:00"}, "2026-11-29 00:00", "2026-12-05 22:00"},
		"an hour that a clock leaves out":   {"America/New_York", SafeHours{days(code.Sunday), "02:10", "02:50"}, "2026-03-08 01:00", "2026-03-15 02:10"},
		"one that it leaves out in part":    {"America/New_York", SafeHours{days(code.Sunday), "02:30", "04:00"}, "2026-03-08 01:00", "2026-03-08 03:00"},
		"one that it shows twice, first":    {"America/New_York", SafeHours{days(code.Sunday), "01:15", "01:45"}, "2026-11-01 01:20 -0400", ""},
		"one that it shows twice, between":  {"America/New_York", SafeHours{days(code.Sunday), "01:15", "01:45"}, "2026-11-01 01:50 -0400", "2026-11-01 01:15 -0500"},
		"one that it shows twice, again":    {"America/New_York", SafeHours{days(code.Sunday), "01:15", "01:45"}, "2026-11-01 01:20 -0500", ""},
		"across the night in which it goes": {"Asia/Hebron", SafeHours{days(code.Friday), "23:00", "03:00"}, "2026-03-28 01:30", ""},
		"the first of all zones":            {"Pacific/Kiritimati", SafeHours{days(code.Saturday), "00:00", "01:00"}, "2026-11-28 00:30", ""},
		"the last of nearly all":            {"Pacific/Honolulu", SafeHours{days(code.Friday), "00:00", "01:00"}, "2026-11-27 00:30", ""},
		"a day that was left out":           {"Pacific/Apia", SafeHours{days(code.Friday), "10:00", "11:00"}, "2011-12-23 11:00", "2012-01-06 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			now := in(t, c.zone, c.at)
			got := reachable(c.zone, c.hours).Reach(code.OrdinaryContact, now)
			if c.next == "" {
				if len(got.Channels) != 1 || !got.Next.IsZero() || got.Until.IsZero() {
					t.Fatalf("it is safe, and the answer is %+v", got)
				}
				return
			}
			if want := in(t, c.zone, c.next); len(got.Channels) != 0 || !got.Next.Equal(want) {
				t.Errorf("%v; next %v, want %v", got.Channels, got.Next, want)
			}
		})
	}
}

// shows says once more, by what a clock writes, whether a time is in the hours.
func shows(t time.Time, zone *time.Location, hours []SafeHours) bool {
	clock, today := t.In(zone).Format("15:04"), t.In(zone).Format("Monday")
	for _, h := range hours {
		for _, d := range h.Days {
			name := string(d)
			yesterday := code.Weekdays[(slices.Index(code.Weekdays, d)+1)%7]
			isToday := name == lower(today)
			over := h.Until < h.From
			if isToday && clock >= h.From && (over || clock < h.Until) || over && string(yesterday) == lower(today) && clock < h.Until {
				return true
			}
		}
	}
	return false
}

func lower(day string) string { return string(day[0]+'a'-'A') + day[1:] }

// The next safe time is in the hours, never in the past, and none is before it, in each zone
// and across each change of a clock.
func TestTheNextSafeTimeIsSafe(t *testing.T) {
	zones := []string{
		"Pacific/Kiritimati", "Pacific/Honolulu", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe",
		"America/Guatemala", "Asia/Bishkek", "Africa/Cairo", "America/Havana", "Pacific/Chatham", "UTC",
	}
	clock := rapid.Custom(func(t *rapid.T) string {
		m := rapid.IntRange(0, day-1).Draw(t, "minute")
		return time.Date(2026, 1, 1, m/60, m%60, 0, 0, time.UTC).Format("15:04")
	})
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zones).Draw(t, "zone")
		zone, _ := zoneOf(name)
		hours := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) SafeHours {
			h := SafeHours{
				Days: rapid.SliceOfNDistinct(rapid.SampledFrom(code.Weekdays), 1, 3, rapid.ID).Draw(t, "days"),
				From: clock.Draw(t, "from"), Until: clock.Draw(t, "until"),
			}
			if h.From == h.Until {
				h.Until = "24:00"
			}
			return h
		}), 1, 3).Draw(t, "hours")
		c := reachable(name, hours...)
		if err := c.check("GT"); err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 366*86400).Draw(t, "second")) * time.Second)
		got := c.Reach(code.OrdinaryContact, now)
		switch safe := shows(now, zone, hours); {
		case safe != (len(got.Channels) > 0):
			t.Fatalf("at %v: %+v", now.In(zone), got)
		case safe && !got.Next.IsZero():
			t.Fatalf("safe now, and next at %v", got.Next)
		case safe:
			for at := now; !got.Until.IsZero() && at.Before(got.Until); at = at.Add(time.Minute) {
				if !shows(at.Truncate(time.Minute), zone, hours) {
					t.Fatalf("until %v, and not at %v", got.Until, at.In(zone))
				}
			}
			return
		case !got.Next.After(now):
			t.Fatalf("at %v the next safe time is %v", now, got.Next)
		case !shows(got.Next, zone, hours):
			t.Fatalf("the next safe time is not safe: %v", got.Next.In(zone))
		}
		for at := now; at.Before(got.Next.Add(-time.Minute)); at = at.Add(time.Minute) {
			if shows(at, zone, hours) {
				t.Fatalf("next at %v, and it is safe at %v", got.Next.In(zone), at.In(zone))
			}
		}
	})
}

// What cannot be understood lets nobody reach out to her, and neither does a note.
func TestUnknownIsNotSafe(t *testing.T) {
	for name, c := range map[string]Contact{
		"nothing":                {},
		"a telephone and a note": {Phone: "+502 5555 0102", SafeNote: "In the morning."},
		"no channel":             {Zone: "UTC", Hours: anyDay},
		"no hours":               {Channels: []SafeChannel{own}, Zone: "UTC"},
		"no zone":                {Channels: []SafeChannel{own}, Hours: anyDay},
		"a zone of nobody":       reachable("Mars/Olympus", anyDay...),
		"the machine's zone":     reachable("Local", anyDay...),
		"a path":                 reachable("../../etc/passwd", anyDay...),
		"a clock of nobody":      reachable("UTC", append(slices.Clone(anyDay), SafeHours{code.Weekdays, "25:00", "26:00"})...),
		"a day of nobody":        reachable("UTC", append(slices.Clone(anyDay), SafeHours{days("someday"), "10:00", "11:00"})...),
	} {
		for _, purpose := range code.ContactPurposes {
			if got := c.Reach(purpose, noon); !cmp.Equal(got, Reach{}) {
				t.Errorf("%s, %s: %+v", name, purpose, got)
			}
		}
	}
}

// Danger news breaks the hours on the channel that she chose, and on no other. With none it
// is for the person on duty, and so it is while her contact is closed.
func TestDangerNews(t *testing.T) {
	closed := SafeHours{days(code.Monday), "10:00", "11:00"}
	for name, c := range map[string]struct {
		contact Contact
		closed  bool
		want    News
	}{
		"her channel, at any hour":   {Contact{Channels: []SafeChannel{own}, Zone: "UTC", Hours: []SafeHours{closed}, DangerNews: &sisters}, false, News{Channels: []SafeChannel{sisters}}},
		"her channel, without hours": {Contact{DangerNews: &sisters}, false, News{Channels: []SafeChannel{sisters}}},
		"hers first, in the hours":   {Contact{Channels: []SafeChannel{own}, Zone: "UTC", Hours: anyDay, DangerNews: &sisters}, false, News{Channels: []SafeChannel{sisters, own}}},
		"one that is both":           {Contact{Channels: []SafeChannel{own, sisters}, Zone: "UTC", Hours: anyDay, DangerNews: &sisters}, false, News{Channels: []SafeChannel{sisters, own}}},
		"none chosen, in the hours":  {reachable("UTC", anyDay...), false, News{Channels: []SafeChannel{own}}},
		"none chosen, outside":       {reachable("UTC", closed), false, News{Duty: true}},
		"nothing on record":          {Contact{}, false, News{Duty: true}},
		"her contact is closed":      {Contact{Channels: []SafeChannel{own}, Zone: "UTC", Hours: anyDay, DangerNews: &sisters}, true, News{Duty: true}},
	} {
		k := Case{Opening: Opening{Contact: c.contact}}
		if c.closed {
			k.ContactClosed = noon
		}
		if diff := cmp.Diff(c.want, k.News(noon)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	// For nothing else the hours are broken.
	c := Contact{Channels: []SafeChannel{own}, Zone: "UTC", Hours: []SafeHours{closed}, DangerNews: &sisters}
	for _, purpose := range []code.ContactPurpose{code.OrdinaryContact, code.ForAppointment} {
		if got := c.Reach(purpose, noon); len(got.Channels) > 0 || got.Next.IsZero() {
			t.Errorf("%s: %+v", purpose, got)
		}
	}
}
