package app

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

// Follow brings the bookings of a matter to where its hearings are now, and gives back those to which
// nobody comes any more. What is there already changes nothing, so that it goes on from wherever an
// earlier one stopped.
func (a App) Follow(ctx context.Context, matter string) error {
	of, err := a.Matters.Now(ctx, matter)
	if err != nil {
		return err
	}
	all, err := a.Bookings.FreshIn(ctx, domain.ByMatter.Of(of.Agency, matter))
	if err != nil {
		return err
	}
	return record.Each(all.Value(), func(id string) error {
		_, err := a.follow(ctx, id, of)
		return err
	})
}

// follow brings one there. That the court has no place for it is said by the booking.
func (a App) follow(ctx context.Context, id string, of domain.OfMatter) (domain.Booking, error) {
	is, err := a.Bookings.Fresh(ctx, id)
	if err != nil {
		return domain.Booking{}, err
	}
	court, err := a.Courts.Fresh(ctx, is.Value().Court)
	if err != nil {
		return domain.Booking{}, err
	}
	ctx = record.Step(ctx, "follow "+id)
	if _, err := a.finish(ctx, id, court.Value()); err != nil {
		return domain.Booking{}, err
	}
	if _, err := a.Bookings.Execute(ctx, id, func(b domain.Booking, by fact.By) ([]fact.Event, error) {
		return b.Follow(by, of, court.Value())
	}); err != nil {
		return domain.Booking{}, err
	}
	return a.finish(ctx, id, court.Value())
}

// finish brings to its end what was asked of the calendar for a booking, and gives back what the court
// need not hold for it any more.
func (a App) finish(ctx context.Context, id string, court domain.Court) (domain.Booking, error) {
	is, err := a.Bookings.Fresh(ctx, id)
	if err != nil {
		return domain.Booking{}, err
	}
	b := is.Value()
	if b.Asked == nil || b.Over() {
		return b, a.leave(ctx, b, court)
	}
	if _, err := a.settle(ctx, id, *b.Asked, court); err != nil && !domain.NotFree(err) {
		return domain.Booking{}, err
	}
	is, err = a.Bookings.Fresh(ctx, id)
	return is.Value(), err
}
