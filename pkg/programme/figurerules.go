package programme

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// FigureFault is one thing that is wrong in a catalogue.
type FigureFault struct {
	// At is where, as a JSON pointer from the catalogue, and Rule what is asked for there.
	At, Rule string
}

// Wrong is what keeps figures from being a catalogue: the rules by which each case is in one branch of one tree, so
// that what is published points at nobody (ADR 23).
func (f Figures) Wrong() (faults []FigureFault) {
	say := func(wrong bool, at, rule string) {
		if wrong {
			faults = append(faults, FigureFault{at, rule})
		}
	}
	say(!slices.Contains(code.FigurePeriods, f.Period), "/period", "one of the list")
	say(f.Settles <= 0 || f.Settles > LongestSettling || f.Settles%(24*time.Hour) != 0, "/settles", "whole days, from 1 to 365")
	say(f.K < LeastCases || f.K > 1000, "/k", "from 11 to 1000")
	say(len(f.Tables) == 0, "/tables", "at least the root")
	names := map[string]bool{}
	sound := Figures{Period: f.Period}
	for i, t := range f.Tables {
		at := "/tables/" + strconv.Itoa(i)
		_, judged := sound.Table(t.Parent)
		switch {
		case names[t.Name]:
			say(true, at+"/name", "of no other table")
		case names[t.Parent] && !judged:
			// What divides a table that is wrong cannot be judged.
		default:
			w := sound.adds(t)
			say(w.Rule != "", at+w.At, w.Rule)
			if w.Rule == "" {
				sound.Tables = append(sound.Tables, t)
			}
		}
		names[t.Name] = true
	}
	return faults
}

// adds is what is wrong with a table beside those that stand before it, which are right; the first thing.
func (f Figures) adds(t FigureTable) FigureFault {
	one := func(at, rule string) FigureFault { return FigureFault{at, rule} }
	switch {
	case !slices.Contains(code.FigureAudiences, t.For):
		return one("/for", "one of the list")
	case t.Parent == "" && len(f.Tables) > 0:
		return one("/parent", "required: there is one root, which stands first")
	case t.Parent == "":
		if t.Columns != "" || t.Of != nil || t.Zeros {
			return one("", "the root is the whole period: without columns, of and zeros")
		}
		return FigureFault{}
	}
	parent, ok := f.Table(t.Parent)
	if !ok {
		return one("/parent", "a table that stands before")
	}
	path := f.dimensions(t.Parent)
	if !slices.Contains(code.FigureDimensions, t.Columns) {
		return one("/columns", "one of the list")
	}
	if slices.Contains(path, t.Columns) {
		return one("/columns", "a dimension stands once on a path")
	}
	if t.Columns == code.FigureMonth && f.Period == code.ByMonth || t.Columns == code.FigureQuarter && f.Period != code.ByYear {
		return one("/columns", "shorter than the period")
	}
	if joined(append(path, t.Columns)) {
		return one("/columns", "type, sex, age and service are never on one path: together they are one person")
	}
	if _, open := FigureListed(t.Columns); open && !t.Zeros {
		return one("/zeros", "true: of area and grant, what is not shown is a zero")
	}
	if slices.Index(code.FigureAudiences, t.For) < slices.Index(code.FigureAudiences, parent.For) {
		return one("/for", "not wider than that of the parent, whose cells are its totals")
	}
	if t.Of != nil && len(t.Of) == 0 {
		return one("/of", "at least one value")
	}
	for n, value := range t.Of {
		switch {
		case parent.Columns == "":
			return one("/of", "the root has no columns")
		case slices.Contains(t.Of[:n], value):
			return one("/of/"+strconv.Itoa(n), "each value once")
		case !f.reaches(parent, value):
			return one("/of/"+strconv.Itoa(n), "a value of the columns of the parent")
		}
	}
	for _, b := range f.Tables {
		if b.Parent == t.Parent && meet(b.Of, t.Of) {
			return one("/of", "none of the cells that "+b.Name+" divides: no two tables count the same cases")
		}
	}
	for _, path := range f.cells(t) {
		if values, open := FigureColumns(path, t.Columns); len(values) < 2 && !open {
			return one("/columns", "at least two values in each cell that it divides")
		}
	}
	return FigureFault{}
}

// joined says that a path holds what together is one person.
func joined(path []code.FigureDimension) bool {
	for _, d := range []code.FigureDimension{code.FigureType, code.FigureSex, code.FigureAge, code.FigureService} {
		if !slices.Contains(path, d) {
			return false
		}
	}
	return true
}

// meet says that two tables of one parent divide the same cell: none is all of them.
func meet(a, b []string) bool {
	return a == nil || b == nil || slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

// Table is the table of a name.
func (f Figures) Table(name string) (FigureTable, bool) {
	i := slices.IndexFunc(f.Tables, func(t FigureTable) bool { return t.Name == name })
	if i < 0 {
		return FigureTable{}, false
	}
	return f.Tables[i], true
}

// dimensions are those from the root to the cells of a table.
func (f Figures) dimensions(name string) []code.FigureDimension {
	t, ok := f.Table(name)
	if !ok || t.Parent == "" {
		return nil
	}
	return append(f.dimensions(t.Parent), t.Columns)
}

// reaches says that some cell of a table has a value.
func (f Figures) reaches(t FigureTable, value string) bool {
	if !FigureHas(t.Columns, value) {
		return false
	}
	return slices.ContainsFunc(f.cells(t), func(path []FigureValue) bool {
		values, open := FigureColumns(path, t.Columns)
		listed, _ := FigureListed(t.Columns)
		return slices.Contains(values, value) || open && !slices.Contains(listed, value)
	})
}

// cells are the paths to the cells that a table divides: of each kind one, as far as FigureColumns tells them apart.
func (f Figures) cells(t FigureTable) [][]FigureValue {
	parent, ok := f.Table(t.Parent)
	if !ok || parent.Parent == "" {
		return [][]FigureValue{nil}
	}
	var all [][]FigureValue
	for _, path := range f.cells(parent) {
		for _, v := range kinds(path, parent.Columns, t.Of) {
			all = append(all, append(slices.Clip(path), FigureValue{parent.Columns, v}))
		}
	}
	return all
}

// kinds are values of a dimension, at least one of each kind that FigureColumns tells apart.
func kinds(path []FigureValue, d code.FigureDimension, of []string) (all []string) {
	values, open := FigureColumns(path, d)
	switch {
	case d == code.FigureGrant && open && of == nil:
		return append([]string{"grant_0"}, values...)
	case d == code.FigureGrant && open:
		return of
	case d == code.FigureMonth && of == nil:
		return values
	case d == code.FigureMonth:
		return of
	case d != code.FigureQuarter && d != code.FigureFunded && d != code.FigureService && d != code.FigureGrant:
		return values[:1]
	}
	for _, v := range values {
		if of == nil || slices.Contains(of, v) {
			all = append(all, v)
		}
	}
	return all
}
