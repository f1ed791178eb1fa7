package app_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// A certificate reaches every matter of its case but the one in quarantine, and that
// one when it is released.
func TestACertificatePassesWhatIsSetAside(t *testing.T) {
	j := &recordtest.Journal{}
	var told []string
	open := func() (app.App, *record.Book) {
		b := record.NewBook(event.NewCatalogue(
			event.Private[legalaidv1.MatterOpened, work.Consent](), event.Type[legalaidv1.CertificateNoted](), event.Type[legalaidv1.CertificateFiled](),
		), time.Now)
		a := app.New(b)
		told = nil
		if err := b.Open(t.Context(), j, func(c *journal.Commit) {
			if slices.ContainsFunc(c.Events, func(e event.Recorded) bool { return e.Type == legalaidv1.CertificateNoted{}.EventType() }) {
				told = append(told, c.Record)
			}
		}, func(string, []fact.Deadline) {}, nil); err != nil {
			t.Fatal(err)
		}
		return a, b
	}
	a, b := open()
	var matters []string
	for _, referral := range []string{"ref_1", "ref_2", "ref_3"} {
		ctx := record.With(t.Context(), record.Command{Op: "hear", Cause: referral + "/2/0"})
		err := a.OnReferralAccepted(ctx, referralv1.Accepted{Loop: referralv1.Loop{
			Referral: referral, Case: "case_1", Recipient: "lawyers", Service: "legal_assistance_service",
		}, Consent: "cons_1", Purpose: code.ServiceDelivery, Urgency: code.Urgent, Categories: []code.Category{code.ForensicCertificate}, ConsentExpires: time.Now().AddDate(0, 1, 0)})
		if err != nil {
			t.Fatal(err)
		}
		matters = append(matters, domain.MatterID(referral))
	}
	b.Quarantine(matters[0], 2, journal.ReasonUnreadable)
	ctx := record.With(t.Context(), record.Command{Op: "hear", Cause: "exam_1/2/0"})
	issued := forensicv1.CertificateIssued{Work: forensicv1.Work{Case: "case_1"}, Certificate: "cert_1"}
	for range 2 {
		if err := a.OnCertificateIssued(ctx, issued); !errors.Is(err, record.ErrQuarantined) {
			t.Fatalf("it does not wait: %v", err)
		}
	}
	for _, matter := range matters[1:] {
		if !slices.Contains(told, matter) {
			t.Errorf("%s has no certificate", matter)
		}
	}
	a, b = open()
	if aside := b.Quarantined(); len(aside) > 0 {
		t.Fatalf("not released: %v", aside)
	}
	if err := a.OnCertificateIssued(ctx, issued); err != nil {
		t.Fatal(err)
	}
	for _, matter := range matters {
		n := 0
		for _, s := range told {
			if s == matter {
				n++
			}
		}
		if n != 1 {
			t.Errorf("after the release %s was told %d times", matter, n)
		}
	}
}
