package domain

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

// The cast of these tests.
const (
	police   = "police-desk"
	counsel  = "legal-clinic"
	stranger = "somebody-else"
)

var (
	noon     = time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	asked    = at(police, noon)
	answered = at(counsel, noon.Add(10*time.Minute))
	later    = noon.Add(20 * time.Minute)
)

func at(agency string, t time.Time) fact.By { return fact.By{Agency: agency, At: t} }

func system(t time.Time) fact.By { return fact.By{At: t} }

func clinic() Agency { return Agency{Country: "GT"} }

// refusing is a clinic that takes no such referrals.
func refusing(why code.DeclineReason) Agency {
	a := clinic()
	a.Declines = why
	return a
}

// only is a directory of one agency, which answers to every name.
// shipped are the programmes that come with the network.
var shipped = programmetest.Shipped()

func only(a Agency) Agencies { return func(string) look.Fresh[Agency] { return look.Made(a) } }

// unended are consents of which no end is known.
func unended(string) (look.Fresh[Consent], error) { return look.Made(Consent{}), nil }

func accepts(r Referral, by fact.By) ([]fact.Event, error) { return r.Accept(by, Accept{}, unended) }

func serviceRequested() intakev1.ServiceRequested {
	return intakev1.ServiceRequested{
		Case: "case_1", Referral: "ref_1", Sender: police, Recipient: counsel,
		Service: code.LegalAssistance, Urgency: code.Urgent,
		Consent: "cons_1", Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity, code.Contact},
		ConsentExpires: noon.AddDate(0, 3, 0), Country: "GT", Programme: "spotlight",
	}
}

// instead asks somebody else for what nobody took.
func instead() intakev1.ServiceRequested {
	e := serviceRequested()
	e.Referral, e.Replaces, e.Recipient, e.Consent = "ref_2", "ref_1", stranger, "cons_2"
	return e
}

// fold is a record after what was decided.
func fold[S interface{ Evolve(fact.Event) S }](s S, at time.Time, events []fact.Event) S {
	for _, e := range events {
		e.At = at
		s = s.Evolve(e)
	}
	return s
}

// requested is a referral that awaits its answer.
func requested(t testing.TB) Referral {
	t.Helper()
	events, err := Referral{}.OnServiceRequested(system(noon), serviceRequested(), only(clinic()), shipped)
	if err != nil {
		t.Fatal(err)
	}
	return fold(Referral{}, noon, events)
}

func must(t *testing.T, r Referral, at time.Time) func([]fact.Event, error) Referral {
	t.Helper()
	return func(events []fact.Event, err error) Referral {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return fold(r, at, events)
	}
}

// twoStep is a clinic where a supervisor confirms each decline.
func twoStep() Agency {
	a := clinic()
	a.TwoStepDenial = true
	return a
}

// in is a referral in a status, brought there by commands.
func in(t testing.TB, s code.ReferralStatus) Referral {
	t.Helper()
	r := requested(t)
	if s == code.DenialPending {
		r = fold(Referral{}, noon, first(t)(Referral{}.OnServiceRequested(system(noon), serviceRequested(), only(twoStep()), shipped)))
	}
	ways := map[code.ReferralStatus][]string{
		code.Requested: nil, code.Received: {"receive"}, code.DenialPending: {"decline"}, code.Declined: {"decline"},
		code.Accepted: {"accept"}, code.Scheduled: {"accept", "schedule"}, code.Missed: {"accept", "schedule", "miss"},
		code.InService: {"accept", "start"}, code.Completed: {"accept", "complete"},
	}
	way, ok := ways[s]
	for _, verb := range way {
		r = fold(r, later, first(t)(verbs[verb](r, answered)))
	}
	switch s {
	case code.CancellationRequested:
		r = fold(in(t, code.Accepted), later, first(t)(in(t, code.Accepted).Cancel(asked, Cancel{Reason: code.NoLongerNeeded})))
	case code.Cancelled:
		r = fold(in(t, code.Accepted), later, first(t)(in(t, code.Accepted).Cancel(answered, Cancel{Reason: code.NoLongerNeeded})))
	case code.Withdrawn:
		r = fold(in(t, code.Accepted), later, first(t)(in(t, code.Accepted).ConsentEnds("cons_1")))
	case code.Lapsed:
		r = in(t, code.Accepted)
		r = fold(r, r.ConsentExpires, first(t)(r.ConsentDue(system(r.ConsentExpires))))
	case code.Expired:
		r = fold(r, r.Policy.ExpiresAt, first(t)(r.ExpiryDue(system(r.Policy.ExpiresAt))))
	case code.Rerouted:
		r = fold(in(t, code.Declined), later, first(t)(in(t, code.Declined).Reroute(instead())))
	case code.EnteredInError:
		r = fold(r, later, first(t)(r.EnterInError(asked, EnterInError{})))
	default:
		if !ok {
			t.Fatalf("no way to %s", s)
		}
	}
	if r.Status != s {
		t.Fatalf("status %q, want %q", r.Status, s)
	}
	return r
}

