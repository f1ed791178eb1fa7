package domain

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/work"
)

// reaching is what an agency is told of how to reach her: the answer, and what was recorded.
func reaching(d *desk, by fact.By, referral string, purpose code.ContactPurpose) (Allowed, []fact.Event, bool, error) {
	cmd := AskContactFor{Referral: referral, Purpose: purpose}
	has := d.state.HandOf(by, referral)
	hands := work.Hands{Worker: has, Act: look.Made(has == "" || has == Self(by).Owner)}
	events, err := d.state.AskContact(by, cmd, hands)
	if err != nil {
		return Allowed{}, nil, true, err
	}
	d.commit(events)
	allowed, known, err := d.state.AllowedFor(by, cmd, hands)
	return allowed, events, known, err
}

// The answer says how, and what to say, and holds nothing else of her.
func TestAskContact(t *testing.T) {
	d := open(t, Opening{Name: "canary-name", Contact: safely()})
	evening := in(t, "America/Guatemala", "2026-11-27 19:00")
	want := Allowed{
		Purpose: code.OrdinaryContact, At: evening, Until: evening.Add(time.Hour).UTC(), Channels: safely().Channels,
		CodeWord: "canary-word", Language: "quc", SafeNote: "canary-note",
	}
	want.Channels[1].WhoMayAnswer = code.OnlyHer
	got, err := d.state.Allowed(code.OrdinaryContact, evening)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if d.state.Contact.Channels[1].WhoMayAnswer != "" {
		t.Error("the answer changed the case")
	}
	late := evening.Add(2 * time.Hour)
	got, err = d.state.Allowed(code.ForAppointment, late)
	if f := fault.Of(err); !errors.Is(err, ErrNotSafeNow) || !f.NotBefore.Equal(in(t, "America/Guatemala", "2026-11-30 18:30")) || !cmp.Equal(got, Allowed{}) {
		t.Errorf("outside her hours: %+v, %v", got, err)
	}
	got, err = d.state.Allowed(code.DangerNews, late)
	if err != nil || len(got.Channels) != 1 || got.Channels[0].Kind != code.MessagingApp || !got.Until.IsZero() {
		t.Errorf("danger news: %+v, %v", got, err)
	}
	if _, err := d.state.Allowed("", late); !errors.Is(err, ErrUnknownCode) {
		t.Errorf("no purpose: %v", err)
	}
	d.must(t)(do(d, Case.SuspendContact, SuspendContact{}))
	for _, purpose := range code.ContactPurposes {
		want := map[bool]error{false: ErrContactClosed, true: ErrToDuty}[purpose == code.DangerNews]
		if got, err := d.state.Allowed(purpose, evening); !errors.Is(err, want) || !cmp.Equal(got, Allowed{}) || !fault.Of(err).NotBefore.IsZero() {
			t.Errorf("closed, %s: %+v, %v", purpose, got, err)
		}
	}
	if _, err := open(t, Opening{Contact: Contact{Phone: "+502 5550 7219", SafeNote: "mornings"}}).state.Allowed(code.OrdinaryContact, evening); !errors.Is(err, ErrNoSafeContact) {
		t.Errorf("a note alone: %v", err)
	}
}

// An agency is answered where it may be shown her contact, and nowhere else; the question is
// recorded, and shows nothing again.
func TestAnAgencyAsks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		categories := rapid.SliceOfNDistinct(rapid.SampledFrom(code.Categories), 1, -1, rapid.ID).Draw(t, "categories")
		d, id := referred(t, categories...)
		anytime := safely()
		anytime.Hours = anyDay
		d.must(t)(do(d, Case.Amend, Amend{Reason: code.Change, Opening: Opening{Contact: anytime}}))
		status := rapid.SampledFrom([]code.ReferralStatus{code.Requested, code.Accepted, code.InService, code.Completed, code.Declined}).Draw(t, "status")
		if status != code.Requested {
			d.must(t)(do(d, news[status], d.loop(id)))
		}
		if rapid.Bool().Draw(t, "withdrawn") {
			d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID}))
		}
		if rapid.Bool().Draw(t, "closed") {
			d.must(t)(do(d, Case.SuspendContact, SuspendContact{}))
		}
		caller := rapid.SampledFrom([]string{legal, legal, clinic, ""}).Draw(t, "caller")
		by := d.as(caller, "nora")
		allowed, events, known, err := reaching(d, by, id, code.OrdinaryContact)
		may := caller == legal && slices.Contains(held, status) && d.state.Consents[0].Status == code.ConsentGiven &&
			slices.Contains(categories, code.Contact) && d.state.ContactClosed.IsZero()
		if may != (err == nil && known && len(allowed.Channels) > 0) || may != (len(events) > 0) {
			t.Fatalf("may %v: %+v, %v, %v, %v", may, allowed, events, known, err)
		}
		if !d.state.Knows(by, id) && (known || err != nil) {
			t.Fatalf("it may not know of the referral, and is told %v", err)
		}
		if !may {
			return
		}
		want := fact.Of(intakev1.Disclosed{
			Case: d.state.ID, Referral: id, Recipient: legal, Service: code.LegalAssistance, Stage: code.ForContact, Categories: []code.Category{code.Contact},
		})
		if diff := cmp.Diff(want, events); diff != "" {
			t.Fatalf("recorded (-want +got):\n%s", diff)
		}
		// The ledger has it; a disclosure that is shown again is not made of it.
		if page, _ := d.state.Ledger(100, 100); page[0].Stage != code.ForContact {
			t.Fatalf("the ledger says %+v", page[0])
		}
		if s, ok := d.state.Shown(by, id, basis); ok {
			t.Fatalf("the question is shown as a disclosure: %+v", s)
		}
	})
}

// It is the worker's to whom the agency gave the referral, as the packet is.
func TestAColleagueIsNotAnswered(t *testing.T) {
	d, id := referred(t, code.Contact)
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	d.must(t)(do(d, Case.OnAssigned, d.assigned(id, "nora", 1, time.Hour)))
	if _, events, _, err := reaching(d, d.as(legal, "omar"), id, code.DangerNews); !errors.Is(err, work.ErrNotTheWorker) || len(events) > 0 {
		t.Errorf("a colleague: %v, %v", events, err)
	}
	if _, events, known, err := reaching(d, d.as(legal, "nora"), id, code.DangerNews); err != nil || !known || len(events) != 1 {
		t.Errorf("the worker: %v, %v", events, err)
	}
}

// An agency is told the present address alone: not in the answer, nor in a packet that is
// shown again, nor in the ledger.
func TestAnAgencySeesThePresentAddress(t *testing.T) {
	d, id := referred(t, code.Contact)
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	d.must(t)(disclose(d, legal, id))
	moved := Contact{Channels: []SafeChannel{own}, Zone: "UTC", Hours: anyDay}
	d.must(t)(do(d, Case.Amend, Amend{Reason: code.Change, Opening: Opening{Contact: moved}}))
	by := d.as(legal, "nora")
	allowed, _, _, err := reaching(d, by, id, code.OrdinaryContact)
	if err != nil || len(allowed.Channels) != 1 || allowed.Channels[0].Address != own.Address {
		t.Errorf("%+v, %v", allowed, err)
	}
	if s, ok := d.state.Shown(by, id, basis); !ok || !cmp.Equal(s.Packet.Contact, moved) {
		t.Errorf("shown again: %+v", s.Packet)
	}
}
