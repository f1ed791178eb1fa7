package figures_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
)

// fund is the catalogue of a programme with a fund.
func fund() programme.Figures {
	return programmetest.Shipped().For("guatemala", "GT", time.Time{}, time.Time{}).Figures
}

func TestLeaf(t *testing.T) {
	opened := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC) // still November in Guatemala
	for name, test := range map[string]struct {
		one  figures.Contribution
		want string
	}{
		"nothing is known":           {figures.Contribution{Opened: opened}, "funded=no/month=11/type=unknown"},
		"a type":                     {figures.Contribution{Opened: opened, Type: code.Rape, Service: code.Food}, "funded=no/month=11/type=rape"},
		"a type of nobody":           {figures.Contribution{Opened: opened, Type: "=/"}, "funded=no/month=11/type=unknown"},
		"a grant":                    {figures.Contribution{Opened: opened, Service: code.Food, Grant: "grant_1"}, "funded=yes/service=food_service/grant=grant_1"},
		"a grant without a service":  {figures.Contribution{Opened: opened, Grant: "grant_1"}, "funded=no/month=11/type=unknown"},
		"a name instead of a grant":  {figures.Contribution{Opened: opened, Service: code.Food, Grant: "House of Ana"}, "funded=no/month=11/type=unknown"},
		"a grant that ends the path": {figures.Contribution{Opened: opened, Service: code.Food, Grant: "grant_1/x=y"}, "funded=no/month=11/type=unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation("America/Guatemala")
			if err != nil {
				t.Fatal(err)
			}
			if got := figures.New(fund(), zone).Leaf(test.one); got != test.want {
				t.Error(got)
			}
		})
	}
}

func TestPeriod(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Bishkek") // six hours before UTC
	if err != nil {
		t.Fatal(err)
	}
	for length, want := range map[code.FigurePeriod]figures.Period{
		code.ByMonth:   {Name: "2027-01", From: at("2026-12-31T18:00:00Z"), To: at("2027-01-31T18:00:00Z"), Settles: at("2027-04-01T18:00:00Z")},
		code.ByQuarter: {Name: "2027-Q1", From: at("2026-12-31T18:00:00Z"), To: at("2027-03-31T18:00:00Z"), Settles: at("2027-05-30T18:00:00Z")},
		code.ByYear:    {Name: "2027", From: at("2026-12-31T18:00:00Z"), To: at("2027-12-31T18:00:00Z"), Settles: at("2028-02-29T18:00:00Z")},
	} {
		f := fund()
		f.Period = length
		c := figures.New(f, zone)
		for _, instant := range []time.Time{want.From, want.From.Add(time.Hour), want.From.Add(30 * 24 * time.Hour)} {
			if diff := cmp.Diff(want, c.Period(instant)); diff != "" {
				t.Error(length, diff)
			}
		}
		if p := c.Period(want.From.Add(-time.Second)); p.Name == want.Name || !p.To.Equal(want.From) {
			t.Error(length, p)
		}
		if want.Settled(want.Settles.Add(-time.Second)) || !want.Settled(want.Settles) {
			t.Error(length, "settles at another time")
		}
		if p, ok := c.Named(want.Name); !ok || !cmp.Equal(p, want) {
			t.Error(length, p, ok)
		}
		for _, name := range []string{"", "2027-00", "2027-13", "2027-Q0", "2027-Q5", "2027-Q", "20270", "27", "2027-01-01", "2027-1", " 2027", "2027-Q1 ", "-027", "+2027", "2027-+1"} {
			if _, ok := c.Named(name); ok {
				t.Errorf("%s: %q is a period", length, name)
			}
		}
	}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err) // it is written here
	}
	return t
}