// first takes what a decision returns and fails on a refusal.
func first(t testing.TB) func([]fact.Event, error) []fact.Event {
	t.Helper()
	return func(events []fact.Event, err error) []fact.Event {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return events
	}
}

// wish is what an agency wants.
type wish = func(Referral, fact.By) ([]fact.Event, error)

// with gives a command its body.
func with[C any](do func(Referral, fact.By, C) ([]fact.Event, error), cmd C) wish {
	return func(r Referral, by fact.By) ([]fact.Event, error) { return do(r, by, cmd) }
}

// verbs are the commands of agencies.
var verbs = map[string]wish{
	"receive":    with(Referral.Receive, Receive{}),
	"accept":     accepts,
	"decline":    with(Referral.Decline, Decline{Reason: code.AtCapacity}),
	"confirm":    with(Referral.ConfirmDenial, Review{}),
	"return":     with(Referral.ReturnDenial, Review{}),
	"schedule":   with(Referral.Schedule, Schedule{Appointment: answered.At.Add(time.Second)}),
	"unschedule": with(Referral.Unschedule, Unschedule{}),
	"miss": func(r Referral, by fact.By) ([]fact.Event, error) {
		by.At = by.At.Add(time.Hour)
		return r.Miss(by, Miss{})
	},
	"contact":     with(Referral.Contact, Contact{Result: code.Reached}),
	"assign":      assigns(staffed("worker-7"), "worker-7"),
	"start":       with(Referral.Start, Start{}),
	"complete":    with(Referral.Complete, Complete{Outcome: code.NeedsMet}),
	"outcome":     with(Referral.ReportOutcome, Report{Outcome: code.Helped}),
	"cancel":      with(Referral.Cancel, Cancel{Reason: code.MadeInError}),
	"continue":    with(Referral.Continue, Continue{}),
	"error":       with(Referral.EnterInError, EnterInError{}),
	"acknowledge": with(Referral.Acknowledge, Acknowledge{Erasure: code.DataDeleted}),
}

func TestAnAgencyMayReferToItself(t *testing.T) {
	e := serviceRequested()
	e.Sender = counsel
	events, _ := Referral{}.OnServiceRequested(system(noon), e, only(clinic()), shipped)
	r := fold(Referral{}, noon, events)
	r = must(t, r, later)(r.Accept(answered, Accept{}, unended))
	if r.Status != code.Accepted {
		t.Errorf("status %q", r.Status)
	}
}

func TestAnswerIsDueByUrgency(t *testing.T) {
	for urgency, within := range map[code.Urgency]time.Duration{
		code.Emergency: time.Hour, code.Urgent: 24 * time.Hour, code.Standard: 72 * time.Hour,
	} {
		e := serviceRequested()
		e.Urgency = urgency
		events, _ := Referral{}.OnServiceRequested(system(noon), e, only(clinic()), shipped)
		if r := fold(Referral{}, noon, events); !r.Policy.RespondBy.Equal(noon.Add(within)) {
			t.Errorf("%s: due %s", urgency, r.Policy.RespondBy)
		}
	}
}

