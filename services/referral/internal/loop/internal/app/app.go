// Package app holds the use cases of the loop that need more than
// one record. It decides nothing itself: it looks records up, lets the domain
// decide on each, and refuses to hold a rule.
package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Agencies is what the loop asks of the directory.
type Agencies interface {
	// Asked is what holds where an agency is asked for a service.
	// record.ErrQuarantined: that cannot be known now.
	Asked(ctx context.Context, agency string, s code.Service) (look.Fresh[domain.Agency], error)
}

// Workers is what the loop asks of the register of workers.
type Workers interface {
	// Staff is who works at an agency, or why that cannot be known now.
	Staff(ctx context.Context, agency string) worker.Seen
}

// App is the records of the loop, and the directory and the register as it sees them.
type App struct {
	Programmes programme.Set
	Agencies   Agencies
	Workers    Workers
	Referrals  *record.Records[domain.Referral]
	Consents   *record.Records[domain.Consent]
	// Circles are who may work on a referral, where not everybody may.
	Circles *record.Records[circle.Circle]
	flow    *flow
}

// New adds the records to a book.
func New(b *record.Book, programmes programme.Set, agencies Agencies, workers Workers) App {
	a := App{
		Programmes: programmes,
		Agencies:   agencies,
		Workers:    workers,
		Referrals: record.New(b, "ref", &domain.ByDue, &domain.ByStatus, &domain.ByCase, &domain.ByView,
			&domain.ByWorker, &domain.ByEscalation, &domain.ByConsent, &domain.Lacking),
		Consents: record.New[domain.Consent](b, "cons"),
		Circles:  circle.Records(b),
		flow:     &flow{counts: domain.Flow{}},
	}
	a.Referrals.Watch(a.follow)
	return a
}

// Rules are what the programmes decide.
func (a App) Rules() domain.Rules { return domain.Rules{Programmes: a.Programmes} }

// A request and the withdrawal of its consent may arrive in either order, or at
// the same instant, and so may a request and the suspension of its recipient.
// Each side appends to its own record first and then looks at the other's. So
// the look after the second append sees the first, and no order loses a
// withdrawal.

// OnServiceRequested makes the referral and its offers, withdraws it when a
// consent of it is known to have ended, and closes the one that it replaces. A
// request that does not agree with these is refused before anything is made.
func (a App) OnServiceRequested(ctx context.Context, e intakev1.ServiceRequested) error {
	agencies, err := a.agrees(ctx, e)
	if err != nil {
		return err
	}
	_, err = a.Referrals.Execute(ctx, e.Referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		return r.OnServiceRequested(by, e, agencies, a.Programmes)
	})
	if err != nil {
		return err
	}
	if err := a.lookAgain(ctx, e); err != nil || e.Replaces == "" {
		return err
	}
	_, err = a.Referrals.Execute(ctx, e.Replaces, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
		return r.Reroute(e)
	})
	return err
}

// agrees compares a request with what it builds on: the referral that it
// replaces, and the ends of its consents. It gives the asked agencies.
func (a App) agrees(ctx context.Context, e intakev1.ServiceRequested) (domain.Agencies, error) {
	if e.Replaces != "" {
		replaced, err := a.Referrals.Fresh(ctx, e.Replaces)
		if err == nil {
			err = replaced.Value().Yields(e)
		}
		if err != nil {
			return nil, err
		}
	}
	known := map[string]look.Fresh[domain.Agency]{}
	for _, c := range asked(e) {
		var err error
		if known[c.Agency], err = a.Agencies.Asked(ctx, c.Agency, e.Service); err != nil {
			return nil, err
		}
		if _, err := a.ended(ctx, c, e.Case); err != nil {
			return nil, err
		}
	}
	return func(name string) look.Fresh[domain.Agency] {
		return look.As(known[name], func(a domain.Agency) domain.Agency {
			if _, asked := known[name]; !asked {
				a.Declines = code.WrongRecipient
			}
			return a
		})
	}, nil
}

