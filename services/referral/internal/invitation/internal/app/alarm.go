package app

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

// An alert is told at any hour as everything else is: that something waits, and nothing of
// what. Where she is and what the danger is stand in no notice.

// Alarm tells those on duty of an agency that an alert waits, by the channels that they
// carry; where nobody is on duty, or none of these channels takes the notice, the whole agency.
// A register that cannot be read names nobody on duty, and holds up nothing.
func (a Invitations) Alarm(ctx context.Context, caseID, alert, agency string) error {
	return a.alarm(ctx, referralv1.NoticeTold{Case: caseID, Alert: alert, Agency: agency}, a.anyOnDuty(ctx, agency))
}

// AlarmCoordination tells the coordination of a country. Where none is known, the list of the
// coordinator is all.
func (a Invitations) AlarmCoordination(ctx context.Context, caseID, alert, country string) error {
	coordinating, err := a.Channels.FreshIn(ctx, domain.ByCoordination.Of(country))
	if err != nil {
		return err
	}
	return record.Each(coordinating.Value(), func(id string) error {
		channels, err := a.Channels.Fresh(ctx, id)
		if err != nil {
			return err
		}
		return a.alarm(ctx, referralv1.NoticeTold{Case: caseID, Alert: alert, Agency: channels.Value().Agency}, a.anyOnDuty(ctx, channels.Value().Agency))
	})
}

// anyOnDuty says whether somebody is on duty for an agency. All who are may be told: a team with
// somebody whom she must not meet is never alerted, and of a desk with such a person intake says so.
func (a Invitations) anyOnDuty(ctx context.Context, agency string) func() (onDuty, may bool) {
	return func() (onDuty, may bool) {
		staff := a.Workers.Staff(ctx, agency)
		return staff.Err == nil && len(staff.Staff.Value().OnDuty(a.clock())) > 0, true
	}
}

// alarm tells an agency at once: those on duty first, where all of them may be told.
func (a Invitations) alarm(ctx context.Context, n referralv1.NoticeTold, duty func() (onDuty, may bool)) error {
	n.Notice, n.Kind = domain.TellingID(record.Cause(ctx), n.Agency), code.LookAtWorklist
	channels, err := a.Channels.Fresh(ctx, n.Agency)
	if err != nil {
		return err
	}
	onDuty, may := duty()
	all, first := channels.Value().Alarm(onDuty)
	if !may {
		all = channels.Value().WithoutDuty()
		first = len(all)
	}
	err = a.tellEach(ctx, n, channels.Value().Language, all[:first])
	if told, unknown := a.Tellings.Fresh(ctx, n.Notice); unknown != nil || !told.Value().Sent(first) {
		err = errors.Join(err, unknown, a.tellEach(ctx, n, channels.Value().Language, all))
	}
	return err
}
