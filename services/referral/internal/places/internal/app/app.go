// Package app holds the use cases of places that need more than one record: what a hold
// hangs on, and what the acceptance of a referral takes. It decides nothing itself, and
// refuses to hold a rule.
package app

import (
	"context"
	"errors"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/places/internal/domain"
)

// Directory is what places ask of the directory.
type Directory interface {
	// Listed is what the network knows of a service.
	Listed(ctx context.Context, service string) (look.Fresh[domain.Listed], error)
}

// Referrals is what places ask of the loop.
type Referrals interface {
	// Standing is how a referral stands.
	Standing(ctx context.Context, referral string) (look.Fresh[domain.Standing], error)
}

// App is the places of all agencies.
type App struct {
	Places    *record.Records[domain.Place]
	Directory Directory
	Referrals Referrals
	// Programmes say how long a place is held: each for those who ask in it.
	Programmes programme.Set
}

// New adds the records to a book.
func New(b *record.Book, all programme.Set, d Directory, r Referrals) App {
	return App{record.New(b, "place", &domain.ByAgency, &domain.ByReferral), d, r, all}
}

// Listing looks a service up in the directory.
func (a App) Listing(ctx context.Context, id string, _ fact.By) (l domain.Listing) {
	l.Service, l.Err = a.Directory.Listed(ctx, id)
	return l
}

func (a App) referral(ctx context.Context, id string) (r domain.Referral) {
	if id != "" {
		r.Is, r.Err = a.Referrals.Standing(ctx, id)
	}
	return r
}

// Asked looks up what a hold hangs on.
func (a App) Asked(ctx context.Context, id string, by fact.By, cmd domain.Reserve) domain.Asked {
	return domain.Asked{Listing: a.Listing(ctx, id, by), Referral: a.referral(ctx, cmd.Referral)}
}

// Tied looks up the referral for which a hold is to be.
func (a App) Tied(ctx context.Context, _ string, _ fact.By, cmd domain.Tie) domain.Referral {
	return a.referral(ctx, cmd.Referral)
}

// Reserve is the rule of the command, with what the programme that asks says.
func (a App) Reserve(p domain.Place, by fact.By, cmd domain.Reserve, on domain.Asked) ([]fact.Event, error) {
	return p.Reserve(by, cmd, on, a.rule(on.Listing, cmd.Asks(on), by.At))
}

// Renew is the rule of the command, with the same.
func (a App) Renew(p domain.Place, by fact.By, cmd domain.Renew, on domain.Listing) ([]fact.Event, error) {
	return p.Renew(by, cmd, a.rule(on, p.AskedBy(cmd.Hold), by.At))
}

// rule is what a programme says in the country of the place. Where it is none of that country,
// and where the country cannot be known now, it is what the base of the network says.
func (a App) rule(at domain.Listing, asks string, now time.Time) domain.Rule {
	rule := domain.Rule{Hold: a.Programmes.Base().Hold, Ask: domain.AskAfter}
	if at.Err == nil {
		rule.Hold = a.Programmes.For(asks, at.Service.Value().Country, now, now).Hold
	}
	return rule
}

// Took looks up which of the referrals of a place are taken now. One that is set aside counts as not taken: a bed must not be kept from others by what nobody can read.
// When it is read again, its acceptance takes a free one.
func (a App) Took(ctx context.Context, id string) domain.Took {
	took := domain.Took{By: map[string]string{}}
	p, err := a.Places.Fresh(ctx, id)
	if err != nil {
		return domain.Took{Err: err}
	}
	for _, referral := range p.Value().Referrals() {
		is, err := a.Referrals.Standing(ctx, referral)
		switch {
		case errors.Is(err, record.ErrQuarantined):
		case err != nil:
			return domain.Took{Err: err}
		default:
			took.By[referral] = is.Value().Taken
		}
	}
	return took
}

// OnAccepted takes one at the agency that accepted, and gives back what is held for the
// referral elsewhere. Then it looks at the referral: its end may have come first.
func (a App) OnAccepted(ctx context.Context, l referralv1.Loop) error {
	held, err := a.Places.FreshIn(ctx, domain.ByReferral.Of(l.Referral))
	if err != nil {
		return err
	}
	chosen := ""
	for _, id := range held.Value() {
		p, err := a.Places.Fresh(ctx, id)
		if err != nil {
			return err
		}
		if p.Value().Agency == l.Recipient {
			chosen = id
			continue
		}
		if _, err := a.Places.Execute(ctx, id, func(p domain.Place, by fact.By) ([]fact.Event, error) {
			return p.AcceptedElsewhere(by, l.Referral)
		}); err != nil {
			return err
		}
	}
	if chosen == "" {
		if chosen, err = a.best(ctx, l.Recipient, l.Service); err != nil || chosen == "" {
			return err
		}
	}
	if _, err := a.Places.Execute(ctx, chosen, func(p domain.Place, by fact.By) ([]fact.Event, error) { return p.Take(by, l.Referral) }); err != nil {
		return err
	}
	is, err := a.Referrals.Standing(ctx, l.Referral)
	if err != nil || !is.Value().Ended {
		return err
	}
	return a.OnEnded(record.Step(ctx, "ended"), l.Referral)
}

func (a App) best(ctx context.Context, agency string, s code.Service) (string, error) {
	own, err := a.Places.FreshIn(ctx, domain.ByAgency.Of("own", agency))
	if err != nil {
		return "", err
	}
	var all []domain.Place
	for _, id := range own.Value() {
		p, err := a.Places.Fresh(ctx, id)
		if errors.Is(err, record.ErrQuarantined) {
			continue // it cannot be counted now
		}
		if err != nil {
			return "", err
		}
		all = append(all, p.Value())
	}
	return domain.Best(all, s), nil
}

// OnEnded gives back what is held for a referral that is over, and notes where somebody may
// be there still.
func (a App) OnEnded(ctx context.Context, referral string) error {
	at, err := a.Places.FreshIn(ctx, domain.ByReferral.Of(referral))
	if err != nil {
		return err
	}
	return record.Each(at.Value(), func(id string) error {
		_, err := a.Places.Execute(ctx, id, func(p domain.Place, by fact.By) ([]fact.Event, error) {
			return p.ReferralEnded(by, referral, domain.Rule{Ask: domain.AskAfter})
		})
		return err
	})
}

// Counted is what is free at a service, as far as this process knows: for a search, never
// for a decision.
func (a App) Counted(service string) (is struct {
	Unit          code.PlaceUnit
	Free, Maximum int64
	At            time.Time
}, ok bool,
) {
	res, ok := a.Places.Held(service)
	if !ok || !res.State.Exists() {
		return is, false
	}
	p := res.State
	is.Unit, is.Free, is.Maximum, is.At = p.Unit, p.Free, p.Maximum, p.CountedAt
	return is, true
}
