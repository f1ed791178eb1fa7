package figures

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/pkg/chart"
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
			_ = w.Write(append(slices.Clip(line), c.Value, strconv.Itoa(c.Count), total, "published", ""))
		}
	}
	w.Flush()
	return out.Bytes()
}

// Words are the words of the reader for a value of a dimension, for the name of a table (TableWords),
// and for a note (NoteWords). They may hold anything: a chart escapes them.
type Words func(dimension, value string) string

// SVG is the table as a chart of bars. The direction is that of the words, ltr or rtl: in the other one
// the bars begin on the right.
func (t Table) SVG(words Words, direction string) string {
	note := func(value string) string { return words(NoteWords, value) }
	c := chart.Chart{
		ID: "figure-" + t.Name + "-" + t.Period, Title: words(TableWords, t.Name) + " · " + t.Period,
		Notes:   []string{note(t.Counted), note(NoteLeast) + ": " + strconv.Itoa(t.K), note(t.Means)},
		Nothing: note(NoteNothing), RightToLeft: direction == "rtl",
	}
	for _, of := range t.Rows {
		row := chart.Row{Words: strings.Join(append(pathWords(of.Path, words), note(NoteTotal)+": "+strconv.Itoa(of.Total)), " · "), Total: of.Total}
		switch {
		case of.Withheld:
			row.Withheld = note(NoteWithheld)
		case t.Columns == "":
			row.Bars = []chart.Bar{{Count: of.Total}}
		}
		for _, one := range of.Cells {
			row.Bars = append(row.Bars, chart.Bar{Words: words(string(t.Columns), one.Value), Count: one.Count})
		}
		c.Rows = append(c.Rows, row)
	}
	return c.SVG()
}

func pathWords(path []programme.FigureValue, words Words) (all []string) {
	for _, v := range path {
		all = append(all, words(string(v.Dimension), v.Value))
	}
	return all
}
