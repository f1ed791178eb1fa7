package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

// A worklist tells only who looks at it. So what somebody must know now is told by the
// channels of their agency as well, at any hour, and without a word of what it is about. It
// is about an answer, and never about a person.

// OnReminded tells an agency that its answer is awaited: to the referral, or about the
// copies of what has ended. The event goes to an agency that may not know the case yet, so
// it has none. The note of the notice is of the case all the same: what is erased with the
// case must not stay readable beside it.
func (a Invitations) OnReminded(ctx context.Context, e referralv1.Reminded) error {
	of, err := a.Loop.Case(ctx, e.Referral)
	if err != nil {
		return err
	}
	if e.Kind == code.ToLetGo {
		return a.stop(ctx, of.Value(), e.Referral, e.Agency)
	}
	return a.notice(ctx, of.Value(), e.Referral, e.Agency, code.AnswerAwaited)
}

// OnDeskAwaited tells the desk of an agency that something waits there: those on duty first, where
// it is to be at once, unless nobody on duty is to be told of it.
func (a Invitations) OnDeskAwaited(ctx context.Context, e intakev1.DeskAwaited) error {
	if e.AtOnce {
		onDuty := a.anyOnDuty(ctx, e.Agency)
		if e.WithoutDuty {
			onDuty = func() (onDuty, may bool) { return false, false }
		}
		return a.alarm(ctx, referralv1.NoticeTold{Case: e.Case, Agency: e.Agency}, onDuty)
	}
	return a.notice(ctx, e.Case, "", e.Agency, code.LookAtWorklist)
}

// OnWorkerAwaited tells an agency that something waits on a worklist of its room, and not what: the
// notice stands for no case, so that it cannot be read what in the room it was about.
func OnWorkerAwaited[E interface{ Said() staff.Awaited }](a Invitations) func(context.Context, E) error {
	return func(ctx context.Context, e E) error {
		return a.notice(ctx, "", "", e.Said().Agency, code.LookAtWorklist)
	}
}

// OnEscalated tells those whom a step of a ladder is for.
func (a Invitations) OnEscalated(ctx context.Context, e referralv1.Escalated) error {
	switch {
	case e.Step == code.ToReferring:
		return a.notice(ctx, e.Case, e.Referral, e.Sender, code.LookAtWorklist)
	case e.Step == code.ToNetwork:
		return a.coordination(ctx, e)
	case e.Recipient == "":
		return nil // each of several is reminded alone
	case e.Kind == code.ToLetGo:
		return a.stop(ctx, e.Case, e.Referral, e.Recipient)
	}
	return a.notice(ctx, e.Case, e.Referral, e.Recipient, code.AnswerAwaited)
}

// coordination tells the coordination of the country of the case. Where none is known, the
// alert of the operators is all.
func (a Invitations) coordination(ctx context.Context, e referralv1.Escalated) error {
	country, err := a.Loop.Country(ctx, e.Referral)
	if err != nil || country.Value() == "" {
		return err
	}
	coordinating, err := a.Channels.FreshIn(ctx, domain.ByCoordination.Of(string(country.Value())))
	if err != nil {
		return err
	}
	return record.Each(coordinating.Value(), func(id string) error {
		channels, err := a.Channels.Fresh(ctx, id)
		if err != nil {
			return err
		}
		return a.notice(ctx, e.Case, e.Referral, channels.Value().Agency, code.LookAtWorklist)
	})
}

// OnContacted tells her desk at once, also at night, that somebody found it unsafe to reach
// her: those on duty, by the channels that they carry. Where nobody is on duty, or none of
// these channels takes the notice, the whole desk is told; and where somebody is on duty whom
// she must not meet, the desk without what they carry. A register that cannot be read
// names nobody on duty, and holds up nothing.
func (a Invitations) OnContacted(ctx context.Context, e referralv1.Contacted) error {
	if e.Result != code.UnsafeToReach {
		return nil
	}
	return a.alarm(ctx, referralv1.NoticeTold{Case: e.Case, Referral: e.Referral, Agency: e.Sender}, func() (onDuty, may bool) { return a.onDuty(ctx, e) })
}

