package app

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/centre"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
)

// House looks up the centre of a visit that is to begin, and whether a caller acts for who has the case.
func (a App) House(ctx context.Context, id string, by fact.By, cmd domain.BeginVisit) domain.House {
	h := domain.House{Hands: a.Hands(ctx, id, by)}
	h.Centre, h.Err = a.Centres.Fresh(ctx, cmd.Centre)
	return h
}

// HouseOf looks up the same for the visit that goes on.
func (a App) HouseOf(ctx context.Context, id string, by fact.By) domain.House {
	h := domain.House{Hands: a.Hands(ctx, id, by)}
	c, err := a.Cases.Fresh(ctx, id)
	if err != nil || c.Value().HouseOf() == "" {
		h.Err = err
		return h
	}
	h.Centre, h.Err = a.Centres.Fresh(ctx, c.Value().HouseOf())
	return h
}

// InRooms has the rooms of the house follow a visit. It comes after the commit on the case: a room that could
// not be given back now falls back by itself.
func (a App) InRooms(ctx context.Context, id string) error {
	c, err := a.Cases.Fresh(ctx, id)
	if err != nil || c.Value().HouseOf() == "" {
		return err
	}
	code, in, left := c.Value().InRooms()
	_, err = a.Centres.Execute(record.Step(ctx, "rooms"), c.Value().HouseOf(), func(h centre.Centre, by fact.By) ([]fact.Event, error) {
		return h.Follow(by, code, in, left)
	})
	return err
}

// Here looks up whether a visit with a code goes on in a centre.
func (a App) Here(ctx context.Context, id string, _ fact.By, cmd centre.HoldRoom) look.Fresh[[]string] {
	here, err := a.Cases.FreshIn(ctx, domain.ByHouse.Of(id, cmd.Visit))
	if err != nil {
		return look.Fresh[[]string]{}
	}
	return here
}

// Reception gives a centre to its desk, with the visits that go on, by their codes. A visit of somebody who
// must not meet the reader is left out.
func (a App) Reception(ctx context.Context, id string, by fact.By) (command.Sight, error) {
	house, err := a.Centres.See(ctx, id, by)
	if err != nil {
		return command.Sight{}, err
	}
	shown := house.State.Shown(by.At)
	for _, one := range a.Cases.Find(domain.ByHouse.Of(id)) {
		c, err := a.Cases.Get(ctx, one)
		if err != nil {
			return command.Sight{}, err
		}
		if v, ok := c.State.VisitHere(by, house.State, a.Rules); ok {
			shown.Visits = append(shown.Visits, v)
		}
	}
	return command.Sight{View: shown, Version: house.Version, Now: house.State.Commands().Now(house.State, by, command.Anybody)}, nil
}

// VisitsWaiting is a page of who waits in the house for an agency.
type VisitsWaiting struct {
	Items []domain.VisitWaits `json:"items"`
}

// ListVisits shows somebody of an agency which visits wait for it: of the referrals that nobody has, and
// those that they have or cover.
func (a App) ListVisits(ctx context.Context, by fact.By, cursor string, limit int) (VisitsWaiting, string, error) {
	found, next, err := a.Cases.Page(ctx, domain.ByVisit.Of(by.Agency), cursor, limit)
	page := VisitsWaiting{Items: make([]domain.VisitWaits, 0, len(found))}
	for _, c := range found {
		for _, v := range c.State.VisitsWaiting(by, a.Rules) {
			switch err := c.State.HandedTo(by, v.Referral, a.keeps(ctx, by, c.State.HandOf(by, v.Referral))); {
			case errors.Is(err, work.ErrNotTheWorker):
			case err != nil:
				return VisitsWaiting{}, "", err
			default:
				page.Items = append(page.Items, v)
			}
		}
	}
	return page, next, err
}
