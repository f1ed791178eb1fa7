package app

import (
	"context"
	"time"

	"github.com/sanad-network/sanad/api/code"
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

// Case is the survivor's case of a referral; empty where the referral is not known.
func (a App) Case(ctx context.Context, referral string) (look.Fresh[string], error) {
	r, err := a.Referrals.Fresh(ctx, referral)
	return look.As(r, domain.Referral.Case), err
}

// Country is where the case of a referral is; empty where that is not known.
func (a App) Country(ctx context.Context, referral string) (look.Fresh[code.Country], error) {
	r, err := a.Referrals.Fresh(ctx, referral)
	return look.As(r, domain.Referral.Country), err
}

// LetGo is what a recipient without an account is asked after a recall.
func (a App) LetGo(ctx context.Context, referral string) (look.Fresh[domain.Ask], error) {
	r, err := a.Referrals.Fresh(ctx, referral)
	return look.As(r, domain.Referral.LetGo), err
}

// ToLetGo names the referrals of which an agency is to say what became of its copies.
func (a App) ToLetGo(ctx context.Context, agency string) (look.Fresh[[]string], error) {
	return a.Referrals.FreshIn(ctx, domain.ToLetGo(agency))
}

// Acknowledge takes from an agency without an account what became of its copies, by the
// same rule as from any other.
func (a App) Acknowledge(ctx context.Context, referral string, recalled time.Time, cmd domain.Acknowledge) error {
	_, err := a.Referrals.Execute(ctx, referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		return r.AcknowledgeByCode(by, cmd, recalled)
	})
	return err
}
