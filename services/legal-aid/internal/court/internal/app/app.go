// Package app holds the use cases of protected rooms at a court that need more than one
// record: a booking and the court's calendar of its day. It decides nothing itself, and
// refuses to hold a rule.
package app

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

// Matters is what bookings ask of the matters.
type Matters interface {
	// Worked is a matter on which the caller works, or covers. Errors: those of whoever does not.
	Worked(ctx context.Context, matter string, by fact.By) (domain.OfMatter, error)
	// Shown records that the caller looks at what is in a matter, and refuses whoever may not.
	Shown(ctx context.Context, matter string, by fact.By) error
	// Circle is who may work on the referral of a matter.
	Circle(ctx context.Context, matter string) (look.Fresh[circle.Circle], error)
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
		Bookings: record.New(b, domain.BookingPrefix, &domain.ByMatter, &domain.Waiting, &domain.AtCourt),
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
	return a.settle(ctx, id, domain.Place(cmd.Wanted), court.Value())
}

// Move moves a booking: it stays where it is until the calendar has the other place.
func (a App) Move(ctx context.Context, by fact.By, id string, cmd domain.Wanted) (domain.BookingView, error) {
	b, of, err := a.mine(ctx, by, id)
	if err = cmp.Or(err, of.Over); err != nil {
		return domain.BookingView{}, err
	}
	v, err := a.move(ctx, b, cmd, time.Time{})
	return v, err
}

