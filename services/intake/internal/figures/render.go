package figures

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/pkg/programme"
)

// The dimensions of Words that are none of a table: the names of tables, and what stands beside the
// numbers.
const (
	TableWords = "table"
	NoteWords  = "note"
)

// The notes. The others are CountedCases and WithheldMeans.
const (
	// NoteLeast stands before the k of the table, NoteTotal before the total of a row.
	NoteLeast = "least_in_a_cell"
	NoteTotal = "total"
	// NoteWithheld stands in a row that is withheld, and NoteNothing in a table without a row.
	NoteWithheld = "withheld"
	NoteNothing  = "nothing_may_be_published"
)

// English are the words of the notes in English; of the rest it gives the value.
func English(dimension, value string) string {
	if dimension != NoteWords {
		return value
	}
	switch value {
	case CountedCases:
		return "Cases are counted, not persons."
	case WithheldMeans:
		return "A row is withheld where one of its parts is below that number, is a zero that tells something, or is the whole row."
	case NoteLeast:
		return "The least number of cases that is shown"
	case NoteTotal:
		return "Total"
	case NoteWithheld:
		return "Withheld"
	case NoteNothing:
		return "Nothing may be published."
	}
	return value
}

// CSV is the table as RFC 4180 with a head, one line a cell. A row that is withheld is one line
// without a cell. Each line says what is counted and which k, and a withheld one what that means.
func (t Table) CSV() []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	head := []string{"table", "period", "counted", "k"}
	for _, d := range t.Above {
		head = append(head, string(d))
	}
	if t.Columns != "" {
		head = append(head, string(t.Columns))
	}
	// A buffer takes everything, so there is no error to tell.
	_ = w.Write(append(head, "cases", "row_total", "row", "withheld_means"))
	for _, row := range t.Rows {
		line := []string{t.Name, t.Period, t.Counted, strconv.Itoa(t.K)}
		for _, v := range row.Path {
			line = append(line, v.Value)
		}
		total := strconv.Itoa(row.Total)
		switch {
		case row.Withheld:
			_ = w.Write(append(line, "", "", total, NoteWithheld, t.Means))
		case t.Columns == "":
			_ = w.Write(append(line, total, total, "published", ""))
		}
		for _, c := range row.Cells {
			_ = w.Write(append(line[:len(line):len(line)], c.Value, strconv.Itoa(c.Count), total, "published", ""))
		}
	}
	w.Flush()
	return out.Bytes()
}

// Words are the words of the reader for a value of a dimension, for the name of a table (TableWords),
// and for a note (NoteWords). They may hold anything: a chart escapes them.
type Words func(dimension, value string) string

// The measures of a chart, in pixels.
const (
	chartWidth  = 720
	chartMargin = 16
	chartNumber = 72 // what is kept free beside the longest bar
	chartLine   = 22
	chartBar    = 16
)

// SVG is the table as a chart of bars. It reads without colour: each bar has its words above it and its
// number beside it, and patterns tell neighbours apart. It has a title and a description for a screen
// reader. The direction is that of the words, ltr or rtl: in the other one the bars begin on the right.
func (t Table) SVG(words Words, direction string) string {
	c := chart{rtl: direction == "rtl", most: 1}
	for _, row := range t.Rows {
		c.most = max(c.most, row.Total)
	}
	note := func(value string) string { return words(NoteWords, value) }
	title := words(TableWords, t.Name) + " · " + t.Period
	notes := []string{note(t.Counted), note(NoteLeast) + ": " + strconv.Itoa(t.K), note(t.Means)}
	c.text("16", "bold", title)
	for _, n := range notes {
		for _, line := range lines(n) {
			c.text("12", "normal", line)
		}
	}
	if len(t.Rows) == 0 {
		c.text("14", "normal", note(NoteNothing))
	}
	for _, row := range t.Rows {
		c.y += chartLine / 2
		c.text("14", "bold", strings.Join(append(pathWords(row.Path, words), note(NoteTotal)+": "+strconv.Itoa(row.Total)), " · "))
		switch {
		case row.Withheld:
			c.bar(t.id(), row.Total, -1, note(NoteWithheld))
		case t.Columns == "":
			c.bar(t.id(), row.Total, 0, strconv.Itoa(row.Total))
		}
		for i, one := range row.Cells {
			c.text("13", "normal", words(string(t.Columns), one.Value))
			c.bar(t.id(), one.Count, i%len(patterns), strconv.Itoa(one.Count))
		}
	}
	var out strings.Builder
	height := c.y + chartMargin
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" direction="%s" font-family="sans-serif" role="img" aria-labelledby="%s-title %s-desc">`,
		chartWidth, height, chartWidth, height, c.direction(), t.id(), t.id())
	fmt.Fprintf(&out, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc><defs>`, t.id(), escaped(title), t.id(), escaped(strings.Join(append(notes, t.spoken(words)...), " ")))
	for i, p := range patterns {
		fmt.Fprintf(&out, `<pattern id="%s-%d" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#fff"/><path d="%s" stroke="#222" stroke-width="1.5" fill="none"/></pattern>`, t.id(), i, p)
	}
	fmt.Fprintf(&out, `</defs><rect width="%d" height="%d" fill="#fff"/>%s</svg>`, chartWidth, height, c.drawn.String())
	return out.String()
}

