package app

import (
	"context"
	"errors"
	"slices"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

// OnAgencyChannelsSet wants new codes for all that waits for an agency, so that it is
// told to the channels that the agency has now. The codes that the old ones were told
// have ended before: each use of a code looks at the channels.
//
// A request appends first and looks at the channels afterwards, and this looks for
// requests after the channels were appended: one of the two sees the other.
func (a Invitations) OnAgencyChannelsSet(ctx context.Context, e referralv1.AgencyChannelsSet) error {
	channels, err := a.Channels.Fresh(ctx, e.Agency)
	if err != nil || !slices.ContainsFunc(channels.Value().All(), a.reaches) {
		return err
	}
	waiting, err := a.Loop.Waiting(ctx, e.Agency)
	if err != nil {
		return err
	}
	again := func(ask look.Fresh[domain.Ask], err error) error {
		if err != nil || ask.Value().Agency == "" {
			return err
		}
		_, err = a.Invitations.Execute(record.Step(ctx, "again"), ask.Value().ID(),
			func(i domain.Invitation, by fact.By) ([]fact.Event, error) { return i.Again(by, ask, channels) })
		return err
	}
	err = record.Each(waiting.Value(), func(referral string) error { return again(a.ask(ctx, referral, e.Agency)) })
	letting, failed := a.Loop.ToLetGo(ctx, e.Agency)
	if failed != nil {
		return errors.Join(err, failed)
	}
	return errors.Join(err, record.Each(letting.Value(), func(referral string) error { return again(a.letGo(ctx, referral)) }))
}

// Invite says which agency of a referral is to get new codes: all that are awaited
// when it names none.
type Invite struct {
	Agency string `json:"agency"`
}

// Standings are the invitations of a referral.
type Standings struct {
	Items []domain.Standing `json:"items"`
}

// Invite wants new codes for agencies that the sender of a referral asked. Those
// before end at once: they may be locked, or lost.
func (a Invitations) Invite(ctx context.Context, by fact.By, referral string, cmd Invite) (Standings, error) {
	asks, err := a.asksOf(ctx, by, referral)
	if err != nil {
		return Standings{}, err
	}
	invited := false
	err = record.Each(asks, func(fresh look.Fresh[domain.Ask]) error {
		ask := fresh.Value()
		if cmd.Agency != "" && cmd.Agency != ask.Agency || ask.Queued || !ask.Awaits(by.At) {
			return nil
		}
		channels, err := a.Channels.Fresh(ctx, ask.Agency)
		if err != nil || !slices.ContainsFunc(channels.Value().All(), a.reaches) {
			return err
		}
		invited = true
		_, err = a.Invitations.Execute(record.Step(ctx, "invite"), ask.ID(),
			func(i domain.Invitation, by fact.By) ([]fact.Event, error) { return i.Renew(by, fresh) })
		return err
	})
	switch {
	case err != nil:
		return Standings{}, err
	case !invited:
		return Standings{}, domain.ErrNobodyToInvite
	}
	return a.Standings(ctx, by, referral)
}

// Standings show the sender of a referral how its invitations stand: those of
// the round and the recall that count now, and then the past ones, the last first. There is none of an agency that
// was never to be told by a channel.
func (a Invitations) Standings(ctx context.Context, by fact.By, referral string) (Standings, error) {
	asks, err := a.asksOf(ctx, by, referral)
	if err != nil {
		return Standings{}, err
	}
	all, present := Standings{Items: []domain.Standing{}}, map[string]bool{}
	for _, ask := range asks {
		id := ask.Value().ID()
		present[id] = true
		if all.Items, err = a.stand(ctx, by, all.Items, id, ask.Value()); err != nil {
			return Standings{}, err
		}
	}
	listed, err := a.Invitations.FreshIn(ctx, domain.ByReferral.Of(referral))
	if err != nil {
		return Standings{}, err
	}
	var past []domain.Standing
	for _, id := range listed.Value() {
		if present[id] {
			continue
		}
		if past, err = a.stand(ctx, by, past, id, domain.Ask{}); err != nil {
			return Standings{}, err
		}
	}
	slices.SortStableFunc(past, func(a, b domain.Standing) int { return b.Expires.Compare(a.Expires) })
	all.Items = append(all.Items, past...)
	return all, nil
}

// stand adds how an invitation stands, where there is one.
func (a Invitations) stand(ctx context.Context, by fact.By, all []domain.Standing, id string, ask domain.Ask) ([]domain.Standing, error) {
	inv, err := a.Invitations.Fresh(ctx, id)
	if err != nil || inv.Value().Invitation == "" {
		return all, err
	}
	channels, err := a.Channels.Fresh(ctx, inv.Value().Agency)
	if err != nil {
		return all, err
	}
	return append(all, inv.Value().Standing(by.At, ask, channels.Value())), nil
}

// asksOf is all that a referral asks of agencies now, for its sender: their answers, and
// what became of copies. To everybody else there is no referral.
func (a Invitations) asksOf(ctx context.Context, by fact.By, referral string) ([]look.Fresh[domain.Ask], error) {
	asks, err := a.Loop.AsksOf(ctx, referral, by)
	if err != nil {
		return nil, err
	}
	var all []look.Fresh[domain.Ask]
	for _, ask := range asks.Value() {
		all = append(all, askOf(asks, ask.Agency))
	}
	letting, err := a.letGo(ctx, referral)
	if err == nil && !letting.Value().Recalled.IsZero() {
		all = append(all, letting)
	}
	return all, err
}