func (a App) move(ctx context.Context, b domain.Booking, to domain.Wanted, hearing time.Time) (domain.BookingView, error) {
	court, err := a.Courts.Fresh(ctx, b.Court)
	if err != nil {
		return domain.BookingView{}, err
	}
	if _, err := a.Bookings.Execute(ctx, b.Booking, func(b domain.Booking, by fact.By) ([]fact.Event, error) {
		return b.Move(by, to, court.Value(), hearing)
	}); err != nil {
		return domain.BookingView{}, err
	}
	return a.settle(ctx, b.Booking, domain.Place(to), court.Value())
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
	_, refused := a.Days.Execute(record.Step(ctx, "hold "+id), domain.DayID(court.Court, date), func(d domain.Day, by fact.By) ([]fact.Event, error) {
		return d.Hold(by, court, date, id, domain.Held{Place: asked, Persons: b.Persons})
	})
	if refused != nil && !domain.NotFree(refused) {
		return domain.BookingView{}, refused // it stays on the list of its worker, as asked
	}
	res, err := a.Bookings.Execute(record.Step(ctx, "answer"), id, func(b domain.Booking, by fact.By) ([]fact.Event, error) {
		return b.Answer(by, asked, refused == nil)
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
	v, err := a.free(ctx, b)
	return v, err
}

func (a App) free(ctx context.Context, b domain.Booking) (domain.BookingView, error) {
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

// HearingMoved moves the bookings of a hearing by as much as the hearing moved, each to the
// same room and entrance; one that finds no safe place there is freed. Who accompanies her is
// on the list of those to be told in both cases. The same news again changes nothing.
func (a App) HearingMoved(ctx context.Context, agency, matter, hearing string, was, is time.Time) error {
	all, err := a.Bookings.FreshIn(ctx, domain.ByMatter.Of(agency, matter))
	if err != nil {
		return err
	}
	return record.Each(all.Value(), func(id string) error {
		found, err := a.Bookings.Fresh(ctx, id)
		b := found.Value()
		if err != nil || b.Hearing != hearing || b.At == nil || b.Over() || b.MovedFor.Equal(is) {
			return err
		}
		to := domain.Wanted(*b.At)
		to.From, to.Until = to.From.Add(is.Sub(was)), to.Until.Add(is.Sub(was))
		ctx := record.Step(ctx, "hearing "+id)
		_, err = a.move(ctx, b, to, is)
		if domain.Refused(err) {
			_, err = a.free(ctx, b)
		}
		return err
	})
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

// kept is a court that the caller's agency keeps.
func (a App) kept(ctx context.Context, id string, by fact.By) (domain.Court, error) {
	court, err := a.Courts.Fresh(ctx, id)
	if err != nil {
		return domain.Court{}, err
	}
	return court.Value(), court.Value().Keeps(by)
}

// Note notes at the calendar when the other side comes, and has the bookings move that are not
// safe any more.
func (a App) Note(ctx context.Context, by fact.By, id string, cmd domain.NoteOpposing) (domain.DayView, error) {
	court, err := a.kept(ctx, id, by)
	if err != nil {
		return domain.DayView{}, err
	}
	day, err := a.Days.Execute(ctx, domain.DayID(id, cmd.Date), func(d domain.Day, by fact.By) ([]fact.Event, error) {
		return d.Note(by, court, cmd)
	})
	if err == nil {
		err = record.Each(day.State.Unsafe(), func(id string) error {
			_, err := a.Bookings.Execute(record.Step(ctx, "unsafe"), id, func(b domain.Booking, by fact.By) ([]fact.Event, error) { return b.Unsettle(by) })
			return err
		})
	}
	return day.State.Shown(id, cmd.Date), err
}

// Day shows the registrar of a court its calendar of a day.
func (a App) Day(ctx context.Context, by fact.By, id string, query url.Values) (domain.DayView, error) {
	if _, err := a.kept(ctx, id, by); err != nil {
		return domain.DayView{}, err
	}
	date := query.Get("date")
	day, err := a.Days.Get(ctx, domain.DayID(id, date))
	return day.State.Shown(id, date), err
}

// Expected are the bookings that an usher receives on a day, in the order of time.
type Expected struct {
	Items []domain.Expected `json:"items"`
}

// Expected shows an usher the bookings of a day at their court: not those of whom the usher
// must not meet her.
func (a App) Expected(ctx context.Context, by fact.By, id string, query url.Values) (Expected, error) {
	court, err := a.kept(ctx, id, by)
	if err != nil {
		return Expected{}, err
	}
	all := Expected{Items: []domain.Expected{}}
	for _, one := range a.Bookings.Find(domain.AtCourt.Of(id)) {
		res, err := a.Bookings.Get(ctx, one)
		if err != nil {
			continue // one that cannot be read now keeps no other from being received
		}
		v, ok := res.State.Expected()
		if !ok || court.Day(*res.State.At) != query.Get("date") {
			continue
		}
		may, err := a.receives(ctx, res.State, by)
		if err != nil {
			return Expected{}, err
		}
		if may {
			all.Items = append(all.Items, v)
		}
	}
	slices.SortStableFunc(all.Items, func(a, b domain.Expected) int { return a.From.Compare(b.From) })
	return all, nil
}

// receives says that an usher is in the circle of her referral.
func (a App) receives(ctx context.Context, b domain.Booking, by fact.By) (bool, error) {
	in, err := a.Matters.Circle(ctx, b.Matter)
	return err == nil && in.Value().Has(worker.ID(by.Agency, by.Principal)), err
}

// Pass notes what an usher saw. For a booking of another court, and for whom the usher must not
// meet, there is none.
func (a App) Pass(ctx context.Context, by fact.By, cmd domain.Pass) (domain.Expected, error) {
	is, err := a.Bookings.Fresh(ctx, cmd.Booking)
	if err != nil {
		return domain.Expected{}, err
	}
	if !is.Value().Exists() {
		return domain.Expected{}, domain.ErrNotFound
	}
	if _, err := a.kept(ctx, is.Value().Court, by); err != nil {
		return domain.Expected{}, err
	}
	may, err := a.receives(ctx, is.Value(), by)
	if err != nil {
		return domain.Expected{}, err
	}
	if !may {
		return domain.Expected{}, domain.ErrNotFound
	}
	res, err := a.Bookings.Execute(ctx, cmd.Booking, func(b domain.Booking, by fact.By) ([]fact.Event, error) { return b.Pass(by, cmd) })
	v, _ := res.State.Expected()
	return v, err
}

// Raised says that an alarm was raised.
type Raised struct {
	Alarm string `json:"alarm"`
}

// Raise calls court security to a room: for the people of the court, and for who books there.
func (a App) Raise(ctx context.Context, _ fact.By, cmd domain.Raise) (Raised, error) {
	court, err := a.Courts.Fresh(ctx, cmd.Court)
	if err != nil {
		return Raised{}, err
	}
	if !court.Value().Exists() {
		return Raised{}, domain.ErrNotFound
	}
	id := fact.ID(domain.AlarmPrefix, record.Cause(ctx))
	_, err = a.Alarms.Execute(ctx, id, func(s domain.Alarm, by fact.By) ([]fact.Event, error) { return s.Raise(by, cmd, court.Value()) })
	return Raised{Alarm: id}, err
}
