package chart_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/chart"
)

// drawn is what a chart holds.
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
		Dash  string `xml:"stroke-dasharray,attr"`
	} `xml:"rect"`
}

func read(t *testing.T, c chart.Chart) (d drawn) {
	t.Helper()
	if err := xml.Unmarshal([]byte(c.SVG()), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// What an eye sees, an ear hears: each number with its words, and of a row that is withheld that it is.
func TestAChartIsReadAloud(t *testing.T) {
	c := chart.Chart{ID: "one", Title: "Cases", Notes: []string{"Cases are counted."}, Nothing: "Nothing.", Rows: []chart.Row{
		{Words: "Women, 36", Total: 36, Bars: []chart.Bar{{"yes", 24}, {"no", 12}}},
		{Words: "Men, 18", Total: 18, Withheld: "Withheld"},
		{Words: "All, 54", Total: 54, Bars: []chart.Bar{{Count: 54}}},
	}}
	d := read(t, c)
	if want := "Cases are counted. Women, 36, yes: 24, no: 12. Men, 18, Withheld. All, 54."; d.Desc != want || d.Title != "Cases" {
		t.Errorf("%q: %q", d.Title, d.Desc)
	}
	// The first is the paper, and the longest bar is the greatest number.
	bars := d.Rects[1:]
	if len(bars) != 4 || bars[2].Dash == "" || bars[0].Dash != "" || bars[0].Width*54 > bars[3].Width*24 || bars[3].Width <= bars[0].Width {
		t.Errorf("%+v", bars)
	}
	c.RightToLeft = true
	for i, bar := range read(t, c).Rects[1:] {
		if bar.X+bar.Width != 720-bars[i].X {
			t.Errorf("%+v is not %+v from the other side", bar, bars[i])
		}
	}
	c.Rows = nil
	if texts := read(t, c).Texts; texts[len(texts)-1].Says != "Nothing." {
		t.Errorf("%+v", texts)
	}
}

func TestAChartEscapesItsWords(t *testing.T) {
	const bad = "\"><script>alert(1)</script>&\x00'"
	c := chart.Chart{ID: bad, Title: bad, Notes: []string{bad}, Rows: []chart.Row{{Words: bad, Total: 1, Bars: []chart.Bar{{bad, 1}}}, {Words: bad, Withheld: bad}}}
	read(t, c)
	if svg := c.SVG(); strings.Contains(svg, "<script") || strings.Contains(svg, "\x00") {
		t.Error(svg)
	}
}
