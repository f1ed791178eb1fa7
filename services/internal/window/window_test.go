package window

import (
	"errors"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// sources are the windows of the base: what the sources say, and no country.
var sources = programmetest.Shipped().Base().Windows

func option(t testing.TB, w programme.Windows, s code.Service, which code.Window, i Incident, now time.Time) Option {
	t.Helper()
	options := For(s, w, i, now)
	n := slices.IndexFunc(options, func(o Option) bool { return o.Window == which })
	if n < 0 {
		t.Fatalf("%s has no window %s", s, which)
	}
	return options[n]
}

func TestHours(t *testing.T) {
	then := at(t, "2026-03-01T10:00:00Z")
	for _, c := range []struct {
		name    string
		service code.Service
		window  code.Window
		after   time.Duration
		want    code.WindowState
	}{
		{"at once", code.HealthMedical, code.WindowPEP, 0, code.WindowOpen},
		{"hour 48", code.HealthMedical, code.WindowPEP, 48 * time.Hour, code.WindowClosingSoon},
		{"hour 71:59", code.HealthMedical, code.WindowPEP, 72*time.Hour - time.Minute, code.WindowClosingSoon},
		{"hour 72:00", code.HealthMedical, code.WindowPEP, 72 * time.Hour, code.WindowPast},
		{"hour 72:01", code.HealthMedical, code.WindowPEP, 72*time.Hour + time.Minute, code.WindowPast},
		{"hour 72:01, the other one", code.HealthMedical, code.WindowContraception, 72*time.Hour + time.Minute, code.WindowOpen},
		// The band "0 to 3 days" loses day 4 when days are counted; hours do not.
		{"day 4", code.HealthMedical, code.WindowPEP, 4 * 24 * time.Hour, code.WindowPast},
		{"day 4, the other one", code.HealthMedical, code.WindowContraception, 4 * 24 * time.Hour, code.WindowClosingSoon},
		{"hour 119:59", code.ForensicExam, code.WindowKit, 120*time.Hour - time.Minute, code.WindowClosingSoon},
		{"hour 120:00", code.ForensicExam, code.WindowUrine, 120 * time.Hour, code.WindowPast},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := option(t, sources, c.service, c.window, Incident{Earliest: then}, then.Add(c.after))
			if o.State != c.want {
				t.Errorf("%s, want %s", o.State, c.want)
			}
		})
	}
}

// The night of a clock change is an hour shorter or longer, and a window is not.
func TestTheNightOfAClockChange(t *testing.T) {
	cairo := zone(t, "Africa/Cairo")
	for _, c := range []struct{ name, incident, closes string }{
		{"forward", "2026-04-23T20:00:00+02:00", "2026-04-26 21:00"},
		{"back", "2026-10-28T20:00:00+03:00", "2026-10-31 19:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			then := at(t, c.incident)
			before := then.Add(72*time.Hour - time.Minute)
			o := option(t, sources, code.HealthMedical, code.WindowPEP, Incident{Earliest: then}, before)
			if got := o.Closes.In(cairo).Format("2006-01-02 15:04"); got != c.closes || o.State != code.WindowClosingSoon {
				t.Errorf("%s at %s, want %s", o.State, got, c.closes)
			}
		})
	}
}

func TestDayWithoutAnHour(t *testing.T) {
	for _, c := range []struct {
		name, zone     string
		year           int
		month          time.Month
		day            int
		earliest, ends string
	}{
		{"a day", "America/Guatemala", 2026, time.November, 20, "2026-11-20T06:00:00Z", "2026-11-21T06:00:00Z"},
		{"no midnight", "Africa/Cairo", 2026, time.April, 24, "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"},
		{"before a day with no midnight", "Africa/Cairo", 2026, time.April, 23, "2026-04-22T22:00:00Z", "2026-04-23T22:00:00Z"},
		{"an hour longer", "Africa/Cairo", 2026, time.October, 29, "2026-10-28T21:00:00Z", "2026-10-29T22:00:00Z"},
		{"midnight twice", "America/Havana", 2026, time.November, 1, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},
		{"over the end of a month", "Asia/Bishkek", 2026, time.February, 28, "2026-02-27T18:00:00Z", "2026-02-28T18:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := Day(c.year, c.month, c.day, zone(t, c.zone))
			if !i.Earliest.Equal(at(t, c.earliest)) || !i.Latest.Equal(at(t, c.ends)) {
				t.Errorf("%s to %s", i.Earliest.UTC(), i.Latest.UTC())
			}
		})
	}
}

// daysAgo is an incident "n days ago", without an hour.
func daysAgo(n int, now time.Time, zone *time.Location) Incident {
	y, m, d := now.In(zone).Date()
	return Day(y, m, d-n, zone).Until(now)
}

// "3 days ago": a Friday evening minus three days is all of Tuesday, and what
// is past counted from its morning may be open counted from its night.
func TestThreeDaysAgoWithNoTime(t *testing.T) {
	now := at(t, "2026-11-20T18:00:00-06:00")
	i := daysAgo(3, now, zone(t, "America/Guatemala"))
	o := option(t, sources, code.HealthMedical, code.WindowPEP, i, now)
	if o.State != code.WindowPast || !o.Closes.Equal(at(t, "2026-11-20T00:00:00-06:00")) {
		t.Errorf("%s at %s: counted from the earliest instant", o.State, o.Closes)
	}
	if until, ok := o.Until(now); !ok || !until.Equal(at(t, "2026-11-21T00:00:00-06:00")) {
		t.Errorf("until %s, %t: it may have been at night", until, ok)
	}
	if got := Raise(code.Standard, []Option{o}, now); got != code.Emergency {
		t.Errorf("urgency %s: it may close at any time", got)
	}
	if today := daysAgo(0, now, zone(t, "America/Guatemala")); !today.Latest.Equal(now) || today.Check(now) != nil {
		t.Errorf("today until %s", today.Latest)
	}
}

