package app

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/intake/internal/grants"
)

// OnGrant keeps the copy of a grant. When it is suspended, and when it goes on, each case that the
// agency helps hears of it: her desk asks her, or needs not to.
func (a App) OnGrant(ctx context.Context, said grants.Said) error {
	res, err := a.Grants.Execute(ctx, said.Grant, func(g grants.Grant, _ fact.By) ([]fact.Event, error) { return g.Note(said) })
	if err != nil || said.Suspended == nil {
		return err
	}
	ids, err := a.Cases.FreshIn(ctx, domain.ByHelper.Of(said.Agency))
	if err != nil {
		return err
	}
	return record.Each(ids.Value(), func(id string) error {
		_, err := a.Cases.Execute(ctx, id, func(c domain.Case, by fact.By) ([]fact.Event, error) { return c.OnGrant(by, res.State, a.Rules) })
		return err
	})
}

// grants are those of the copies, for a decision.
func (a App) grants(ctx context.Context) (grants.Held, error) {
	ids, err := a.Grants.FreshIn(ctx, grants.ByAgency.Of())
	if err != nil {
		return nil, err
	}
	var all []look.Fresh[grants.Grant]
	for _, id := range ids.Value() {
		one, err := a.Grants.Fresh(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return grants.Hold(all), nil
}
