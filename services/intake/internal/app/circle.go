package app

import (
	"cmp"
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
	return a.drawAlert(ctx, c)
}

// drawAlert says who may go on an alert, once a team was asked that she must not meet any more.
func (a App) drawAlert(ctx context.Context, c domain.Case) error {
	alert := c.Calling(nil).Alert
	name := circle.ID(alert)
	if _, drawn := a.Circles.Held(name); alert == "" || c.Blocks == nil && !drawn {
		return nil
	}
	all, err := a.teamsFor(ctx, c.Country, c.Programme)
	if err != nil {
		return err
	}
	of := c.Calling(all)
	_, err = a.Circles.Execute(record.Step(ctx, name), name, func(now circle.Circle, _ fact.By) ([]fact.Event, error) {
		return c.Call(now, of), nil
	})
	return err
}

// Amended is what follows from an amendment: the cases that are merged with this one know
// whom she must not meet as well.
func (a App) Amended(ctx context.Context, id string) error {
	one, err := a.Cases.Fresh(ctx, id)
	if err != nil {
		return err
	}
	if err := a.block(ctx, one.Value(), one.Value().Blocks); err != nil {
		return err
	}
	return a.Compare(ctx, id)
}

// Merged is what follows from a merge: whom she must not meet by either binds both.
func (a App) Merged(ctx context.Context, id string) error {
	one, err := a.Cases.Fresh(ctx, id)
	if err != nil || one.Value().Into == "" {
		return err
	}
	leading, err := a.Cases.Fresh(ctx, one.Value().Into)
	if err != nil {
		return err
	}
	return a.block(ctx, one.Value(), one.Value().Blocks.And(leading.Value().Blocks))
}

// block writes whom she must not meet into a case and those that are merged with it.
func (a App) block(ctx context.Context, c domain.Case, all *domain.Blocks) error {
	leads := cmp.Or(c.Into, c.ID)
	led, err := a.Cases.FreshIn(ctx, domain.ByLeading.Of(c.Agency, leads))
	if err != nil {
		return err
	}
	return record.Each(append([]string{leads}, led.Value()...), func(id string) error {
		_, err := a.Cases.Execute(record.Step(ctx, "blocked "+id), id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
			return c.Blocked(by, all, a.Rules)
		})
		if err != nil {
			return err
		}
		return a.Draw(ctx, id)
	})
}

// drawAt follows a change of the register of an agency.
func (a App) drawAt(ctx context.Context, e referralv1.WorkerChanged) error {
	ids, err := a.Cases.FreshIn(ctx, domain.ByCircle.Of(e.Agency))
	if err != nil {
		return err
	}
	return record.Each(ids.Value(), func(id string) error { return a.Draw(ctx, id) })
}
