// Package app invites agencies without accounts, and takes their answers to the loop.
// It decides nothing itself, and refuses to hold a rule.
package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/loop"
)

// AnswerPage is where a code is typed.
const AnswerPage = "/answer"

// inviter is the principal in the journal of each act by code.
const inviter = "invitation"

// refusedAfter is how long every refusal of a code takes, so that the time
// tells nothing: some refusals are appended to the journal, others find
// nothing.
const refusedAfter = 250 * time.Millisecond

// Loop is what invitations need of the loop.
type Loop interface {
	// Asks is a referral as each agency is asked that may answer it.
	Asks(ctx context.Context, referral string) (look.Fresh[[]loop.Ask], error)
	// AsksOf is Asks for its sender; to everybody else there is no referral.
	AsksOf(ctx context.Context, referral string, by fact.By) (look.Fresh[[]loop.Ask], error)
	// Waiting names the referrals that wait for the answer of an agency.
	Waiting(ctx context.Context, agency string) (look.Fresh[[]string], error)
	// Answer answers a round of a referral as the agency of the command.
	Answer(ctx context.Context, referral string, round int, by fact.By, answer code.Answer, reason code.DeclineReason) error
	// Case is the survivor's case of a referral; empty where the referral is not known.
	Case(ctx context.Context, referral string) (look.Fresh[string], error)
	// Country is where the case of a referral is; empty where that is not known.
	Country(ctx context.Context, referral string) (look.Fresh[code.Country], error)

	// May says who may know of a referral, by their identifier on the register.
	May(ctx context.Context, referral string) (look.Fresh[func(id string) bool], error)

	// LetGo is what a recipient without an account is asked after a recall.
	LetGo(ctx context.Context, referral string) (look.Fresh[loop.Ask], error)
	// ToLetGo names the referrals of which an agency is to say what became of its copies.
	ToLetGo(ctx context.Context, agency string) (look.Fresh[[]string], error)
	// Acknowledge says that as the agency of the command, of one recall.
	Acknowledge(ctx context.Context, referral string, recalled time.Time, said loop.Acknowledge) error
}

// Agencies is what invitations need of the directory.
type Agencies interface {
	// Home is the country in which an agency is registered; empty when it is not.
	Home(ctx context.Context, agency string) (look.Fresh[code.Country], error)
}

// Workers is what invitations need of the register of workers.
type Workers interface {
	// Staff is who is on the register of an agency.
	Staff(ctx context.Context, agency string) worker.Seen
}

// Invitations is how agencies without accounts are asked, and answer.
type Invitations struct {
	Loop        Loop
	Agencies    Agencies
	Workers     Workers
	Channels    *record.Records[domain.Channels]
	Invitations *record.Records[domain.Invitation]
	Tellings    *record.Records[domain.Telling]

	notifier *notify.Notifier
	codes    *drawn
	clock    func() time.Time
}

// New adds the records to a book.
func New(b *record.Book, l Loop, agencies Agencies, workers Workers, n *notify.Notifier, clock func() time.Time) Invitations {
	return Invitations{
		Loop:        l,
		Agencies:    agencies,
		Workers:     workers,
		Channels:    record.New(b, "channels", &domain.ByCoordination),
		Invitations: record.New(b, "inv", &domain.ByHandle, &domain.ByReferral),
		Tellings:    record.New[domain.Telling](b, "notice"),
		notifier:    n, codes: &drawn{codes: map[drawing]domain.Codes{}}, clock: clock,
	}
}

// Home is where an agency is registered, for the rule on its channels.
func (a Invitations) Home(ctx context.Context, agency string, _ fact.By) domain.Home {
	country, err := a.Agencies.Home(ctx, agency)
	return domain.Home{Country: country, Err: err}
}

// OnServiceRequested wants an invitation for each asked agency that has channels, once
// the loop has made the referral. Wanting is a step on the agency's invitation, so that a
// request that comes again wants it once. A later reaction draws and sends the codes, and may
// fail. For all other agencies, nearly all, there is nothing to append or deliver. A
// process that ends in between has not acknowledged the request: the request comes
// again, finds the referral and wants what is missing.
func (a Invitations) OnServiceRequested(ctx context.Context, e intakev1.ServiceRequested) error {
	return a.wantAll(ctx, e.Referral)
}

// OnReferralResumed does the same once the recipient is asked again. The codes of the
// round before open nothing any more.
func (a Invitations) OnReferralResumed(ctx context.Context, e intakev1.ReferralResumed) error {
	return a.wantAll(ctx, e.Referral)
}

