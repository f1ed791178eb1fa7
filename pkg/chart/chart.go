// Package chart draws numbers as bars, in SVG. A chart reads without colour, aloud, and in both
// directions. It refuses to know what is counted: who draws one gives it every word.
package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Chart is a drawing of rows of numbers. Its texts may hold anything: it escapes them.
type Chart struct {
	// ID begins the identifiers in it, so that several stand on one page. It is a name of ours.
	ID    string
	Title string
	// Notes stand under the title.
	Notes []string
	Rows  []Row
	// Nothing is what a chart without a row says.
	Nothing string
	// RightToLeft has the bars and the words begin on the right.
	RightToLeft bool
}

// Row is a total and what it is divided into.
type Row struct {
	Words string
	Total int
	Bars  []Bar
	// Withheld is what a row says that is not divided: its bar is an outline in dashes. Empty for others.
	Withheld string
}

// Bar is one number. Without words it is that of its row.
type Bar struct {
	Words string
	Count int
}

// The measures of a chart, in pixels.
const (
	full   = 720
	margin = 16
	number = 120 // what is kept free beside the longest bar
	line   = 22
	bar    = 16
)

// SVG is the chart. Each bar has its words above it and its number beside it, and patterns tell
// neighbours apart. It has a title and a description for a screen reader.
func (c Chart) SVG() string {
	d := drawing{id: c.ID, rtl: c.RightToLeft, most: 1}
	for _, row := range c.Rows {
		d.most = max(d.most, row.Total)
	}
	d.text("16", "bold", c.Title)
	for _, note := range c.Notes {
		for _, one := range lines(note) {
			d.text("12", "normal", one)
		}
	}
	if len(c.Rows) == 0 {
		d.text("14", "normal", c.Nothing)
	}
	for _, row := range c.Rows {
		d.row(row)
	}
	var out strings.Builder
	height := d.y + margin
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" direction="%s" font-family="sans-serif" role="img" aria-labelledby="%s-title %s-desc">`,
		full, height, full, height, d.direction(), escaped(c.ID), escaped(c.ID))
	fmt.Fprintf(&out, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc><defs>`, escaped(c.ID), escaped(c.Title), escaped(c.ID), escaped(strings.Join(append(slices.Clip(c.Notes), c.spoken()...), " ")))
	for i, p := range patterns {
		fmt.Fprintf(&out, `<pattern id="%s-%d" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#fff"/><path d="%s" stroke="#222" stroke-width="1.5" fill="none"/></pattern>`, escaped(c.ID), i, p)
	}
	fmt.Fprintf(&out, `</defs><rect width="%d" height="%d" fill="#fff"/>%s</svg>`, full, height, d.drawn.String())
	return out.String()
}

// patterns are drawn on white: lines that fall, lines that stand, a grid, lines that lie.
var patterns = []string{"M-2 2L2 -2M0 8L8 0M6 10L10 6", "M4 0V8", "M0 4H8M4 0V8", "M0 4H8"}

// spoken is each row in words.
func (c Chart) spoken() (all []string) {
	for _, row := range c.Rows {
		said := []string{row.Words}
		if row.Withheld != "" {
			said = append(said, row.Withheld)
		}
		for _, b := range row.Bars {
			if b.Words != "" {
				said = append(said, b.Words+": "+strconv.Itoa(b.Count))
			}
		}
		all = append(all, strings.Join(said, ", ")+".")
	}
	return all
}

// drawing is made from the top down.
type drawing struct {
	id    string
	drawn strings.Builder
	y     int
	most  int
	rtl   bool
}

func (d *drawing) direction() string {
	if d.rtl {
		return "rtl"
	}
	return "ltr"
}

func (d *drawing) row(row Row) {
	d.y += line / 2
	d.text("14", "bold", row.Words)
	if row.Withheld != "" {
		d.bar(row.Total, -1, row.Withheld)
	}
	for i, one := range row.Bars {
		if one.Words != "" {
			d.text("13", "normal", one.Words)
		}
		d.bar(one.Count, i%len(patterns), strconv.Itoa(one.Count))
	}
}

// text is one line. Its start is on the left or on the right, by the direction.
func (d *drawing) text(size, weight, words string) {
	d.y += line
	x := margin
	if d.rtl {
		x = full - margin
	}
	fmt.Fprintf(&d.drawn, `<text x="%d" y="%d" font-size="%s" font-weight="%s" fill="#111">%s</text>`, x, d.y, size, weight, escaped(words))
}

// bar is a number. Without a pattern (-1) it is an outline in dashes.
func (d *drawing) bar(n, pattern int, words string) {
	d.y += line / 4
	width := n * (full - 2*margin - number) / d.most
	x, end := margin, margin+width+6
	if d.rtl {
		x, end = full-margin-width, full-margin-width-6
	}
	fill := `fill="none" stroke-dasharray="4 3"`
	if pattern >= 0 {
		fill = fmt.Sprintf(`fill="url(#%s-%d)"`, escaped(d.id), pattern)
	}
	fmt.Fprintf(&d.drawn, `<rect x="%d" y="%d" width="%d" height="%d" stroke="#222" %s/>`, x, d.y, width, bar, fill)
	fmt.Fprintf(&d.drawn, `<text x="%d" y="%d" font-size="13" fill="#111">%s</text>`, end, d.y+bar-3, escaped(words))
	d.y += bar
}

// lines breaks words for the width of a chart.
func lines(words string) (all []string) {
	one := ""
	for word := range strings.FieldsSeq(words) {
		if one != "" && len([]rune(one))+len([]rune(word)) > 100 {
			all, one = append(all, one), ""
		}
		one = strings.TrimPrefix(one+" "+word, " ")
	}
	return append(all, one)
}

func escaped(words string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(words)) // a buffer takes everything
	return out.String()
}
