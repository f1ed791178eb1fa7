package figures

import (
	"fmt"
	"iter"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Catalogue is the figures of one version of a programme, made ready for counting. It is made by New
// or For, and is never changed. The zero Catalogue counts nothing.
type Catalogue struct {
	figures programme.Figures
	zone    *time.Location
	// divided says for each table which table divides its cells.
	divided []division
}

// division is which table divides the cells of one, by the value of the cell; -1 where none does.
type division struct {
	every int
	of    map[string]int
}

func (d division) by(value string) int {
	if t, ok := d.of[value]; ok {
		return t
	}
	return d.every
}

// New makes a catalogue ready. The figures keep the rules (programme.Figures.Wrong is empty); the zone
// is the programme's, nil is UTC.
func New(f programme.Figures, zone *time.Location) Catalogue {
	if zone == nil {
		zone = time.UTC
	}
	c := Catalogue{figures: f, zone: zone, divided: make([]division, len(f.Tables))}
	at := make(map[string]int, len(f.Tables))
	for i, t := range f.Tables {
		at[t.Name] = i
		c.divided[i] = division{every: -1, of: map[string]int{}}
		if t.Parent == "" {
			continue
		}
		parent := &c.divided[at[t.Parent]]
		if t.Of == nil {
			parent.every = i
		}
		for _, value := range t.Of {
			parent.of[value] = i
		}
	}
	return c
}

// For gives the catalogue under which a case counts that was opened at an instant, the number of its
// version (0: the base of the network), and the period. The catalogue is the one that held when the
// period began: a new version meets the periods that begin under it. So a whole period is counted under
// one version, and no case is in two periods.
func For(set programme.Set, id string, country code.Country, opened time.Time) (Catalogue, int, Period) {
	now := set.For(id, country, opened, opened)
	p := New(now.Figures, now.Zone).Period(opened)
	began := set.For(id, country, p.From, p.From)
	c := New(began.Figures, began.Zone)
	return c, set.VersionOf(id, country, p.From), c.Period(opened)
}

// Period is the period in which an instant lies.
func (c Catalogue) Period(at time.Time) Period {
	if len(c.divided) == 0 {
		return Period{}
	}
	at = at.In(c.zone)
	begins, next := c.figures.Begins(at)
	p := Period{From: begins, To: next, Settles: next.AddDate(0, 0, int(c.figures.Settles/(24*time.Hour)))}
	switch c.figures.Period {
	case code.ByMonth:
		p.Name = at.Format("2006-01")
	case code.ByQuarter:
		p.Name = fmt.Sprintf("%04d-%s", at.Year(), quarter(at.Month()))
	default:
		p.Name = at.Format("2006")
	}
	return p
}

// Named is the period of a name, as 2026-11, 2026-Q4 or 2026: false where the catalogue has no such.
func (c Catalogue) Named(name string) (Period, bool) {
	var year, n int
	month := time.January
	switch c.figures.Period {
	case code.ByMonth:
		if _, err := fmt.Sscanf(name, "%4d-%2d", &year, &n); err != nil {
			return Period{}, false
		}
		month = time.Month(n)
	case code.ByQuarter:
		if _, err := fmt.Sscanf(name, "%4d-Q%1d", &year, &n); err != nil {
			return Period{}, false
		}
		month = time.Month(3*n - 2)
	default:
		if _, err := fmt.Sscanf(name, "%4d", &year); err != nil {
			return Period{}, false
		}
	}
	p := c.Period(time.Date(year, month, 2, 12, 0, 0, 0, c.zone))
	return p, p.Name == name && name != ""
}

// Tables are those of the catalogue, the root first, each after its parent.
func (c Catalogue) Tables() []programme.FigureTable { return c.figures.Tables }

// Leaf is the key of the finest cell in which a case counts. In the root alone it is empty.
func (c Catalogue) Leaf(one Contribution) string { return string(c.leaf(nil, one)) }

// leaf appends the key: dimension=value, from the root on.
func (c Catalogue) leaf(key []byte, one Contribution) []byte {
	if len(c.divided) == 0 {
		return key
	}
	for t := c.divided[0].every; t >= 0; {
		d := c.figures.Tables[t].Columns
		value := c.value(d, one)
		if len(key) > 0 {
			key = append(key, '/')
		}
		key = append(append(append(key, d...), '='), value...)
		t = c.divided[t].by(value)
	}
	return key
}

// Count counts cases by their finest cells.
func (c Catalogue) Count(cases iter.Seq[Contribution]) Counts {
	at := map[string]*int{}
	var key []byte
	for one := range cases {
		key = c.leaf(key[:0], one)
		n, ok := at[string(key)]
		if !ok {
			n = new(int)
			at[string(key)] = n
		}
		*n++
	}
	counts := make(Counts, len(at))
	for key, n := range at {
		counts[key] = *n
	}
	return counts
}

// value is that of a case in a dimension. What is not on a list, or has not the form, is unknown.
func (c Catalogue) value(d code.FigureDimension, one Contribution) string {
	switch d {
	case code.FigureMonth:
		values, _ := programme.FigureListed(d)
		return values[one.Opened.In(c.zone).Month()-1]
	case code.FigureQuarter:
		return quarter(one.Opened.In(c.zone).Month())
	case code.FigureType:
		return or(d, string(one.Type), programme.FigureUnknown)
	case code.FigureSex:
		return or(d, string(one.Sex), programme.FigureUnknown)
	case code.FigureAge:
		return or(d, string(one.Age), programme.FigureUnknown)
	case code.FigureDisplacement:
		return or(d, string(one.Displacement), programme.FigureUnknown)
	case code.FigureDisability:
		return or(d, string(one.Disability), programme.FigureUnknown)
	case code.FigureArea:
		return or(d, one.Area, programme.FigureUnknown)
	case code.FigureService:
		return or(d, string(one.Service), programme.FigureNone)
	case code.FigureFunded:
		if c.value(code.FigureGrant, one) != programme.FigureNone {
			return programme.FigureYes
		}
		return programme.FigureNo
	default:
		if c.value(code.FigureService, one) == programme.FigureNone {
			return programme.FigureNone
		}
		return or(d, one.Grant, programme.FigureNone)
	}
}

func or(d code.FigureDimension, value, otherwise string) string {
	if value != "" && programme.FigureHas(d, value) {
		return value
	}
	return otherwise
}

func quarter(m time.Month) string {
	values, _ := programme.FigureListed(code.FigureQuarter)
	return values[(m-1)/3]
}