// asked are all agencies that a request asks, each on its consent.
func asked(e intakev1.ServiceRequested) []intakev1.Candidate {
	if e.Recipient == "" {
		return e.Candidates
	}
	return append(slices.Clip(e.Candidates), intakev1.Candidate{Agency: e.Recipient, Consent: e.Consent, Further: e.Further})
}

// ended names a consent of an asked agency that is known to have ended, empty when
// there is none.
func (a App) ended(ctx context.Context, c intakev1.Candidate, caseID string) (string, error) {
	ids := []string{c.Consent}
	for _, f := range c.Further {
		ids = append(ids, f.Consent)
	}
	lost := ""
	for _, id := range ids {
		known, err := a.Consents.Fresh(ctx, id)
		if err != nil {
			return "", err
		}
		ended, err := known.Value().EndedFor(caseID)
		if err != nil {
			return "", err
		}
		if ended {
			lost = id
		}
	}
	return lost, nil
}

// lookAgain compares a request that was taken with the ends of its consents,
// and with the directory as it is now.
func (a App) lookAgain(ctx context.Context, e intakev1.ServiceRequested) error {
	return record.Each(asked(e), func(c intakev1.Candidate) error { return a.lookAt(ctx, e, c) })
}

// lookAt does that for one asked agency. Her withdrawal comes first: it does not
// wait for what is not known of the agency.
func (a App) lookAt(ctx context.Context, e intakev1.ServiceRequested, c intakev1.Candidate) error {
	if err := a.standsStill(ctx, e.Referral, e.Case, c); err != nil {
		return err
	}
	agency, err := a.Agencies.Asked(ctx, c.Agency, e.Service)
	if err != nil || agency.Value().Declines == "" {
		return err
	}
	_, err = a.Referrals.Execute(record.Step(ctx, "gone "+c.Agency), e.Referral, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
		return r.AgencyGone(c.Agency, agency)
	})
	return err
}

// standsStill takes to a referral the end of a consent that is known by now.
func (a App) standsStill(ctx context.Context, referral, caseID string, c intakev1.Candidate) error {
	ended, err := a.ended(ctx, c, caseID)
	if err != nil || ended == "" {
		return err
	}
	_, err = a.Referrals.Execute(record.Step(ctx, "withdraw "+c.Agency), referral, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
		return r.ConsentEnds(ended)
	})
	return err
}

// StandOn looks up the consents on which an agency may take a referral.
func (a App) StandOn(ctx context.Context, referral string, by fact.By) domain.Consents {
	r, err := a.Referrals.Fresh(ctx, referral)
	known := map[string]look.Fresh[domain.Consent]{}
	for _, consent := range r.Value().ConsentsOf(by.Agency) {
		if err == nil {
			known[consent], err = a.Consents.Fresh(ctx, consent)
		}
	}
	return func(consent string) (look.Fresh[domain.Consent], error) {
		seen, looked := known[consent]
		if err == nil && !looked {
			return seen, record.ErrContended // it changed meanwhile
		}
		return seen, err
	}
}

// Staff looks up who works at the agency that commands, and may work on a referral.
func (a App) Staff(ctx context.Context, id string, by fact.By) worker.Seen {
	may, err := a.May(ctx, id)
	return a.Workers.Staff(ctx, by.Agency).Only(may, err)
}

// May says who may work on a referral, or know of it, by their identifier on the register; nil
// is everybody.
func (a App) May(ctx context.Context, referral string) (look.Fresh[func(id string) bool], error) {
	in, err := a.Circles.Fresh(ctx, circle.ID(referral))
	return look.As(in, func(c circle.Circle) func(string) bool {
		if !c.Drawn() {
			return nil
		}
		return c.Has
	}), err
}

// keep is what the room keeps of a circle.
var keep = circle.Keep(func(c staff.Circle) circle.Said { return referralv1.CircleNoted{Circle: c} })

