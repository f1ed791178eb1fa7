package period

import (
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// View is a closed period as somebody may see it: the released tables that are for them, and for
// the coordinators of the programme those that wait. It holds no number.
type View struct {
	ID        string       `json:"id"`
	Programme string       `json:"programme"`
	Country   code.Country `json:"country"`
	Period    string       `json:"period"`
	Version   int          `json:"version"`
	From      time.Time    `json:"from"`
	To        time.Time    `json:"to"`
	ClosedAt  time.Time    `json:"closed_at"`
	// ClosedBy is for the coordinators of the programme: they see who approved what.
	ClosedBy string    `json:"closed_by,omitempty"`
	Tables   []Shown   `json:"tables"`
	Waiting  []Waiting `json:"waiting,omitempty"`
}

// Shown is a released table that the reader may see.
type Shown struct {
	Table      string              `json:"table"`
	For        code.FigureAudience `json:"for"`
	ReleasedAt time.Time           `json:"released_at"`
	ReleasedBy string              `json:"released_by,omitempty"`
}

// Waiting is a table that waits for its release.
type Waiting struct {
	Table string              `json:"table"`
	For   code.FigureAudience `json:"for"`
}

// Released is a released table, for who may see it.
type Released struct {
	Figures    string       `json:"figures"`
	Programme  string       `json:"programme"`
	Country    code.Country `json:"country"`
	Version    int          `json:"version"`
	From       time.Time    `json:"from"`
	To         time.Time    `json:"to"`
	ReleasedAt time.Time    `json:"released_at"`
	// ReleasedBy is for the coordinators of the programme.
	ReleasedBy string `json:"released_by,omitempty"`
	figures.Table
}

// Visible lets who coordinates the programme know of the period, and everybody for whom a table of
// it was released.
func (p Period) Visible(by fact.By) bool {
	return by.System() || p.Exists() && (p.coordinates(by) || slices.ContainsFunc(p.Released, func(r Release) bool { return p.sees(by, r.For) }))
}

func (p Period) coordinates(by fact.By) bool {
	return coordination.In(by, ErrNotCoordinator, p.Country) == nil && by.Programme == p.Programme
}

// sees says whether a table of the period is for somebody. An audience that is not known is
// nobody.
func (p Period) sees(by fact.By, audience code.FigureAudience) bool {
	switch audience {
	case code.FiguresPublic:
		return true
	case code.FiguresNetwork:
		return by.Agency != ""
	case code.FiguresCoordination:
		return p.coordinates(by)
	case code.FiguresFund:
		return slices.Contains(by.Roles, fundManager) || p.coordinates(by)
	}
	return false
}

// fundManager is the role of who keeps the trust fund.
const fundManager = "fund_manager"

// View is what the reader may see of it.
func (p Period) View(by fact.By) any {
	v := View{
		ID: p.Figures, Programme: p.Programme, Country: p.Country, Period: p.Period, Version: p.Version,
		From: p.From, To: p.To, ClosedAt: p.ClosedAt, Tables: []Shown{},
	}
	for _, r := range p.Released {
		if p.sees(by, r.For) {
			v.Tables = append(v.Tables, Shown{r.Table, r.For, r.At, p.approver(by, r)})
		}
	}
	if p.coordinates(by) {
		v.ClosedBy = p.By
		for _, t := range p.waiting() {
			v.Waiting = append(v.Waiting, Waiting{t.Table, t.For})
		}
	}
	return v
}

// Shows is a released table for a reader; false where there is none, it was not released, or it is
// not for them: the three look the same.
func (p Period) Shows(by fact.By, table string) (Released, bool) {
	i := slices.IndexFunc(p.Released, func(r Release) bool { return r.Table == table && p.sees(by, r.For) })
	if i < 0 {
		return Released{}, false
	}
	r := p.Released[i]
	return Released{p.Figures, p.Programme, p.Country, p.Version, p.From, p.To, r.At, p.approver(by, r), r.table()}, true
}

// approver is who released a table, for the coordinators of the programme; empty for everybody else.
func (p Period) approver(by fact.By, r Release) string {
	if !p.coordinates(by) {
		return ""
	}
	return r.By
}

// Waits are the tables of the period that wait for the coordinators of the programme.
func (p Period) Waits(by fact.By) []Waiting { return p.View(by).(View).Waiting }

// ClosedBy says that somebody closed the period, and so releases none of its tables.
func (p Period) ClosedBy(by fact.By) bool { return p.By == person(by) }

// Commands says which commands a closed period takes.
func (Period) Commands() command.Table[Period] {
	return command.Table[Period]{
		"closePeriod":  {When: func(p Period, _ fact.By) error { return p.mayClose() }},
		"releaseTable": {When: Period.mayRelease},
	}
}

// mayClose gives ErrClosed: a period is counted once.
func (p Period) mayClose() error {
	if p.Exists() {
		return ErrClosed
	}
	return nil
}

// Choose is the list of the closed periods, of one programme where the query names one.
func Choose(_ fact.By, q url.Values) (image.Part[Period], error) {
	if of := q.Get("programme"); of != "" {
		return ByProgramme.Of(of), nil
	}
	return ByProgramme.Of(), nil
}

// publish is a table as the event tells it.
func (p Period) publish(t figures.Table) intakev1.TableReleased {
	out := intakev1.TableReleased{
		Figures: p.Figures, Programme: p.Programme, Country: p.Country, Version: p.Version, Period: p.Period, From: p.From, To: p.To,
		Table: t.Name, For: t.For, Counted: t.Counted, K: t.K, Zeros: t.Zeros, Means: t.Means, Above: append([]code.FigureDimension{}, t.Above...), Columns: t.Columns, Rows: []intakev1.FigureRow{},
	}
	for _, r := range t.Rows {
		row := intakev1.FigureRow{Path: []intakev1.FigureValue{}, Total: r.Total, Cells: []intakev1.FigureCell{}, Withheld: r.Withheld}
		for _, v := range r.Path {
			row.Path = append(row.Path, intakev1.FigureValue(v))
		}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells, intakev1.FigureCell(c))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// table is the table of a release.
func (r Release) table() figures.Table {
	t := figures.Table{
		Name: r.Table, Period: r.Period, For: r.For, Counted: r.Counted, K: r.K, Zeros: r.Zeros, Means: r.Means, Above: r.Above, Columns: r.Columns, Rows: []figures.Row{},
	}
	for _, is := range r.Rows {
		row := figures.Row{Path: []figures.Value{}, Total: is.Total, Cells: []figures.Cell{}, Withheld: is.Withheld}
		for _, v := range is.Path {
			row.Path = append(row.Path, figures.Value(v))
		}
		for _, c := range is.Cells {
			row.Cells = append(row.Cells, figures.Cell(c))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
