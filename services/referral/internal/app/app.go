// Package app holds the use cases of the referral service that need more than
// one record. It decides nothing itself: it looks records up, lets the domain
// decide on each, and refuses to hold a rule.
package app

import (
	"context"
	"errors"
	"slices"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/referral/internal/domain"
)

// App is the records of the service.
type App struct {
	Agencies  *record.Records[domain.Agency]
	Referrals *record.Records[domain.Referral]
	Consents  *record.Records[domain.Consent]
	// Offers is the directory as matching sees it, Windows what countries
	// decide of clinical and forensic windows.
	Offers  Offers
	Windows window.Policy
}

// New adds the records to a book. Who asks for matches needs Offers besides.
func New(b *record.Book) App {
	return App{
		Agencies: record.New(b, "agency",
			image.List[domain.Agency]{Name: "by_service", Keys: domain.ByService}),
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
	for _, c := range asked(e) {
		if _, refuses := a.agency(c.Agency).Refuses(e.Service); refuses {
			_, err := a.Referrals.Execute(record.Step(ctx, "gone "+c.Agency), e.Referral, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
				return r.AgencyGone(a.agency, c.Agency)
			})
			if err != nil {
				return err
			}
		}
		ended, err := a.ended(ctx, c.Consent, e.Case)
		if err != nil {
			return err
		}
		if !ended {
			continue
		}
		_, err = a.Referrals.Execute(record.Step(ctx, "withdraw "+c.Agency), e.Referral, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
			return r.ConsentEnds(c.Consent)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// agency looks an agency up in the image, which has all of them.
func (a App) agency(name string) domain.Agency {
	held, _ := a.Agencies.Held(name)
	return held.State
}

// OnConsentWithdrawn notes the end of the consent, and takes it to every
// referral that stands on it. An end that agrees with none of them is refused
// before it is noted. One that agrees with some ends those: her no must not wait
// for what is wrong with another referral. Then it is refused, so that somebody
// looks at the rest.
func (a App) OnConsentWithdrawn(ctx context.Context, e intakev1.ConsentWithdrawn) error {
	var disagrees error
	agreed := false
	for _, id := range a.Referrals.Find("by_consent", e.Consent) {
		r, err := a.Referrals.Get(ctx, id)
		if err != nil {
			return err
		}
		if err := r.State.StandsOn(e); err != nil {
			disagrees = err
		} else {
			agreed = true
		}
	}
	if disagrees != nil && !agreed {
		return disagrees
	}
	_, err := a.Consents.Execute(ctx, e.Consent, func(c domain.Consent, by fact.By) ([]fact.Event, error) {
		return c.OnConsentWithdrawn(by, e)
	})
	if err != nil {
		return err
	}
	disagrees = nil
	for _, id := range a.Referrals.Find("by_consent", e.Consent) {
		_, err := a.Referrals.Execute(ctx, id, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
			return r.OnConsentWithdrawn(by, e)
		})
		switch {
		case errors.Is(err, agree.Err):
			disagrees = err
		case err != nil:
			return err
		}
	}
	return disagrees
}

// OnAgencySuspended says no for the agency to all that await its answer.
func (a App) OnAgencySuspended(ctx context.Context, e referralv1.AgencySuspended) error {
	list, part := domain.Asked(e.Agency)
	for _, id := range a.Referrals.Find(list, part...) {
		_, err := a.Referrals.Execute(ctx, id, func(r domain.Referral, _ fact.By) ([]fact.Event, error) {
			return r.AgencyGone(a.agency, e.Agency)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
