package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/ending"
)

// A consent that runs out is no withdrawal. Both agencies are warned ahead; a new consent
// of hers to the same agency, service and purpose takes the place of the old one; and a
// referral that lapsed meanwhile is taken up again within the time of grace. The consent
// that ran out stays as it is.

// warnAhead is how long before the end of a consent both agencies are warned, at most
// a quarter of the time for which it was given.
const warnAhead = 14 * day

// warnAt is when to warn that the first consent runs out.
func (r Referral) warnAt() time.Time {
	until := r.consentUntil()
	if until.IsZero() || r.Warned || !r.Open() {
		return time.Time{}
	}
	return until.Add(-min(warnAhead, until.Sub(r.RequestedAt)/4))
}

// WarningDue warns both agencies.
func (r Referral) WarningDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.warnAt()); !ok {
		return nil, err
	}
	return fact.Of(referralv1.ConsentEnding{Loop: r.Loop, Expires: r.consentUntil()}), nil
}

// graceUntil is when a lapsed referral can no longer be taken up.
func (r Referral) graceUntil() time.Time {
	if r.Status != code.Lapsed || !r.Holds() {
		return time.Time{}
	}
	return r.standingOf(r.Recipient).until().Add(ending.Grace)
}

// GraceDue ends the time of grace: the recipient lets go of the data.
func (r Referral) GraceDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.graceUntil()); !ok {
		return nil, err
	}
	return fact.Of(referralv1.Recalled{Loop: r.Loop, Consent: r.Consent}), nil
}

// OnReferralRenewed carries the referral over to a new consent. Identifiers of consents
// sort as they were given, so that the later of two counts in whatever order they come.
func (r Referral) OnReferralRenewed(by fact.By, e intakev1.ReferralRenewed) ([]fact.Event, error) {
	if !r.Exists() {
		return nil, ErrUnknownYet
	}
	s := r.standingOf(e.Recipient)
	if err := cmp.Or(
		agree.Same("/case", r.Case(), e.Case),
		agree.Same("/service", r.Service, e.Service),
	); err != nil {
		return nil, err
	}
	is := s.consentTo(e.Purpose)
	if is == "" || e.Consent <= is || !r.Open() && !r.Holds() {
		return nil, nil // it is asked no more, or stands on a later one
	}
	renewed := referralv1.Renewed{
		Loop: r.Loop, Place: r.rules(), Agency: e.Recipient, Replaces: is, Consent: e.Consent, Purpose: e.Purpose,
		Categories: e.Categories, ConsentExpires: e.Expires, Status: referralv1.GoesOn(r.Status), Urgency: r.Urgency,
	}
	after := r.Evolve(fact.Event{Data: renewed, At: by.At})
	if r.Status == code.Lapsed && by.At.Before(after.standingOf(e.Recipient).until()) && by.At.Before(r.graceUntil()) {
		renewed.Loop, renewed.Status = r.turn(), referralv1.GoesOn(r.Before)
	}
	return fact.Of(renewed), nil
}

// renewed is the referral on the new consent. Where it goes on, its own history says: the
// event tells the agencies nothing of an appointment.
func (r Referral) renewed(d referralv1.Renewed, at time.Time) Referral {
	further := func(all []referralv1.Further) []referralv1.Further {
		all = slices.Clone(all)
		for i, f := range all {
			if f.Purpose == d.Purpose {
				all[i] = referralv1.Further{Consent: d.Consent, Purpose: d.Purpose, Expires: d.ConsentExpires}
			}
		}
		return all
	}
	r.Warned = false
	switch i := r.candidate(d.Agency); {
	case i >= 0 && d.Purpose == r.Purpose:
		r.Candidates = slices.Clone(r.Candidates)
		c := &r.Candidates[i]
		c.Consent, c.Categories, c.ConsentExpires = d.Consent, d.Categories, d.ConsentExpires
	case i >= 0:
		r.Candidates = slices.Clone(r.Candidates)
		r.Candidates[i].Further = further(r.Candidates[i].Further)
	case d.Purpose == r.Purpose:
		r.Consent, r.Categories, r.ConsentExpires = d.Consent, d.Categories, d.ConsentExpires
	default:
		r.Further = further(r.Further)
	}
	if r.Status == code.Lapsed && d.Status != code.Lapsed {
		closed := r.contactClosed()
		r.Status, r.Before, r.EndedAt = r.Before, "", time.Time{}
		if r = r.fromNow(at); !closed.IsZero() {
			r = r.closedContact(closed)
		}
	}
	return r
}

// OnReferralResumed asks the recipient again for a referral that had ended, as for a new
// one: it answers, in time, on the consent that she gave since. A recipient that takes no
// such referrals any more has declined at once. Where that is too late, the desk is told.
func (r Referral) OnReferralResumed(by fact.By, e intakev1.ReferralResumed, agencies Agencies, programmes programme.Set) ([]fact.Event, error) {
	if !r.Exists() {
		return nil, ErrUnknownYet
	}
	if err := cmp.Or(
		agree.Same("/case", r.Case(), e.Case),
		r.saidBy(e.Sender, e.Transfers),
		agree.Same("/recipient", r.Recipient, e.Recipient),
		agree.Same("/service", r.Service, e.Service),
	); err != nil {
		return nil, err
	}
	switch {
	case e.Consent <= r.Consent:
		return nil, nil // it is asked again already
	case !r.can(resume) || !r.Holds():
		return fact.Of(referralv1.NotResumed{Loop: r.turn(), Status: referralv1.GoesOn(r.Status)}), nil
	}
	agency := agencies(r.Recipient).Value()
	d := referralv1.Resumed{
		Loop: r.turn(), Consent: e.Consent, Purpose: e.Purpose, Categories: e.Categories, ConsentExpires: e.ConsentExpires,
		Further: e.Further, Policy: policy(by.At, programmes, r.Place.Value(), r.Service, r.Urgency, code.Directed, agency),
	}
	events := fact.Of(d)
	r = r.Evolve(fact.Event{Data: d, At: by.At})
	if agency.Declines != "" {
		return append(events, r.drop(r.Recipient, agency.Declines)...), nil
	}
	return append(events, offer(referralv1.Requested{Loop: r.Loop, Urgency: r.Urgency, Needs: r.Needs, Due: d.Policy.RespondBy}, r.Recipient)), nil
}

// resumed is the referral that waits for an answer again.
func (r Referral) resumed(d referralv1.Resumed, at time.Time) Referral {
	r = r.anew()
	r.Status, r.RequestedAt, r.AskedIn, r.Mode, r.Policy = code.Requested, at, d.Turn, code.Directed, d.Policy
	r.Consent, r.Purpose, r.Categories, r.ConsentExpires, r.Further = d.Consent, d.Purpose, d.Categories, d.ConsentExpires, d.Further
	r.ReceivedAt, r.OverdueAt, r.AnsweredAt = time.Time{}, time.Time{}, time.Time{}
	// How it answered before stays until it answers: it may still hold data from then.
	r.Reminded, r.Steps, r.DeclineReason, r.Warned = 0, nil, "", false
	return r
}

// anew is the referral without its end, and without what was found late.
func (r Referral) anew() Referral {
	r.EndedAt, r.StartedAt, r.Appointment = time.Time{}, time.Time{}, time.Time{}
	r.Outcome, r.SurvivorOutcome, r.CancelReason, r.CancelledBy, r.Before = "", "", "", "", ""
	r.ContactOverdueAt, r.ServiceOverdueAt = time.Time{}, time.Time{}
	return r
}