// Whenever versions with other periods come, each case is in one period, and no two periods overlap.
func TestNoTwoPeriodsCountTheSameCase(t *testing.T) {
	changed := 0
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", 3600*rapid.IntRange(-11, 12).Draw(t, "zone"))
		version := func(number int, from time.Time) programme.Version {
			v := programme.Version{Number: number, From: from}
			v.Fields.Figures.Is = programme.Figures{Period: rapid.SampledFrom(code.FigurePeriods).Draw(t, "period"), Settles: 24 * time.Hour, K: 11, Tables: []programme.FigureTable{{Name: strconv.Itoa(number), For: code.FiguresPublic}}}
			return v
		}
		versions := []programme.Version{version(1, time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 1, 0, 0, 0, 0, zone))}
		for range rapid.IntRange(0, 6).Draw(t, "versions") {
			last := versions[len(versions)-1]
			next := version(last.Number+1, last.From.AddDate(0, rapid.IntRange(1, 6).Draw(t, "later"), rapid.SampledFrom([]int{0, 0, 0, 9}).Draw(t, "days")))
			if was, is := last.Fields.Figures.Is, next.Fields.Figures.Is; programme.FiguresFollow(was, is, next.From) {
				versions = append(versions, next)
				if was.Period != is.Period {
					changed++
				}
			}
		}
		set := programme.NewSet(programme.Fields{}, programme.Installed{ID: "alpha", Country: "GT", Zone: zone, Versions: versions})
		type counted struct {
			version int
			is      figures.Period
		}
		var before *counted
		for week := range 4 * 53 {
			opened := versions[0].From.Add(time.Duration(week)*7*24*time.Hour - time.Second)
			c, number, p := figures.For(set, "alpha", "GT", opened)
			if !p.Has(opened) || c.Tables()[0].Name != strconv.Itoa(number) {
				t.Fatalf("%v is not in %+v, or not under version %d", opened, p, number)
			}
			now := &counted{number, p}
			if before != nil && !cmp.Equal(*before, *now, cmp.AllowUnexported(counted{})) && !before.is.To.Equal(p.From) {
				t.Fatalf("%+v goes over into %+v", *before, *now)
			}
			before = now
		}
	})
	if changed == 0 {
		t.Error("no version changed the period")
	}
}

// A case is withdrawn, or opened, while others are; each period is closed once and each of its tables is released
// once. No two releases differ by her: of her period she is behind all of them or none, of others never.
func TestNoPairOfReleasesDiffersByHer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFigures(t)
		f.Period = code.ByMonth
		f.Tables = slices.DeleteFunc(f.Tables, func(t programme.FigureTable) bool { return t.Parent != "" }) // months of a month are no catalogue
		f.Tables = append(f.Tables, programme.FigureTable{Name: "sexes", Parent: "all", Columns: code.FigureSex, For: code.FiguresFund, Zeros: true})
		c := figures.New(f, nil)
		var cases []figures.Contribution
		for month := 1; month <= 3; month++ {
			cases = append(cases, anyCases(t, c.Period(time.Date(2026, time.Month(month), 3, 0, 0, 0, 0, time.UTC)))...)
		}
		her := rapid.IntRange(0, len(cases)-1).Draw(t, "her")
		withdrawn := at("2026-01-01T00:00:00Z").AddDate(0, 0, rapid.IntRange(0, 300).Draw(t, "withdrawn"))
		// history is what is released when she is there until she withdraws; never is what is when she never was.
		history := func(without func(closed time.Time) bool) (all []figures.Table) {
			for month := 1; month <= 3; month++ {
				p := c.Period(time.Date(2026, time.Month(month), 3, 0, 0, 0, 0, time.UTC))
				var counted []figures.Contribution
				for i, one := range cases {
					if p.Has(one.Opened) && !(i == her && without(p.Settles)) {
						counted = append(counted, one)
					}
				}
				tables, err := c.Publish(p, c.Count(slices.Values(counted)))
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, tables...)
			}
			return all
		}
		got := history(func(closed time.Time) bool { return !withdrawn.After(closed) })
		with := history(func(time.Time) bool { return false })
		never := history(func(time.Time) bool { return true })
		hers := c.Period(cases[her].Opened)
		want := never
		if withdrawn.After(hers.Settles) {
			want = with
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("part of what was released has her, and part has not:\n%s", diff)
		}
		for i := range with {
			if with[i].Period != hers.Name && !cmp.Equal(with[i], never[i]) {
				t.Errorf("%s of %s tells of a case of %s", with[i].Name, with[i].Period, hers.Name)
			}
		}
	})
}

func TestShippedCataloguesAreCatalogues(t *testing.T) {
	shipped := programmetest.Shipped()
	all := map[string]programme.Figures{"base": shipped.Base().Figures}
	for _, p := range shipped.List() {
		all[p.ID] = p.Versions[0].Fields.Figures.Is
	}
	for id, f := range all {
		if wrong := f.Wrong(); len(wrong) > 0 {
			t.Error(id, wrong)
		}
		if _, ok := f.Table("recorder_monthly"); !ok {
			t.Error(id, "has no monthly report of the Incident Recorder")
		}
		for _, table := range f.Tables {
			if strings.TrimSpace(table.Words["en"]) == "" {
				t.Errorf("%s: %s has no words", id, table.Name)
			}
		}
	}
}
