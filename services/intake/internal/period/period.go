// Package period holds the record of one period of a programme's figures: that it was counted, once
// and for good, and which tables of it were released, each once. What was counted is frozen and
// shown to nobody; what may be published of it is said by package figures. The package refuses to
// let one person do both: who closes a period releases none of its tables.
package period

import (
	"errors"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// Prefix begins the name of every record.
const Prefix = "figures"

// ID names the one record of a programme and a period.
func ID(programme, period string) string { return fact.ID(Prefix, programme+" "+period) }

// What the rules refuse, and why.
var (
	ErrNotCoordinator = fault.New(fault.Forbidden, "not_a_coordinator", "Only a coordinator can do this.")
	// ErrFigures refuses a period or a table that the programme does not have.
	ErrFigures = fault.New(fault.Invalid, "figures_invalid", "Name the programme of your token, and a period or a table of its catalogue.")
	// ErrNotSettled refuses to count a period to which cases may still come.
	ErrNotSettled = fault.New(fault.Conflict, "period_not_settled", "The period is not over yet, or has not settled. What begins late still counts.")
	// ErrClosed refuses to count a case twice.
	ErrClosed = fault.New(fault.Conflict, "period_closed", "The period was closed already, or a period was that has days in common with it. It is counted once.")
	// ErrReleased refuses to publish a table again.
	ErrReleased = fault.New(fault.Conflict, "table_released", "The table was released already. Each table of a period is released once.")
	// ErrSamePerson refuses a release by who counted.
	ErrSamePerson = fault.New(fault.Forbidden, "figures_second_person", "Another person releases a table than the one who closed the period.")
)

// errCatalogue says that the files of the programme are not those by which it was counted.
var errCatalogue = errors.New("the catalogue by which the period was counted is not installed")

// Period is a closed period. The zero Period was not counted.
type Period struct {
	intakev1.PeriodClosed
	Frozen
	ClosedAt time.Time
	// Released are the tables that were, in the order in which they were.
	Released []Release
}

// Frozen is the private half of PeriodClosed. Nobody is shown it.
type Frozen struct {
	// By is the agency and the person who closed the period.
	By     string         `json:"by"`
	Counts figures.Counts `json:"counts"`
}

// Release is a table that was released.
type Release struct {
	intakev1.TableReleased
	Approved
	At time.Time
}

// Approved is the private half of TableReleased: the agency and the person who released it.
type Approved struct {
	By string `json:"by"`
}

// Close is the command that counts a period, for good.
type Close struct {
	Programme string `json:"programme"`
	Period    string `json:"period"`
}

// Name is that of the record.
func (c Close) Name() string { return ID(c.Programme, c.Period) }

// Table is the command that releases a table.
type Table struct {
	Table string `json:"table"`
}

// On is what the end of a period hangs on.
type On struct {
	Of Of
	// Overlaps says that a closed period has days in common with it.
	Overlaps bool
	Counts   figures.Counts
	Err      error
}

// Of is a period of a programme, with the catalogue that held when it began.
type Of struct {
	Programme string
	Country   code.Country
	Version   int
	Catalogue figures.Catalogue
	figures.Period
}

// Find is the period of a programme of a name; false where the programme has none.
func Find(set programme.Set, id, name string) (Of, bool) {
	for _, is := range set.List() {
		if is.ID != id {
			continue
		}
		for _, v := range slices.Backward(is.Versions) {
			p, ok := figures.New(v.Fields.Figures.Is, is.Zone).Named(name)
			if !ok {
				continue
			}
			if of := at(set, is, p.From); of.Name == name && len(of.Catalogue.Tables()) > 0 {
				return of, true
			}
		}
	}
	return Of{}, false
}

func at(set programme.Set, is programme.Installed, from time.Time) Of {
	catalogue, version, p := figures.For(set, is.ID, is.Country, from)
	return Of{is.ID, is.Country, version, catalogue, p}
}

// Settled are the periods of a programme that can be closed at an instant, the oldest first: from
// that in which the programme began.
func Settled(set programme.Set, id string, now time.Time) (all []Of) {
	for _, is := range set.List() {
		if is.ID != id || len(is.Versions) == 0 {
			continue
		}
		for from := is.Versions[0].From; from.Before(now); {
			of := at(set, is, from)
			if !of.To.After(from) {
				if from = next(is, from); from.IsZero() {
					break // no later version has a catalogue
				}
				continue
			}
			if of.Settled(now) && len(of.Catalogue.Tables()) > 0 {
				all = append(all, of)
			}
			from = of.To
		}
	}
	return all
}

// next is when the next version of a programme begins; zero where there is none.
func next(is programme.Installed, after time.Time) time.Time {
	for _, v := range is.Versions {
		if v.From.After(after) {
			return v.From
		}
	}
	return time.Time{}
}

// May refuses all but a coordinator of the programme: coordination.ErrNowhere, ErrNotCoordinator,
// and ErrFigures for another programme.
func May(by fact.By, programme string) error {
	if err := coordination.Check(by, ErrNotCoordinator); err != nil {
		return err
	}
	if by.Programme != programme {
		return ErrFigures.At("/programme", "the programme of the token")
	}
	return nil
}

// Close counts a period that is over and has settled (ErrNotSettled). What is put right or taken
// back afterwards changes nothing in it.
func (p Period) Close(by fact.By, cmd Close, on On) ([]fact.Event, error) {
	if err := May(by, cmd.Programme); err != nil {
		return nil, err
	}
	if on.Err != nil {
		return nil, on.Err
	}
	if err := coordination.In(by, ErrNotCoordinator, on.Of.Country); err != nil {
		return nil, err
	}
	switch {
	case p.Exists(), on.Overlaps:
		return nil, ErrClosed.At("/period", "not counted before")
	case !on.Of.Settled(by.At):
		return nil, ErrNotSettled.At("/period", "over and settled")
	}
	closed := intakev1.PeriodClosed{
		Figures: cmd.Name(), Programme: cmd.Programme, Country: on.Of.Country, Period: cmd.Period, Version: on.Of.Version,
		From: on.Of.From.UTC(), To: on.Of.To.UTC(),
	}
	for _, t := range on.Of.Catalogue.Tables() {
		closed.Tables = append(closed.Tables, intakev1.FigureTable{Table: t.Name, For: t.For})
	}
	return fact.With(closed, Frozen{By: person(by), Counts: on.Counts}), nil
}

// Releasing approves a table, by another person than who closed the period (ErrSamePerson). The
// catalogue is the one by which it was counted.
func Releasing(set programme.Set) func(Period, fact.By, Table) ([]fact.Event, error) {
	return func(p Period, by fact.By, cmd Table) ([]fact.Event, error) {
		if err := p.mayRelease(by); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(p.Tables, func(t intakev1.FigureTable) bool { return t.Table == cmd.Table })
		switch {
		case i < 0:
			return nil, ErrFigures.At("/table", "a table of the catalogue")
		case p.released(cmd.Table):
			return nil, ErrReleased.At("/table", "not released before")
		}
		of, ok := Find(set, p.Programme, p.Period)
		if !ok || of.Version != p.Version {
			return nil, errCatalogue
		}
		tables, err := of.Catalogue.Publish(of.Period, p.Counts)
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			if t.Name == cmd.Table {
				return fact.With(p.publish(t), Approved{By: person(by)}), nil
			}
		}
		return nil, errCatalogue
	}
}

