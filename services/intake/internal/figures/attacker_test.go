package figures_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
)

// attacker knows the catalogue and the released tables, and computes.
type attacker struct {
	figures programme.Figures
	period  figures.Period
	// known are the cells that a table says, by their path.
	known map[string]int
	// at are the variables, by the path to the cell; paths are those of the variables.
	at    map[string]int
	paths [][]figures.Value
	a     [][]int
	b     []int
}

// mostVariables bounds a system: what lies deeper below a row that is withheld is known by no table.
const mostVariables = 150

func key(path []figures.Value) string {
	var k strings.Builder
	for _, v := range path {
		fmt.Fprintf(&k, "/%s=%s", v.Dimension, v.Value)
	}
	return k.String()
}

// learn reads the tables: each total, and each cell, is known.
func learn(f programme.Figures, p figures.Period, released []figures.Table) *attacker {
	x := &attacker{figures: f, period: p, known: map[string]int{}, at: map[string]int{}}
	for _, t := range released {
		for _, row := range t.Rows {
			x.known[key(row.Path)] = row.Total
			for _, c := range row.Cells {
				x.known[key(append(slices.Clip(row.Path), figures.Value{Dimension: t.Columns, Value: c.Value}))] = c.Count
			}
			if _, open := programme.FigureColumns(row.Path, t.Columns); open && !row.Withheld {
				// What is not shown of an open dimension is a zero.
				for _, v := range x.columns(row.Path, t.Columns) {
					k := key(append(slices.Clip(row.Path), figures.Value{Dimension: t.Columns, Value: v}))
					x.known[k] += 0
				}
			}
		}
	}
	return x
}

// columns are the values that a cell may have: of an open dimension those of the cases and one of nobody.
func (x *attacker) columns(path []figures.Value, d code.FigureDimension) (all []string) {
	for _, v := range values(d) {
		if possible(x.period, path, d, v) {
			all = append(all, v)
		}
	}
	if d == code.FigureArea {
		all = append(all, "XX-00")
	}
	return all
}

// divides is the table that divides a cell.
func (x *attacker) divides(path []figures.Value) (programme.FigureTable, bool) {
	parent := x.figures.Tables[0]
	for i := 0; ; i++ {
		next := slices.IndexFunc(x.figures.Tables, func(t programme.FigureTable) bool {
			return t.Parent == parent.Name && (t.Of == nil || slices.Contains(t.Of, path[i-1].Value))
		})
		if next < 0 {
			return programme.FigureTable{}, false
		}
		if parent = x.figures.Tables[next]; i == len(path) {
			return parent, true
		}
	}
}

// variable adds a cell, and what it is divided into: what is known first and wholly.
func (x *attacker) variable(path []figures.Value) int {
	n := len(x.paths)
	x.at[key(path)] = n
	x.paths = append(x.paths, path)
	return n
}

// system writes down all that is known. Cells are divided in the order of the tree, known ones always.
func (x *attacker) system() {
	x.variable(nil)
	for n := 0; n < len(x.paths); n++ {
		path := x.paths[n]
		table, ok := x.divides(path)
		if !ok {
			continue
		}
		columns := x.columns(path, table.Columns)
		part := func(v string) []figures.Value {
			return append(slices.Clip(path), figures.Value{Dimension: table.Columns, Value: v})
		}
		known := slices.ContainsFunc(columns, func(v string) bool { _, ok := x.known[key(part(v))]; return ok })
		if !known && len(x.paths)+len(columns) > mostVariables {
			continue
		}
		sum := map[int]int{n: 1}
		for _, v := range columns {
			sum[x.variable(part(v))] = -1
		}
		x.equation(sum, 0)
	}
	for k, is := range x.known {
		if n, ok := x.at[k]; ok {
			x.equation(map[int]int{n: 1}, is)
		}
	}
}

func (x *attacker) equation(sum map[int]int, is int) {
	row := make([]int, mostVariables*40)
	for n, by := range sum {
		row[n] = by
	}
	x.a, x.b = append(x.a, row), append(x.b, is)
}

