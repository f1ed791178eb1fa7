package app

import (
	"context"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// Worked is a matter for who works on it or covers. A protected room is for her
// safety: it is booked before the conflict check and while the matter rests as well.
func (a App) Worked(ctx context.Context, matter string, by fact.By) (court.OfMatter, error) {
	res, err := a.Works.See(ctx, matter, by)
	if err == nil {
		err = res.State.Handled(a.Hands(ctx, matter, by))
	}
	return ofMatter(matter, res.State), err
}

// Now is a matter as it is now, for what follows it.
func (a App) Now(ctx context.Context, matter string) (court.OfMatter, error) {
	m, err := a.Works.Fresh(ctx, matter)
	return ofMatter(matter, m.Value()), err
}

// ofMatter is what bookings need to know of a matter.
func ofMatter(id string, m domain.Matter) court.OfMatter {
	of := court.OfMatter{
		Matter: id, Case: m.Case(), Agency: m.Agency, Over: m.MayDoDuties(),
		Ended: m.Closed() || m.Standing.Shows() == work.Nothing, Hearings: map[string]court.Sitting{},
	}
	for _, h := range m.Hearings {
		of.Hearings[h.ID] = court.Sitting{
			StartsAt: h.StartsAt, Moved: len(h.Moves) > 0,
			PutOff: h.Result == code.HearingPutOff, Over: h.InError || h.Result != "" && h.Result != code.HearingPutOff,
		}
	}
	return of
}

// Shown records that somebody looks at what is booked for a matter.
func (a App) Shown(ctx context.Context, matter string, by fact.By) error {
	_, err := a.Look(ctx, matter, by, seen.Content)
	return err
}

// Meets says that somebody of a court may meet her, by the circle of her lawyer's referral.
func (a App) Meets(ctx context.Context, matter string, by fact.By) (bool, error) {
	in, err := a.Circles.Fresh(ctx, circle.ID(matter))
	return err == nil && in.Value().Meets(by.Agency, worker.ID(by.Agency, by.Principal)), err
}
