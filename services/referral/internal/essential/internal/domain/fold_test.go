package domain

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// installed is a programme whose versions count by these months, each from a day on.
func installed(t interface{ Fatal(...any) }, versions ...any) programme.Installed {
	p := programme.Installed{ID: "guatemala", Country: "GT", Zone: time.FixedZone("", -6*60*60)}
	base := programme.Fields{}
	for i := 0; i < len(versions); i += 2 {
		from, err := time.ParseInLocation(time.DateOnly, versions[i].(string), p.Zone)
		if err != nil {
			t.Fatal(err)
		}
		f := base
		f.Reach = programme.Held[programme.Reach]{Changes: programme.LawFromDate, Is: programme.Reach{Months: versions[i+1].(int), Silent: 50}}
		p.Versions = append(p.Versions, programme.Version{Number: i/2 + 1, From: from, Fields: f})
	}
	return programme.NewSet(base, p).List()[0]
}

func TestPercentiles(t *testing.T) {
	seq := func(n int) (all []uint32) {
		for i := range n {
			all = append(all, uint32(i+1))
		}
		return all
	}
	for _, c := range []struct {
		n, median, ninetieth int
	}{{1, 1, 1}, {2, 1, 2}, {10, 5, 9}, {11, 6, 10}, {100, 50, 90}, {101, 51, 91}} {
		if m, n := percentile(seq(c.n), 50), percentile(seq(c.n), 90); int(m) != c.median || int(n) != c.ninetieth {
			t.Errorf("of 1 to %d: %d and %d, want %d and %d", c.n, m, n, c.median, c.ninetieth)
		}
	}
	for seconds, minutes := range map[uint32]int{
		0: 15, 1: 15, 15 * 60: 15, 15*60 + 1: 30, 4 * 3600: 240, 4*3600 + 1: 300, 48 * 3600: 2880, 48*3600 + 1: 4320,
	} {
		if got := rounded(seconds); got != minutes {
			t.Errorf("%d seconds are told as %d minutes, want %d", seconds, got, minutes)
		}
	}
}

