package app

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/loop"
)

// Whoever types a code is not told that it is wrong while the invitation that it may
// be of, or the referral, cannot be read. Codes of others are good.
func TestACodeOfWhatIsSetAside(t *testing.T) {
	now := time.Date(2026, time.November, 20, 20, 0, 0, 0, time.UTC)
	b := record.NewBook(event.NewCatalogue(append(append(loop.Events(), directory.Events()...),
		event.Sealed[referralv1.InvitationMade, domain.Secrets](), event.Type[referralv1.InvitationTried](), event.Type[referralv1.InvitationUsed](),
	)...), func() time.Time { return now })
	listed := directory.New(b, window.Policy{})
	referrals := loop.New(b, listed)
	a := New(b, referrals, nil)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil))
	facts := 0
	next := func() context.Context {
		facts++
		return record.With(t.Context(), record.Command{Op: "hear", Cause: "case_1/" + strconv.Itoa(facts) + "/0"})
	}
	must(register(next(), listed.Agencies, "clinic"))
	typed := map[string]string{}
	for i, referral := range []string{"ref_1", "ref_2", "ref_3"} {
		must(referrals.OnServiceRequested(next(), intakev1.ServiceRequested{
			Case: "case_1", Referral: referral, Sender: "front-desk", Recipient: "clinic", Service: code.LegalAssistance, Urgency: code.Urgent,
			Consent: "cons_1", Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: now.AddDate(0, 3, 0),
		}))
		ask, err := a.ask(t.Context(), referral, "clinic")
		must(err)
		codes := domain.NewCodes([domain.Entropy]byte{byte(i + 1), byte(i + 7), byte(i + 13)})
		id := domain.InvitationID(referral, "clinic")
		_, err = a.Invitations.Execute(next(), id, func(v domain.Invitation, by fact.By) ([]fact.Event, error) {
			return v.Make(by, ask, codes.Secrets(id))
		})
		must(err)
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
	_, err := a.Answer(t.Context(), typed["ref_3"], domain.Reply{Answer: code.Accept})
	must(err)
	if r, err := referrals.Referrals.Get(t.Context(), "ref_3"); err != nil || r.State.Status != code.Accepted {
		t.Errorf("another code: %v, %s", err, r.State.Status)
	}
}

// register appends to a record whose state only the directory knows.
func register[S record.State[S]](ctx context.Context, agencies *record.Records[S], agency string) error {
	_, err := agencies.Execute(ctx, agency, func(S, fact.By) ([]fact.Event, error) {
		return fact.Of(referralv1.AgencyRegistered{Agency: agency, Country: "GT", Services: []code.Service{code.LegalAssistance}}), nil
	})
	return err
}
