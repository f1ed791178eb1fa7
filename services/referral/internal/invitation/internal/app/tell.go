package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

// drawing names one drawing of codes: which invitation, how often they were wanted,
// and for which channels.
type drawing struct {
	invitation string
	want, turn int
}

// drawn holds codes until every channel was told. They are stored nowhere else,
// and a second delivery of the request sends the same codes.
type drawn struct {
	mu    sync.Mutex
	codes map[drawing]domain.Codes
}

func (d *drawn) get(of drawing) (domain.Codes, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.codes[of]
	return c, ok
}

func (d *drawn) keep(of drawing, c domain.Codes) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.codes[of] = c
}

// forget forgets all codes that were drawn for an invitation.
func (d *drawn) forget(invitation string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for of := range d.codes {
		if of.invitation == invitation {
			delete(d.codes, of)
		}
	}
}

// OnInvitationWanted draws codes for the agency, and tells it.
func (a Invitations) OnInvitationWanted(ctx context.Context, e referralv1.InvitationWanted) error {
	return a.invite(ctx, e)
}

func (a Invitations) invite(ctx context.Context, wanted referralv1.InvitationWanted) error {
	id, agency := wanted.Invitation, wanted.Agency
	channels, err := a.Channels.Fresh(ctx, agency)
	if err != nil {
		return err
	}
	inv, err := a.Invitations.Fresh(ctx, id)
	if err != nil {
		return err
	}
	left := a.left(inv, channels)
	if len(left) == 0 {
		return nil
	}
	ask, err := a.asked(ctx, wanted)
	if err != nil {
		return err
	}
	codes, err := a.make(ctx, drawing{id, inv.Value().Wants(), channels.Value().Turn()}, ask)
	if err != nil {
		return err
	}
	if codes == nil {
		a.codes.forget(id)
		return a.giveUp(ctx, id, ask, channels, left)
	}
	// They may have become others before the codes were made, and then nobody wants the
	// codes again. Only a look from after that knows, and nothing is told before it.
	if now, err := a.Channels.Fresh(ctx, agency); err != nil || now.Value().Turn() != channels.Value().Turn() {
		return cmp.Or(err, error(record.ErrContended))
	}
	// One channel that takes nothing now does not keep the others from being told.
	for _, n := range left {
		err = errors.Join(err, a.tell(ctx, ask.Value(), n, channels.Value(), *codes))
	}
	if err == nil {
		a.codes.forget(id)
	}
	return err
}

// left are the positions of the channels that are still to be told.
func (a Invitations) left(inv look.Fresh[domain.Invitation], channels look.Fresh[domain.Channels]) (left []int) {
	for n, c := range channels.Value().All() {
		if a.reaches(c) && !inv.Value().Told(channels.Value(), n) {
			left = append(left, n)
		}
	}
	return left
}

// make gives the codes of an invitation, nil when there is nothing to invite to
// any more. A process that restarted draws new ones.
func (a Invitations) make(ctx context.Context, of drawing, ask look.Fresh[domain.Ask]) (*domain.Codes, error) {
	codes, known := a.codes.get(of)
	if !known {
		var random [domain.Entropy]byte
		if _, err := rand.Read(random[:]); err != nil {
			return nil, fmt.Errorf("draw a code: %w", err)
		}
		codes = domain.NewCodes(random)
	}
	secrets := codes.Secrets(of.invitation, of.turn)
	inv, err := a.Invitations.Execute(record.Step(ctx, fmt.Sprintf("make/%x", sha256.Sum256(secrets.Long))), of.invitation,
		func(i domain.Invitation, by fact.By) ([]fact.Event, error) {
			if known && i.Holds(secrets) {
				if !ask.Value().Awaits(by.At) {
					return nil, domain.ErrCode // answered meanwhile
				}
				return nil, nil
			}
			return i.Make(by, ask, of.want, secrets)
		})
	switch {
	case errors.Is(err, domain.ErrCode):
		return nil, nil
	case err != nil:
		return nil, err
	case !inv.State.Holds(secrets):
		return nil, nil
	}
	a.codes.keep(of, codes)
	return &codes, nil
}

func noticeOf(ask domain.Ask, c domain.Channel, language code.NoticeLanguage) notify.Notice {
	return notify.Notice{Kind: ask.Kind(), Key: ask.ID(), Channel: c.Kind, To: c.Address, Language: language, Path: AnswerPage}
}

// tell tells the agency on one channel, and notes what became of it.
func (a Invitations) tell(ctx context.Context, ask domain.Ask, n int, channels domain.Channels, codes domain.Codes) error {
	c, id := channels.All()[n], ask.ID()
	notice := noticeOf(ask, c, channels.Language)
	notice.Secret, notice.Code = codes.Link(), codes.Typed()
	outcome := code.NoticeSent
	err := a.notifier.Tell(ctx, notice)
	switch {
	case errors.Is(err, notify.ErrRefused):
		outcome = code.NoticeRefused
	case err != nil:
		return err
	}
	secrets := codes.Secrets(id, channels.Turn())
	_, err = a.Invitations.Execute(record.Step(ctx, fmt.Sprintf("told/%d/%x", n, sha256.Sum256(secrets.Long))), id,
		func(i domain.Invitation, by fact.By) ([]fact.Event, error) {
			return i.Note(by, domain.Notified{Position: n, Notice: domain.Notice{Channel: c.Kind, Outcome: outcome}, Codes: secrets})
		})
	return err
}

// giveUp notes the notices that were never handed over, where an answer is awaited and
// its time is over, and counts each of them once.
func (a Invitations) giveUp(ctx context.Context, id string, ask look.Fresh[domain.Ask], channels look.Fresh[domain.Channels], left []int) error {
	return record.Each(left, func(n int) error {
		c, noted := channels.Value().All()[n], false
		_, err := a.Invitations.Execute(record.Step(ctx, fmt.Sprintf("untold/%d", n)), id,
			func(i domain.Invitation, by fact.By) ([]fact.Event, error) {
				events, err := i.GiveUp(by, ask, n, c.Kind)
				noted = err == nil && len(events) > 0
				return events, err
			})
		if err == nil && noted {
			a.notifier.OutOfTime(noticeOf(ask.Value(), c, channels.Value().Language))
		}
		return err
	})
}
