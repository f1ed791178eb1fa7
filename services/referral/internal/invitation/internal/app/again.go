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
	"github.com/sanad-network/sanad/services/referral/internal/loop"
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
	asks, err := a.Loop.AsksOf(ctx, referral, by)
	if err != nil {
		return Standings{}, err
	}
	invited := false
	err = record.Each(asks.Value(), func(ask loop.Ask) error {
		if cmd.Agency != "" && cmd.Agency != ask.Agency || ask.Queued || !domain.Ask(ask).Awaits(by.At) {
			return nil
		}
		channels, err := a.Channels.Fresh(ctx, ask.Agency)
		if err != nil || !slices.ContainsFunc(channels.Value().All(), a.reaches) {
			return err
		}
		invited = true
		fresh := askOf(asks, ask.Agency)
		_, err = a.Invitations.Execute(record.Step(ctx, "invite"), domain.InvitationID(referral, ask.Agency),
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

// Standings show the sender of a referral how its invitations stand. There is none
// of an agency that was never to be told by a channel.
func (a Invitations) Standings(ctx context.Context, by fact.By, referral string) (Standings, error) {
	asks, err := a.Loop.AsksOf(ctx, referral, by)
	if err != nil {
		return Standings{}, err
	}
	all := Standings{Items: []domain.Standing{}}
	for _, ask := range asks.Value() {
		inv, err := a.Invitations.Fresh(ctx, domain.InvitationID(referral, ask.Agency))
		if err != nil {
			return Standings{}, err
		}
		channels, err := a.Channels.Fresh(ctx, ask.Agency)
		if err != nil {
			return Standings{}, err
		}
		if inv.Value().Invitation != "" {
			all.Items = append(all.Items, inv.Value().Standing(by.At, channels.Value()))
		}
	}
	return all, nil
}
