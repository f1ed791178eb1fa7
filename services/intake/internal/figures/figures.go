// Package figures holds the rules of what a programme counts and may publish: in which period a
// case counts, in which cell of the programme's one tree of tables, and which rows of a table may
// leave intake. It counts cases, not persons.
//
// What may be published is a pure function of a catalogue and of the counts of its finest cells
// (Catalogue.Publish). ADR 23 proves that nobody computes a number from 1 to 10 from it. The package
// refuses to know of stores, transports and clocks: when a period is closed and a table is released
// is said elsewhere.
package figures

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Contribution is what one case adds, of a survivor who lets it be counted. Nothing in it is
// required but the opening: what is empty is unknown, or none.
type Contribution struct {
	// Opened is when the case was opened, which is its period for good.
	Opened       time.Time
	Type         code.GBVType
	Sex          code.Sex
	Age          code.AgeBand
	Displacement code.Displacement
	Disability   code.Disability
	// Area is the code of an area, as in the directory. One that has not its form is unknown.
	Area string
	// Service is the first one that was completed for her.
	Service code.Service
	// Grant is the identifier of the grant that was in force when a grantee completed that service.
	// Without a service it says nothing.
	Grant string
}

// Counts are the numbers of cases in the finest cells of a catalogue, by Catalogue.Leaf. As JSON
// they are one object. They are read again under the version of the programme under which they were
// counted.
type Counts map[string]int

// Value is one value of a dimension.
type Value = programme.FigureValue

// Table is what may be published of one table of a catalogue, for one period. It is its own JSON.
type Table struct {
	// Name is that of the table in the catalogue, Period that of the period: 2026-11, 2026-Q4 or 2026.
	Name   string `json:"name"`
	Period string `json:"period"`
	// For is the audience of the table.
	For code.FigureAudience `json:"for"`
	// Counted is what each number counts: always CountedCases.
	Counted string `json:"counted"`
	// K is the least number in a cell; a number from 1 to K-1 stands nowhere.
	K int `json:"k"`
	// Zeros says that a zero may be shown, because it tells nothing.
	Zeros bool `json:"zeros"`
	// Means says what a row that is withheld means: always WithheldMeans.
	Means string `json:"withheld_means"`
	// Above are the dimensions of the paths of its rows.
	Above []code.FigureDimension `json:"above"`
	// Columns is the dimension of the columns; empty for the root.
	Columns code.FigureDimension `json:"columns,omitempty"`
	// Rows are in the order of the tree. A row whose total is itself not published is not among them.
	Rows []Row `json:"rows"`
}

// CountedCases says that cases are counted and not persons: somebody with two cases counts twice.
const CountedCases = "cases_not_persons"

// WithheldMeans says that a row is not divided where one of its parts is less than K, is a zero that
// tells something, or is all of it. It does not say which.
const WithheldMeans = "a_part_is_below_k_or_a_zero_that_tells_something_or_the_whole_row"

// Row is a cell of the parent, divided.
type Row struct {
	// Path leads to the cell of the parent; it is empty for the whole period.
	Path []Value `json:"path"`
	// Total is that cell.
	Total int `json:"total"`
	// Cells are what it is divided into: nothing where the row is withheld, and in the root. Of an
	// open dimension those are shown that are no zero.
	Cells []Cell `json:"cells"`
	// Withheld says that the row is not shown, because one of its cells is less than K, is a zero that
	// tells something, or holds the whole row.
	Withheld bool `json:"withheld"`
}

// Cell is one number.
type Cell struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Period is one period of a catalogue, in the programme's zone.
type Period struct {
	// Name is 2026-11, 2026-Q4 or 2026.
	Name string
	// From is its first instant, To the first after it.
	From, To time.Time
	// Settles is the first instant at which it can be closed.
	Settles time.Time
}

// Settled reports whether the period can be closed.
func (p Period) Settled(now time.Time) bool { return !now.Before(p.Settles) }

// Has reports whether an instant lies in the period.
func (p Period) Has(at time.Time) bool { return !at.Before(p.From) && at.Before(p.To) }
