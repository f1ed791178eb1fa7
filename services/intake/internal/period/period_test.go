package period

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

var (
	tables = []programme.FigureTable{
		{Name: "cases", For: code.FiguresPublic},
		{Name: "by_sex", Parent: "cases", Columns: code.FigureSex, For: code.FiguresNetwork},
		{Name: "by_type", Parent: "by_sex", Columns: code.FigureType, For: code.FiguresCoordination, Zeros: true},
		{Name: "by_service", Parent: "by_type", Columns: code.FigureService, For: code.FiguresFund, Zeros: true},
	}
	begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	later = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	set   = of(code.ByQuarter)
)

// of is a set whose programme counts by a period from the beginning of the year on.
func of(period code.FigurePeriod, then ...code.FigurePeriod) programme.Set {
	fields := func(by code.FigurePeriod) programme.Fields {
		f := programmetest.Base()
		f.Figures.Is = programme.Figures{Period: by, Settles: 10 * 24 * time.Hour, K: 11, Tables: tables}
		return f
	}
	installed := programme.Installed{ID: "guatemala", Country: "GT", Zone: time.UTC, Versions: []programme.Version{
		{Number: 1, From: begin, Status: code.Signed, Fields: fields(period)},
	}}
	for i, by := range then {
		installed.Versions = append(installed.Versions, programme.Version{Number: 2 + i, From: begin.AddDate(0, 1, 14), Status: code.Signed, Fields: fields(by)})
	}
	return programme.NewSet(programmetest.Base(), installed)
}

func person1(subject string) fact.By {
	return fact.By{Principal: subject, Agency: "coordination", Roles: []string{"coordinator"}, Country: "GT", Programme: "guatemala", At: later.AddDate(0, 0, 10)}
}

// on is what the end of the first quarter hangs on, with as many women and men.
func on(women, men int) On {
	is, _ := Find(set, "guatemala", "2026-Q1")
	return On{Of: is, Counts: is.Catalogue.Count(func(yield func(figures.Contribution) bool) {
		for i := range women + men {
			c := figures.Contribution{Opened: begin.Add(time.Hour), Sex: code.Female, Type: code.Rape}
			if i >= women {
				c.Sex = code.Male
			}
			if !yield(c) {
				return
			}
		}
	})}
}

var first = Close{Programme: "guatemala", Period: "2026-Q1"}

func after(p Period, events []fact.Event) Period {
	for _, e := range events {
		e.At = later
		p = p.Evolve(e)
	}
	return p
}

func closed(t *testing.T, women, men int) Period {
	t.Helper()
	events, err := Period{}.Close(person1("ana"), first, on(women, men))
	if err != nil {
		t.Fatal(err)
	}
	return after(Period{}, events)
}

func TestWhoClosesAPeriodAndWhen(t *testing.T) {
	outage := errors.New("outage")
	for name, c := range map[string]struct {
		of   Period
		by   func(*fact.By)
		on   func(*On)
		want error
	}{
		"settled":               {},
		"not settled":           {by: func(b *fact.By) { b.At = b.At.Add(-1) }, want: ErrNotSettled},
		"closed":                {of: closed(t, 20, 20), want: ErrClosed},
		"days in common":        {on: func(o *On) { o.Overlaps = true }, want: ErrClosed},
		"no coordinator":        {by: func(b *fact.By) { b.Roles = []string{"supervisor"} }, want: ErrNotCoordinator},
		"coordinates nothing":   {by: func(b *fact.By) { b.Country = "" }, want: coordination.ErrNowhere},
		"another programme":     {by: func(b *fact.By) { b.Programme = "other" }, want: ErrFigures},
		"another country":       {by: func(b *fact.By) { b.Country = "KG" }, want: coordination.ErrElsewhere},
		"something is not read": {on: func(o *On) { o.Err = outage }, want: outage},
	} {
		by, on := person1("ana"), on(20, 20)
		if c.by != nil {
			c.by(&by)
		}
		if c.on != nil {
			c.on(&on)
		}
		events, err := c.of.Close(by, first, on)
		if !errors.Is(err, c.want) || (err == nil) != (len(events) == 1) {
			t.Errorf("%s: %d events, %v, want %v", name, len(events), err, c.want)
		}
	}
}

