package app

import (
	"context"
	"maps"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Draw has the services know who may work on the referrals of a case, where she must not meet
// everybody. It follows each change of the case and of the register, and each answer to a
// referral, so that what failed once is made good. A case without such a person costs no read.
func (a App) Draw(ctx context.Context, id string) error {
	read, err := a.Cases.Fresh(ctx, id)
	if err != nil {
		return err
	}
	c := read.Value()
	for _, of := range c.Circling() {
		name := circle.ID(of.Referral)
		if _, drawn := a.Circles.Held(name); !of.Needed && !drawn {
			continue
		}
		register := map[string]worker.Present{}
		for _, agency := range of.Agencies {
			staff, err := a.staff(ctx, agency)
			if err != nil {
				return err
			}
			maps.Copy(register, staff.Value())
		}
		if _, err := a.Circles.Execute(record.Step(ctx, name), name, func(now circle.Circle, _ fact.By) ([]fact.Event, error) {
			return c.Draw(now, of, register), nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// Amended is what follows from an amendment.
func (a App) Amended(ctx context.Context, id string) error {
	if err := a.Draw(ctx, id); err != nil {
		return err
	}
	return a.Compare(ctx, id)
}

// drawAt follows a change of the register of an agency.
func (a App) drawAt(ctx context.Context, e referralv1.WorkerChanged) error {
	ids, err := a.Cases.FreshIn(ctx, domain.ByCircle.Of(e.Agency))
	if err != nil {
		return err
	}
	return record.Each(ids.Value(), func(id string) error { return a.Draw(ctx, id) })
}
