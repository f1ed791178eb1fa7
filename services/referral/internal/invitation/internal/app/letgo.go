package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/loop"
)

// letGo is what the recipient of a referral is asked after a recall.
func (a Invitations) letGo(ctx context.Context, referral string) (look.Fresh[domain.Ask], error) {
	ask, err := a.Loop.LetGo(ctx, referral)
	return look.As(ask, func(ask loop.Ask) domain.Ask { return domain.Ask(ask) }), err
}

// stop tells an agency to stop. One that answered by code gets a code with which it says
// what became of its copies; each reminder brings a new code, and those before end. That it
// is to stop waits for nothing: where no code can be had, it is told without one.
func (a Invitations) stop(ctx context.Context, caseID, referral, agency string) error {
	if agency == "" {
		return nil
	}
	asked, err := a.coded(ctx, referral, agency)
	if err != nil && !errors.Is(err, record.ErrQuarantined) {
		return err
	}
	if asked {
		return nil
	}
	return a.notice(ctx, caseID, referral, agency, code.StopContact)
}

// coded wants a code with which an agency says what became of its copies. False: it has an
// account, said so before, or has no channel.
func (a Invitations) coded(ctx context.Context, referral, agency string) (bool, error) {
	ask, err := a.letGo(ctx, referral)
	if err != nil || ask.Value().Agency != agency || ask.Value().Until.IsZero() {
		return false, err
	}
	channels, err := a.Channels.Fresh(ctx, agency)
	if err != nil || !slices.ContainsFunc(channels.Value().All(), a.reaches) {
		return false, err
	}
	inv, err := a.Invitations.Execute(record.Step(ctx, "let go"), ask.Value().ID(),
		func(i domain.Invitation, by fact.By) ([]fact.Event, error) { return i.Renew(by, ask) })
	return err == nil && inv.State.Invitation != "", err
}

// LetGo takes what became of the copies of the agency that has the code. The referral's
// record takes it once, by the loop's own rule; after that the code asks for nothing.
func (a Invitations) LetGo(ctx context.Context, typed string, said domain.LetGo) (code.NoticeLanguage, error) {
	return evenly(ctx, func() (code.NoticeLanguage, error) {
		const op = "postAnswerPage"
		inv, err := a.findTo(ctx, op, typed, true)
		if err != nil {
			return "", err
		}
		answer := loop.Acknowledge{Erasure: said.Erasure, Kept: loop.Kept{
			Ground: said.Ground, Until: said.Until(a.zone(ctx, inv.Agency)), SheWasTold: said.SheWasTold != nil && *said.SheWasTold,
		}}
		digest := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%t/%s", answer.Erasure, said.Day, answer.SheWasTold, answer.Ground))
		ctx := record.With(ctx, record.Command{
			Op: op, By: fact.By{Principal: inviter, Agency: inv.Agency}, Cause: op + "/" + inv.Invitation, Digest: digest[:],
		})
		if err := a.Loop.Acknowledge(ctx, inv.Referral, inv.Recalled, answer); err != nil {
			return "", worthless(err)
		}
		return a.language(ctx, inv.Agency), nil
	})
}
