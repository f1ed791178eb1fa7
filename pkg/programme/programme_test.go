package programme_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

var (
	march = time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	june  = time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	later = time.Date(2027, 9, 1, 0, 0, 0, 0, time.UTC)
)

// two is a programme whose second version changes one number, in one of the ways.
func two(was, is time.Duration, way programme.Changes) programme.Set {
	first, second := programmetest.Base(), programmetest.Base()
	first.Reflection.Is = was
	second.Reflection = programme.Held[time.Duration]{Changes: way, Is: is}
	return programme.NewSet(programmetest.Base(), programme.Installed{ID: "alpha", Country: "GT", Zone: time.UTC, Versions: []programme.Version{
		{Number: 1, From: march, Fields: first}, {Number: 2, From: june, Fields: second},
	}})
}

// A programme changes while a case is open: each field as it says. What is opened afterwards has
// the new version alone.
func TestAChangeMeetsWhatIsOpen(t *testing.T) {
	const month, quarter = 30 * 24 * time.Hour, 90 * 24 * time.Hour
	for name, c := range map[string]struct {
		was, is time.Duration
		way     programme.Changes
		open    time.Duration
	}{
		"as opened":           {month, quarter, programme.AsOpened, month},
		"law from date":       {month, quarter, programme.LawFromDate, quarter},
		"the lesser, longer":  {month, quarter, programme.Min, month},
		"the lesser, shorter": {quarter, month, programme.Min, month},
		"the greater, longer": {month, quarter, programme.Max, quarter},
		"the greater, less":   {quarter, month, programme.Max, quarter},
	} {
		s := two(c.was, c.is, c.way)
		if got := s.For("alpha", "GT", march.AddDate(0, 1, 0), june.Add(-1)).Reflection; got != c.was {
			t.Errorf("%s, before: %s", name, got)
		}
		if got := s.For("alpha", "GT", march.AddDate(0, 1, 0), june).Reflection; got != c.open {
			t.Errorf("%s, open: %s, want %s", name, got, c.open)
		}
		if got := s.For("alpha", "GT", june, later).Reflection; got != c.is {
			t.Errorf("%s, opened since: %s, want %s", name, got, c.is)
		}
	}
}

// Of what is open, min never grows and max never shrinks, over any number of versions; and it is
// never before the first version, nor behind the last.
func TestMinAndMaxOverManyVersions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.Int64Range(1, 1000), 1, 6).Draw(t, "lengths")
		way := rapid.SampledFrom([]programme.Changes{programme.Min, programme.Max}).Draw(t, "way")
		var versions []programme.Version
		for i, n := range lengths {
			f := programmetest.Base()
			f.Reflection = programme.Held[time.Duration]{Changes: way, Is: time.Duration(n)}
			versions = append(versions, programme.Version{Number: i + 1, From: march.AddDate(0, i, 0), Fields: f})
		}
		s := programme.NewSet(programmetest.Base(), programme.Installed{ID: "alpha", Country: "GT", Zone: time.UTC, Versions: versions})
		opened := rapid.IntRange(0, len(lengths)-1).Draw(t, "opened")
		now := rapid.IntRange(opened, len(lengths)-1).Draw(t, "now")
		want := slices.Min(lengths[opened : now+1])
		if way == programme.Max {
			want = slices.Max(lengths[opened : now+1])
		}
		if got := s.For("alpha", "GT", march.AddDate(0, opened, 0), march.AddDate(0, now, 0)).Reflection; got != time.Duration(want) {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}

