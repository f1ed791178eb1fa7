package app

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/shelf"
)

// register opens a directory in which one agency stands.
func register(t *testing.T, agency string, services ...code.Service) (Directory, *record.Book) {
	t.Helper()
	b := record.NewBook(event.NewCatalogue(event.Type[referralv1.AgencyRegistered](), event.Type[referralv1.AgencySuspended]()), func() time.Time { return now })
	d := Directory{Shelf: shelf.New(b)}
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
	type known struct {
		In      code.Country
		Twice   bool
		Refuses code.DeclineReason
	}
	asked := func(agency string, s code.Service) (k known) {
		k.In, k.Twice, k.Refuses = d.Asked(agency, s)
		return k
	}
	holds := func(want, got known) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	holds(known{"GT", true, ""}, asked("clinic", code.Food))
	holds(known{"GT", true, code.OutOfScope}, asked("clinic", code.Police))
	holds(known{"", false, code.WrongRecipient}, asked("nobody", code.Food))
	holds(known{"", false, code.WrongRecipient}, asked("", code.Food))
	says(t, d, "clinic", referralv1.AgencySuspended{Agency: "clinic"})
	holds(known{"GT", true, code.ServiceSuspended}, asked("clinic", code.Food))
	if d.Aside("clinic") {
		t.Error("it is aside, and can be read")
	}
	book.Quarantine("agency_clinic", 1, journal.ReasonUnreadable)
	if !d.Aside("clinic") || d.Aside("nobody") {
		t.Error("it is known, or another is not")
	}
}