func TestEveryUrgencyHasATime(t *testing.T) {
	for _, u := range code.Urgencies {
		t0 := shipped.Base().Deadlines.For(code.LegalAssistance, u)
		for name, d := range map[string]time.Duration{
			"answer": t0.Respond, "contact": t0.Contact, "service": t0.Serve, "end": t0.Expire,
		} {
			if d <= 0 {
				t.Errorf("%s has no time for the %s", u, name)
			}
		}
	}
}

func TestTheNetworkAnswersForWhoCannot(t *testing.T) {
	for _, want := range []code.DeclineReason{code.WrongRecipient, code.ServiceSuspended, code.OutOfScope} {
		events, err := Referral{}.OnServiceRequested(system(noon), serviceRequested(), func(name string) look.Fresh[Agency] {
			if name != counsel {
				t.Errorf("%s is asked", name)
			}
			return look.Made(refusing(want))
		}, shipped)
		if err != nil || len(events) != 2 {
			t.Fatalf("%s: %d events, %v", want, len(events), err)
		}
		r := fold(Referral{}, noon, events)
		if r.Status != code.Declined || r.DeclineReason != want || len(r.Deadlines()) != 0 {
			t.Errorf("%s: %+v", want, r)
		}
	}
}

func TestConsentRunsOut(t *testing.T) {
	r := requested(t)
	if _, err := r.Accept(at(counsel, r.ConsentExpires), Accept{}, unended); !errors.Is(err, ErrConsentExpired) {
		t.Errorf("accept: %v", err)
	}
	if events, err := r.ConsentDue(system(r.ConsentExpires.Add(-1))); events != nil || !errors.Is(err, ErrNotDue) {
		t.Errorf("before its time: %v, %v", events, err)
	}
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		events, err := r.ConsentDue(system(r.ConsentExpires))
		if err != nil || (len(events) == 1) != (r.Open() || r.Holds() && s != code.Lapsed) {
			t.Errorf("%s: %d events, %v", s, len(events), err)
		}
	}
}

func TestOverdueStaysOpen(t *testing.T) {
	r := requested(t)
	if events, err := r.ResponseDue(system(r.Policy.RespondBy.Add(-1))); events != nil || !errors.Is(err, ErrNotDue) {
		t.Errorf("before its time: %v, %v", events, err)
	}
	r = must(t, r, r.Policy.RespondBy)(r.ResponseDue(system(r.Policy.RespondBy)))
	if r.Status != code.Requested || !r.OverdueAt.Equal(r.Policy.RespondBy) {
		t.Errorf("status %s, overdue at %s", r.Status, r.OverdueAt)
	}
	if events, _ := r.ResponseDue(system(r.Policy.RespondBy)); events != nil {
		t.Error("overdue twice")
	}
	if r = must(t, r, r.Policy.RespondBy)(r.Accept(at(counsel, r.Policy.RespondBy), Accept{}, unended)); r.Status != code.Accepted {
		t.Errorf("status %s", r.Status)
	}
}

func TestDeadlines(t *testing.T) {
	overdue := requested(t)
	overdue.OverdueAt = overdue.Policy.RespondBy
	names := func(r Referral) (names []string) {
		for _, d := range r.Deadlines() {
			names = append(names, d.Name)
		}
		return names
	}
	for _, c := range []struct {
		r    Referral
		want []string
	}{
		{Referral{}, nil},
		{requested(t), []string{"response", "reminder", "escalation", "expiry", "warning", "consent"}},
		{overdue, []string{"reminder", "escalation", "expiry", "warning", "consent"}},
		{in(t, code.Accepted), []string{"contact", "service", "warning", "consent"}},
		{in(t, code.InService), []string{"warning", "consent"}},
		{in(t, code.Completed), []string{"consent"}},
		{in(t, code.Declined), nil},
		{in(t, code.Withdrawn), []string{"press"}},
		{in(t, code.Lapsed), []string{"grace"}},
	} {
		if d := cmp.Diff(c.want, names(c.r)); d != "" {
			t.Errorf("%s: %s", c.r.Status, d)
		}
	}
}

