package app

import (
	"context"
	"errors"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
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
	on.Teams, on.Unread = a.teamsFor(ctx, c.Value().Country, c.Value().Programme)
	return on
}

// EnquiryResponders looks up the programme that a command names, and its teams, see Responders.
func (a App) EnquiryResponders(ctx context.Context, _ string, by fact.By, cmd domain.AskEnquiryResponse) (on domain.EnquiryResponders) {
	p, err := a.Rules.Programmes.InForce(cmd.Programme, by.At)
	if err != nil {
		on.Unknown = err
		return on
	}
	on.Country = p.Country
	on.Teams, on.Unread = a.teamsFor(ctx, string(p.Country), cmd.Programme)
	return on
}

// teamsFor are the teams of a country and a programme that can be read.
func (a App) teamsFor(ctx context.Context, country, programme string) (all []teams.Team, err error) {
	ids, err := a.Teams.FreshIn(ctx, teams.ByCountry.Of(country, programme))
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
	packet, err := show(ctx, a, a.Cases, domain.ByAlert.Of(cmd.Alert), by, cmd)
	if errors.Is(err, errNoAlert) {
		packet, err = show(ctx, a, a.Enquiries, domain.EnquiriesByAlert.Of(cmd.Alert), by, cmd)
	}
	if errors.Is(err, errNoAlert) {
		err = domain.ErrNotYours
	}
	return packet, err
}

// errNoAlert says that no record of a kind has the alert.
var errNoAlert = errors.New("no alert")

// calling is a record from which a team is asked.
type calling[S any] interface {
	record.State[S]
	TeamOf(by fact.By, alert string) string
	RespondsTo(by fact.By, alert string, team teams.Team) bool
	ShowResponse(by fact.By, cmd domain.ShowResponse, team teams.Team) ([]fact.Event, error)
	ResponsePacket(alert string, at time.Time) domain.ResponsePacket
}

// show is ShowResponse for the records of a kind.
func show[S calling[S]](ctx context.Context, a App, rs *record.Records[S], of image.Part[S], by fact.By, cmd domain.ShowResponse) (domain.ResponsePacket, error) {
	ids, err := rs.FreshIn(ctx, of)
	if err != nil {
		return domain.ResponsePacket{}, err
	}
	if len(ids.Value()) == 0 {
		return domain.ResponsePacket{}, errNoAlert
	}
	id := ids.Value()[0]
	is, err := rs.Fresh(ctx, id)
	if err != nil {
		return domain.ResponsePacket{}, domain.ErrNotYours // whose it is cannot be known now
	}
	var team teams.Team
	if name := is.Value().TeamOf(by, cmd.Alert); name != "" {
		t, err := a.Teams.Fresh(ctx, name)
		if err != nil {
			return domain.ResponsePacket{}, err
		}
		team = t.Value()
	}
	done, err := rs.Execute(ctx, id, func(s S, by fact.By) ([]fact.Event, error) {
		if !s.RespondsTo(by, cmd.Alert, team) {
			return nil, domain.ErrNotYours
		}
		return s.ShowResponse(by, cmd, team)
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
