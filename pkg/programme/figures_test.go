package programme_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// table is one that is shown to everybody, in which a zero tells nothing.
func table(name, parent string, columns code.FigureDimension, of ...string) programme.FigureTable {
	return programme.FigureTable{Name: name, Parent: parent, Columns: columns, Of: of, For: code.FiguresPublic, Zeros: parent != ""}
}

func TestWhatIsNoCatalogue(t *testing.T) {
	root, funded, service := table("all", "", ""), table("funded", "all", code.FigureFunded), table("service", "all", code.FigureService)
	type tables = []programme.FigureTable
	tests := map[string]struct {
		change func(*programme.Figures)
		tables tables
		want   []programme.FigureFault
	}{
		"one table":             {tables: tables{root}},
		"a tree":                {tables: tables{root, funded, table("a", "funded", code.FigureService, "yes"), table("b", "a", code.FigureGrant), table("c", "funded", code.FigureMonth, "no"), table("d", "c", code.FigureType)}},
		"grants of one service": {tables: tables{root, service, table("a", "service", code.FigureGrant, string(code.SafeHouse))}},
		"months of quarters":    {change: yearly, tables: tables{root, table("q", "all", code.FigureQuarter), table("m", "q", code.FigureMonth)}},
		"no table":              {want: one("/tables", "at least the root")},
		"no period":             {change: func(f *programme.Figures) { f.Period = "week" }, tables: tables{root}, want: one("/period", "one of the list")},
		"k of ten":              {change: func(f *programme.Figures) { f.K = 10 }, tables: tables{root}, want: one("/k", "from 11 to 1000")},
		"settles at once":       {change: func(f *programme.Figures) { f.Settles = 0 }, tables: tables{root}, want: one("/settles", "whole days, from 1 to 365")},
		"settles in hours":      {change: func(f *programme.Figures) { f.Settles = 30 * time.Hour }, tables: tables{root}, want: one("/settles", "whole days, from 1 to 365")},
		"settles after years":   {change: func(f *programme.Figures) { f.Settles = 366 * 24 * time.Hour }, tables: tables{root}, want: one("/settles", "whole days, from 1 to 365")},
		"a name twice":          {tables: tables{root, table("all", "all", code.FigureSex)}, want: one("/tables/1/name", "of no other table")},
		"for nobody":            {tables: tables{{Name: "all", For: "friends"}}, want: one("/tables/0/for", "one of the list")},
		"two roots":             {tables: tables{root, table("more", "", "")}, want: one("/tables/1/parent", "required: there is one root, which stands first")},
		"a root with columns":   {tables: tables{{Name: "all", For: code.FiguresPublic, Columns: code.FigureSex}}, want: one("/tables/0", "the root is the whole period: without columns, of and zeros")},
		"no root":               {tables: tables{table("a", "all", code.FigureSex)}, want: one("/tables/0/parent", "a table that stands before")},
		"a circle": {
			tables: tables{root, table("a", "b", code.FigureSex), table("b", "a", code.FigureAge)},
			want:   one("/tables/1/parent", "a table that stands before"),
		},
		"its own parent":         {tables: tables{root, table("a", "a", code.FigureSex)}, want: one("/tables/1/parent", "a table that stands before")},
		"an unknown dimension":   {tables: tables{root, table("a", "all", "tribe")}, want: one("/tables/1/columns", "one of the list")},
		"a dimension twice":      {tables: tables{root, table("a", "all", code.FigureSex), table("b", "a", code.FigureAge), table("c", "b", code.FigureSex)}, want: one("/tables/3/columns", "a dimension stands once on a path")},
		"months of a month":      {change: monthly, tables: tables{root, table("a", "all", code.FigureMonth)}, want: one("/tables/1/columns", "shorter than the period")},
		"quarters of a quarter":  {tables: tables{root, table("a", "all", code.FigureQuarter)}, want: one("/tables/1/columns", "shorter than the period")},
		"quarters of a month":    {change: yearly, tables: tables{root, table("m", "all", code.FigureMonth), table("q", "m", code.FigureQuarter)}, want: one("/tables/2/columns", "at least two values in each cell that it divides")},
		"one person":             {tables: tables{root, table("a", "all", code.FigureType), table("b", "a", code.FigureSex), table("c", "b", code.FigureAge), table("d", "c", code.FigureService)}, want: one("/tables/4/columns", "type, sex, age and service are never on one path: together they are one person")},
		"zeros of an area":       {tables: tables{root, {Name: "a", Parent: "all", Columns: code.FigureArea, For: code.FiguresPublic}}, want: one("/tables/1/zeros", "true: of area and grant, what is not shown is a zero")},
		"wider than its parent":  {tables: tables{{Name: "all", For: code.FiguresFund}, table("a", "all", code.FigureSex)}, want: one("/tables/1/for", "not wider than that of the parent, whose cells are its totals")},
		"of nothing":             {tables: tables{root, funded, {Name: "a", Parent: "funded", Columns: code.FigureSex, Of: []string{}, For: code.FiguresPublic}}, want: one("/tables/2/of", "at least one value")},
		"of a root":              {tables: tables{root, table("a", "all", code.FigureSex, "yes")}, want: one("/tables/1/of", "the root has no columns")},
		"of a value twice":       {tables: tables{root, funded, table("a", "funded", code.FigureSex, "yes", "yes")}, want: one("/tables/2/of/1", "each value once")},
		"of no value":            {tables: tables{root, funded, table("a", "funded", code.FigureSex, "maybe")}, want: one("/tables/2/of/0", "a value of the columns of the parent")},
		"of an impossible value": {tables: tables{root, funded, table("a", "funded", code.FigureService, "yes"), table("b", "a", code.FigureSex, "none")}, want: one("/tables/3/of/0", "a value of the columns of the parent")},
		"of no area":             {tables: tables{root, table("a", "all", code.FigureArea), table("b", "a", code.FigureSex, "GT 01")}, want: one("/tables/2/of/0", "a value of the columns of the parent")},
		"two cuts of all":        {tables: tables{root, funded, table("a", "all", code.FigureSex)}, want: one("/tables/2/of", "none of the cells that funded divides: no two tables count the same cases")},
		"two cuts of one cell":   {tables: tables{root, service, table("a", "service", code.FigureSex, string(code.Food), string(code.SafeHouse)), table("b", "service", code.FigureAge, string(code.SafeHouse))}, want: one("/tables/3/of", "none of the cells that a divides: no two tables count the same cases")},
		"a cut of all and one":   {tables: tables{root, funded, table("a", "funded", code.FigureSex), table("b", "funded", code.FigureAge, "no")}, want: one("/tables/3/of", "none of the cells that a divides: no two tables count the same cases")},
		"grants of what is not":  {tables: tables{root, funded, table("a", "funded", code.FigureGrant)}, want: one("/tables/2/columns", "at least two values in each cell that it divides")},
		"grants of no service":   {tables: tables{root, service, table("a", "service", code.FigureGrant)}, want: one("/tables/2/columns", "at least two values in each cell that it divides")},
		"funded by a grant":      {tables: tables{root, table("g", "all", code.FigureGrant), table("a", "g", code.FigureFunded)}, want: one("/tables/2/columns", "at least two values in each cell that it divides")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := programme.Figures{Period: code.ByQuarter, Settles: 60 * 24 * time.Hour, K: 11, Tables: test.tables}
			if test.change != nil {
				test.change(&f)
			}
			if diff := cmp.Diff(test.want, f.Wrong()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func one(at, rule string) []programme.FigureFault {
	return []programme.FigureFault{{At: at, Rule: rule}}
}
func yearly(f *programme.Figures)  { f.Period = code.ByYear }
func monthly(f *programme.Figures) { f.Period = code.ByMonth }

func TestPeriodsFollowOneAnother(t *testing.T) {
	figures := func(p code.FigurePeriod) programme.Figures { return programme.Figures{Period: p} }
	for name, test := range map[string]struct {
		was, is code.FigurePeriod
		from    string
		want    bool
	}{
		"the same, at any time":        {code.ByYear, code.ByYear, "2027-02-03", true},
		"shorter, where both begin":    {code.ByYear, code.ByMonth, "2027-01-01", true},
		"shorter, within the longer":   {code.ByYear, code.ByMonth, "2027-02-01", false},
		"longer, where both begin":     {code.ByMonth, code.ByQuarter, "2027-04-01", true},
		"longer, within the longer":    {code.ByMonth, code.ByQuarter, "2027-05-01", false},
		"longer, within the shorter":   {code.ByMonth, code.ByQuarter, "2027-04-02", false},
		"where the longer begins only": {code.ByQuarter, code.ByYear, "2027-07-01", false},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation("Asia/Bishkek")
			if err != nil {
				t.Fatal(err)
			}
			from, err := time.ParseInLocation(time.DateOnly, test.from, zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := programme.FiguresFollow(figures(test.was), figures(test.is), from); got != test.want {
				t.Error(got)
			}
		})
	}
}

// Where clocks skip the midnight of the first of a month, the month begins when the day does.
func TestAMonthBeginsWhereMidnightIsSkipped(t *testing.T) {
	zone, err := time.LoadLocation("America/Asuncion")
	if err != nil {
		t.Fatal(err)
	}
	// On 1 October 2017 clocks went from 00:00 to 01:00.
	begins, _ := programme.Figures{Period: code.ByMonth}.Begins(time.Date(2017, 10, 20, 0, 0, 0, 0, zone))
	_, next := programme.Figures{Period: code.ByMonth}.Begins(time.Date(2017, 9, 20, 0, 0, 0, 0, zone))
	if want := time.Date(2017, 10, 1, 4, 0, 0, 0, time.UTC); !begins.Equal(want) || !next.Equal(want) {
		t.Error(begins, next)
	}
}
