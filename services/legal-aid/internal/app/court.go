package app

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court"
)

// Worked is a matter for who works on it or covers. A protected room is for her
// safety: it is booked before the conflict check and while the matter rests as well.
func (a App) Worked(ctx context.Context, matter string, by fact.By) (court.OfMatter, error) {
	res, err := a.Works.See(ctx, matter, by)
	if err == nil {
		err = res.State.Handled(a.Hands(ctx, matter, by))
	}
	return court.OfMatter{Matter: matter, Case: res.State.Case(), Agency: res.State.Agency, Over: res.State.MayDoDuties()}, err
}

// Shown records that somebody looks at what is booked for a matter.
func (a App) Shown(ctx context.Context, matter string, by fact.By) error {
	_, err := a.Look(ctx, matter, by, seen.Content)
	return err
}

// Circle is who may work on the referral of a matter.
func (a App) Circle(ctx context.Context, matter string) (look.Fresh[circle.Circle], error) {
	return a.Circles.Fresh(ctx, circle.ID(matter))
}
