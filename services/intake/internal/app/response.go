package app

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/intake/internal/teams"
)

// Responders looks up the teams of the country and the programme of a case, and whether a caller acts for who
// has it. A team that cannot be read is left out: it may have a member whom she must not meet.
func (a App) Responders(ctx context.Context, id string, by fact.By) domain.Responders {
	on := domain.Responders{Hands: a.Hands(ctx, id, by)}
	c, err := a.Cases.Fresh(ctx, id)
	if err != nil {
		on.Unread = err
		return on
	}
	on.Teams, on.Unread = a.teamsFor(ctx, c.Value())
	return on
}

// teamsFor are the teams of the country and the programme of a case that can be read.
func (a App) teamsFor(ctx context.Context, c domain.Case) (all []teams.Team, err error) {
	ids, err := a.Teams.FreshIn(ctx, teams.ByCountry.Of(c.Country, c.Programme))
	if err != nil {
		return nil, err
	}
	for _, team := range ids.Value() {
		t, err := a.Teams.Fresh(ctx, team)
		switch {
		case errors.Is(err, record.ErrQuarantined):
		case err != nil:
			return nil, err
		default:
			all = append(all, t.Value())
		}
	}
	return all, nil
}

// ShowResponse shows the member who acknowledged where she is, what the danger is and how to
// come near. The disclosure is in the journal before the answer is made. Whom she must not
// meet is looked at fresh, in the same turn. Errors: domain.ErrNotYours for everybody else,
// and until the acknowledgement is known here.
func (a App) ShowResponse(ctx context.Context, by fact.By, cmd domain.ShowResponse) (domain.ResponsePacket, error) {
	ids, err := a.Cases.FreshIn(ctx, domain.ByAlert.Of(cmd.Alert))
	if err != nil {
		return domain.ResponsePacket{}, err
	}
	if len(ids.Value()) == 0 {
		return domain.ResponsePacket{}, domain.ErrNotYours
	}
	id := ids.Value()[0]
	c, err := a.Cases.Fresh(ctx, id)
	if err != nil {
		return domain.ResponsePacket{}, domain.ErrNotYours // whose it is cannot be known now
	}
	var team teams.Team
	if name := c.Value().TeamOf(by, cmd.Alert); name != "" {
		t, err := a.Teams.Fresh(ctx, name)
		if err != nil {
			return domain.ResponsePacket{}, err
		}
		team = t.Value()
	}
	done, err := a.Cases.Execute(ctx, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		if !c.RespondsTo(by, cmd.Alert, team) {
			return nil, domain.ErrNotYours
		}
		return c.ShowResponse(by, cmd, team)
	})
	if err != nil {
		return domain.ResponsePacket{}, err
	}
	// A repeated request was decided when it came first.
	if !done.State.RespondsTo(by, cmd.Alert, team) {
		return domain.ResponsePacket{}, domain.ErrNotYours
	}
	return done.State.ResponsePacket(cmd.Alert, by.At), nil
}