// onDuty says whether somebody is on duty for her desk, and whether all who are may know of
// the referral: they carry the same channels. In doubt they may not.
func (a Invitations) onDuty(ctx context.Context, e referralv1.Contacted) (onDuty, may bool) {
	permitted, err := a.Loop.May(ctx, e.Referral)
	if err != nil {
		return false, false
	}
	staff := a.Workers.Staff(ctx, e.Sender)
	if staff.Err != nil {
		return false, permitted.Value() == nil
	}
	on := staff.Staff.Value().OnDuty(a.clock())
	known := staff.Only(permitted, nil).Staff.Value().OnDuty(a.clock())
	return len(on) > 0, len(known) == len(on)
}

// OnContactClosed tells an agency that might contact her.
func (a Invitations) OnContactClosed(ctx context.Context, e referralv1.ContactClosed) error {
	return a.notice(ctx, e.Case, e.Referral, e.Recipient, code.LookAtWorklist)
}

// OnSenderChanged tells an agency that still has to do with a referral that its desk is
// another one. It sees which on its worklist.
func (a Invitations) OnSenderChanged(ctx context.Context, e referralv1.SenderChanged) error {
	if !e.Going {
		return nil
	}
	return a.notice(ctx, e.Case, e.Referral, e.Recipient, code.LookAtWorklist)
}

// OnWithdrawn tells the recipient to stop.
func (a Invitations) OnWithdrawn(ctx context.Context, e referralv1.Withdrawn) error {
	return a.stop(ctx, e.Case, e.Referral, e.Recipient)
}

// OnRecalled tells it to let go of what it has.
func (a Invitations) OnRecalled(ctx context.Context, e referralv1.Recalled) error {
	return a.stop(ctx, e.Case, e.Referral, e.Recipient)
}

// OnLapsed tells it to stop until she consents anew, and her desk to ask her.
func (a Invitations) OnLapsed(ctx context.Context, e referralv1.Lapsed) error {
	return errors.Join(
		a.notice(ctx, e.Case, e.Referral, e.Recipient, code.StopContact),
		a.notice(ctx, e.Case, e.Referral, e.Sender, code.LookAtWorklist),
	)
}

// OnConsentEnding warns both agencies.
func (a Invitations) OnConsentEnding(ctx context.Context, e referralv1.ConsentEnding) error {
	return errors.Join(
		a.notice(ctx, e.Case, e.Referral, e.Recipient, code.LookAtWorklist),
		a.notice(ctx, e.Case, e.Referral, e.Sender, code.LookAtWorklist),
	)
}

// notice tells an agency on each of its channels.
func (a Invitations) notice(ctx context.Context, caseID, referral, agency string, kind code.NoticeKind) error {
	if agency == "" {
		return nil
	}
	channels, err := a.Channels.Fresh(ctx, agency)
	if err != nil {
		return err
	}
	return a.tellEach(ctx, referralv1.NoticeTold{
		Notice: domain.TellingID(record.Cause(ctx), agency), Case: caseID, Referral: referral, Agency: agency, Kind: kind,
	}, channels.Value().Language, channels.Value().All())
}

// tellEach tells an agency on each of some channels, and notes what became of it. One that
// takes nothing now does not keep the others from being told, and is tried again.
func (a Invitations) tellEach(ctx context.Context, is referralv1.NoticeTold, language code.NoticeLanguage, all []domain.Channel) error {
	told, err := a.Tellings.Fresh(ctx, is.Notice)
	if err != nil {
		return err
	}
	for n, c := range all {
		if !a.reaches(c) || told.Value().Told(n) {
			continue
		}
		is.Position, is.Channel, is.Outcome = n, c.Kind, code.NoticeSent
		switch failed := a.notifier.Tell(ctx, notify.Notice{Kind: is.Kind, Key: is.Notice, Channel: c.Kind, To: c.Address, Language: language}); {
		case errors.Is(failed, notify.ErrRefused):
			is.Outcome = code.NoticeRefused
		case failed != nil:
			err = errors.Join(err, failed)
			continue
		}
		_, noted := a.Tellings.Execute(record.Step(ctx, fmt.Sprintf("told %s/%d", is.Agency, n)), is.Notice,
			func(t domain.Telling, by fact.By) ([]fact.Event, error) { return t.Note(by, is) })
		err = errors.Join(err, noted)
	}
	return err
}