// An attacker who has all that was released, or any part of it, bounds no cell that is withheld more closely
// than from 0 to 10, and computes none.
func TestNobodyComputesAWithheldCell(t *testing.T) {
	withheld := 0
	rapid.Check(t, func(t *rapid.T) {
		f := anyFigures(t)
		c := figures.New(f, nil)
		p := anyPeriod(t, c)
		cases := anyCases(t, p)
		tables, err := c.Publish(p, c.Count(slices.Values(cases)))
		if err != nil {
			t.Fatal(err)
		}
		// What may be published is said by who counts independently.
		all := learn(f, p, naive(f, p, cases)).known
		for k, n := range all {
			if n > 0 && n < programme.LeastCases {
				t.Fatalf("%d cases in %s", n, k)
			}
		}
		released := tables
		if rapid.Bool().Draw(t, "not all") {
			released = rapid.Permutation(tables).Draw(t, "order")[:rapid.IntRange(1, len(tables)).Draw(t, "released")]
		}
		x := learn(f, p, released)
		x.system()
		variables := len(x.paths)
		if _, ok := all[""]; !ok && len(released) == len(tables) {
			// The root is withheld: so it is less than k.
			variables++
			x.equation(map[int]int{0: 1, variables - 1: 1}, f.K-1)
		}
		for i := range x.a {
			x.a[i] = x.a[i][:variables]
		}
		s := feasible(t, x.a, x.b, variables)
		if s == nil {
			t.Fatalf("the tables contradict each other: %+v", tables)
		}
		for n, path := range x.paths {
			if _, published := all[key(path)]; published || nothing(all, path) {
				continue
			}
			withheld++
			if low, high := s.bounds(t, n, variables); low > 0 || high >= 0 && high < 10 {
				t.Fatalf("%s is from %d to %d\n%+v\n%+v", key(path), low, high, f, tables)
			}
		}
	})
	if withheld < 100 {
		t.Errorf("only %d cells were withheld: the random catalogues show nothing", withheld)
	}
}

// nothing says that the cell of a path is a part of one that may be published as a zero.
func nothing(all map[string]int, path []figures.Value) bool {
	for i := range path {
		if n, ok := all[key(path[:i])]; ok && n == 0 {
			return true
		}
	}
	return false
}

// An attacker who also knows the rule by which rows are withheld bounds no cell, either: for each number from 0
// to 10 there are cases with that number in the cell, of which the same is published.
func TestEachNumberIsPossibleInAWithheldCell(t *testing.T) {
	tried := 0
	rapid.Check(t, func(t *rapid.T) {
		f := anyFigures(t)
		c := figures.New(f, nil)
		p := anyPeriod(t, c)
		counts := c.Count(slices.Values(anyCases(t, p)))
		tables, err := c.Publish(p, counts)
		if err != nil {
			t.Fatal(err)
		}
		x := learn(f, p, tables)
		for _, table := range tables {
			for _, row := range table.Rows {
				if !row.Withheld {
					continue
				}
				columns := x.columns(row.Path, table.Columns)
				value := rapid.SampledFrom(columns).Draw(t, "cell")
				other := rapid.SampledFrom(slices.DeleteFunc(slices.Clone(columns), func(v string) bool { return v == value })).Draw(t, "other")
				for n := range 11 {
					// The finest cells of the row are thought anew, all others are as they were.
					thought := figures.Counts{}
					for k, is := range counts {
						if !strings.HasPrefix("/"+k+"/", key(row.Path)+"/") {
							thought[k] = is
						}
					}
					thought[x.deepest(t, row.Path, table.Columns, value)] += n
					thought[x.deepest(t, row.Path, table.Columns, other)] += row.Total - n
					again, err := c.Publish(p, thought)
					if diff := cmp.Diff(tables, again); diff != "" || err != nil {
						t.Fatalf("%d in %s of %s: %v\n%s", n, value, key(row.Path), err, diff)
					}
					tried++
				}
			}
		}
	})
	if tried < 100 {
		t.Errorf("only %d numbers were tried", tried)
	}
}

// deepest is the key of any finest cell below a part of a row.
func (x *attacker) deepest(t *rapid.T, path []figures.Value, d code.FigureDimension, value string) string {
	path = append(slices.Clip(path), figures.Value{Dimension: d, Value: value})
	for {
		table, ok := x.divides(path)
		if !ok {
			return strings.TrimPrefix(key(path), "/")
		}
		path = append(path, figures.Value{Dimension: table.Columns, Value: rapid.SampledFrom(x.columns(path, table.Columns)).Draw(t, "below")})
	}
}
