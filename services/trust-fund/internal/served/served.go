// Package served keeps what released tables of figures say of grants: at least how many services of
// one kind a grantee gave in a period, by consent to be counted. It refuses to hold what was not
// released, to say zero, and to compare a number with anything that a grantee reports.
package served

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Prefix begins the identifier of every record.
const Prefix = "served"

// least is the smallest number that this room shows, whatever a table says (11 unless a programme
// asks for more, which the table says).
const least = 11

// Named is the record of a released table: each table of a period is released once.
func Named(e intakev1.TableReleased) string { return fact.ID(Prefix, e.Figures+" "+e.Table) }

// Table is what one released table says of grants.
type Table struct{ trustfundv1.ServedNoted }

// OnReleased notes a table that is for the fund or for everybody, and divided by grant and by service
// alone. Others say nothing here: the parts of a finer table would look like wholes. Errors: agree.Err
// for a table that says something else than it said before.
func (s Table) OnReleased(_ fact.By, e intakev1.TableReleased) ([]fact.Event, error) {
	if e.For != code.FiguresFund && e.For != code.FiguresPublic || !divides(e) {
		return nil, nil
	}
	noted := trustfundv1.ServedNoted{
		Served: Named(e), Figures: e.Figures, Table: e.Table, Programme: e.Programme, Version: e.Version, Period: e.Period, For: e.For,
		Rows: rows(e),
	}
	if s.Exists() {
		return nil, agree.That("/rows", slices.Equal(s.Rows, noted.Rows) && s.For == noted.For)
	}
	return fact.Of(noted), nil
}

// divides says that a table is divided by grant and service, and by nothing that makes parts of them.
func divides(e intakev1.TableReleased) bool {
	by := append(slices.Clone(e.Above), e.Columns)
	return slices.Contains(by, code.FigureGrant) && slices.Contains(by, code.FigureService) &&
		!slices.ContainsFunc(by, func(d code.FigureDimension) bool {
			return d != code.FigureGrant && d != code.FigureService && d != code.FigureFunded
		})
}

// rows are the cells that name a grant and a service, and hold at least as many as may be told.
func rows(e intakev1.TableReleased) []trustfundv1.Served {
	all := []trustfundv1.Served{}
	for _, row := range e.Rows {
		if row.Withheld {
			continue
		}
		for _, cell := range row.Cells {
			if cell.Count < max(least, e.K) {
				continue
			}
			one := trustfundv1.Served{AtLeast: cell.Count}
			for _, v := range append(slices.Clone(row.Path), intakev1.FigureValue{Dimension: e.Columns, Value: cell.Value}) {
				switch v.Dimension { //nolint:exhaustive // divides names the others
				case code.FigureGrant:
					one.Grant = v.Value
				case code.FigureService:
					one.Service = code.Service(v.Value)
				}
			}
			if strings.HasPrefix(one.Grant, "grant_") && slices.Contains(code.Services, one.Service) {
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(x, y trustfundv1.Served) int {
		return cmp.Or(cmp.Compare(x.Grant, y.Grant), cmp.Compare(x.Service, y.Service))
	})
	return all
}

// Evolve is the record after an event.
func (s Table) Evolve(e fact.Event) Table {
	if d, ok := e.Data.(trustfundv1.ServedNoted); ok {
		s.ServedNoted = d
	}
	return s
}

// Exists reports whether the table was released.
func (s Table) Exists() bool { return s.Served != "" }

// Case is empty: a figure belongs to no case.
func (Table) Case() string { return "" }

// Visible is for the network alone: people ask for a grant.
func (Table) Visible(by fact.By) bool { return by.System() }

// Closed is never: a grant is asked about also later.
func (Table) Closed() bool { return false }

// Deadlines are none.
func (Table) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (Table) View(fact.By) any { return struct{}{} }

// ByGrant is (grant, period): the tables that say something of a grant.
var ByGrant = image.List[Table]{Keys: func(s Table) (keys []string) {
	for _, row := range s.Rows {
		if key := fact.Key(row.Grant, s.Period); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}}

// Item is one number that was released.
type Item struct {
	Programme string       `json:"programme"`
	Period    string       `json:"period"`
	Service   code.Service `json:"service"`
	// AtLeast counts cases whose survivors said that they may be counted, each by the first service
	// that was completed for her. How many there were is known to nobody.
	AtLeast int `json:"at_least"`
}

// Answer is what was released of a grant.
type Answer struct {
	State code.ServedState `json:"state"`
	Items []Item           `json:"items"`
}

// Of is what tables say of a grant, to one audience: the fund sees what is for everybody as well.
func Of(grant string, audience code.FigureAudience, tables []Table) Answer {
	answer := Answer{State: code.NothingReleased, Items: []Item{}}
	for _, s := range tables {
		if s.For != audience && s.For != code.FiguresPublic {
			continue
		}
		for _, row := range s.Rows {
			if row.Grant == grant {
				answer.Items = append(answer.Items, Item{s.Programme, s.Period, row.Service, row.AtLeast})
			}
		}
	}
	slices.SortFunc(answer.Items, func(x, y Item) int {
		return cmp.Or(cmp.Compare(x.Period, y.Period), cmp.Compare(x.Programme, y.Programme), cmp.Compare(x.Service, y.Service), y.AtLeast-x.AtLeast)
	})
	// Two tables of one period that count the same are parent and child: the higher number holds.
	answer.Items = slices.CompactFunc(answer.Items, func(x, y Item) bool {
		return x.Period == y.Period && x.Programme == y.Programme && x.Service == y.Service
	})
	if len(answer.Items) > 0 {
		answer.State = code.ServedReleased
	}
	return answer
}
