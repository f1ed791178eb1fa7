// Package referral closes the loop between the agency that asks and the agency
// that helps. It decides who may answer a referral, when it is late and how it
// ends; it refuses to know who the survivor is.
package referral

import (
	"context"
	"errors"
	"slices"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
	"github.com/sanad-network/sanad/services/referral/internal/essential"
	"github.com/sanad-network/sanad/services/referral/internal/invitation"
	"github.com/sanad-network/sanad/services/referral/internal/loop"
	"github.com/sanad-network/sanad/services/referral/internal/places"
	"github.com/sanad-network/sanad/services/referral/internal/response"
	"github.com/sanad-network/sanad/services/referral/internal/workers"
)

// New makes the referral service out of its seven contexts.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "referral", slices.Concat(loop.Events(), invitation.Events(), directory.Events(), workers.Events(), places.Events(), response.Events(), essential.Events())...)
	listed := directory.New(u.Book, d.Programmes)
	staff := workers.New(u.Book, d.Programmes)
	referrals := loop.New(u.Book, d.Programmes, listed, staff)
	counted := places.New(u.Book, d.Programmes, listed, referrals)
	listed.Counted = counted.Counted
	reach := essential.New(u.Book, d.Programmes, listed)
	referrals.Hear(reach.Heard)
	invitations := invitation.New(u.Book, referrals, listed, staff, d.Notifier, d.Clock)
	alerts := response.New(u.Book, staff, referrals, invitations, d.Programmes)

	workers.Admit(u, staff)
	directory.Operations(u, listed)
	workers.Operations(u, staff)
	loop.Operations(u, referrals)
	loop.Reactions(u, referrals)
	places.Operations(u, counted)
	places.Reactions(u, counted)
	response.Operations(u, alerts)
	response.Reactions(u, alerts)
	essential.Operations(u, reach)
	invitation.Answers(u, d.Clock, invitations)
	// Reactions of two contexts: each is done when both are done.
	service.OnFunc(u, "onServiceRequested", func(ctx context.Context, e intakev1.ServiceRequested) error {
		if err := referrals.OnServiceRequested(ctx, e); err != nil {
			return err
		}
		return invitations.OnServiceRequested(ctx, e)
	})
	service.OnFunc(u, "onCircleDrawn", func(ctx context.Context, e intakev1.CircleDrawn) error {
		if err := referrals.OnCircleDrawn(ctx, e); err != nil {
			return err
		}
		return alerts.OnCircle(ctx, e)
	})
	service.OnFunc(u, "onReferralResumed", func(ctx context.Context, e intakev1.ReferralResumed) error {
		if err := referrals.OnReferralResumed(ctx, e); err != nil {
			return err
		}
		return invitations.OnReferralResumed(ctx, e)
	})
	service.OnFunc(u, "onReferralWithdrawn", func(ctx context.Context, e referralv1.Withdrawn) error {
		return errors.Join(invitations.OnWithdrawn(ctx, e), counted.OnEnded(ctx, e.Referral)) // her no waits for no count
	})
	service.OnFunc(u, "onReferralLapsed", func(ctx context.Context, e referralv1.Lapsed) error {
		return errors.Join(invitations.OnLapsed(ctx, e), counted.OnEnded(ctx, e.Referral)) // her no waits for no count
	})
	return u
}
