package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/loop"
	"github.com/sanad-network/sanad/services/referral/internal/workers"
)

var now = time.Date(2026, time.November, 20, 20, 0, 0, 0, time.UTC)

// room is an agency that is asked, in a network whose other contexts are real.
type room struct {
	Invitations
	t      *testing.T
	book   *record.Book
	kept   *recordtest.Journal
	facts  int
	now    time.Time
	listen func(e fact.Data)
	status func(referral string) code.ReferralStatus
	// notices counts what was told, where the room tells anything.
	notices *prometheus.Registry
}

func open(t *testing.T, senders ...map[code.NoticeChannel]notify.Sender) *room {
	t.Helper()
	r := &room{t: t, now: now, kept: &recordtest.Journal{}}
	clock := func() time.Time { return r.now }
	var notifier *notify.Notifier
	for _, s := range senders {
		r.notices = prometheus.NewRegistry()
		notifier = notify.With("https://n.test", s, r.notices, clock)
	}
	b := record.NewBook(event.NewCatalogue(append(slices.Concat(loop.Events(), directory.Events(), workers.Events()),
		event.Private[referralv1.AgencyChannelsSet, domain.Reach](), event.Type[referralv1.InvitationWanted](), event.Type[referralv1.InvitationNotified](),
		event.Private[referralv1.InvitationMade, domain.Secrets](), event.Type[referralv1.InvitationTried](), event.Type[referralv1.InvitationUsed](), event.Type[referralv1.NoticeTold](),
	)...), clock)
	listed := directory.New(b, programmetest.Shipped())
	referrals := loop.New(b, programmetest.Shipped(), listed, nil)
	staff := workers.New(b, programmetest.Shipped())
	r.Invitations, r.book = New(b, referrals, listed, staff, notifier, clock), b
	r.must(b.Open(t.Context(), r.kept, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil))
	r.status = func(referral string) code.ReferralStatus {
		got, err := referrals.Referrals.Get(t.Context(), referral)
		r.must(err)
		return got.State.Status
	}
	r.listen = func(e fact.Data) {
		t.Helper()
		switch e := e.(type) {
		case referralv1.AgencyRegistered:
			r.must(say(r.next(), listed.Agencies, e.Agency, e))
		case referralv1.WorkerChanged:
			r.must(say(r.next(), staff.Workers, e.ID, e))
		case referralv1.AgencySuspended:
			r.must(say(r.next(), listed.Agencies, e.Agency, e))
			r.must(referrals.OnAgencySuspended(r.next(), e))
		case intakev1.ServiceRequested:
			r.must(referrals.OnServiceRequested(r.next(), e))
		case intakev1.ReferralResumed:
			r.must(referrals.OnReferralResumed(r.next(), e))
		case referralv1.Completed:
			r.must(say(r.next(), referrals.Referrals, e.Referral, e))
		case intakev1.ConsentWithdrawn:
			r.must(referrals.OnConsentWithdrawn(r.next(), e))
		default:
			t.Fatalf("nobody listens to %T", e)
		}
	}
	r.listen(referralv1.AgencyRegistered{Agency: "clinic", Country: "GT", Services: []code.Service{code.LegalAssistance}})
	return r
}