func TestRaise(t *testing.T) {
	then := at(t, "2026-03-01T10:00:00Z")
	for _, c := range []struct {
		name    string
		service code.Service
		after   time.Duration
		asked   code.Urgency
		want    code.Urgency
	}{
		{"PEP asks for haste", code.HealthMedical, time.Hour, code.Standard, code.Emergency},
		{"only contraception is left", code.HealthMedical, 80 * time.Hour, code.Standard, code.Urgent},
		{"it closes soon", code.HealthMedical, 100 * time.Hour, code.Standard, code.Emergency},
		{"all is past", code.HealthMedical, 121 * time.Hour, code.Standard, code.Standard},
		{"never lowered", code.HealthMedical, 121 * time.Hour, code.Emergency, code.Emergency},
		{"an emergency stays one", code.ForensicExam, time.Hour, code.Emergency, code.Emergency},
		{"forensic", code.ForensicExam, time.Hour, code.Standard, code.Urgent},
		{"no window", code.LegalAssistance, time.Hour, code.Standard, code.Standard},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := then.Add(c.after)
			if got := Raise(c.asked, For(c.service, sources, Incident{Earliest: then}, now), now); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestACountrysOwnRule(t *testing.T) {
	then := at(t, "2026-03-01T10:00:00Z")
	now := then.Add(80 * time.Hour)
	p := programme.Windows{Soon: 12 * time.Hour, Within: map[code.Window]time.Duration{
		code.WindowForensic: 96 * time.Hour, code.WindowKit: 72 * time.Hour, code.WindowPEP: 72 * time.Hour,
	}}
	i := Incident{Earliest: then}
	if o := option(t, p, code.ForensicExam, code.WindowForensic, i, now); o.State != code.WindowOpen || o.Closes.Sub(then) != 96*time.Hour {
		t.Errorf("%+v", o)
	}
	if o := option(t, p, code.ForensicExam, code.WindowKit, i, now); o.State != code.WindowPast {
		t.Errorf("%+v", o)
	}
	// Unknown is said, and not guessed.
	if o := option(t, sources, code.ForensicExam, code.WindowForensic, i, now); o.State != code.WindowUnknown || !o.Closes.IsZero() {
		t.Errorf("%+v", o)
	}
	if o := option(t, p, code.HealthMedical, code.WindowPEP, Incident{}, now); o.State != code.WindowUnknown {
		t.Errorf("%+v", o)
	}
}

func TestIncidentsThatContradictThemselves(t *testing.T) {
	now := at(t, "2026-03-01T10:00:00Z")
	for name, i := range map[string]Incident{
		"no earliest": {Latest: now}, "backwards": {Earliest: now, Latest: now.Add(-1)}, "ahead": {Earliest: now.Add(1)},
		"to come": {Earliest: now, Latest: now.Add(1)},
	} {
		if err := i.Check(now); !errors.Is(err, ErrInterval) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, i := range []Incident{{}, {Earliest: now}, {Earliest: now.Add(-1), Latest: now}} {
		if err := i.Check(now); err != nil {
			t.Error(err)
		}
	}
}

// As time passes a window only closes, and urgency asked for is never lowered.
func TestWindowsOnlyClose(t *testing.T) {
	states := []code.WindowState{code.WindowOpen, code.WindowClosingSoon, code.WindowPast}
	rapid.Check(t, func(t *rapid.T) {
		then := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "then"), 0)
		i := Incident{Earliest: then, Latest: then.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "span")))}
		first := then.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "first")))
		second := first.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "later")))
		s := rapid.SampledFrom([]code.Service{code.HealthMedical, code.ForensicExam}).Draw(t, "service")
		asked := rapid.SampledFrom(code.Urgencies).Draw(t, "urgency")
		before, after := For(s, sources, i, first), For(s, sources, i, second)
		for n := range before {
			if slices.Index(states, after[n].State) < slices.Index(states, before[n].State) {
				t.Fatalf("%s became %s", before[n].State, after[n].State)
			}
		}
		if slices.Index(code.Urgencies, Raise(asked, after, second)) < slices.Index(code.Urgencies, asked) {
			t.Fatal("urgency was lowered")
		}
	})
}

// Any day of any year begins at its first instant and ends at its last.
func TestEveryDayBeginsWhenTheOneBeforeEnds(t *testing.T) {
	for _, name := range []string{"Africa/Cairo", "America/Havana", "Asia/Gaza", "Asia/Hebron", "Asia/Beirut", "America/Santiago", "Pacific/Apia", "Asia/Kathmandu"} {
		z := zone(t, name)
		for n := range 2 * 366 {
			i := Day(2011, time.January, 1+n, z)
			if length := i.Latest.Sub(i.Earliest); length != 24*time.Hour && length != 23*time.Hour && length != 25*time.Hour && length != 0 {
				t.Errorf("%s: %s takes %s", name, i.Earliest, length)
			}
			if before := i.Earliest.Add(-1).In(z); !i.Earliest.Equal(i.Latest) && before.Day() == i.Earliest.In(z).Day() {
				t.Errorf("%s: %s comes before %s", name, before, i.Earliest)
			}
		}
	}
}