// person names somebody for the comparison of two: how their token names them may be the same at
// two agencies.
func person(by fact.By) string { return by.Agency + "/" + by.Principal }

// mayRelease is for the coordinators of the programme, but who closed the period.
func (p Period) mayRelease(by fact.By) error {
	switch err := coordination.In(by, ErrNotCoordinator, p.Country); {
	case err != nil:
		return err
	case p.ClosedBy(by):
		return ErrSamePerson
	case len(p.waiting()) == 0:
		return ErrReleased
	}
	return nil
}

// Evolve is the period after an event.
func (p Period) Evolve(e fact.Event) Period {
	switch d := e.Data.(type) {
	case intakev1.PeriodClosed:
		p.PeriodClosed, p.ClosedAt = d, e.At
		p.Frozen, _ = e.Private.(Frozen)
	case intakev1.TableReleased:
		approved, _ := e.Private.(Approved)
		p.Released = append(slices.Clip(p.Released), Release{d, approved, e.At})
	}
	return p
}

// Exists says whether the period was counted.
func (p Period) Exists() bool { return p.Figures != "" }

// Case is empty: it belongs to no case.
func (p Period) Case() string { return "" }

// Closed is a period of which every table was released: nothing follows any more.
func (p Period) Closed() bool { return p.Exists() && len(p.waiting()) == 0 }

// Deadlines are none: the list of the coordinators says what is due.
func (p Period) Deadlines() []fact.Deadline { return nil }

func (p Period) released(table string) bool {
	return slices.ContainsFunc(p.Released, func(r Release) bool { return r.Table == table })
}

// waiting are the tables that were not released, in the order of the catalogue.
func (p Period) waiting() (tables []intakev1.FigureTable) {
	for _, t := range p.Tables {
		if !p.released(t.Table) {
			tables = append(tables, t)
		}
	}
	return tables
}

// Overlaps says that the two have days in common.
func (p Period) Overlaps(of Of) bool {
	return p.Exists() && p.Programme == of.Programme && p.From.Before(of.To) && of.From.Before(p.To)
}

// ByProgramme is (programme, from): the closed periods, the oldest first.
var ByProgramme = image.List[Period]{
	Keys: func(p Period) []string {
		if !p.Exists() {
			return nil
		}
		return []string{fact.Key(p.Programme, fact.Sortable(p.From))}
	},
	Timed: true,
}
