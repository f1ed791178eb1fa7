package domain

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
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

func clinic() Agency {
	return Agency{Name: counsel, Country: "GT", Services: []code.Service{code.LegalAssistance}, Status: code.AgencyActive}
}

func serviceRequested() intakev1.ServiceRequested {
	return intakev1.ServiceRequested{
		Case: "case_1", Referral: "ref_1", Sender: police, Recipient: counsel,
		Service: code.LegalAssistance, Urgency: code.Urgent,
		Consent: "cons_1", Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity, code.Contact},
		ConsentExpires: noon.AddDate(0, 3, 0),
	}
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
func requested(t *testing.T) Referral {
	t.Helper()
	events, err := Referral{}.OnServiceRequested(system(noon), serviceRequested(), clinic())
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

// in is a referral in a status, brought there by commands.
func in(t *testing.T, s code.ReferralStatus) Referral {
	t.Helper()
	r := requested(t)
	do := func(events []fact.Event, err error) { t.Helper(); r = must(t, r, later)(events, err) }
	switch s {
	case code.Accepted:
		do(r.Accept(answered, Accept{}))
	case code.InService:
		do(r.Accept(answered, Accept{}))
		do(r.Start(answered, Start{}))
	case code.Completed:
		do(r.Accept(answered, Accept{}))
		do(r.Complete(answered, Complete{Outcome: code.NeedsMet}))
	case code.Declined:
		do(r.Decline(answered, Decline{Reason: code.AtCapacity}))
	case code.Cancelled:
		do(r.Cancel(asked, Cancel{Reason: code.NoLongerNeeded}))
	case code.Withdrawn:
		do(r.Withdraw(system(later)))
	default: // requested it is
	}
	if r.Status != s {
		t.Fatalf("status %q, want %q", r.Status, s)
	}
	return r
}

// verbs are the commands of agencies.
var verbs = map[string]func(Referral, fact.By) ([]fact.Event, error){
	"accept": func(r Referral, by fact.By) ([]fact.Event, error) { return r.Accept(by, Accept{}) },
	"decline": func(r Referral, by fact.By) ([]fact.Event, error) {
		return r.Decline(by, Decline{Reason: code.AtCapacity})
	},
	"start": func(r Referral, by fact.By) ([]fact.Event, error) { return r.Start(by, Start{}) },
	"complete": func(r Referral, by fact.By) ([]fact.Event, error) {
		return r.Complete(by, Complete{Outcome: code.NeedsMet})
	},
	"cancel": func(r Referral, by fact.By) ([]fact.Event, error) {
		return r.Cancel(by, Cancel{Reason: code.MadeInError})
	},
}

// Every command in every status by the recipient: where it leads, or the code
// of the fault that says why it does not.
func TestLife(t *testing.T) {
	want := map[code.ReferralStatus]map[string]string{
		code.Requested: {"accept": "accepted", "decline": "declined", "start": "referral_not_accepted", "complete": "referral_not_accepted", "cancel": "cancelled"},
		code.Accepted:  {"accept": "already_answered", "decline": "already_answered", "start": "in_service", "complete": "completed", "cancel": "cancelled"},
		code.InService: {"accept": "already_answered", "decline": "already_answered", "start": "already_started", "complete": "completed", "cancel": "cancelled"},
		code.Declined:  {"accept": "already_answered", "decline": "already_answered", "start": "referral_not_open", "complete": "referral_not_open", "cancel": "referral_not_open"},
		code.Completed: {"accept": "already_answered", "decline": "already_answered", "start": "referral_not_open", "complete": "referral_not_open", "cancel": "referral_not_open"},
		code.Cancelled: {"accept": "referral_not_open", "decline": "referral_not_open", "start": "referral_not_open", "complete": "referral_not_open", "cancel": "referral_not_open"},
		code.Withdrawn: {"accept": "referral_not_open", "decline": "referral_not_open", "start": "referral_not_open", "complete": "referral_not_open", "cancel": "referral_not_open"},
	}
	got := map[code.ReferralStatus]map[string]string{}
	for _, s := range code.ReferralStatuses {
		got[s] = map[string]string{}
		for verb, do := range verbs {
			r := in(t, s)
			events, err := do(r, answered)
			if err != nil {
				got[s][verb] = err.Error()
				continue
			}
			got[s][verb] = string(fold(r, later, events).Status)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestWhoMay(t *testing.T) {
	want := map[string]map[string]string{
		police:   {"accept": "not_the_recipient", "decline": "not_the_recipient", "start": "not_the_recipient", "complete": "not_the_recipient", "cancel": "cancelled"},
		stranger: {"accept": "not_found", "decline": "not_found", "start": "not_found", "complete": "not_found", "cancel": "not_found"},
	}
	got := map[string]map[string]string{police: {}, stranger: {}}
	for agency := range got {
		for verb, do := range verbs {
			r := in(t, code.Accepted)
			events, err := do(r, at(agency, later))
			if err != nil {
				got[agency][verb] = err.Error()
				continue
			}
			got[agency][verb] = string(fold(r, later, events).Status)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAnAgencyMayReferToItself(t *testing.T) {
	e := serviceRequested()
	e.Sender = counsel
	events, _ := Referral{}.OnServiceRequested(system(noon), e, clinic())
	r := fold(Referral{}, noon, events)
	r = must(t, r, later)(r.Accept(answered, Accept{}))
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
		events, _ := Referral{}.OnServiceRequested(system(noon), e, clinic())
		if r := fold(Referral{}, noon, events); !r.Due.Equal(noon.Add(within)) {
			t.Errorf("%s: due %s", urgency, r.Due)
		}
	}
}

func TestEveryUrgencyHasATime(t *testing.T) {
	for _, u := range code.Urgencies {
		if answerWithin[u] <= 0 {
			t.Errorf("%s has none", u)
		}
	}
}

func TestTheNetworkAnswersForWhoCannot(t *testing.T) {
	suspended, other := clinic(), clinic()
	suspended.Status = code.AgencySuspended
	other.Services = []code.Service{code.Food}
	for want, to := range map[code.DeclineReason]Agency{
		code.WrongRecipient: {}, code.ServiceSuspended: suspended, code.OutOfScope: other,
	} {
		events, err := Referral{}.OnServiceRequested(system(noon), serviceRequested(), to)
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
	if _, err := r.Accept(at(counsel, r.ConsentExpires), Accept{}); !errors.Is(err, ErrConsentExpired) {
		t.Errorf("accept: %v", err)
	}
	if events, err := r.ConsentDue(system(r.ConsentExpires.Add(-1))); events != nil || !errors.Is(err, ErrNotDue) {
		t.Errorf("before its time: %v, %v", events, err)
	}
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		events, err := r.ConsentDue(system(r.ConsentExpires))
		if err != nil || (len(events) == 1) != r.Open() {
			t.Errorf("%s: %d events, %v", s, len(events), err)
		}
	}
}

func TestOverdueStaysOpen(t *testing.T) {
	r := requested(t)
	if events, err := r.ResponseDue(system(r.Due.Add(-1))); events != nil || !errors.Is(err, ErrNotDue) {
		t.Errorf("before its time: %v, %v", events, err)
	}
	r = must(t, r, r.Due)(r.ResponseDue(system(r.Due)))
	if r.Status != code.Requested || !r.OverdueAt.Equal(r.Due) {
		t.Errorf("status %s, overdue at %s", r.Status, r.OverdueAt)
	}
	if events, _ := r.ResponseDue(system(r.Due)); events != nil {
		t.Error("overdue twice")
	}
	if r = must(t, r, r.Due)(r.Accept(at(counsel, r.Due), Accept{})); r.Status != code.Accepted {
		t.Errorf("status %s", r.Status)
	}
}

func TestDeadlines(t *testing.T) {
	overdue := requested(t)
	overdue.OverdueAt = overdue.Due
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
		{requested(t), []string{"response", "consent"}},
		{overdue, []string{"consent"}},
		{in(t, code.InService), []string{"consent"}},
		{in(t, code.Completed), nil},
		{in(t, code.Withdrawn), nil},
	} {
		if d := cmp.Diff(c.want, names(c.r)); d != "" {
			t.Errorf("%s: %s", c.r.Status, d)
		}
	}
}

func TestWorkMovesTheReferral(t *testing.T) {
	begin := map[string]func(Referral) ([]fact.Event, error){
		"advice": func(r Referral) ([]fact.Event, error) {
			return r.OnAdviceGiven(system(later), legalaidv1.AdviceGiven{})
		},
		"session": func(r Referral) ([]fact.Event, error) {
			return r.OnSessionRecorded(system(later), psychosocialv1.SessionRecorded{Attendance: code.Attended})
		},
		"examination": func(r Referral) ([]fact.Event, error) {
			return r.OnExaminationRecorded(system(later), forensicv1.ExaminationRecorded{})
		},
	}
	finish := map[string]func(Referral) ([]fact.Event, error){
		"matter": func(r Referral) ([]fact.Event, error) {
			return r.OnMatterClosed(system(later), legalaidv1.MatterClosed{Outcome: code.NeedsMet})
		},
		"plan": func(r Referral) ([]fact.Event, error) {
			return r.OnPlanClosed(system(later), psychosocialv1.PlanClosed{Outcome: code.NeedsMet})
		},
		"examination": func(r Referral) ([]fact.Event, error) {
			return r.OnExaminationClosed(system(later), forensicv1.ExaminationClosed{Outcome: code.NeedsMet})
		},
	}
	for _, s := range append(code.ReferralStatuses, "") {
		var r Referral
		if s != "" {
			r = in(t, s)
		}
		begun, finished := s, s
		switch s {
		case code.Accepted:
			begun, finished = code.InService, code.Completed
		case code.InService:
			finished = code.Completed
		default: // nothing moves it
		}
		for name, do := range begin {
			if got := must(t, r, later)(do(r)); got.Status != begun {
				t.Errorf("%s in %q: %q", name, s, got.Status)
			}
		}
		for name, do := range finish {
			if got := must(t, r, later)(do(r)); got.Status != finished {
				t.Errorf("%s closed in %q: %q", name, s, got.Status)
			}
		}
	}
	r := in(t, code.Accepted)
	events, _ := r.OnSessionRecorded(system(later), psychosocialv1.SessionRecorded{Attendance: code.NoShow})
	if events != nil {
		t.Error("a missed session starts the service")
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
		{counsel, code.Completed, true},
		{counsel, code.Declined, false},
		{counsel, code.Withdrawn, false},
	} {
		v := in(t, c.status).View(at(c.agency, later)).(ReferralView)
		if (v.Consent != "") != c.consent || (v.Purpose != "") != c.consent || v.ConsentExpires.IsZero() == c.consent {
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
	events, err := r.Accept(answered, Accept{})
	want := fact.Of(referralv1.Accepted{
		Loop:    referralv1.Loop{Referral: "ref_1", Case: "case_1", Sender: police, Recipient: counsel, Service: code.LegalAssistance},
		Urgency: code.Urgent, Consent: "cons_1", Purpose: code.ServiceDelivery,
		Categories: []code.Category{code.Identity, code.Contact}, ConsentExpires: noon.AddDate(0, 3, 0),
	})
	if d := cmp.Diff(want, events); d != "" || err != nil {
		t.Error(d, err)
	}
}
