package app_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/intake/internal/app"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// While a case is in quarantine nobody knows that a referral is of no case: a packet
// is not to be had, and what is told of the referral waits. With all cases there, it
// is no referral of this network.
func TestAReferralOfACaseThatCannotBeRead(t *testing.T) {
	for name, aside := range map[string]bool{"a case is set aside": true, "all cases are there": false} {
		t.Run(name, func(t *testing.T) {
			b := record.NewBook(event.NewCatalogue(event.Private[intakev1.CaseOpened, domain.Opened]()), time.Now)
			a := app.App{Cases: record.New(b, "case", &domain.ByReferral)}
			if err := b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
				t.Fatal(err)
			}
			packet, released := record.ErrNotFound, error(agree.Err)
			if aside {
				b.Quarantine("case_1", 1, journal.ReasonUnreadable)
				packet, released = record.ErrQuarantined, record.ErrQuarantined
			}
			by := fact.By{Principal: "p", Agency: "a"}
			ctx := record.With(t.Context(), record.Command{Op: "disclose", By: by, Cause: "c"})
			if shown, err := a.Disclose(ctx, by, domain.Disclose{Referral: "ref_1"}); !errors.Is(err, packet) || shown.Packet != nil {
				t.Errorf("a packet: %v", err)
			}
			ctx = record.With(t.Context(), record.Command{Op: "hear", Cause: "ref_1/2/0"})
			if err := a.OnReleased(ctx, referralv1.Released{Referral: "ref_1"}); !errors.Is(err, released) {
				t.Errorf("a release: %v", err)
			}
		})
	}
}
