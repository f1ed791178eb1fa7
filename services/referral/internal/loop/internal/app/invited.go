package app

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// AsksOf are the asks of a referral for its sender. To everybody else there is no
// referral.
func (a App) AsksOf(ctx context.Context, referral string, by fact.By) (look.Fresh[[]domain.Ask], error) {
	r, err := a.Referrals.Fresh(ctx, referral)
	if err == nil && !r.Value().SentBy(by) {
		err = domain.ErrNotFound
	}
	if err != nil {
		return look.Fresh[[]domain.Ask]{}, err
	}
	return look.As(r, domain.Referral.Asks), nil
}

// Waiting names the referrals that wait for the answer of an agency.
func (a App) Waiting(ctx context.Context, agency string) (look.Fresh[[]string], error) {
	return a.Referrals.FreshIn(ctx, domain.Asked(agency))
}
