package app

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

// desks is a room in which the clinic and her desk have an e-mail address each.
func desks(t *testing.T) (*room, *channel) {
	t.Helper()
	mail := &channel{}
	r := open(t, map[code.NoticeChannel]notify.Sender{code.Email: mail})
	for agency, address := range map[string]string{"clinic": "a@clinic.test", "front-desk": "night@desk.test"} {
		_, err := r.Channels.Execute(r.next(), agency, func(c domain.Channels, by fact.By) ([]fact.Event, error) {
			return c.Set(fact.By{Agency: agency, At: by.At}, domain.SetChannels{
				Agency: agency, Language: code.English, Channels: []domain.Channel{{Kind: code.Email, Address: address}},
			}, domain.Home{})
		})
		r.must(err)
	}
	return r, mail
}

// Each step of a ladder, each recall and each closed contact is told to those whom it
// concerns, at whatever hour, and to nobody else. Nothing in it says what it is about.
func TestNoticesGoToThoseWhomTheyConcern(t *testing.T) {
	loop := referralv1.Loop{Referral: "ref_canary", Case: "case_canary", Sender: "front-desk", Recipient: "clinic", Service: code.SafeHouse}
	const desk, clinic, ofNoCase = "night@desk.test", "a@clinic.test", "something waits in a room"
	for name, c := range map[string]struct {
		tell func(*room, context.Context) error
		want []string
	}{
		"a reminder": {func(r *room, ctx context.Context) error {
			return r.OnReminded(ctx, referralv1.Reminded{Referral: "ref_canary", Agency: "clinic", Number: 1})
		}, []string{clinic}},
		"copies, a reminder": {func(r *room, ctx context.Context) error {
			return r.OnReminded(ctx, referralv1.Reminded{Referral: "ref_canary", Agency: "clinic", Number: 1, Kind: code.ToLetGo})
		}, []string{clinic}},
		"something waits at a desk": {func(r *room, ctx context.Context) error {
			return r.OnDeskAwaited(ctx, intakev1.DeskAwaited{Agency: "front-desk", Case: "case_canary"})
		}, []string{desk}},
		"something waits at another agency": {func(r *room, ctx context.Context) error {
			return r.OnDeskAwaited(ctx, intakev1.DeskAwaited{Agency: "clinic", Case: "case_canary"})
		}, []string{clinic}},
		ofNoCase: {func(r *room, ctx context.Context) error {
			return OnWorkerAwaited[legalaidv1.WorkerAwaited](r.Invitations)(ctx, legalaidv1.WorkerAwaited{Awaited: staff.Awaited{Agency: "clinic"}})
		}, []string{clinic}},
		"the first step": {func(r *room, ctx context.Context) error {
			return r.OnEscalated(ctx, referralv1.Escalated{Loop: loop, Step: code.ToFocalPoint})
		}, []string{clinic}},
		"the referring agency": {func(r *room, ctx context.Context) error {
			return r.OnEscalated(ctx, referralv1.Escalated{Loop: loop, Step: code.ToReferring})
		}, []string{desk}},
		"copies, a step": {func(r *room, ctx context.Context) error {
			return r.OnEscalated(ctx, referralv1.Escalated{Loop: loop, Step: code.ToSupervisor, Kind: code.ToLetGo})
		}, []string{clinic}},
		"unsafe to reach": {func(r *room, ctx context.Context) error {
			return r.OnContacted(ctx, referralv1.Contacted{Loop: loop, Result: code.UnsafeToReach})
		}, []string{desk}},
		"reached": {func(r *room, ctx context.Context) error {
			return r.OnContacted(ctx, referralv1.Contacted{Loop: loop, Result: code.Reached})
		}, nil},
		"contact closed": {func(r *room, ctx context.Context) error {
			return r.OnContactClosed(ctx, referralv1.ContactClosed{Loop: loop})
		}, []string{clinic}},
		"withdrawn": {func(r *room, ctx context.Context) error { return r.OnWithdrawn(ctx, referralv1.Withdrawn{Loop: loop}) }, []string{clinic}},
		"recalled":  {func(r *room, ctx context.Context) error { return r.OnRecalled(ctx, referralv1.Recalled{Loop: loop}) }, []string{clinic}},
		"lapsed":    {func(r *room, ctx context.Context) error { return r.OnLapsed(ctx, referralv1.Lapsed{Loop: loop}) }, []string{clinic, desk}},
		"another desk": {func(r *room, ctx context.Context) error {
			return r.OnSenderChanged(ctx, referralv1.SenderChanged{Loop: loop, From: "other-desk", Number: 1, Going: true})
		}, []string{clinic}},
		"another desk, after the end": {func(r *room, ctx context.Context) error {
			return r.OnSenderChanged(ctx, referralv1.SenderChanged{Loop: loop, From: "other-desk", Number: 1})
		}, nil},
		"consent ending": {func(r *room, ctx context.Context) error {
			return r.OnConsentEnding(ctx, referralv1.ConsentEnding{Loop: loop})
		}, []string{clinic, desk}},
	} {
		t.Run(name, func(t *testing.T) {
			r, mail := desks(t)
			r.listen(intakev1.ServiceRequested{
				Case: loop.Case, Referral: loop.Referral, Sender: loop.Sender, Recipient: loop.Recipient, Service: loop.Service, Urgency: code.Urgent,
				Consent: "cons_1", Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: now.AddDate(0, 3, 0),
			})
			ctx := r.next()
			for range 2 { // it comes again
				r.must(c.tell(r, ctx))
			}
			of := loop.Case
			if name == ofNoCase {
				of = "" // it names none
			}
			r.ofTheCase(of, len(c.want))
			var to []string
			for _, l := range mail.letters {
				to = append(to, l.To)
				if text := l.Subject + l.Body; strings.Contains(text, "canary") || strings.Contains(text, "clinic") || strings.Contains(text, "#") {
					t.Errorf("it says what it is about: %s", text)
				}
			}
			if d := cmp.Diff(c.want, to); d != "" {
				t.Errorf("told (-want +got):\n%s", d)
			}
		})
	}
}

