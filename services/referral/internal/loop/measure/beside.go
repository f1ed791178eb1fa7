package measure

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
)

// Withdrawn lets two processes write one journal. One makes so many referrals, while
// the other takes the withdrawal of the consent of each: which of them comes first
// nobody decides. It gives the referrals that stand afterwards though their consents
// have ended, which must be none, and how many were made before the withdrawal came.
func Withdrawn(ctx context.Context, one, other record.Journal, n int) (standing []string, first int, err error) {
	asks, err := openRoom(ctx, one)
	if err != nil {
		return nil, 0, err
	}
	withdraws, err := openRoom(ctx, other)
	if err != nil {
		return nil, 0, err
	}
	for i := range n {
		name := fmt.Sprint("withdrawn ", i)
		asked := intakev1.ServiceRequested{
			Case: fact.ID("case", name), Referral: fact.ID("ref", name), Sender: sender(i), Recipient: recipient(i),
			Service: code.LegalAssistance, Urgency: code.Standard, Consent: fact.ID("cons", name), Purpose: code.ServiceDelivery,
			Categories: []code.Category{code.Contact}, ConsentExpires: asks.now.AddDate(0, 6, 0),
		}
		ended := intakev1.ConsentWithdrawn{Case: asked.Case, Consent: asked.Consent, Recipient: asked.Recipient, Service: asked.Service}
		var g errgroup.Group
		var made, gone time.Time
		g.Go(func() error {
			err := asks.app.OnServiceRequested(record.With(ctx, record.Command{Op: "onServiceRequested", Cause: "request " + name}), asked)
			made = time.Now()
			return err
		})
		g.Go(func() error {
			err := withdraws.app.OnConsentWithdrawn(record.With(ctx, record.Command{Op: "onConsentWithdrawn", Cause: "withdrawal " + name}), ended)
			gone = time.Now()
			return err
		})
		if err := g.Wait(); err != nil {
			return nil, 0, err
		}
		if made.Before(gone) {
			first++
		}
		r, err := asks.app.Referrals.Fresh(ctx, asked.Referral)
		if err != nil {
			return nil, 0, err
		}
		if r.Value().Open() {
			standing = append(standing, asked.Referral)
		}
	}
	return standing, first, nil
}
