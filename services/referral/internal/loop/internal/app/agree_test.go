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
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
)

// hearing is the records of the service, and facts that come to them.
type hearing struct {
	App
	book *record.Book
	t    *testing.T
	n    int
	now  time.Time
	// say appends to the record of an agency, as the directory does.
	say func(ctx context.Context, agency string, d fact.Data) error
}

var now = time.Date(2026, time.November, 20, 20, 0, 0, 0, time.UTC)

func listen(t *testing.T) *hearing {
	h := hear(t, &recordtest.Journal{})
	h.register("clinic")
	return h
}

// hear opens the records on a journal.
func hear(t *testing.T, j *recordtest.Journal) *hearing {
	t.Helper()
	h := &hearing{t: t, now: now}
	b := record.NewBook(event.NewCatalogue(append(directory.Events(),
		event.Type[referralv1.Requested](), event.Type[referralv1.Offered](), event.Type[referralv1.Declined](),
		event.Type[referralv1.Rerouted](), event.Type[referralv1.Withdrawn](), event.Type[referralv1.ConsentEnded](),
		event.Type[referralv1.Accepted](), event.Type[referralv1.Released](), event.Type[referralv1.Escalated](),
	)...).ReadingBack(), func() time.Time { return h.now })
	listed := directory.New(b, programmetest.Shipped())
	h.App, h.book, h.say = New(b, programmetest.Shipped(), listed, nil), b, sayer(listed.Agencies)
	if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	return h
}

// sayer appends to records whose state only the directory knows.
func sayer[S record.State[S]](agencies *record.Records[S]) func(context.Context, string, fact.Data) error {
	return func(ctx context.Context, agency string, d fact.Data) error {
		_, err := agencies.Execute(ctx, agency, func(S, fact.By) ([]fact.Event, error) { return fact.Of(d), nil })
		return err
	}
}

func (h *hearing) register(agency string) {
	h.t.Helper()
	h.must(h.say(h.next(), agency, referralv1.AgencyRegistered{Agency: agency, Country: "GT", Services: []code.Service{code.LegalAssistance}}))
}

// next is the context of one more fact.
func (h *hearing) next() context.Context {
	h.n++
	return record.With(h.t.Context(), record.Command{Op: "hear", Cause: "case_1/" + strconv.Itoa(h.n) + "/0"})
}

func (h *hearing) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused holds that a fact does not agree.
func (h *hearing) refused(err error) {
	h.t.Helper()
	if !errors.Is(err, agree.Err) {
		h.t.Errorf("%v is no refusal", err)
	}
}

func (h *hearing) status(id string) code.ReferralStatus {
	h.t.Helper()
	r, err := h.Referrals.Get(h.t.Context(), id)
	h.must(err)
	return r.State.Status
}

func please(referral, agency, consent string) intakev1.ServiceRequested {
	return intakev1.ServiceRequested{
		Case: "case_1", Referral: referral, Sender: "front-desk", Recipient: agency, Service: code.LegalAssistance, Urgency: code.Urgent,
		Consent: consent, Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: now.AddDate(0, 3, 0),
	}
}

// A withdrawal for another case is refused before it is noted, and the true one
// behind it takes effect.
func TestAForgedWithdrawalLeavesNoTrace(t *testing.T) {
	h := listen(t)
	h.must(h.OnServiceRequested(h.next(), please("ref_1", "clinic", "cons_1")))
	hers := intakev1.ConsentWithdrawn{Case: "case_1", Consent: "cons_1", Recipient: "clinic", Service: code.LegalAssistance}
	forged := hers
	forged.Case = "case_2"
	h.refused(h.OnConsentWithdrawn(h.next(), forged))
	if c, err := h.Consents.Get(t.Context(), "cons_1"); err != nil || c.Version != 0 || h.status("ref_1") != code.Requested {
		t.Errorf("a forged withdrawal was noted, or took effect: version %d, %s, %v", c.Version, h.status("ref_1"), err)
	}
	h.must(h.OnConsentWithdrawn(h.next(), hers))
	if s := h.status("ref_1"); s != code.Withdrawn {
		t.Errorf("after the true withdrawal the referral is %s", s)
	}
}

// Her withdrawal takes effect where it agrees, also when another referral, which
// does not, names the same consent. That it does not is told.
func TestAWithdrawalWaitsForNoOtherReferral(t *testing.T) {
	h := listen(t)
	other := please("ref_0", "clinic", "cons_1")
	other.Case = "case_2"
	h.must(h.OnServiceRequested(h.next(), other))
	h.must(h.OnServiceRequested(h.next(), please("ref_1", "clinic", "cons_1")))
	hers := intakev1.ConsentWithdrawn{Case: "case_1", Consent: "cons_1", Recipient: "clinic", Service: code.LegalAssistance}
	again := h.next()
	for range 2 {
		h.refused(h.OnConsentWithdrawn(again, hers))
		if one, two := h.status("ref_1"), h.status("ref_0"); one != code.Withdrawn || two != code.Requested {
			t.Errorf("hers is %s, the other %s", one, two)
		}
	}
}

// A withdrawal that came before its request is remembered with its case. A
// request of another case on that consent is refused, and makes nothing.
func TestARequestAgreesWithWhatIsRemembered(t *testing.T) {
	h := listen(t)
	h.must(h.OnConsentWithdrawn(h.next(), intakev1.ConsentWithdrawn{Case: "case_1", Consent: "cons_1", Recipient: "clinic", Service: code.LegalAssistance}))
	other := please("ref_1", "clinic", "cons_1")
	other.Case = "case_2"
	h.refused(h.OnServiceRequested(h.next(), other))
	if s := h.status("ref_1"); s != "" {
		t.Errorf("a referral was made, and is %s", s)
	}
	h.must(h.OnServiceRequested(h.next(), please("ref_1", "clinic", "cons_1")))
	if s := h.status("ref_1"); s != code.Withdrawn {
		t.Errorf("the referral is %s", s)
	}
}

// A request that would replace somebody else's referral makes nothing, and leaves
// that one as it was.
func TestNobodyReplacesTheReferralOfAnother(t *testing.T) {
	h := listen(t)
	h.must(h.OnServiceRequested(h.next(), please("ref_1", "unheard-of", "cons_1")))
	instead := please("ref_2", "clinic", "cons_2")
	instead.Replaces = "ref_1"
	other := instead
	other.Case = "case_2"
	h.refused(h.OnServiceRequested(h.next(), other))
	if first, second := h.status("ref_1"), h.status("ref_2"); first != code.Declined || second != "" {
		t.Errorf("the referrals are %s and %s", first, second)
	}
	h.must(h.OnServiceRequested(h.next(), instead))
	if first, second := h.status("ref_1"), h.status("ref_2"); first != code.Rerouted || second != code.Requested {
		t.Errorf("the referrals are %s and %s", first, second)
	}
}
