package app

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/seen"
)

// AskContact tells who has a case whether she may be contacted now, and how. That they asked
// is recorded first, also where the answer is no: the next safe time tells of her day.
func (a App) AskContact(ctx context.Context, by fact.By, id string, cmd domain.AskContact) (domain.Allowed, error) {
	res, err := a.reading().Look(ctx, id, by, seen.Contact)
	if err != nil {
		return domain.Allowed{}, err
	}
	return res.State.Allowed(cmd.Purpose, by.At)
}

// AskContactFor tells an agency that has taken a referral the same. The question is in the
// journal before the answer is made. The answer is by the case as it is then: a repeated
// request is told what holds now, and never an address from before.
func (a App) AskContactFor(ctx context.Context, by fact.By, cmd domain.AskContactFor) (domain.Allowed, error) {
	id, hands, err := a.knows(ctx, by, cmd.Referral)
	if err != nil {
		return domain.Allowed{}, err
	}
	done, err := a.Cases.Execute(ctx, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		if !c.Knows(by, cmd.Referral) {
			return nil, record.ErrNotFound
		}
		return c.AskContact(by, cmd, hands, a.Rules)
	})
	if err != nil {
		return domain.Allowed{}, err
	}
	if done.At.After(by.At) {
		by.At = done.At
	}
	allowed, known, err := done.State.AllowedFor(by, cmd, hands, a.Rules)
	if err == nil && !known {
		err = record.ErrNotFound
	}
	return allowed, err
}