// patterns are drawn on white: lines that fall, lines that stand, a grid, lines that lie.
var patterns = []string{"M-2 2L2 -2M0 8L8 0M6 10L10 6", "M4 0V8", "M0 4H8M4 0V8", "M0 4H8"}

// spoken is each row in words.
func (t Table) spoken(words Words) (all []string) {
	for _, row := range t.Rows {
		said := append(pathWords(row.Path, words), words(NoteWords, NoteTotal)+": "+strconv.Itoa(row.Total))
		if row.Withheld {
			said = append(said, words(NoteWords, NoteWithheld))
		}
		for _, c := range row.Cells {
			said = append(said, words(string(t.Columns), c.Value)+": "+strconv.Itoa(c.Count))
		}
		all = append(all, strings.Join(said, ", ")+".")
	}
	return all
}

// id begins the identifiers in a chart, so that several stand on one page.
func (t Table) id() string { return "figure-" + t.Name + "-" + t.Period }

func pathWords(path []programme.FigureValue, words Words) (all []string) {
	for _, v := range path {
		all = append(all, words(string(v.Dimension), v.Value))
	}
	return all
}

// chart is a drawing from the top down.
type chart struct {
	drawn strings.Builder
	y     int
	most  int
	rtl   bool
}

func (c *chart) direction() string {
	if c.rtl {
		return "rtl"
	}
	return "ltr"
}

// text is one line. Its start is on the left or on the right, by the direction.
func (c *chart) text(size, weight, words string) {
	c.y += chartLine
	x := chartMargin
	if c.rtl {
		x = chartWidth - chartMargin
	}
	fmt.Fprintf(&c.drawn, `<text x="%d" y="%d" font-size="%s" font-weight="%s" fill="#111">%s</text>`, x, c.y, size, weight, escaped(words))
}

// bar is a number. Without a pattern (-1) it is an outline in dashes.
func (c *chart) bar(id string, n, pattern int, words string) {
	c.y += chartLine / 4
	width := n * (chartWidth - 2*chartMargin - chartNumber) / c.most
	x, end := chartMargin, chartMargin+width+6
	if c.rtl {
		x, end = chartWidth-chartMargin-width, chartWidth-chartMargin-width-6
	}
	fill := `fill="none" stroke-dasharray="4 3"`
	if pattern >= 0 {
		fill = fmt.Sprintf(`fill="url(#%s-%d)"`, id, pattern)
	}
	fmt.Fprintf(&c.drawn, `<rect x="%d" y="%d" width="%d" height="%d" stroke="#222" %s/>`, x, c.y, width, chartBar, fill)
	fmt.Fprintf(&c.drawn, `<text x="%d" y="%d" font-size="13" fill="#111">%s</text>`, end, c.y+chartBar-3, escaped(words))
	c.y += chartBar
}

// lines breaks words for the width of a chart.
func lines(words string) (all []string) {
	line := ""
	for word := range strings.FieldsSeq(words) {
		if line != "" && len([]rune(line))+len([]rune(word)) > 100 {
			all, line = append(all, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(all, line)
}

func escaped(words string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(words)) // a buffer takes everything
	return out.String()
}
