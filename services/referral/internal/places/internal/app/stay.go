package app

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/places/internal/domain"
)

// referralOf is the referral of a stay: a referral has one at a time, named after it. Services alone
// are told of stays, and no other record than this count is found by it.
func referralOf(e psychosocialv1.Stay) string { return fact.Rename("ref", e.Placement) }

// OnPlacementStarted keeps a place taken until the shelter says that the stay is over: the one that
// it names, where that is its own, and else the one that the acceptance took. What is counted for the
// referral at another place of it is given back.
func (a App) OnPlacementStarted(ctx context.Context, e psychosocialv1.PlacementStarted) error {
	referral := referralOf(e.Stay)
	is, err := a.Referrals.Standing(ctx, referral)
	if err != nil {
		return err
	}
	agency := is.Value().Taken
	at, err := a.Places.FreshIn(ctx, domain.ByReferral.Of(referral))
	if err != nil {
		return err
	}
	chosen, err := a.stayAt(ctx, e.Place, agency, referral, at.Value())
	if err != nil || chosen == "" {
		return err // the agency counts no places
	}
	if err := record.Each(at.Value(), func(id string) error {
		if a.Places.Name(id) == a.Places.Name(chosen) {
			return nil
		}
		_, err := a.Places.Execute(ctx, id, func(p domain.Place, by fact.By) ([]fact.Event, error) {
			return p.StayOver(by, referral, code.StayMoved)
		})
		return err
	}); err != nil {
		return err
	}
	_, err = a.Places.Execute(ctx, chosen, func(p domain.Place, by fact.By) ([]fact.Event, error) { return p.StayTold(by, referral) })
	return err
}

// stayAt is the place at which a stay is counted; empty where the agency counts none.
func (a App) stayAt(ctx context.Context, named, agency, referral string, counted []string) (string, error) {
	if named != "" {
		p, err := a.Places.Fresh(ctx, named)
		switch {
		case errors.Is(err, record.ErrQuarantined):
		case err != nil:
			return "", err
		case agency != "" && p.Value().Agency == agency:
			return a.Places.Name(named), nil
		}
	}
	for _, id := range counted {
		p, err := a.Places.Fresh(ctx, id)
		if err != nil {
			return "", err
		}
		if p.Value().Counts(referral) {
			return id, nil
		}
	}
	if agency == "" {
		return "", nil
	}
	return a.best(ctx, agency, code.SafeHouse)
}

// OnPlacementEnded gives the place back.
func (a App) OnPlacementEnded(ctx context.Context, e psychosocialv1.PlacementEnded) error {
	referral := referralOf(e.Stay)
	at, err := a.Places.FreshIn(ctx, domain.ByReferral.Of(referral))
	if err != nil {
		return err
	}
	return record.Each(at.Value(), func(id string) error {
		_, err := a.Places.Execute(ctx, id, func(p domain.Place, by fact.By) ([]fact.Event, error) {
			return p.StayOver(by, referral, code.StayLeft)
		})
		return err
	})
}
