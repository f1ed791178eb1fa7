package figures

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// ErrCounts says that counts are not of this catalogue and period, or are less than nothing. Nothing
// of them is published.
var ErrCounts = errors.New("the counts are not of this catalogue")

// most bounds a count, so that no sum overflows.
const most = 1 << 40

// Publish is all that may be published of a period that was counted: one Table for each of the
// catalogue, in its order, also for one with no row. Errors: ErrCounts.
//
// The root is published from K on. A cell that is published is divided: its row is published where each
// part is at least K, or is a zero and zeros tell nothing, and no part is the whole. Otherwise no part is
// (ADR 23).
func (c Catalogue) Publish(p Period, counts Counts) ([]Table, error) {
	if len(c.divided) == 0 || c.Period(p.From).Name != p.Name {
		return nil, ErrCounts
	}
	whole := &cell{divided: c.divided[0].every}
	for key, n := range counts {
		if n < 0 || n > most || !c.add(p, whole, key, n) {
			return nil, ErrCounts
		}
	}
	tables := make([]Table, len(c.figures.Tables))
	for i, t := range c.figures.Tables {
		tables[i] = Table{
			Name: t.Name, Period: p.Name, For: t.For, Counted: CountedCases, K: c.figures.K, Zeros: t.Zeros, Means: WithheldMeans,
			Above: c.above(t), Columns: t.Columns, Rows: []Row{},
		}
	}
	if whole.n >= c.figures.K {
		tables[0].Rows = []Row{{Path: []Value{}, Total: whole.n, Cells: []Cell{}}}
		c.divide(p, whole, tables)
	}
	return tables, nil
}

// cell is a number of cases, with what it is divided into.
type cell struct {
	path []Value
	n    int
	// divided is the table that divides it; -1 where none does.
	divided int
	parts   map[string]*cell
}

// add counts n cases in the cell of a key, and in each above it: false where the catalogue has no such
// finest cell.
func (c Catalogue) add(p Period, at *cell, key string, n int) bool {
	at.n += n
	if key == "" {
		return at.divided < 0
	}
	for part := range strings.SplitSeq(key, "/") {
		if at.divided < 0 {
			return false
		}
		d, value, _ := strings.Cut(part, "=")
		columns := c.figures.Tables[at.divided].Columns
		next, ok := at.parts[value]
		if !ok {
			if d != string(columns) || !c.possible(p, at.path, columns, value) {
				return false
			}
			next = &cell{path: append(slices.Clip(at.path), Value{Dimension: columns, Value: value}), divided: c.divided[at.divided].by(value)}
			if at.parts == nil {
				at.parts = map[string]*cell{}
			}
			at.parts[value] = next
		} else if d != string(columns) {
			return false
		}
		next.n += n
		at = next
	}
	return at.divided < 0
}

// divide adds the row of a cell that is published, and those of its parts where they are published,
// too. Zero is divided no further: that all its parts are zero is known.
func (c Catalogue) divide(p Period, whole *cell, tables []Table) {
	if whole.divided < 0 || whole.n == 0 {
		return
	}
	table := &tables[whole.divided]
	row := Row{Path: slices.Clone(whole.path), Total: whole.n, Cells: []Cell{}}
	if row.Path == nil {
		row.Path = []Value{}
	}
	for _, value := range c.shown(p, whole, table.Columns) {
		part, n := whole.parts[value], 0
		if part != nil {
			n = part.n
		}
		row.Withheld = row.Withheld || n < c.figures.K && (n > 0 || !table.Zeros) || n == whole.n
		row.Cells = append(row.Cells, Cell{Value: value, Count: n})
	}
	if row.Withheld {
		row.Cells = []Cell{}
		table.Rows = append(table.Rows, row)
		return
	}
	table.Rows = append(table.Rows, row)
	for _, shown := range row.Cells {
		if part := whole.parts[shown.Value]; part != nil {
			c.divide(p, part, tables)
		}
	}
}

// above are the dimensions of the path to the rows of a table.
func (c Catalogue) above(t programme.FigureTable) []code.FigureDimension {
	parent, ok := c.figures.Table(t.Parent)
	if !ok || parent.Columns == "" {
		return []code.FigureDimension{}
	}
	return append(c.above(parent), parent.Columns)
}

// shown are the values of a row: all that are possible, or of an open dimension those that are no zero.
func (c Catalogue) shown(p Period, whole *cell, d code.FigureDimension) []string {
	if _, open := programme.FigureColumns(whole.path, d); !open {
		return c.columns(p, whole.path, d)
	}
	var values []string
	for _, value := range slices.Sorted(maps.Keys(whole.parts)) {
		if whole.parts[value].n > 0 {
			values = append(values, value)
		}
	}
	return values
}

// columns are the listed values that are possible in a cell of a period.
func (c Catalogue) columns(p Period, path []Value, d code.FigureDimension) []string {
	values, _ := programme.FigureColumns(path, d)
	if d != code.FigureMonth || c.figures.Period != code.ByQuarter {
		return values
	}
	within, _ := programme.FigureColumns([]Value{{Dimension: code.FigureQuarter, Value: quarter(p.From.In(c.zone).Month())}}, d)
	return within
}

// possible reports whether a cell of a period can have a part.
func (c Catalogue) possible(p Period, path []Value, d code.FigureDimension, value string) bool {
	if slices.Contains(c.columns(p, path, d), value) {
		return true
	}
	listed, _ := programme.FigureListed(d)
	_, open := programme.FigureColumns(path, d)
	return open && programme.FigureHas(d, value) && !slices.Contains(listed, value)
}
