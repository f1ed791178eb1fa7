package figures_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/services/intake/internal/figures"
)

// What is published is exact, it is all that may be, and nothing else.
func TestWhatIsPublishedIsExact(t *testing.T) {
	divided := 0
	rapid.Check(t, func(t *rapid.T) {
		f := anyFigures(t)
		c := figures.New(f, nil)
		p := anyPeriod(t, c)
		cases := anyCases(t, p)
		got, err := c.Publish(p, c.Count(slices.Values(cases)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(naive(f, p, cases), got); diff != "" {
			t.Fatalf("%+v (-naive +got):\n%s", f, diff)
		}
		for _, table := range got {
			for _, row := range table.Rows {
				if len(row.Cells) > 0 {
					divided++
				}
			}
		}
	})
	if divided < 10 {
		t.Errorf("only %d rows were published: the random catalogues show nothing", divided)
	}
}

// Counts are frozen as JSON: what is published of them does not change.
func TestCountsAreReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := figures.New(anyFigures(t), nil)
		p := anyPeriod(t, c)
		counts := c.Count(slices.Values(anyCases(t, p)))
		first, err := c.Publish(p, counts)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(counts)
		if err != nil {
			t.Fatal(err)
		}
		var again figures.Counts
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		named, ok := c.Named(p.Name)
		if !ok {
			t.Fatalf("%s is no period", p.Name)
		}
		second, err := c.Publish(named, again)
		if diff := cmp.Diff(first, second); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	})
}

func TestWhatIsNoCountIsNotPublished(t *testing.T) {
	c := figures.New(fund(), time.UTC)
	p := c.Period(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	for name, counts := range map[string]figures.Counts{
		"the whole alone":          {"": 20},
		"less than nothing":        {"funded=no/month=11/type=rape": -1},
		"more than there are":      {"funded=no/month=11/type=rape": 1 << 50},
		"a cell that is divided":   {"funded=no/month=11": 20},
		"a cell below the finest":  {"funded=no/month=11/type=rape/sex=male": 20},
		"another order":            {"month=11/funded=no/type=rape": 20},
		"another dimension":        {"funded=no/month=11/sex=male": 20},
		"both in one cell":         {"funded=no/month=11/type=rape": 20, "funded=no/quarter=11/type=rape": 20},
		"no dimension":             {"funded=no//type=rape": 20},
		"a value of nobody":        {"funded=no/month=13/type=rape": 20},
		"a month of another time":  {"funded=no/month=09/type=rape": 20},
		"a fund without a service": {"funded=yes/service=none": 20},
		"no grant of the fund":     {"funded=yes/service=food_service/grant=none": 20},
		"a name for a grant":       {"funded=yes/service=food_service/grant=House of Ana": 20},
	} {
		t.Run(name, func(t *testing.T) {
			if tables, err := c.Publish(p, counts); err != figures.ErrCounts || tables != nil { //nolint:errorlint // it is said as it is
				t.Error(tables, err)
			}
		})
	}
	if _, err := c.Publish(figures.Period{Name: "2026", From: p.From}, figures.Counts{}); err == nil {
		t.Error("a period of another length was published")
	}
	if _, err := (figures.Catalogue{}).Publish(figures.Period{}, figures.Counts{}); err == nil {
		t.Error("no catalogue published something")
	}
}
