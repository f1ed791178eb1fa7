// Package app holds the use cases of protected rooms at a court that need more than one
// record: a booking and the court's calendar of its day. It decides nothing itself, and
// refuses to hold a rule.
package app

import (
	"cmp"
	"context"
	"fmt"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

// Matters is what bookings ask of the matters.
type Matters interface {
	// Worked is a matter on which the caller works, or covers. Errors: those of whoever does not.
	Worked(ctx context.Context, matter string, by fact.By) (domain.OfMatter, error)
	// Now is a matter as it is now, for what follows it.
	Now(ctx context.Context, matter string) (domain.OfMatter, error)
	// Shown records that the caller looks at what is in a matter, and refuses whoever may not.
	Shown(ctx context.Context, matter string, by fact.By) error
	// Meets says that somebody of a court may meet her: the court is not the agency of the matter, so
	// whom she must not meet may not, and everybody else may.
	Meets(ctx context.Context, matter string, by fact.By) (bool, error)
}

// App is the courts, their calendars, the bookings and the alarms.
type App struct {
	Courts   *record.Records[domain.Court]
	Days     *record.Records[domain.Day]
	Bookings *record.Records[domain.Booking]
	Alarms   *record.Records[domain.Alarm]
	Matters  Matters
}

// New adds the records to a book.
func New(b *record.Book, m Matters) App {
	return App{
		Courts:   record.New(b, domain.Prefix, &domain.Courts),
		Days:     record.New[domain.Day](b, domain.DayPrefix),
		Bookings: record.New(b, domain.BookingPrefix, &domain.ByMatter, &domain.Waiting, &domain.AtCourt, &domain.Straying),
		Alarms:   record.New(b, domain.AlarmPrefix, &domain.AlarmsOf),
		Matters:  m,
	}
}

// List lists all courts.
func List(fact.By, url.Values) (image.Part[domain.Court], error) { return domain.Courts.Of(), nil }

// Booked lists what the caller's agency booked: for one matter, or what waits for somebody.
func (a App) Booked(by fact.By, query url.Values) (image.Part[domain.Booking], error) {
	part := []string{by.Agency}
	if matter := query.Get("matter"); matter != "" {
		part = append(part, matter)
	}
	of := domain.ByMatter.Of(part...)
	if query.Get("attention") == "true" {
		return domain.Waiting.Of(by.Agency).And(of), nil
	}
	return of, nil
}

// Book books a room: the booking is written first, then the calendar of the day decides. What
// fails between the two is made good when the request comes again, or by whoever has the
// matter, on whose list it stays.
func (a App) Book(ctx context.Context, by fact.By, cmd domain.Book) (domain.BookingView, error) {
	of, err := a.Matters.Worked(ctx, cmd.Matter, by)
	if err != nil {
		return domain.BookingView{}, err
	}
	court, err := a.Courts.Fresh(ctx, cmd.Court)
	if err != nil {
		return domain.BookingView{}, err
	}
	id := fact.ID(domain.BookingPrefix, record.Cause(ctx))
	if _, err := a.Bookings.Execute(ctx, id, func(b domain.Booking, by fact.By) ([]fact.Event, error) {
		return b.Ask(by, cmd, of, court.Value())
	}); err != nil {
		return domain.BookingView{}, err
	}
	return a.settled(ctx, id, domain.Place(cmd.Wanted), court.Value())
}

// Move moves a booking: it stays where it is until the calendar has the other place.
func (a App) Move(ctx context.Context, by fact.By, id string, cmd domain.Wanted) (domain.BookingView, error) {
	b, of, err := a.mine(ctx, by, id)
	if err = cmp.Or(err, of.Over); err != nil {
		return domain.BookingView{}, err
	}
	court, err := a.Courts.Fresh(ctx, b.Court)
	if err != nil {
		return domain.BookingView{}, err
	}
	if _, err := a.finish(record.Step(ctx, "before"), id, court.Value()); err != nil {
		return domain.BookingView{}, err
	}
	if _, err := a.Bookings.Execute(ctx, id, func(b domain.Booking, by fact.By) ([]fact.Event, error) {
		return b.Move(by, cmd, court.Value(), of)
	}); err != nil {
		return domain.BookingView{}, err
	}
	return a.settled(ctx, id, domain.Place(cmd), court.Value())
}

// settled is settle, and then the booking follows what became of its matter meanwhile. So of a
// hearing that moves and of a booking for it at the same instant, at least one sees the other.
func (a App) settled(ctx context.Context, id string, asked domain.Place, court domain.Court) (domain.BookingView, error) {
	v, refused := a.settle(ctx, id, asked, court)
	if refused != nil && !domain.NotFree(refused) {
		return v, refused
	}
	is, err := a.Bookings.Fresh(ctx, id)
	if err != nil {
		return domain.BookingView{}, err
	}
	of, err := a.Matters.Now(ctx, is.Value().Matter)
	if err != nil {
		return domain.BookingView{}, err
	}
	b, err := a.follow(ctx, id, of)
	if err != nil {
		return domain.BookingView{}, err
	}
	if refused != nil {
		return domain.BookingView{}, refused
	}
	return b.Content(), nil
}

// settle asks the calendar for what a booking asks, and tells the booking. Where the request
// came before, it goes on from where that stopped, and ends in the same way.
func (a App) settle(ctx context.Context, id string, asked domain.Place, court domain.Court) (domain.BookingView, error) {
	is, err := a.Bookings.Fresh(ctx, id)
	if err != nil {
		return domain.BookingView{}, err
	}
	b := is.Value()
	switch {
	case b.Asked != nil:
		asked = *b.Asked
	case b.At != nil && b.At.Same(asked) && !b.Over():
		return b.Content(), a.leave(ctx, b, court)
	default:
		return domain.BookingView{}, domain.ErrNotFree
	}
	date := court.Day(asked)
	// The place is part of the step: what is asked later in the same request is asked for itself.
	step := func(what string) context.Context {
		return record.Step(ctx, fmt.Sprint(what, " ", id, " ", asked.Room, " ", asked.Entrance, " ", asked.From.UTC(), " ", asked.Until.UTC()))
	}
	_, refused := a.Days.Execute(step("hold"), domain.DayID(court.Court, date), func(d domain.Day, by fact.By) ([]fact.Event, error) {
		return d.Hold(by, court, date, id, domain.Held{Place: asked, Persons: b.Persons})
	})
	if refused != nil && !domain.NotFree(refused) {
		return domain.BookingView{}, refused // it stays on the list of its worker, as asked
	}
	res, err := a.Bookings.Execute(step("answer"), id, func(b domain.Booking, by fact.By) ([]fact.Event, error) {
		return b.Answer(by, asked, refused == nil, court)
	})
	if err != nil {
		return domain.BookingView{}, err
	}
	if err := a.leave(ctx, res.State, court); err != nil {
		return domain.BookingView{}, err
	}
	return res.State.Content(), refused
}

// leave gives back what the court may hold for a booking on other days than its own, and of one
// that is over on all days. What is given back already changes nothing.
func (a App) leave(ctx context.Context, b domain.Booking, court domain.Court) error {
	id, stays := b.Booking, ""
	if b.At != nil && !b.Over() {
		stays = court.Day(*b.At)
	}
	return record.Each(b.Left, func(at domain.Place) error {
		date := court.Day(at)
		if date == stays {
			return nil
		}
		_, err := a.Days.Execute(record.Step(ctx, "free "+id+" "+date), domain.DayID(court.Court, date), func(d domain.Day, by fact.By) ([]fact.Event, error) {
			return d.Free(by, id)
		})
		return err
	})
}

// Free frees a booking, and gives the room back.
func (a App) Free(ctx context.Context, by fact.By, id string, _ struct{}) (domain.BookingView, error) {
	b, _, err := a.mine(ctx, by, id)
	if err != nil {
		return domain.BookingView{}, err
	}
	court, err := a.Courts.Fresh(ctx, b.Court)
	if err != nil {
		return domain.BookingView{}, err
	}
	res, err := a.Bookings.Execute(record.Step(ctx, "free"), b.Booking, func(b domain.Booking, by fact.By) ([]fact.Event, error) {
		return b.Free(by, struct{}{})
	})
	if err != nil {
		return domain.BookingView{}, err
	}
	return res.State.Content(), a.leave(ctx, res.State, court.Value())
}

// Tell says that who accompanies her was told.
func (a App) Tell(ctx context.Context, by fact.By, id string, _ struct{}) (domain.BookingView, error) {
	b, _, err := a.mine(ctx, by, id)
	if err != nil {
		return domain.BookingView{}, err
	}
	res, err := a.Bookings.Execute(ctx, b.Booking, func(b domain.Booking, by fact.By) ([]fact.Event, error) { return b.Tell(by, struct{}{}) })
	return res.State.Content(), err
}

// mine is a booking of a matter on which the caller works, or covers.
func (a App) mine(ctx context.Context, by fact.By, id string) (domain.Booking, domain.OfMatter, error) {
	res, err := a.Bookings.See(ctx, id, by)
	if err != nil {
		return domain.Booking{}, domain.OfMatter{}, err
	}
	of, err := a.Matters.Worked(ctx, res.State.Matter, by)
	return res.State, of, err
}

// Read shows a booking: its frame to everybody of the agency, and what is in it to who works on
// the matter. That they looked is recorded first, at the matter.
func (a App) Read(ctx context.Context, by fact.By, id string, _ url.Values) (domain.BookingView, error) {
	res, err := a.Bookings.See(ctx, id, by)
	if err != nil {
		return domain.BookingView{}, err
	}
	if of, err := a.Matters.Worked(ctx, res.State.Matter, by); err != nil || of.Over != nil {
		frame, _ := res.State.View(by).(domain.BookingView)
		return frame, nil //nolint:nilerr // who does not work on the matter sees the frame
	}
	if err := a.Matters.Shown(ctx, res.State.Matter, by); err != nil {
		return domain.BookingView{}, err
	}
	return res.State.Content(), nil
}
