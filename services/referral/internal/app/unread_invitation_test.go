package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/domain"
)

// Whoever types a code is not told that it is wrong while the invitation that it may
// be of, or the referral, cannot be read. Codes of others are good.
func TestACodeOfWhatIsSetAside(t *testing.T) {
	b := record.NewBook(event.NewCatalogue(
		event.Type[referralv1.Requested](), event.Type[referralv1.Offered](), event.Type[referralv1.Accepted](), event.Type[referralv1.AgencyRegistered](),
		event.Private[referralv1.InvitationMade, domain.Secrets](), event.Type[referralv1.InvitationTried](), event.Type[referralv1.InvitationUsed](),
	), func() time.Time { return now })
	a := NewInvitations(b, New(b), nil)
	if err := b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	h := &hearing{App: a.App, book: b, t: t}
	h.register("clinic")
	typed := map[string]string{}
	for i, referral := range []string{"ref_1", "ref_2", "ref_3"} {
		h.must(a.App.OnServiceRequested(h.next(), please(referral, "clinic", "cons_1")))
		r, err := a.Referrals.Get(t.Context(), referral)
		h.must(err)
		codes := domain.NewCodes([domain.Entropy]byte{byte(i + 1), byte(i + 7), byte(i + 13)})
		id := domain.InvitationID(referral, "clinic")
		_, err = a.Invitations.Execute(h.next(), id, func(v domain.Invitation, by fact.By) ([]fact.Event, error) {
			return v.Make(by, domain.MakeInvitation{ID: id, Agency: "clinic", Referral: r.State, Secrets: codes.Secrets(id)})
		})
		h.must(err)
		typed[referral] = codes.Link()
	}
	says := func(what string, want error) {
		t.Helper()
		_, opened := a.Open(t.Context(), now, typed[what])
		_, answered := a.Answer(context.Background(), typed[what], domain.Reply{Answer: code.Accept})
		if !errors.Is(opened, want) || !errors.Is(answered, want) {
			t.Errorf("%s: %v and %v, want %v", what, opened, answered, want)
		}
	}
	typed["wrong"] = domain.NewCodes([domain.Entropy]byte{99}).Link()
	says("wrong", domain.ErrCode)
	b.Quarantine("ref_1", 2, journal.ReasonUnreadable)
	says("ref_1", record.ErrQuarantined)
	says("wrong", domain.ErrCode)
	b.Quarantine(domain.InvitationID("ref_2", "clinic"), 2, journal.ReasonUnreadable)
	says("ref_2", record.ErrQuarantined)
	says("wrong", record.ErrQuarantined) // it may be the code of the one that cannot be read
	if _, err := a.Answer(t.Context(), typed["ref_3"], domain.Reply{Answer: code.Accept}); err != nil || h.status("ref_3") != code.Accepted {
		t.Errorf("another code: %v, %s", err, h.status("ref_3"))
	}
}
