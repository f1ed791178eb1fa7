package app

import (
	"context"
	"net/url"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
	"github.com/sanad-network/sanad/services/intake/internal/grants"
	"github.com/sanad-network/sanad/services/intake/internal/period"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// Counted counts a period for its end: behind the barrier, by the places in the list alone. A case
// that is in quarantine is in no list: nobody knows whether she said yes, so it is not counted.
func (a App) Counted(ctx context.Context, _ string, by fact.By, cmd period.Close) (on period.On) {
	if on.Err = period.May(by, cmd.Programme); on.Err != nil {
		return on // who may not count is not counted for
	}
	of, ok := period.Find(a.Rules.Programmes, cmd.Programme, cmd.Period)
	if !ok {
		on.Err = period.ErrFigures.At("/period", "a period of the catalogue")
		return on
	}
	if on.Of = of; !of.Settled(by.At) {
		return on
	}
	if on.Overlaps, on.Err = a.overlaps(ctx, of); on.Overlaps || on.Err != nil {
		return on
	}
	on.Counts, on.Err = a.count(ctx, of)
	return on
}

func (a App) overlaps(ctx context.Context, of period.Of) (bool, error) {
	ids, err := a.Periods.FreshIn(ctx, period.ByProgramme.Of(of.Programme))
	if err != nil {
		return false, err
	}
	if !a.Periods.Complete() {
		return false, record.ErrQuarantined // it may be the one
	}
	for _, id := range ids.Value() {
		one, err := a.Periods.Fresh(ctx, id)
		if err != nil || one.Value().Overlaps(of) {
			return err == nil, err
		}
	}
	return false, nil
}

func (a App) count(ctx context.Context, of period.Of) (figures.Counts, error) {
	given, err := a.grants(ctx)
	if err != nil {
		return nil, err
	}
	var parts [][]image.Place
	for _, part := range domain.Contributed(of.Programme, of.From, of.To) {
		places, err := a.Cases.FreshPlaces(ctx, part)
		if err != nil {
			return nil, err
		}
		parts = append(parts, places.Value())
	}
	return of.Catalogue.Count(func(yield func(figures.Contribution) bool) {
		for _, places := range parts {
			for _, at := range places {
				if of.Has(at.At) && !yield(contribution(domain.ReadContribution(at), given)) {
					return
				}
			}
		}
	}), nil
}

// contribution is that of a case, with the grant in force when the agency gave the service.
func contribution(c domain.Contribution, given grants.Held) figures.Contribution {
	return figures.Contribution{
		Opened: c.Opened, Type: c.Type, Sex: c.Sex, Age: c.Age, Displacement: c.Displacement, Disability: c.Disability,
		Area: c.Area, Service: c.Service, Grant: given.Of(c.By, c.Given),
	}
}

// FiguresDue is what waits for the coordinators of a programme.
type FiguresDue struct {
	Close   []PeriodDue `json:"close"`
	Release []TableDue  `json:"release"`
}

// PeriodDue is a period that can be closed.
type PeriodDue struct {
	Programme string    `json:"programme"`
	Period    string    `json:"period"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	Since     time.Time `json:"since"`
}

// TableDue is a table that waits for its release.
type TableDue struct {
	Figures   string              `json:"figures"`
	Programme string              `json:"programme"`
	Period    string              `json:"period"`
	Table     string              `json:"table"`
	For       code.FigureAudience `json:"for"`
	// Another says that another person must release it: the reader closed the period.
	Another bool `json:"another_person,omitempty"`
}

// FiguresDue lists which periods of the programme can be closed, also those in which nobody was
// counted: that one is missing would say so. And the tables of closed ones that wait.
func (a App) FiguresDue(ctx context.Context, by fact.By, _ string, _ url.Values) (FiguresDue, error) {
	due := FiguresDue{Close: []PeriodDue{}, Release: []TableDue{}}
	if err := coordination.Check(by, period.ErrNotCoordinator); err != nil {
		return due, err
	}
	var closed []period.Period
	for _, id := range a.Periods.Find(period.ByProgramme.Of(by.Programme)) {
		one, err := a.Periods.Get(ctx, id)
		if err != nil {
			return due, err
		}
		closed = append(closed, one.State)
		for _, t := range one.State.Waits(by) {
			due.Release = append(due.Release, TableDue{id, one.State.Programme, one.State.Period, t.Table, t.For, one.State.ClosedBy(by)})
		}
	}
	for _, of := range period.Settled(a.Rules.Programmes, by.Programme, by.At) {
		if string(of.Country) == by.Country && !overlapped(closed, of) {
			due.Close = append(due.Close, PeriodDue{of.Programme, of.Name, of.From.UTC(), of.To.UTC(), of.Settles.UTC()})
		}
	}
	return due, nil
}

func overlapped(closed []period.Period, of period.Of) bool {
	for _, p := range closed {
		if p.Overlaps(of) {
			return true
		}
	}
	return false
}

// FigureTable gives a released table to whom it is for. Everybody else is told the same as of one
// that is not there (record.ErrNotFound).
func (a App) FigureTable(ctx context.Context, by fact.By, id string, q url.Values) (period.Released, error) {
	one, err := a.Periods.See(ctx, id, by)
	if err != nil {
		return period.Released{}, err
	}
	shown, ok := one.State.Shows(by, q.Get("table"))
	if !ok {
		return period.Released{}, record.ErrNotFound
	}
	return shown, nil
}

// Titled is the programme's word for a table.
func (a App) Titled(r period.Released) string {
	of, _ := period.Find(a.Rules.Programmes, r.Programme, r.Table.Period)
	for _, t := range of.Catalogue.Tables() {
		if t.Name == r.Name {
			return t.Words["en"]
		}
	}
	return ""
}
