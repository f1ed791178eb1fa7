package programme

import (
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Figures is the catalogue of what a programme counts and may publish. Its tables are one tree, so
// each case is in one branch of it, and a case counts once in its life: in the period in which it
// was opened.
type Figures struct {
	Period code.FigurePeriod
	// Settles is how long after its end a period can be closed, in whole days: what began then still
	// counts.
	Settles time.Duration
	// K is the least number of cases in a cell that is published (at least LeastCases).
	K int
	// Tables are in the order of the file: the root first, each after its parent.
	Tables []FigureTable
}

// LeastCases bounds Figures.K everywhere: the programmes of the network publish no number from 1
// to 10.
const LeastCases = 11

// LongestSettling bounds Figures.Settles everywhere.
const LongestSettling = 365 * 24 * time.Hour

// FigureTable is one table. A row of it is a cell of its parent, and its columns are the values of
// one dimension. The root has no parent and no columns: its one cell is the whole period.
type FigureTable struct {
	Name, Parent string
	Columns      code.FigureDimension
	// Of are the values of the parent's columns whose cells are divided; none is all of them.
	Of  []string
	For code.FigureAudience
	// Zeros says that a zero in this table tells nothing about anybody.
	Zeros bool
	Words Words
}

// FigureValue is one value of a dimension. A row of them is the path to a cell.
type FigureValue struct {
	Dimension code.FigureDimension `json:"dimension"`
	Value     string               `json:"value"`
}

// The values that stand for no answer and for nothing given.
const (
	FigureUnknown = "unknown"
	FigureNone    = "none"
	FigureYes     = "yes"
	FigureNo      = "no"
)

// figureValues are the values of the dimensions that are lists. Months and quarters are those of
// the calendar.
var figureValues = map[code.FigureDimension][]string{
	code.FigureMonth:        {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"},
	code.FigureQuarter:      {"Q1", "Q2", "Q3", "Q4"},
	code.FigureType:         listed(code.GBVTypes, FigureUnknown),
	code.FigureSex:          listed(code.Sexes),
	code.FigureAge:          listed(code.AgeBands, FigureUnknown),
	code.FigureDisplacement: listed(code.Displacements, FigureUnknown),
	code.FigureDisability:   listed(code.Disabilities, FigureUnknown),
	code.FigureArea:         {FigureUnknown},
	code.FigureService:      listed(code.Services, FigureNone),
	code.FigureFunded:       {FigureYes, FigureNo},
	code.FigureGrant:        {FigureNone},
}

func listed[T ~string](codes []T, more ...string) []string {
	all := make([]string, 0, len(codes)+len(more))
	for _, c := range codes {
		all = append(all, string(c))
	}
	return append(all, more...)
}

// FigureListed gives the values of a dimension that are on a list. Open says that there are others.
// What it gives must not be changed.
func FigureListed(d code.FigureDimension) (values []string, open bool) {
	return figureValues[d], d == code.FigureArea || d == code.FigureGrant
}

// FigureHas reports whether a dimension has a value.
func FigureHas(d code.FigureDimension, value string) bool {
	switch {
	case slices.Contains(figureValues[d], value):
		return true
	case d == code.FigureArea:
		return len(value) >= 2 && len(value) <= 40 && plain(value)
	case d == code.FigureGrant:
		id, ok := strings.CutPrefix(value, "grant_")
		return ok && id != "" && len(id) <= 40 && plain(id)
	}
	return false
}

// plain are the letters, digits and joints of identifiers and codes of areas; it begins with no joint.
func plain(value string) bool {
	for i, b := range []byte(value) {
		letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
		if !letter && (i == 0 || b != '-' && b != '_') {
			return false
		}
	}
	return true
}

// FigureColumns are the values into which the cell at the end of a path can be divided. What the path
// rules out is not among them: a case without a service has no grant, and March is in no last quarter.
// What it gives must not be changed.
func FigureColumns(path []FigureValue, d code.FigureDimension) (values []string, open bool) {
	values, open = FigureListed(d)
	var month, quarter, funded, service, grant string
	for _, v := range path {
		switch v.Dimension {
		case code.FigureMonth:
			month = v.Value
		case code.FigureQuarter:
			quarter = v.Value
		case code.FigureFunded:
			funded = v.Value
		case code.FigureService:
			service = v.Value
		case code.FigureGrant:
			grant = v.Value
		}
	}
	never := service == FigureNone || funded == FigureNo || grant == FigureNone
	always := funded == FigureYes || grant != "" && grant != FigureNone
	switch d {
	case code.FigureMonth:
		if i := slices.Index(figureValues[code.FigureQuarter], quarter); i >= 0 {
			return values[3*i : 3*i+3], false
		}
	case code.FigureQuarter:
		if i := slices.Index(figureValues[code.FigureMonth], month); i >= 0 {
			return values[i/3 : i/3+1], false
		}
	case code.FigureFunded:
		if never {
			return []string{FigureNo}, false
		}
		if always {
			return []string{FigureYes}, false
		}
	case code.FigureGrant:
		if never {
			return values, false
		}
		if always {
			return nil, true
		}
	case code.FigureService:
		if always {
			return values[:len(values)-1], false
		}
	}
	return values, open
}

// Begins is the first instant of the period in which an instant lies, by the calendar of its zone, and
// Next the first after the period.
func (f Figures) Begins(at time.Time) (begins, next time.Time) {
	months := map[code.FigurePeriod]int{code.ByMonth: 1, code.ByQuarter: 3, code.ByYear: 12}[f.Period]
	if months == 0 {
		return at, at
	}
	first := (int(at.Month())-1)/months*months + 1
	return firstOf(at.Year(), first, at.Location()), firstOf(at.Year(), first+months, at.Location())
}

// firstOf is the first instant of a month. Where clocks skip midnight, the day begins later.
func firstOf(year, month int, zone *time.Location) time.Time {
	t := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, zone)
	if t.Day() != 1 {
		t = t.Add(time.Hour)
	}
	return t
}

// FiguresFollow reports whether a catalogue may follow another from an instant on: their periods are
// equally long, or one of each begins then. So no two periods of a programme overlap.
func FiguresFollow(was, is Figures, from time.Time) bool {
	old, _ := was.Begins(from)
	begins, _ := is.Begins(from)
	return was.Period == is.Period || old.Equal(from) && begins.Equal(from)
}