func TestPeriods(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	quarter := installed(t, "2026-01-01", 3)
	changed := installed(t, "2026-01-01", 3, "2026-07-01", 3, "2026-10-15", 1)
	for name, c := range map[string]struct {
		of   programme.Installed
		now  string
		want string
	}{
		"none has passed":            {quarter, "2026-03-31T23:59:59-06:00", ""},
		"the first has":              {quarter, "2026-04-01T00:00:00-06:00", "2026-01-01 2026-04-01"},
		"by the clocks of the place": {quarter, "2026-04-01T05:59:59Z", ""},
		"within the next":            {quarter, "2026-06-30T12:00:00-06:00", "2026-01-01 2026-04-01"},
		"of another year":            {quarter, "2027-02-01T12:00:00-06:00", "2026-10-01 2027-01-01"},
		"another version of the same": {
			changed, "2026-10-02T12:00:00-06:00", "2026-07-01 2026-10-01",
		},
		"another length begins anew":   {changed, "2026-11-02T12:00:00-06:00", ""},
		"and with its first whole one": {changed, "2026-12-01T12:00:00-06:00", "2026-11-01 2026-12-01"},
	} {
		in, _, ok := LastPeriod(c.of, day(c.now))
		got := ""
		if ok {
			got = in.From.Format(time.DateOnly) + " " + in.Until.Format(time.DateOnly)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// An attacker reads the table on each day of two years, also after another length of period came.
// Each figure is of Least referrals or more, and two figures, of whatever days, are of the same
// referrals or of none in common. So no difference of two tables is of fewer, and the answer of one
// referral more changes no figure that was told.
func TestNoDifferenceTellsOfFew(t *testing.T) {
	all := installed(t, "2026-01-01", 1, "2027-01-01", 3, "2027-05-20", 6)
	areas := []string{"", "gt-01", "gt-01-05", "kg-01", "gt-the-north"}
	services := []code.Service{code.Psychosocial, code.SafeHouse}
	begin := time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		f := NewFold(programme.NewSet(programme.Fields{}, all))
		var asks []Answer
		for range rapid.IntRange(0, 200).Draw(t, "asks") {
			a := Answer{
				Country: "GT", Programme: "guatemala", Service: rapid.SampledFrom(services).Draw(t, "service"), Area: rapid.SampledFrom(areas).Draw(t, "area"),
				At: begin.AddDate(0, rapid.IntRange(10, 16).Draw(t, "month"), rapid.IntRange(0, 20).Draw(t, "day")), By: "clinic",
				After: time.Duration(rapid.IntRange(1, 200).Draw(t, "hours")) * time.Hour,
			}
			asks = append(asks, a)
		}
		slices.SortFunc(asks, func(a, b Answer) int { return a.At.Compare(b.At) })
		// behind are the referrals of a figure, as who knows all of them would count.
		behind := func(g Figure, in Period) (of []int) {
			for i, a := range asks {
				if a.Service == g.Service && AreaOf("GT", a.Service, a.Area) == g.Area && !a.At.Before(in.From) && a.At.Before(in.Until) {
					of = append(of, i)
				}
			}
			return of
		}
		told := map[string]Figure{}
		sets := map[string][]int{}
		next := 0
		for day := range 760 {
			now := begin.AddDate(0, 0, day)
			for next < len(asks) && !asks[next].At.After(now) {
				f.Add(asks[next])
				next++
			}
			in, _, ok := LastPeriod(all, now)
			if !ok {
				continue
			}
			for _, g := range f.Figures("GT", "guatemala", in) {
				key := fmt.Sprint(g.Service, g.Area, in.From, in.Until)
				if was, known := told[key]; known && was != g {
					t.Fatalf("a figure that was told moved: %+v, %+v", was, g)
				}
				told[key], sets[key] = g, behind(g, in)
			}
		}
		for a, one := range sets {
			if len(one) < Least {
				t.Fatalf("%s is of %d", a, len(one))
			}
			for b, other := range sets {
				if common := slices.ContainsFunc(one, func(i int) bool { return slices.Contains(other, i) }); common && !slices.Equal(one, other) {
					t.Fatalf("%s and %s are of some referrals in common: %v, %v", a, b, one, other)
				}
			}
		}
		if got := f.Figures("GT", "rainbow", Period{begin, begin.AddDate(2, 0, 0)}); len(got) > 0 {
			t.Fatalf("another programme is told %+v", got)
		}
	})
}

// Ten are told nowhere, eleven are, and a shelter in no area.
func TestElevenAreTold(t *testing.T) {
	p := installed(t, "2026-01-01", 3)
	f := NewFold(programme.NewSet(programme.Fields{}, p))
	add := func(n int, s code.Service, area string) {
		for i := range n {
			f.Add(Answer{
				Country: "GT", Programme: "guatemala", Service: s, Area: area, At: time.Date(2026, 2, 1+i, 12, 0, 0, 0, time.UTC), By: "clinic",
				After: time.Duration(i+1) * time.Hour,
			})
		}
	}
	add(10, code.LegalAssistance, "gt-01")
	add(6, code.Psychosocial, "gt-01")
	add(5, code.Psychosocial, "gt-01-08")
	add(6, code.SafeHouse, "gt-01")
	add(5, code.SafeHouse, "gt-02")
	in, _, _ := LastPeriod(p, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	want := []Figure{{code.SafeHouse, "", 180, 300}, {code.Psychosocial, "GT-01", 180, 300}}
	if d := cmp.Diff(want, f.Figures("GT", "guatemala", in)); d != "" {
		t.Error(d)
	}
	add(1, code.LegalAssistance, "gt-01")
	if got := f.Figures("GT", "guatemala", in); len(got) != 3 {
		t.Errorf("with the eleventh: %+v", got)
	}
}

// Who let expire half of what it was asked does not answer; of ten asks nothing is said.
func TestWhoDoesNotAnswer(t *testing.T) {
	p := installed(t, "2026-01-01", 3)
	f := NewFold(programme.NewSet(programme.Fields{}, p))
	at := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	ask := func(n int, a Answer) {
		a.Country, a.Programme, a.Service, a.At = "GT", "guatemala", code.LegalAssistance, at
		for range n {
			f.Add(a)
		}
	}
	ask(5, Answer{By: "clinic"})
	ask(6, Answer{Silent: []string{"clinic", "defenders"}})
	ask(6, Answer{By: "women"})
	ask(5, Answer{Silent: []string{"women"}})
	in, reach, _ := LastPeriod(p, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	want := []Record{
		{"clinic", code.LegalAssistance, code.AgencySilent}, {"defenders", code.LegalAssistance, code.TooFewAsked}, {"women", code.LegalAssistance, code.AgencyAnswers},
	}
	if d := cmp.Diff(want, f.Records("GT", "guatemala", in, reach.Silent)); d != "" {
		t.Error(d)
	}
}

// What is older than two years leaves the fold.
func TestTheFoldForgets(t *testing.T) {
	f := NewFold(programme.NewSet(programme.Fields{}, installed(t, "2026-01-01", 3)))
	for m := range 60 {
		f.Add(Answer{Country: "GT", Programme: "guatemala", Service: code.Food, At: time.Date(2026, time.Month(1+m), 3, 0, 0, 0, 0, time.UTC), By: "kitchen"})
	}
	f.Add(Answer{Country: "GT", Programme: "guatemala", Service: code.Food, At: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC), By: "kitchen"})
	if len(f.months) != months {
		t.Errorf("it keeps %d months", len(f.months))
	}
}