func TestWhoReleasesATable(t *testing.T) {
	p := closed(t, 20, 30)
	release := Releasing(set)
	same, elsewhere := person1("ana"), person1("eva")
	elsewhere.Programme, elsewhere.Country = "other", "KG"
	for name, c := range map[string]struct {
		by   fact.By
		name string
		want *fault.Error
	}{
		"who closed it":  {same, "cases", ErrSamePerson},
		"of another one": {elsewhere, "cases", coordination.ErrElsewhere},
		"no such table":  {person1("eva"), "by_age", ErrFigures},
	} {
		if events, err := release(p, c.by, Table{c.name}); fault.Of(err).Code != c.want.Code || len(events) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	events, err := release(p, person1("eva"), Table{"by_sex"})
	if err != nil {
		t.Fatal(err)
	}
	d := events[0].Data.(intakev1.TableReleased)
	want := []intakev1.FigureRow{{Path: []intakev1.FigureValue{}, Total: 50, Cells: []intakev1.FigureCell{}, Withheld: true}}
	if d.Version != 1 || d.K != 11 || d.Period != "2026-Q1" || d.For != code.FiguresNetwork {
		t.Errorf("%+v", d)
	}
	// A sex that is not known is a zero that tells something: the row is withheld as a whole.
	if diff := cmp.Diff(want, d.Rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p = after(p, events)
	if _, err := release(p, person1("eva"), Table{"by_sex"}); fault.Of(err).Code != ErrReleased.Code {
		t.Errorf("a second time: %v", err)
	}
	// Coordinators of the programme see who approved what, and nobody sees a count.
	another := person1("zoe")
	another.Programme = "rainbow"
	for _, c := range []struct {
		by   fact.By
		told bool
	}{{person1("eva"), true}, {another, false}, {fact.By{Principal: "x", Agency: "y"}, false}} {
		view, _ := json.Marshal(p.View(c.by))
		shown, ok := p.Shows(c.by, "by_sex")
		text, _ := json.Marshal(shown)
		if !ok || strings.Contains(string(view), "counts") {
			t.Errorf("%s: the view %s", c.by.Principal, view)
		}
		if strings.Contains(string(view), "coordination/ana") != c.told || strings.Contains(string(view), "coordination/eva") != c.told || strings.Contains(string(text), "coordination/eva") != c.told {
			t.Errorf("%s: the view %s, the table %s", c.by.Principal, view, text)
		}
	}
}

// Each audience sees its own; all else is as if it were not there.
func TestWhoSeesATable(t *testing.T) {
	p := closed(t, 40, 40)
	if p.Visible(fact.By{Principal: fact.Anonymous}) || p.Visible(fact.By{Principal: "x", Agency: "y"}) || !p.Visible(person1("eva")) {
		t.Error("who knows of a period before a table is released")
	}
	for _, table := range tables {
		events, err := Releasing(set)(p, person1("eva"), Table{table.Name})
		if err != nil {
			t.Fatal(err)
		}
		p = after(p, events)
	}
	other := person1("zoe")
	other.Programme = "rainbow"
	got := map[string]string{}
	for name, by := range map[string]fact.By{
		"anybody": {Principal: fact.Anonymous}, "an agency": {Principal: "x", Agency: "y", Roles: []string{"caseworker"}},
		"coordinator": person1("eva"), "of another programme": other, "the fund": {Principal: "z", Agency: "fund", Roles: []string{"fund_manager"}},
	} {
		var sees []string
		for _, table := range append([]programme.FigureTable{{Name: "none"}}, tables...) {
			if _, ok := p.Shows(by, table.Name); ok {
				sees = append(sees, table.Name)
			}
		}
		got[name] = strings.Join(sees, " ")
	}
	want := map[string]string{
		"anybody": "cases", "an agency": "cases by_sex", "coordinator": "cases by_sex by_type by_service", "of another programme": "cases by_sex",
		"the fund": "cases by_sex by_service",
	}
	if diff := cmp.Diff(want, got); diff != "" || !p.Closed() {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever the lengths of the periods are, and when they change: an instant is in at most one period
// that can be closed beside the others, so no case is counted twice.
func TestACaseIsInOnePeriodThatIsClosed(t *testing.T) {
	lengths := rapid.SampledFrom([]code.FigurePeriod{code.ByMonth, code.ByQuarter, code.ByYear})
	rapid.Check(t, func(t *rapid.T) {
		set := of(lengths.Draw(t, "first"), lengths.Draw(t, "then"))
		now := begin.AddDate(2, rapid.IntRange(0, 11).Draw(t, "months"), 0)
		var all []Period
		for _, is := range rapid.Permutation(Settled(set, "guatemala", now)).Draw(t, "in any order") {
			overlaps := false
			for _, p := range all {
				overlaps = overlaps || p.Overlaps(is)
			}
			by := person1("ana")
			by.At = now
			events, err := Period{}.Close(by, Close{"guatemala", is.Name}, On{Of: is, Overlaps: overlaps})
			if err == nil {
				all = append(all, after(Period{}, events))
			}
			if found, ok := Find(set, "guatemala", is.Name); !ok || found.Version != is.Version || !found.From.Equal(is.From) {
				t.Fatalf("%s is not found as it is", is.Name)
			}
		}
		opened := begin.Add(time.Duration(rapid.IntRange(0, 700*24).Draw(t, "hours")) * time.Hour)
		in := 0
		for _, p := range all {
			if !opened.Before(p.From) && opened.Before(p.To) {
				in++
			}
		}
		if in > 1 {
			t.Fatalf("%s is in %d periods", opened, in)
		}
	})
}
