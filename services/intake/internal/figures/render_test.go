package figures_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
)

// quarterOf is what may be published of a quarter with 60 cases, of which the fund paid 24, and one month has 4.
func quarterOf(t *testing.T) map[string]figures.Table {
	t.Helper()
	c := figures.New(fund(), time.UTC)
	tables, err := c.Publish(c.Period(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)), figures.Counts{
		"funded=yes/service=food_service/grant=grant_1":      13,
		"funded=yes/service=safehouse_service/grant=grant_1": 11,
		"funded=no/month=10/type=rape":                       11,
		"funded=no/month=10/type=unknown":                    10,
		"funded=no/month=11/type=rape":                       11,
		"funded=no/month=12/type=rape":                       4,
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]figures.Table{}
	for _, table := range tables {
		all[table.Name] = table
	}
	return all
}

func TestCSV(t *testing.T) {
	const withheld = "a_part_is_below_k_or_a_zero_that_tells_something_or_the_whole_row"
	tables := quarterOf(t)
	for name, want := range map[string][]string{
		"cases": {
			"table,period,counted,k,cases,row_total,row,withheld_means",
			"cases,2026-Q4,cases_not_persons,11,60,60,published,",
		},
		"cases_by_funding": {
			"table,period,counted,k,funded,cases,row_total,row,withheld_means",
			"cases_by_funding,2026-Q4,cases_not_persons,11,yes,24,60,published,",
			"cases_by_funding,2026-Q4,cases_not_persons,11,no,36,60,published,",
		},
		"services_by_grant": {
			"table,period,counted,k,funded,service,grant,cases,row_total,row,withheld_means",
			"services_by_grant,2026-Q4,cases_not_persons,11,yes,safehouse_service,,,11,withheld," + withheld,
			"services_by_grant,2026-Q4,cases_not_persons,11,yes,food_service,,,13,withheld," + withheld,
		},
		"cases_by_month": {
			"table,period,counted,k,funded,month,cases,row_total,row,withheld_means",
			"cases_by_month,2026-Q4,cases_not_persons,11,no,,,36,withheld," + withheld,
		},
		"recorder_monthly": {
			"table,period,counted,k,funded,month,type,cases,row_total,row,withheld_means",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(strings.Join(want, "\r\n")+"\r\n", string(tables[name].CSV())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// drawn is what a chart holds: its texts, and the ends of its bars.
type drawn struct {
	Direction string `xml:"direction,attr"`
	Title     string `xml:"title"`
	Desc      string `xml:"desc"`
	Texts     []struct {
		X    int    `xml:"x,attr"`
		Says string `xml:",chardata"`
	} `xml:"text"`
	Rects []struct {
		X     int    `xml:"x,attr"`
		Width int    `xml:"width,attr"`
		Fill  string `xml:"fill,attr"`
		Dash  string `xml:"stroke-dasharray,attr"`
	} `xml:"rect"`
}

func read(t *testing.T, svg string) (d drawn) {
	t.Helper()
	if err := xml.Unmarshal([]byte(svg), &d); err != nil {
		t.Fatal(err)
	}
	tokens := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := tokens.Token(); errors.Is(err, io.EOF) {
			return d
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// A chart says all in words and numbers, so it needs no colour and no eye.
func TestAChartReadsWithoutColour(t *testing.T) {
	tables := quarterOf(t)
	for name, want := range map[string][]string{
		"cases":            {"cases · 2026-Q4", "Cases are counted, not persons.", "The least number of cases that is shown: 11", "Total: 60", "60"},
		"cases_by_funding": {"Total: 60", "yes", "24", "no", "36"},
		"cases_by_month":   {"no · Total: 36", "Withheld"},
		"recorder_monthly": {"Nothing may be published."},
	} {
		t.Run(name, func(t *testing.T) {
			d := read(t, tables[name].SVG(figures.English, "ltr"))
			said := map[string]bool{}
			for _, text := range d.Texts {
				said[text.Says] = true
			}
			for _, text := range want {
				if !said[text] {
					t.Errorf("%q is not among %v", text, said)
				}
			}
			if d.Title == "" || !strings.Contains(d.Desc, "Cases are counted, not persons.") {
				t.Errorf("%q: %q", d.Title, d.Desc)
			}
			for _, bar := range d.Rects[1:] {
				if (bar.Dash == "") != strings.HasPrefix(bar.Fill, "url(#") {
					t.Errorf("%+v: a bar has a pattern, and one that is withheld has dashes", bar)
				}
			}
		})
	}
	d := read(t, tables["cases_by_funding"].SVG(figures.English, "ltr"))
	if !strings.Contains(d.Desc, "Total: 60, yes: 24, no: 36.") {
		t.Errorf("a screen reader hears %q", d.Desc)
	}
	if d.Rects[1].Fill == d.Rects[2].Fill {
		t.Error("two bars that stand together have one pattern")
	}
}

func TestAChartFollowsTheDirection(t *testing.T) {
	table := quarterOf(t)["cases_by_funding"]
	left, right := read(t, table.SVG(figures.English, "ltr")), read(t, table.SVG(figures.English, "rtl"))
	if left.Direction != "ltr" || right.Direction != "rtl" || read(t, table.SVG(figures.English, `"><script>`)).Direction != "ltr" {
		t.Error(left.Direction, right.Direction)
	}
	for i, bar := range left.Rects[1:] {
		if mirrored := right.Rects[i+1]; mirrored.X+mirrored.Width != 720-bar.X || mirrored.Width != bar.Width {
			t.Errorf("%+v is not %+v from the other side", mirrored, bar)
		}
	}
	for i, text := range left.Texts {
		if right.Texts[i].X != 720-text.X {
			t.Errorf("%q begins at %d and not at %d", text.Says, right.Texts[i].X, 720-text.X)
		}
	}
}

func TestAChartEscapesItsWords(t *testing.T) {
	const bad = "<script>alert(1)</script>&\x00\"'"
	svg := quarterOf(t)["cases_by_funding"].SVG(func(_, _ string) string { return bad }, "ltr")
	read(t, svg)
	if strings.Contains(svg, "<script") || strings.Contains(svg, "\x00") {
		t.Error(svg)
	}
}

// The words of the notes are those that a desk has to have.
func TestNotesHaveWords(t *testing.T) {
	for _, note := range []string{figures.CountedCases, figures.WithheldMeans, figures.NoteLeast, figures.NoteTotal, figures.NoteWithheld, figures.NoteNothing} {
		if figures.English(figures.NoteWords, note) == note {
			t.Error(note)
		}
	}
	if got := figures.English(string(code.FigureType), "rape"); got != "rape" {
		t.Error(got)
	}
}
