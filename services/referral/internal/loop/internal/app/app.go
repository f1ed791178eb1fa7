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
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Agencies is what the loop asks of the directory.
type Agencies interface {
	// Asked is what holds where an agency is asked for a service: the country whose
	// office hours count, whether a supervisor confirms its declines, and why it takes
	// no such referrals, empty while it does.
	Asked(agency string, s code.Service) (in code.Country, twoStepDenial bool, refuses code.DeclineReason)
	// Aside says that nobody can know that now: what is known of the agency is in
	// quarantine.
	Aside(agency string) bool
}

// App is the records of the loop, and the directory as it sees it.
type App struct {
	Agencies  Agencies
	Referrals *record.Records[domain.Referral]
	Consents  *record.Records[domain.Consent]
}

// New adds the records to a book.
func New(b *record.Book, agencies Agencies) App {
	return App{
		Agencies: agencies,
		Referrals: record.New(b, "ref",
			image.List[domain.Referral]{Name: "by_due", Keys: domain.ByDue, Timed: true},
			image.List[domain.Referral]{Name: "by_status", Keys: domain.ByStatus, Timed: true},
			image.List[domain.Referral]{Name: "by_case", Keys: domain.ByCase, Timed: true},
			image.List[domain.Referral]{Name: "by_view", Keys: domain.ByView, Timed: true, Counted: 3},
			image.List[domain.Referral]{Name: "by_worker", Keys: domain.ByWorker, Timed: true},
			image.List[domain.Referral]{Name: "by_escalation", Keys: domain.ByEscalation, Timed: true, Counted: 1},
			image.List[domain.Referral]{Name: "by_consent", Keys: domain.ByConsent}),
		Consents: record.New[domain.Consent](b, "cons"),
	}
}

// A request and the withdrawal of its consent may arrive in either order, or at
// the same instant, and so may a request and the suspension of its recipient.
// Each side appends to its own record first and looks at the other's then. So
// whichever append came second, the look after it sees the first, and no order
// can lose a withdrawal.

// OnServiceRequested makes the referral and offers it, takes it back when a
// consent of it is known to have ended, and closes the one that it replaces. What
// does not agree with these is refused before anything is made.
func (a App) OnServiceRequested(ctx context.Context, e intakev1.ServiceRequested) error {
	if err := a.agrees(ctx, e); err != nil {
		return err
	}
	_, err := a.Referrals.Execute(ctx, e.Referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		return r.OnServiceRequested(by, e, a.agency)
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

// agrees holds a request against what it builds on: the referral that it
// replaces, and the ends of its consents.
func (a App) agrees(ctx context.Context, e intakev1.ServiceRequested) error {
	if e.Replaces != "" {
		replaced, err := a.Referrals.Fresh(ctx, e.Replaces)
		if err != nil {
			return err
		}
		if err := replaced.State.Yields(e); err != nil {
			return err
		}
	}
	for _, c := range asked(e) {
		if a.Agencies.Aside(c.Agency) {
			return record.ErrQuarantined // nobody knows whether it takes referrals
		}
		if _, err := a.ended(ctx, c.Consent, e.Case); err != nil {
			return err
		}
	}
	return nil
}

// asked are all agencies that a request asks, each on its consent.
func asked(e intakev1.ServiceRequested) []intakev1.Candidate {
	if e.Recipient == "" {
		return e.Candidates
	}
	return append(slices.Clip(e.Candidates), intakev1.Candidate{Agency: e.Recipient, Consent: e.Consent})
}

// ended says whether a consent of a case is known to have ended.
func (a App) ended(ctx context.Context, consent, caseID string) (bool, error) {
	known, err := a.Consents.Get(ctx, consent)
	if err != nil {
		return false, err
	}
	return known.State.EndedFor(caseID)
}

// lookAgain holds a request that was taken against the ends of its consents,
// and against the directory as it is now.
func (a App) lookAgain(ctx context.Context, e intakev1.ServiceRequested) error {
	return record.Each(asked(e), func(c intakev1.Candidate) error { return a.lookAt(ctx, e, c) })
}

// lookAt does that for one of those who are asked. Her no comes first: it does not
// wait for what is not known of the agency.
func (a App) lookAt(ctx context.Context, e intakev1.ServiceRequested, c intakev1.Candidate) error {
	ended, err := a.ended(ctx, c.Consent, e.Case)
	if err != nil {
		return err
	}
	if ended {
		_, err := a.Referrals.Execute(record.Step(ctx, "withdraw "+c.Agency), e.Referral, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
			return r.ConsentEnds(c.Consent)
		})
		if err != nil {
			return err
		}
	}
	if a.Agencies.Aside(c.Agency) {
		return record.ErrQuarantined
	}
	if a.agency(c.Agency, e.Service).Refuses == "" {
		return nil
	}
	_, err = a.Referrals.Execute(record.Step(ctx, "gone "+c.Agency), e.Referral, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
		return r.AgencyGone(a.agency, c.Agency)
	})
	return err
}

