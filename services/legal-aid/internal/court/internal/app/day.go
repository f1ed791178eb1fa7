package app

import (
	"context"
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

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

// Straying are the bookings for which a court is asked to find another place.
type Straying struct {
	Items []domain.Strayed `json:"items"`
}

// Straying shows the registrar of a court which bookings must move, in the order of time.
func (a App) Straying(ctx context.Context, by fact.By, id string, _ url.Values) (Straying, error) {
	if _, err := a.kept(ctx, id, by); err != nil {
		return Straying{}, err
	}
	all := Straying{Items: []domain.Strayed{}}
	for _, one := range a.Bookings.Find(domain.Straying.Of(id)) {
		if res, err := a.Bookings.Get(ctx, one); err == nil { // one that cannot be read now hides no other
			if v, ok := res.State.Strayed(); ok {
				all.Items = append(all.Items, v)
			}
		}
	}
	slices.SortStableFunc(all.Items, func(a, b domain.Strayed) int { return a.From.Compare(b.From) })
	return all, nil
}

// Expected are the bookings that an usher receives on a day, in the order of time.
type Expected struct {
	Items []domain.Expected `json:"items"`
}

// Expected shows an usher the bookings of a day at their court, which are the court's own work
// whoever may work on her case: not those of her whom the usher must not meet.
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
		may, err := a.Matters.Meets(ctx, res.State.Matter, by)
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
	may, err := a.Matters.Meets(ctx, is.Value().Matter, by)
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