func (a Invitations) wantAll(ctx context.Context, referral string) error {
	asks, err := a.Loop.Asks(ctx, referral)
	if err != nil {
		return err
	}
	return record.Each(asks.Value(), func(ask loop.Ask) error {
		channels, err := a.Channels.Fresh(ctx, ask.Agency)
		if err != nil || !slices.ContainsFunc(channels.Value().All(), a.reaches) {
			return err
		}
		fresh := askOf(asks, ask.Agency)
		_, err = a.Invitations.Execute(record.Step(ctx, "want"), fresh.Value().ID(),
			func(i domain.Invitation, by fact.By) ([]fact.Event, error) { return i.Want(by, fresh) })
		return err
	})
}

// ask is the ask of an agency, or a past one: then no answer is awaited.
func (a Invitations) ask(ctx context.Context, referral, agency string) (look.Fresh[domain.Ask], error) {
	asks, err := a.Loop.Asks(ctx, referral)
	return askOf(asks, agency), err
}

// asked is what an invitation asks, as it stands: the answer of its agency, or what became
// of its copies. In another round, and after another recall, it asks nothing any more.
func (a Invitations) asked(ctx context.Context, is referralv1.InvitationWanted) (look.Fresh[domain.Ask], error) {
	now := func() (look.Fresh[domain.Ask], error) { return a.ask(ctx, is.Referral, is.Agency) }
	if !is.Recalled.IsZero() {
		now = func() (look.Fresh[domain.Ask], error) { return a.letGo(ctx, is.Referral) }
	}
	ask, err := now()
	return look.As(ask, func(ask domain.Ask) domain.Ask {
		if ask.ID() != is.Invitation {
			return domain.Ask{}
		}
		return ask
	}), err
}

func askOf(asks look.Fresh[[]loop.Ask], agency string) look.Fresh[domain.Ask] {
	return look.As(asks, func(all []loop.Ask) domain.Ask {
		for _, ask := range all {
			if ask.Agency == agency {
				return domain.Ask(ask)
			}
		}
		return domain.Ask{}
	})
}

// reaches says whether this network can tell anybody on a channel.
func (a Invitations) reaches(c domain.Channel) bool { return a.notifier.Reaches(c.Kind) }

// Opened is what a code is for.
type Opened struct {
	domain.Preview
	// Language and Zone are the invited agency's.
	Language code.NoticeLanguage `json:"-"`
	Zone     *time.Location      `json:"-"`
	// LetsGo says that the code is for what became of copies, and for no answer.
	LetsGo bool `json:"-"`
}

// Open shows what a code for an answer is for.
func (a Invitations) Open(ctx context.Context, now time.Time, typed string) (Opened, error) {
	return a.open(ctx, now, typed, false)
}

// OpenAny shows what a code is for, also one for what became of copies.
func (a Invitations) OpenAny(ctx context.Context, now time.Time, typed string) (Opened, error) {
	return a.open(ctx, now, typed, true)
}

func (a Invitations) open(ctx context.Context, now time.Time, typed string, letsGo bool) (Opened, error) {
	return evenly(ctx, func() (Opened, error) {
		inv, err := a.find(ctx, "openInvitation", typed)
		if err != nil {
			return Opened{}, err
		}
		if inv.LetsGo() && !letsGo {
			return Opened{}, domain.ErrCode
		}
		ask, err := a.asked(ctx, inv.InvitationWanted)
		if err != nil {
			return Opened{}, err
		}
		if _, used := inv.Answered(); used || !ask.Value().Awaits(now) {
			return Opened{}, domain.ErrCode
		}
		return Opened{ask.Value().Preview(), a.language(ctx, inv.Agency), a.zone(ctx, inv.Agency), inv.LetsGo()}, nil
	})
}