// say appends to a record whose state only another context knows.
func say[S record.State[S]](ctx context.Context, records *record.Records[S], id string, e fact.Data) error {
	_, err := records.Execute(ctx, id, func(S, fact.By) ([]fact.Event, error) { return fact.Of(e), nil })
	return err
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// next is the context of one more fact.
func (r *room) next() context.Context {
	r.facts++
	return record.With(r.t.Context(), record.Command{Op: "hear", Cause: "case_1/" + strconv.Itoa(r.facts) + "/0"})
}

// invite asks the agency, and gives it a code.
func (r *room) invite(referral string, seed byte) (typed string) {
	r.t.Helper()
	r.listen(intakev1.ServiceRequested{
		Case: "case_1", Referral: referral, Sender: "front-desk", Recipient: "clinic", Service: code.LegalAssistance, Urgency: code.Urgent,
		Consent: "cons_1", Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: now.AddDate(0, 3, 0),
	})
	ask, err := r.ask(r.t.Context(), referral, "clinic")
	r.must(err)
	codes := domain.NewCodes([domain.Entropy]byte{seed, seed + 6, seed + 12})
	id := domain.InvitationID(referral, "clinic")
	_, err = r.Invitations.Invitations.Execute(r.next(), id, func(v domain.Invitation, by fact.By) ([]fact.Event, error) {
		return v.Make(by, ask, 0, codes.Secrets(id, 0))
	})
	r.must(err)
	return codes.Link()
}

// says holds what a code is good for.
func (r *room) says(what, typed string, want error) {
	r.t.Helper()
	_, opened := r.Open(r.t.Context(), now, typed)
	_, answered := r.Answer(r.t.Context(), typed, domain.Reply{Answer: code.Accept})
	if !errors.Is(opened, want) || !errors.Is(answered, want) {
		r.t.Errorf("%s: %v and %v, want %v", what, opened, answered, want)
	}
}

// A person who types a code is not told that it is wrong while the invitation that it
// may be of, or the referral, cannot be read. Codes of others are good.
func TestACodeOfWhatIsSetAside(t *testing.T) {
	r := open(t)
	one, two, three := r.invite("ref_1", 1), r.invite("ref_2", 2), r.invite("ref_3", 3)
	wrong := domain.NewCodes([domain.Entropy]byte{99}).Link()
	r.says("wrong", wrong, domain.ErrCode)
	r.book.Quarantine("ref_1", 2, journal.ReasonUnreadable)
	r.says("of the referral", one, record.ErrQuarantined)
	r.says("wrong", wrong, domain.ErrCode)
	r.book.Quarantine(domain.InvitationID("ref_2", "clinic"), 2, journal.ReasonUnreadable)
	r.says("of the invitation", two, record.ErrQuarantined)
	r.says("wrong", wrong, record.ErrQuarantined) // it may be the code of the one that cannot be read
	_, err := r.Answer(t.Context(), three, domain.Reply{Answer: code.Accept})
	r.must(err)
	if s := r.status("ref_3"); s != code.Accepted {
		t.Errorf("after another code the referral is %s", s)
	}
}

// What the loop does not hear, a code is not good for. It hears one answer, and the
// same again is the same.
func TestTheLoopDecides(t *testing.T) {
	for name, ends := range map[string]fact.Data{
		"her consent has ended":   intakev1.ConsentWithdrawn{Case: "case_1", Consent: "cons_1", Recipient: "clinic", Service: code.LegalAssistance},
		"the agency is suspended": referralv1.AgencySuspended{Agency: "clinic"},
	} {
		r := open(t)
		typed := r.invite("ref_1", 1)
		r.listen(ends)
		r.says(name, typed, domain.ErrCode)
	}
	for name, reply := range map[string]domain.Reply{"accept": {Answer: code.Accept}, "decline": {Answer: code.Decline, Reason: code.AtCapacity}} {
		r := open(t)
		typed := r.invite("ref_1", 1)
		opened, err := r.Open(t.Context(), now, typed)
		if err != nil || opened.Service != code.LegalAssistance || opened.Language != code.English {
			t.Errorf("%s: it opens %+v, %v", name, opened, err)
		}
		for range 2 {
			if _, err := r.Answer(t.Context(), typed, reply); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := r.Answer(t.Context(), typed, domain.Reply{Answer: code.Decline, Reason: code.OutOfArea}); !errors.Is(err, domain.ErrCode) {
			t.Errorf("%s, and then another answer: %v", name, err)
		}
		want := map[code.Answer]code.ReferralStatus{code.Accept: code.Accepted, code.Decline: code.Declined}[reply.Answer]
		if s := r.status("ref_1"); s != want {
			t.Errorf("%s: the referral is %s", name, s)
		}
	}
}