// Windows meet hour by hour; one that only one version has stays.
func TestWindowsMeetHourByHour(t *testing.T) {
	first, second := programmetest.Base(), programmetest.Base()
	first.Windows.Is = programme.Windows{Soon: time.Hour, Within: map[code.Window]time.Duration{code.WindowPEP: 72, code.WindowKit: 50}}
	second.Windows = programme.Held[programme.Windows]{Changes: programme.Max, Is: programme.Windows{Soon: 2 * time.Hour, Within: map[code.Window]time.Duration{code.WindowPEP: 48, code.WindowForensic: 96}}}
	s := programme.NewSet(programmetest.Base(), programme.Installed{ID: "alpha", Country: "GT", Zone: time.UTC, Versions: []programme.Version{
		{Number: 1, From: march, Fields: first}, {Number: 2, From: june, Fields: second},
	}})
	w := s.For("alpha", "GT", march, june).Windows
	if w.Within[code.WindowPEP] != 72 || w.Within[code.WindowKit] != 50 || w.Within[code.WindowForensic] != 96 || w.Soon != 2*time.Hour {
		t.Errorf("%+v", w)
	}
}

// Nothing is opened under what is not installed, and what was is judged by the base.
func TestWhatIsNotInstalled(t *testing.T) {
	s := two(1, 2, programme.Max)
	for name, c := range map[string]struct {
		id      string
		country code.Country
		now     time.Time
	}{
		"unknown": {"beta", "GT", june}, "of another country": {"alpha", "MX", june}, "not yet": {"alpha", "GT", march.Add(-1)},
	} {
		if _, err := s.Opening(c.id, c.country, c.now); fault.Of(err).Code != programme.ErrUnknown.Code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p, err := s.Opening("alpha", "GT", june); err != nil || p.ID != "alpha" {
		t.Errorf("%+v, %v", p, err)
	}
	if got, base := s.For("beta", "GT", march, june), s.Base(); got.ID != "" || got.Hold != base.Hold || !got.Uses(code.Food) {
		t.Errorf("an old record of no programme: %+v", got)
	}
	var none programme.Set
	if p := none.For("alpha", "GT", march, june); none.Known() || p.Uses(code.Food) || p.Opens(code.Hotline) {
		t.Error("nothing allows something")
	}
}

// What two programmes of a country do not agree on, nobody guesses.
func TestWhatTheProgrammesOfACountryAgreeOn(t *testing.T) {
	made := func(id string, country code.Country, zone string) programme.Installed {
		f := programmetest.Base()
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		f.Week.Is = programme.Week{Days: []time.Weekday{time.Monday}, Opens: 9 * time.Hour, Closes: 17 * time.Hour, Zone: place}
		return programme.Installed{ID: id, Country: country, Zone: time.UTC, Versions: []programme.Version{{Number: 1, Fields: f}}}
	}
	week := func(p programme.Programme) programme.Week { return p.Week }
	for name, c := range map[string]struct {
		all  []programme.Installed
		want bool
	}{
		"none":                 {nil, false},
		"one":                  {[]programme.Installed{made("alpha", "MX", "America/Mexico_City")}, true},
		"alike":                {[]programme.Installed{made("alpha", "MX", "America/Mexico_City"), made("beta", "MX", "America/Mexico_City")}, true},
		"not alike":            {[]programme.Installed{made("alpha", "MX", "America/Mexico_City"), made("beta", "MX", "America/Tijuana")}, false},
		"another country only": {[]programme.Installed{made("alpha", "GT", "America/Guatemala")}, false},
	} {
		if _, ok := programme.In(programme.NewSet(programmetest.Base(), c.all...), "MX", june, june, week, programme.Week.Same); ok != c.want {
			t.Errorf("%s: %t", name, ok)
		}
	}
}

// What the programmes of a country agree on meets what has begun as the field says. A version has a
// number, also for what was opened before the first held; the base has none.
func TestWhatHasBegunInACountry(t *testing.T) {
	for way, want := range map[programme.Changes]time.Duration{programme.AsOpened: 1, programme.Min: 1, programme.Max: 2, programme.LawFromDate: 2} {
		got, ok := programme.In(two(1, 2, way), "GT", march, june,
			func(p programme.Programme) time.Duration { return p.Reflection }, func(a, b time.Duration) bool { return a == b })
		if !ok || got != want {
			t.Errorf("%s: %d, %t", way, got, ok)
		}
	}
	s := two(1, 2, programme.Max)
	for _, c := range []struct {
		id      string
		country code.Country
		opened  time.Time
		want    int
	}{{"alpha", "GT", march, 1}, {"alpha", "GT", june, 2}, {"alpha", "GT", march.AddDate(-1, 0, 0), 1}, {"alpha", "MX", june, 0}, {"beta", "GT", june, 0}} {
		if got := s.VersionOf(c.id, c.country, c.opened); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Offices are asked while they are open: a working day from Friday at three in the afternoon ends
// on Monday at three; holidays and the end of summer time count.
func TestOpenHours(t *testing.T) {
	weekdays := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	guatemala := programme.Week{
		Days: weekdays, Opens: 8 * time.Hour, Closes: 16 * time.Hour, Zone: zone(t, "America/Guatemala"),
		Holidays: []programme.Holiday{{Month: time.September, Day: 15}, {Year: 2027, Month: time.March, Day: 26}},
	}
	cairo := programme.Week{Days: []time.Weekday{time.Thursday, time.Friday}, Opens: 0, Closes: 4 * time.Hour, Zone: zone(t, "Africa/Cairo")}
	for name, c := range map[string]struct {
		week programme.Week
		from string
		days float64
		want string
	}{
		"a day over the weekend":          {guatemala, "2026-03-06T15:00:00-06:00", 1, "2026-03-09T15:00:00-06:00"},
		"five days":                       {guatemala, "2026-03-06T15:00:00-06:00", 5, "2026-03-13T15:00:00-06:00"},
		"at night":                        {guatemala, "2026-03-09T23:00:00-06:00", 1, "2026-03-10T16:00:00-06:00"},
		"before it opens":                 {guatemala, "2026-03-09T05:00:00-06:00", 0.5, "2026-03-09T12:00:00-06:00"},
		"a holiday of each year":          {guatemala, "2026-09-14T12:00:00-06:00", 1, "2026-09-16T12:00:00-06:00"},
		"a holiday of one year":           {guatemala, "2027-03-25T12:00:00-06:00", 1, "2027-03-29T12:00:00-06:00"},
		"that day in another year":        {guatemala, "2026-03-25T12:00:00-06:00", 1, "2026-03-26T12:00:00-06:00"},
		"a night that is an hour shorter": {cairo, "2026-04-23T23:00:00+02:00", 1, "2026-04-30T01:00:00+03:00"},
	} {
		from, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		want, err := time.Parse(time.RFC3339, c.want)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.week.After(from, time.Duration(c.days*float64(24*time.Hour))); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", name, got.In(c.week.Zone), c.want)
		}
	}
}

// However the days lie, more time never ends earlier, and nothing ends while the office is closed.
func TestOpenHoursOnlyGrow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 1, 7, rapid.ID[int]).Draw(t, "days")
		name := rapid.SampledFrom([]string{"Africa/Cairo", "Asia/Bishkek", "America/Guatemala", "Pacific/Apia", "Asia/Hebron"}).Draw(t, "zone")
		place, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		w := programme.Week{Opens: 8 * time.Hour, Closes: 16 * time.Hour, Zone: place}
		for _, d := range days {
			w.Days = append(w.Days, time.Weekday(d))
		}
		from := time.Unix(rapid.Int64Range(1.2e9, 2e9).Draw(t, "from"), 0)
		short := time.Duration(rapid.Int64Range(1e6, 1e15).Draw(t, "short"))
		long := short + time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "more"))
		a, b := w.After(from, short), w.After(from, long)
		if b.Before(a) || a.Before(from) {
			t.Fatalf("%s, then %s", a, b)
		}
		local := a.Add(-1).In(place)
		date := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
		if hour := local.Hour(); !w.Open(date) || hour < 8 || hour >= 16 {
			t.Fatalf("it ends at %s", local)
		}
	})
}