// Answer answers the referral of a code as the agency that has it. The
// referral comes first: its record takes the invitation's one answer once,
// whatever becomes of the process before the invitation is spent.
func (a Invitations) Answer(ctx context.Context, typed string, reply domain.Reply) (code.NoticeLanguage, error) {
	if err := reply.Check(); err != nil {
		return "", err
	}
	return evenly(ctx, func() (code.NoticeLanguage, error) {
		const op = "answerInvitation"
		inv, err := a.findTo(ctx, op, typed, false)
		if err != nil {
			return "", err
		}
		// A reply that comes again is known before the loop judges it. In a later round the
		// same words would be taken for said.
		now, err := a.ask(ctx, inv.Referral, inv.Agency)
		if err != nil {
			return "", err
		}
		if now.Value().Agency != "" && now.Value().ID() != inv.Invitation {
			return "", domain.ErrCode
		}
		digest := sha256.Sum256([]byte(string(reply.Answer) + "/" + string(reply.Reason)))
		by := fact.By{Principal: inviter, Agency: inv.Agency}
		ctx := record.With(ctx, record.Command{
			Op: op, By: by, Cause: op + "/" + inv.Invitation, Digest: digest[:],
		})
		if err := a.Loop.Answer(ctx, inv.Referral, now.Value().Round, by, reply.Answer, reply.Reason); err != nil {
			return "", worthless(err)
		}
		if _, err := a.Invitations.Execute(ctx, inv.Invitation, func(i domain.Invitation, by fact.By) ([]fact.Event, error) {
			return i.Use(by, reply)
		}); err != nil {
			return "", worthless(err)
		}
		return a.language(ctx, inv.Agency), nil
	})
}

// find gives the invitation of a code. It tries each with the code's handle, one
// after the other, so that a hundred guesses at once are a hundred tries. While
// an invitation is in quarantine, no code is known to be wrong.
func (a Invitations) find(ctx context.Context, op, typed string) (domain.Invitation, error) {
	c, ok := domain.ReadCode(typed)
	if !ok {
		return domain.Invitation{}, domain.ErrCode
	}
	ctx = record.With(ctx, record.Command{Op: op, By: fact.By{Principal: inviter}})
	held, err := a.Invitations.FreshIn(ctx, domain.ByHandle.Of(c.Handle))
	if err != nil {
		return domain.Invitation{}, err
	}
	for _, id := range held.Value() {
		right := false
		inv, err := a.Invitations.Execute(ctx, id, func(i domain.Invitation, by fact.By) ([]fact.Event, error) {
			events, err := i.Try(by, c)
			right = err == nil && len(events) == 0
			return events, err
		})
		switch {
		case err != nil && !errors.Is(err, domain.ErrCode):
			return domain.Invitation{}, err
		case right:
			return a.told(ctx, inv.State)
		}
	}
	if !a.Invitations.Complete() {
		return domain.Invitation{}, record.ErrQuarantined
	}
	return domain.Invitation{}, domain.ErrCode
}

// findTo is find for one of the two things for which there are codes. A code for the other
// does not hold.
func (a Invitations) findTo(ctx context.Context, op, typed string, letGo bool) (domain.Invitation, error) {
	inv, err := a.find(ctx, op, typed)
	if err == nil && inv.LetsGo() != letGo {
		return domain.Invitation{}, domain.ErrCode
	}
	return inv, err
}

// told refuses the invitation of a right code that was told to a channel that the
// agency has no more.
func (a Invitations) told(ctx context.Context, inv domain.Invitation) (domain.Invitation, error) {
	channels, err := a.Channels.Fresh(ctx, inv.Agency)
	if err == nil {
		err = inv.Reaches(channels)
	}
	if err != nil {
		return domain.Invitation{}, err
	}
	return inv, nil
}

// language is the one that the agency chose, English when it cannot be found.
func (a Invitations) language(ctx context.Context, agency string) code.NoticeLanguage {
	channels, err := a.Channels.Get(ctx, agency)
	if err != nil || channels.State.Language == "" {
		return code.English
	}
	return channels.State.Language
}

// zone is the one in which the agency is told times, UTC when it cannot be found.
func (a Invitations) zone(ctx context.Context, agency string) *time.Location {
	channels, err := a.Channels.Get(ctx, agency)
	if err != nil {
		return time.UTC
	}
	return channels.State.Zone()
}

// worthless makes every refusal of a rule the one answer to codes.
func worthless(err error) error {
	switch fault.Of(err).Kind {
	case fault.NotFound, fault.Forbidden, fault.Conflict, fault.Invalid, fault.Stale:
		return domain.ErrCode
	}
	return err
}

// evenly lets every refusal of a code take the same time.
func evenly[T any](ctx context.Context, do func() (T, error)) (T, error) {
	even := time.NewTimer(refusedAfter)
	defer even.Stop()
	result, err := do()
	if errors.Is(err, domain.ErrCode) || errors.Is(err, record.ErrQuarantined) {
		select {
		case <-even.C:
		case <-ctx.Done():
		}
	}
	return result, err
}
