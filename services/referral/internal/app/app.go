// Package app holds the use cases of the referral service that need more than
// one record. It decides nothing itself: it looks records up, lets the domain
// decide on each, and refuses to hold a rule.
package app

import (
	"context"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/window"
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

// New adds the records to a book.
func New(b *record.Book) App {
	a := App{
		Agencies: record.New(b, "agency",
			image.List[domain.Agency]{Name: "by_service", Keys: domain.ByService},
			image.List[domain.Agency]{Name: "by_place", Keys: domain.ByPlace}),
		Referrals: record.New(b, "ref",
			image.List[domain.Referral]{Name: "by_due", Keys: domain.ByDue},
			image.List[domain.Referral]{Name: "by_status", Keys: domain.ByStatus},
			image.List[domain.Referral]{Name: "by_case", Keys: domain.ByCase},
			image.List[domain.Referral]{Name: "by_consent", Keys: domain.ByConsent}),
		Consents: record.New[domain.Consent](b, "cons"),
	}
	a.Offers = registered{a.Agencies}
	return a
}

// A request and the withdrawal of its consent may arrive in either order, or at
// the same instant. Each side appends to its own record first and looks at the
// other's then. So whichever append came second, the look after it sees the
// first, and no order can lose a withdrawal.

// OnServiceRequested offers the referral, and withdraws it again when its
// consent is known to have ended.
func (a App) OnServiceRequested(ctx context.Context, e intakev1.ServiceRequested) error {
	to, err := a.Agencies.Get(ctx, e.Recipient)
	if err != nil {
		return err
	}
	_, err = a.Referrals.Execute(ctx, e.Referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		return r.OnServiceRequested(by, e, to.State)
	})
	if err != nil {
		return err
	}
	consent, err := a.Consents.Get(ctx, e.Consent)
	if err != nil || !consent.State.Ended() {
		return err
	}
	_, err = a.Referrals.Execute(record.Step(ctx, "withdraw"), e.Referral, domain.Referral.Withdraw)
	return err
}

// OnConsentWithdrawn notes the end of the consent, and withdraws every open
// referral that stands on it.
func (a App) OnConsentWithdrawn(ctx context.Context, e intakev1.ConsentWithdrawn) error {
	_, err := a.Consents.Execute(ctx, e.Consent, func(c domain.Consent, by fact.By) ([]fact.Event, error) {
		return c.OnConsentWithdrawn(by, e)
	})
	if err != nil {
		return err
	}
	for _, id := range a.Referrals.Find("by_consent", e.Consent) {
		if _, err := a.Referrals.Execute(ctx, id, domain.Referral.Withdraw); err != nil {
			return err
		}
	}
	return nil
}