// OnCircleDrawn keeps who may work on a referral, or go on an alert.
func (a App) OnCircleDrawn(ctx context.Context, e intakev1.CircleDrawn) error {
	_, err := a.Circles.Execute(ctx, circle.Named(e), func(c circle.Circle, by fact.By) ([]fact.Event, error) { return keep(c, by, e) })
	return err
}

// Asks are the asks of a referral.
func (a App) Asks(ctx context.Context, referral string) (look.Fresh[[]domain.Ask], error) {
	r, err := a.Referrals.Fresh(ctx, referral)
	return look.As(r, domain.Referral.Asks), err
}

// Standing is how a referral stands.
func (a App) Standing(ctx context.Context, referral string) (look.Fresh[domain.Standing], error) {
	r, err := a.Referrals.Fresh(ctx, referral)
	return look.As(r, domain.Referral.Standing), err
}

// Answer takes the answer of an agency without accounts in a round of a referral. Where none
// is awaited it is ErrNotFound.
func (a App) Answer(ctx context.Context, referral string, round int, by fact.By, answer code.Answer, reason code.DeclineReason) error {
	consents := a.StandOn(ctx, referral, by)
	_, err := a.Referrals.Execute(ctx, referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		return r.AnswerByCode(by, round, answer, reason, consents)
	})
	return err
}

// OnConsentWithdrawn notes the end of the consent, and takes it to every referral
// that stands on it. An end that agrees with none of them is refused before it is
// noted. One that agrees with some ends those: her withdrawal must not wait for
// what is wrong with another referral. Then it is refused, so that people look at
// the rest. For a record in quarantine it waits, behind the others.
func (a App) OnConsentWithdrawn(ctx context.Context, e intakev1.ConsentWithdrawn) error {
	if err := a.concerns(ctx, e); err != nil {
		return err
	}
	_, aside := a.Consents.Execute(ctx, e.Consent, func(c domain.Consent, by fact.By) ([]fact.Event, error) {
		return c.OnConsentWithdrawn(by, e)
	})
	if aside != nil && !errors.Is(aside, record.ErrQuarantined) {
		return aside
	}
	stand, err := a.Referrals.FreshIn(ctx, domain.ByConsent.Of(e.Consent))
	if err != nil {
		return err
	}
	var disagrees error
	err = record.Each(stand.Value(), func(id string) error {
		_, err := a.Referrals.Execute(ctx, id, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
			return r.OnConsentWithdrawn(by, e)
		})
		if errors.Is(err, agree.Err) {
			disagrees, err = err, nil
		}
		return err
	})
	return cmp.Or(err, aside, disagrees)
}

// concerns refuses the end of a consent that agrees with no referral that stands on
// it, though there are some.
func (a App) concerns(ctx context.Context, e intakev1.ConsentWithdrawn) error {
	stand, err := a.Referrals.FreshIn(ctx, domain.ByConsent.Of(e.Consent))
	if err != nil {
		return err
	}
	var disagrees error
	agreed := false
	err = record.Each(stand.Value(), func(id string) error {
		r, err := a.Referrals.Fresh(ctx, id)
		if err != nil {
			return err
		}
		if err := r.Value().StandsOn(e); err != nil {
			disagrees = err
		} else {
			agreed = true
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, record.ErrQuarantined):
		return err
	case disagrees == nil || agreed:
		return nil
	}
	return cmp.Or(err, disagrees) // the one in quarantine may agree
}

// OnAgencySuspended declines for the agency what awaits its answer.
func (a App) OnAgencySuspended(ctx context.Context, e referralv1.AgencySuspended) error {
	asked, err := a.Referrals.FreshIn(ctx, domain.Asked(e.Agency))
	if err != nil {
		return err
	}
	return record.Each(asked.Value(), func(id string) error {
		r, err := a.Referrals.Fresh(ctx, id)
		if err != nil {
			return err
		}
		agency, err := a.Agencies.Asked(ctx, e.Agency, r.Value().Service)
		if err != nil {
			return err
		}
		_, err = a.Referrals.Execute(ctx, id, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
			return r.AgencyGone(e.Agency, agency)
		})
		return err
	})
}
