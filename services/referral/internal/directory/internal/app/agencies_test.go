package app

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/shelf"
)

// register opens a directory in which one agency stands.
func register(t *testing.T, agency string, services ...code.Service) (Directory, *record.Book) {
	t.Helper()
	b := record.NewBook(event.NewCatalogue(event.Type[referralv1.AgencyRegistered](), event.Type[referralv1.AgencySuspended]()), func() time.Time { return now })
	d := Directory{Shelf: shelf.New(b), Programmes: programmetest.Shipped()}
	if err := b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	says(t, d, agency, referralv1.AgencyRegistered{Agency: agency, Country: "GT", Services: services, TwoStepDenial: true})
	return d, b
}

func says(t *testing.T, d Directory, agency string, e fact.Data) {
	t.Helper()
	ctx := record.With(t.Context(), record.Command{Op: "test", Cause: e.EventType()})
	if _, err := d.Agencies.Execute(ctx, agency, func(domain.Agency, fact.By) ([]fact.Event, error) { return fact.Of(e), nil }); err != nil {
		t.Fatal(err)
	}
}

// The loop learns of an agency what a referral hangs on, and where that cannot be
// known it learns that.
func TestWhatTheLoopAsks(t *testing.T) {
	d, book := register(t, "clinic", code.Food)
	holds := func(want domain.Asked, agency string, s code.Service) {
		t.Helper()
		got, err := d.Asked(t.Context(), agency, s)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got.Value()); d != "" {
			t.Error(d)
		}
	}
	holds(domain.Asked{Country: "GT", TwoStepDenial: true}, "clinic", code.Food)
	holds(domain.Asked{Country: "GT", TwoStepDenial: true, Declines: code.OutOfScope}, "clinic", code.Police)
	holds(domain.Asked{Declines: code.WrongRecipient}, "nobody", code.Food)
	holds(domain.Asked{Declines: code.WrongRecipient}, "", code.Food)
	says(t, d, "clinic", referralv1.AgencySuspended{Agency: "clinic"})
	holds(domain.Asked{Country: "GT", TwoStepDenial: true, Declines: code.ServiceSuspended}, "clinic", code.Food)
	book.Quarantine("agency_clinic", 1, journal.ReasonUnreadable)
	if _, err := d.Asked(t.Context(), "clinic", code.Food); !errors.Is(err, record.ErrQuarantined) {
		t.Errorf("set aside: %v", err)
	}
	holds(domain.Asked{Declines: code.WrongRecipient}, "nobody", code.Food)
}
