package app

import (
	"context"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// OnReferralRenewed carries a referral over to a new consent of hers, and then looks
// whether that one has ended: her no may have come first, and may come meanwhile.
func (a App) OnReferralRenewed(ctx context.Context, e intakev1.ReferralRenewed) error {
	_, err := a.Referrals.Execute(ctx, e.Referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		return r.OnReferralRenewed(by, e)
	})
	if err != nil {
		return err
	}
	return a.standsStill(ctx, e.Referral, e.Case, intakev1.Candidate{Agency: e.Recipient, Consent: e.Consent})
}

// OnReferralResumed asks a recipient again. It looks at what a new request looks at.
func (a App) OnReferralResumed(ctx context.Context, e intakev1.ReferralResumed) error {
	agency, err := a.Agencies.Asked(ctx, e.Recipient, e.Service)
	if err != nil {
		return err
	}
	_, err = a.Referrals.Execute(ctx, e.Referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		return r.OnReferralResumed(by, e, func(string) look.Fresh[domain.Agency] { return agency }, a.Programmes)
	})
	if err != nil {
		return err
	}
	return a.lookAt(ctx, intakev1.ServiceRequested{Case: e.Case, Referral: e.Referral, Service: e.Service},
		intakev1.Candidate{Agency: e.Recipient, Consent: e.Consent, Further: e.Further})
}

// OnContactSuspended closes her contact on each referral of the case.
func (a App) OnContactSuspended(ctx context.Context, e intakev1.ContactSuspended) error {
	return a.eachOf(ctx, e.Referrals, func(r domain.Referral, by fact.By) ([]fact.Event, error) { return r.OnContactSuspended(by, e) })
}

// OnContactRestored opens it again.
func (a App) OnContactRestored(ctx context.Context, e intakev1.ContactRestored) error {
	return a.eachOf(ctx, e.Referrals, func(r domain.Referral, by fact.By) ([]fact.Event, error) { return r.OnContactRestored(by, e) })
}

// OnContactChanged tells the agency of each referral of the case to look again.
func (a App) OnContactChanged(ctx context.Context, e intakev1.ContactChanged) error {
	return a.eachOf(ctx, e.Referrals, func(r domain.Referral, by fact.By) ([]fact.Event, error) { return r.OnContactChanged(by, e) })
}

// OnCaseTransferred makes the office that took the case over the sender of each referral of
// the case.
func (a App) OnCaseTransferred(ctx context.Context, e intakev1.CaseTransferred) error {
	return a.eachOf(ctx, e.Referrals, func(r domain.Referral, by fact.By) ([]fact.Event, error) { return r.OnCaseTransferred(by, e) })
}

func (a App) eachOf(ctx context.Context, referrals []string, decide func(domain.Referral, fact.By) ([]fact.Event, error)) error {
	return record.Each(referrals, func(id string) error {
		_, err := a.Referrals.Execute(ctx, id, decide)
		return err
	})
}
