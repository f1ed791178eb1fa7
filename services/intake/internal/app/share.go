package app

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
)

// LookAtShare shows an agency its own share of what is planned. As with a packet, the look is
// in the journal before the answer is made, and the answer is by the case as it is then.
func (a App) LookAtShare(ctx context.Context, by fact.By, referral string) (domain.Share, error) {
	return ofReferral(ctx, a, by, referral,
		func(c domain.Case, by fact.By, h work.Hands) ([]fact.Event, error) {
			return c.LookAtShare(by, referral, h, a.Rules)
		},
		func(c domain.Case, by fact.By, h work.Hands) (domain.Share, bool, error) {
			return c.Share(by, referral, h, a.Rules)
		})
}

// Shares is a page of what is new in the shares of an agency.
type Shares struct {
	Items []domain.NewShare `json:"items"`
}

// ListShares shows somebody of an agency in which of its referrals something is agreed at which
// nobody has looked: of those that nobody has, and those that they have or cover.
func (a App) ListShares(ctx context.Context, by fact.By, cursor string, limit int) (Shares, string, error) {
	found, next, err := a.Cases.Page(ctx, domain.ByShare.Of(by.Agency), cursor, limit)
	page := Shares{Items: make([]domain.NewShare, 0, len(found))}
	for _, c := range found {
		for _, s := range c.State.NewShares(by, a.Rules) {
			switch err := c.State.HandedTo(by, s.Referral, a.keeps(ctx, by, c.State.HandOf(by, s.Referral))); {
			case errors.Is(err, work.ErrNotTheWorker):
			case err != nil:
				return Shares{}, "", err
			default:
				page.Items = append(page.Items, s)
			}
		}
	}
	return page, next, err
}

// AskOnward tells her desk what an agency found with her.
func (a App) AskOnward(ctx context.Context, by fact.By, referral string, cmd domain.AskOnward) (domain.Onwards, error) {
	return ofReferral(ctx, a, by, referral,
		func(c domain.Case, by fact.By, h work.Hands) ([]fact.Event, error) {
			return c.AskOnward(by, referral, cmd, h, a.Rules)
		},
		func(c domain.Case, by fact.By, h work.Hands) (domain.Onwards, bool, error) {
			return c.ShareOnwards(by, referral, h, a.Rules)
		})
}

// BringDangerNewsFor tells her desk what an agency may not tell her.
func (a App) BringDangerNewsFor(ctx context.Context, by fact.By, referral string, cmd domain.BringDangerNews) (domain.TakenNews, error) {
	return ofReferral(ctx, a, by, referral,
		func(c domain.Case, by fact.By, h work.Hands) ([]fact.Event, error) {
			return c.BringDangerNewsFor(by, referral, cmd, h, a.Rules)
		},
		func(c domain.Case, by fact.By, h work.Hands) (domain.TakenNews, bool, error) {
			return c.TakenNews(by, referral, cmd, h, a.Rules)
		})
}

// TellTopicFor writes down what she told to the worker who has a referral.
func (a App) TellTopicFor(ctx context.Context, by fact.By, referral string, cmd domain.TellTopic) (domain.Noted, error) {
	return ofReferral(ctx, a, by, referral,
		func(c domain.Case, by fact.By, h work.Hands) ([]fact.Event, error) {
			return c.TellTopicFor(by, referral, cmd, h, a.Rules)
		},
		func(domain.Case, fact.By, work.Hands) (domain.Noted, bool, error) {
			return domain.Noted{Referral: referral, Topic: cmd.Topic}, true, nil
		})
}

// AnswerConference writes down whether an agency attends.
func (a App) AnswerConference(ctx context.Context, by fact.By, referral string, cmd domain.AnswerConference) (domain.Answered, error) {
	return ofReferral(ctx, a, by, referral,
		func(c domain.Case, by fact.By, h work.Hands) ([]fact.Event, error) {
			return c.AnswerConference(by, referral, cmd, h, a.Rules)
		},
		func(domain.Case, fact.By, work.Hands) (domain.Answered, bool, error) {
			return domain.Answered{Referral: referral, Conference: cmd.Conference, Answer: cmd.Answer}, true, nil
		})
}

// ofReferral decides for an agency that names its referral, and answers by the case as it is
// afterwards: a repeated request is told what holds now.
func ofReferral[A any](
	ctx context.Context, a App, by fact.By, referral string,
	decide func(domain.Case, fact.By, work.Hands) ([]fact.Event, error), answer func(domain.Case, fact.By, work.Hands) (A, bool, error),
) (none A, err error) {
	id, hands, err := a.knows(ctx, by, referral)
	if err != nil {
		return none, err
	}
	done, err := a.Cases.Execute(ctx, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		if !c.Knows(by, referral) {
			return nil, record.ErrNotFound
		}
		return decide(c, by, hands)
	})
	if err != nil {
		return none, err
	}
	if done.At.After(by.At) {
		by.At = done.At
	}
	shown, known, err := answer(done.State, by, hands)
	if err == nil && !known {
		err = record.ErrNotFound
	}
	if err != nil {
		return none, err
	}
	return shown, nil
}