func TestWorkMovesTheReferral(t *testing.T) {
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		begun, finished := s, s
		switch s {
		case code.Accepted, code.Scheduled, code.Missed:
			begun, finished = code.InService, code.Completed
		case code.InService, code.CancellationRequested:
			finished = code.Completed
		default: // nothing moves it
		}
		for service, room := range rooms {
			r.Service = service
			if got := must(t, r, later)(room.started(told(r, r.Turn))(r, system(later))); got.Status != begun {
				t.Errorf("%s begins in %q: %q", service, s, got.Status)
			}
			if got := must(t, r, later)(room.closed(told(r, r.Turn))(r, system(later))); got.Status != finished {
				t.Errorf("%s is closed in %q: %q", service, s, got.Status)
			}
		}
	}
}

// That a room did not reach her is noted while there is somebody to reach, of this
// round, and moves nothing.
func TestARoomThatDidNotReachHer(t *testing.T) {
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		for service, room := range rooms {
			r.Service = service
			for turn, now := range map[int]bool{r.Turn: true, r.Round - 1: false} {
				var want []fact.Event
				if now && slices.Contains(going, s) {
					want = fact.Of(referralv1.Contacted{Loop: r.Loop, Result: code.NotReached})
				}
				events, err := room.notReached(told(r, turn))(r, system(later))
				if d := cmp.Diff(want, events); d != "" || err != nil {
					t.Errorf("%s in %q, of turn %d: %v (-want +got):\n%s", service, s, turn, err, d)
				}
			}
		}
	}
}

func TestWhatEachMaySee(t *testing.T) {
	for _, c := range []struct {
		agency  string
		status  code.ReferralStatus
		consent bool
	}{
		{police, code.Requested, true},
		{counsel, code.Requested, false},
		{counsel, code.Accepted, true},
		{counsel, code.InService, true},
		{counsel, code.Received, false},
		{counsel, code.DenialPending, false},
		{counsel, code.Scheduled, true},
		{counsel, code.CancellationRequested, true},
		{counsel, code.Completed, false},
		{counsel, code.Expired, false},
		{counsel, code.Declined, false},
		{counsel, code.Withdrawn, false},
	} {
		v := in(t, c.status).View(at(c.agency, later)).(ReferralView)
		if v.Case != "" != c.consent || (v.Consent != "") != c.consent || (v.Purpose != "") != c.consent || v.ConsentExpires.IsZero() == c.consent {
			t.Errorf("%s, %s: %+v", c.agency, c.status, v)
		}
	}
	r := requested(t)
	for agency, want := range map[string]bool{police: true, counsel: true, stranger: false, "": true} {
		if r.Visible(at(agency, later)) != want {
			t.Errorf("visible to %q: %t", agency, !want)
		}
	}
}

func TestAcceptedRepeatsTheConsent(t *testing.T) {
	r := requested(t)
	events, err := r.Accept(answered, Accept{}, unended)
	want := fact.Of(referralv1.Accepted{
		Loop:    referralv1.Loop{Referral: "ref_1", Case: "case_1", Sender: police, Recipient: counsel, Service: code.LegalAssistance, Turn: 2},
		Place:   referralv1.Place(r.Place.Value()),
		Urgency: code.Urgent, Consent: "cons_1", Purpose: code.ServiceDelivery,
		Categories: []code.Category{code.Identity, code.Contact}, ConsentExpires: noon.AddDate(0, 3, 0),
	})
	if r.Place.Value() == (Place{}) {
		t.Error("the case is of no programme")
	}
	if d := cmp.Diff(want, events); d != "" || err != nil {
		t.Error(d, err)
	}
}