// agency looks an agency up. Of one in quarantine it knows nothing: ask Aside first
// where that decides.
func (a App) agency(name string, s code.Service) domain.Agency {
	in, twoSteps, refuses := a.Agencies.Asked(name, s)
	return domain.Agency{Country: in, TwoStepDenial: twoSteps, Refuses: refuses}
}

// Accept lets an agency take a referral, unless the consent for it is known to have
// ended. The end of a consent goes to each referral that stands on it. One that
// could not be read then was in no list, and is held against that end here.
func (a App) Accept(r domain.Referral, by fact.By, cmd domain.Accept) ([]fact.Event, error) {
	events, err := r.Accept(by, cmd)
	for _, e := range events {
		if accepted, ok := e.Data.(referralv1.Accepted); ok {
			if err := a.stands(accepted.Consent); err != nil {
				return nil, err
			}
		}
	}
	return events, err
}

// Asks is a referral as each agency is asked that may answer it.
func (a App) Asks(ctx context.Context, referral string) ([]domain.Ask, error) {
	r, err := a.Referrals.Get(ctx, referral)
	return r.State.Asks(), err
}

// Answer takes the answer of an agency that has no account, which one that has would
// be given the same way. Where none is awaited there is no referral for it.
func (a App) Answer(ctx context.Context, referral string, answer code.Answer, reason code.DeclineReason) error {
	_, err := a.Referrals.Execute(ctx, referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		switch {
		case answer == code.Accept && r.Awaits(by):
			return a.Accept(r, by, domain.Accept{})
		case answer == code.Decline && r.Awaits(by):
			return r.Decline(by, domain.Decline{Reason: reason})
		}
		return nil, domain.ErrNotFound
	})
	return err
}

// stands says that a consent is not known to have ended.
func (a App) stands(consent string) error {
	known, _ := a.Consents.Held(consent)
	switch {
	case a.Consents.Aside(consent):
		return record.ErrQuarantined
	case known.State.Ended():
		return domain.ErrNotOpen.At("/status", "not "+string(code.Withdrawn))
	}
	return nil
}

// OnConsentWithdrawn notes the end of the consent, and takes it to every
// referral that stands on it. An end that agrees with none of them is refused
// before it is noted. One that agrees with some ends those: her no must not wait
// for what is wrong with another referral. Then it is refused, so that somebody
// looks at the rest. For a record in quarantine it waits, behind the others.
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
	var disagrees error
	err := record.Each(a.Referrals.Find("by_consent", e.Consent), func(id string) error {
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
	var disagrees error
	agreed := false
	err := record.Each(a.Referrals.Find("by_consent", e.Consent), func(id string) error {
		r, err := a.Referrals.Get(ctx, id)
		if err != nil {
			return err
		}
		if err := r.State.StandsOn(e); err != nil {
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

// OnAgencySuspended says no for the agency to all that await its answer.
func (a App) OnAgencySuspended(ctx context.Context, e referralv1.AgencySuspended) error {
	if a.Agencies.Aside(e.Agency) {
		return record.ErrQuarantined
	}
	list, part := domain.Asked(e.Agency)
	return record.Each(a.Referrals.Find(list, part...), func(id string) error {
		_, err := a.Referrals.Execute(ctx, id, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
			return r.AgencyGone(a.agency, e.Agency)
		})
		return err
	})
}