// ofTheCase holds that the notes of the notices are sealed with the key of her case, so that
// nobody reads them when it is erased.
func (r *room) ofTheCase(of string, want int) {
	r.t.Helper()
	notes := 0
	r.must(r.kept.Replay(r.t.Context(), func(c *journal.Commit) error {
		if strings.HasPrefix(c.Record, "notice_") {
			if notes++; c.Owner != of {
				r.t.Errorf("the note of a notice is sealed for %q, want %q", c.Owner, of)
			}
		}
		return nil
	}, nil))
	if notes != want {
		r.t.Errorf("%d notes of notices, want %d", notes, want)
	}
}

// A mailbox that takes nothing now is tried again, and the other agency is told meanwhile.
func TestANoticeIsTriedAgain(t *testing.T) {
	r, mail := desks(t)
	mail.fails = notify.ErrDelayed
	ctx := r.next()
	lapsed := referralv1.Lapsed{Loop: referralv1.Loop{Referral: "ref_1", Case: "case_1", Sender: "front-desk", Recipient: "clinic"}}
	if err := r.OnLapsed(ctx, lapsed); fault.Of(err).Kind != fault.RateLimited {
		t.Fatalf("it does not come again: %v", err)
	}
	mail.fails = nil
	r.now = r.now.Add(time.Hour)
	r.must(r.OnLapsed(ctx, lapsed))
	if len(mail.letters) != 2 {
		t.Errorf("%d letters", len(mail.letters))
	}
}

// What took all steps of its ladder is told to the coordination of the country of its case:
// to each agency that coordinates there, once, and to no other. Where the country is not
// known, nobody is guessed.
func TestTheLastStepIsToldToTheCoordinationOfItsCountry(t *testing.T) {
	r, mail := desks(t)
	coordinates := func(agency, country string, says bool) {
		by := fact.By{Agency: agency, Roles: []string{"coordinator"}, Country: country, Programme: "spotlight"}
		_, err := r.Channels.Execute(r.next(), agency, func(c domain.Channels, at fact.By) ([]fact.Event, error) {
			by.At = at.At
			return c.Set(by, domain.SetChannels{
				Agency: agency, Language: code.English, Channels: []domain.Channel{{Kind: code.Email, Address: agency + "@ministry.test"}}, Coordinates: says,
			}, domain.Home{})
		})
		r.must(err)
	}
	coordinates("canary-gt", "GT", true)
	coordinates("canary-second", "GT", true)
	coordinates("canary-kg", "KG", true)
	coordinates("canary-former", "GT", true)
	coordinates("canary-former", "GT", false)
	for referral, country := range map[string]string{"ref_gt": "GT", "ref_nowhere": ""} {
		r.listen(intakev1.ServiceRequested{
			Case: "case_canary", Referral: referral, Sender: "front-desk", Recipient: "clinic", Service: code.LegalAssistance, Urgency: code.Urgent,
			Consent: "cons_1", Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: now.AddDate(0, 3, 0),
			Country: country, Programme: "spotlight",
		})
	}
	for _, kind := range []code.DeadlineKind{"", code.ToLetGo} {
		for referral, want := range map[string][]string{
			"ref_gt": {"canary-gt@ministry.test", "canary-second@ministry.test"}, "ref_nowhere": nil, "ref_unknown": nil,
		} {
			mail.letters = nil
			ctx := r.next()
			for range 2 { // it comes again
				r.must(r.OnEscalated(ctx, referralv1.Escalated{
					Loop: referralv1.Loop{Referral: referral, Case: "case_canary", Sender: "front-desk", Recipient: "clinic"}, Step: code.ToNetwork, Kind: kind,
				}))
			}
			var to []string
			for _, l := range mail.letters {
				to = append(to, l.To)
				if text := l.Subject + l.Body; l.Subject != "Something is on your list" || strings.Contains(text, "canary") || strings.Contains(text, "clinic") {
					t.Errorf("%s: it says %s", referral, text)
				}
			}
			slices.Sort(to)
			if d := cmp.Diff(want, to); d != "" {
				t.Errorf("%s, %q: told (-want +got):\n%s", referral, kind, d)
			}
		}
	}
}
