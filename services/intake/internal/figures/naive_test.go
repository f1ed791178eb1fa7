package figures_test

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
)

// naive publishes by looking at each case again and again. It shares no rule with the package: what is
// possible in a cell it finds by looking through all cases that there could be.
func naive(f programme.Figures, p figures.Period, cases []figures.Contribution) []figures.Table {
	var tables []figures.Table
	for _, t := range f.Tables {
		out := figures.Table{
			Name: t.Name, Period: p.Name, For: t.For, Counted: "cases_not_persons", K: f.K, Zeros: t.Zeros, Columns: t.Columns,
			Means: "a_part_is_below_k_or_a_zero_that_tells_something_or_the_whole_row",
			Above: []code.FigureDimension{}, Rows: []figures.Row{},
		}
		line := ancestors(f, t)
		for _, a := range line {
			if a.Columns != "" {
				out.Above = append(out.Above, a.Columns)
			}
		}
		if t.Parent == "" {
			if len(cases) >= f.K {
				out.Rows = append(out.Rows, figures.Row{Path: []figures.Value{}, Total: len(cases), Cells: []figures.Cell{}})
			}
		} else if len(cases) >= f.K {
			out.Rows = rows(f, p, cases, line, t, []figures.Value{}, out.Rows)
		}
		tables = append(tables, out)
	}
	return tables
}

// rows goes down the line of ancestors, one published row after the other.
func rows(f programme.Figures, p figures.Period, cases []figures.Contribution, line []programme.FigureTable, t programme.FigureTable, path []figures.Value, all []figures.Row) []figures.Row {
	here := append(line[1:len(line):len(line)], t)[len(path)]
	in := matching(cases, path)
	if len(in) == 0 || len(path) > 0 && here.Of != nil && !slices.Contains(here.Of, path[len(path)-1].Value) {
		return all
	}
	row := figures.Row{Path: path, Total: len(in), Cells: []figures.Cell{}}
	for _, v := range values(here.Columns) {
		n := len(matching(in, []figures.Value{{Dimension: here.Columns, Value: v}}))
		open := slices.Contains(areas, v) || slices.Contains(grants, v) || (here.Columns == code.FigureArea || here.Columns == code.FigureGrant && possible(p, path, here.Columns, grants[0]))
		if open && n == 0 || !possible(p, path, here.Columns, v) {
			continue
		}
		row.Cells = append(row.Cells, figures.Cell{Value: v, Count: n})
		if n == len(in) || n == 0 && !here.Zeros || n > 0 && n < f.K {
			row.Withheld = true
		}
	}
	slices.SortStableFunc(row.Cells, func(a, b figures.Cell) int {
		if here.Columns != code.FigureArea && here.Columns != code.FigureGrant {
			return 0
		}
		if a.Value < b.Value {
			return -1
		}
		return 1
	})
	cells := row.Cells
	if row.Withheld {
		row.Cells = []figures.Cell{}
	}
	if here.Name == t.Name {
		return append(all, row)
	}
	if row.Withheld {
		return all
	}
	for _, c := range cells {
		all = rows(f, p, cases, line, t, append(slices.Clip(path), figures.Value{Dimension: here.Columns, Value: c.Value}), all)
	}
	return all
}

// ancestors are the tables from the root to the parent.
func ancestors(f programme.Figures, t programme.FigureTable) []programme.FigureTable {
	if t.Parent == "" {
		return nil
	}
	parent, _ := f.Table(t.Parent)
	return append(ancestors(f, parent), parent)
}

func matching(cases []figures.Contribution, path []figures.Value) (in []figures.Contribution) {
	for _, one := range cases {
		if !slices.ContainsFunc(path, func(v figures.Value) bool { return told(one, v.Dimension) != v.Value }) {
			in = append(in, one)
		}
	}
	return in
}

// told is what a case says of a dimension.
func told(one figures.Contribution, d code.FigureDimension) string {
	unknown := func(s string) string {
		if s == "" || s == "no area!" {
			return "unknown"
		}
		return s
	}
	granted := one.Service != "" && slices.Contains(grants, one.Grant)
	switch d {
	case code.FigureMonth:
		return one.Opened.Format("01")
	case code.FigureQuarter:
		return []string{"Q1", "Q2", "Q3", "Q4"}[(one.Opened.Month()-1)/3]
	case code.FigureType:
		return unknown(string(one.Type))
	case code.FigureSex:
		return unknown(string(one.Sex))
	case code.FigureAge:
		return unknown(string(one.Age))
	case code.FigureDisplacement:
		return unknown(string(one.Displacement))
	case code.FigureDisability:
		return unknown(string(one.Disability))
	case code.FigureArea:
		return unknown(one.Area)
	case code.FigureService:
		if one.Service == "" {
			return "none"
		}
		return string(one.Service)
	case code.FigureFunded:
		if granted {
			return "yes"
		}
		return "no"
	default:
		if granted {
			return one.Grant
		}
		return "none"
	}
}

// possible says that there could be a case of the period in a cell with a value. Of what no other
// dimension rules out, each value could be.
func possible(p figures.Period, path []figures.Value, d code.FigureDimension, value string) bool {
	bound := []code.FigureDimension{code.FigureMonth, code.FigureQuarter, code.FigureService, code.FigureFunded, code.FigureGrant}
	if !slices.Contains(bound, d) {
		return true
	}
	path = append(slices.Clip(path), figures.Value{Dimension: d, Value: value})
	path = slices.DeleteFunc(slices.Clone(path), func(v figures.Value) bool { return !slices.Contains(bound, v.Dimension) })
	asked := p.Name + key(path)
	if is, ok := looked[asked]; ok {
		return is
	}
	looked[asked] = thereCouldBe(p, path)
	return looked[asked]
}

// looked keeps what was looked for: to look through all cases takes long.
var looked = map[string]bool{}

func thereCouldBe(p figures.Period, path []figures.Value) bool {
	for at := p.From; at.Before(p.To); at = at.AddDate(0, 1, 0) {
		for _, service := range append([]code.Service{""}, code.Services...) {
			for _, grant := range append([]string{""}, grants...) {
				if len(matching([]figures.Contribution{{Opened: at, Service: service, Grant: grant}}, path)) > 0 {
					return true
				}
			}
		}
	}
	return false
}
