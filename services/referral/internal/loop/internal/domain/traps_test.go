package domain

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// The traps of the field that concern a referral, a test for each.

// broadcast is a referral to several agencies, agency-0 to agency-(n-1).
func broadcast(t testing.TB, mode code.ReferralMode, n int, gone ...string) (Referral, []fact.Event) {
	t.Helper()
	e := serviceRequested()
	e.Recipient, e.Consent, e.Categories, e.ConsentExpires, e.Mode = "", "", nil, time.Time{}, mode
	for i := range n {
		e.Candidates = append(e.Candidates, candidateOf(i))
	}
	events := first(t)(Referral{}.OnServiceRequested(system(noon), e, func(name string) look.Fresh[Agency] {
		if slices.Contains(gone, name) {
			return look.Made(refusing(code.ServiceSuspended))
		}
		return look.Made(clinic())
	}, shipped))
	return fold(Referral{}, noon, events), events
}

func after(t testing.TB, r Referral, by fact.By, name string) Referral {
	t.Helper()
	return fold(r, by.At, first(t)(verbs[name](r, by)))
}

func refuses(t *testing.T, want *fault.Error) func([]fact.Event, error) {
	t.Helper()
	return func(events []fact.Event, err error) {
		t.Helper()
		if !errors.Is(err, want) || len(events) > 0 {
			t.Errorf("%v, %d events; want %v", err, len(events), want)
		}
	}
}

// Trap 1: revoke after done. What was done stays done, and who has her data is
// told to let go of them, and says that it has.
func TestRevokeAfterDone(t *testing.T) {
	r := in(t, code.Completed)
	refuses(t, ErrNothingToAcknowledge)(r.Acknowledge(answered, Acknowledge{Erasure: code.DataDeleted}))
	r = fold(r, later, first(t)(r.ConsentEnds("cons_1")))
	if r.Status != code.Completed || r.Outcome != code.NeedsMet {
		t.Errorf("%s, %s", r.Status, r.Outcome)
	}
	for agency, role := range map[string]string{police: "sender", counsel: "recipient"} {
		if v := r.View(at(agency, later)).(ReferralView); !v.ToAcknowledge {
			t.Errorf("the %s does not see who has not acknowledged", role)
		}
		if !slices.ContainsFunc(ByView.Keys(r), func(k string) bool { return strings.HasPrefix(k, fact.Key(agency, role, "to_acknowledge")) }) {
			t.Errorf("it is on no worklist of the %s", role)
		}
	}
	r = after(t, r, answered, "acknowledge")
	if v := r.View(asked).(ReferralView); v.ToAcknowledge || v.Erasure != code.DataDeleted || !r.Closed() {
		t.Errorf("%+v", v)
	}
	if again, err := r.ConsentEnds("cons_1"); again != nil || err != nil {
		t.Error("recalled twice", err)
	}
}

// Trap 1: accept twice, and accept and reject at the same instant: the record's
// version lets one of them see the other.
func TestAcceptTwice(t *testing.T) {
	refuses(t, ErrAlreadyAnswered)(in(t, code.Accepted).Accept(answered, Accept{}, unended))
	refuses(t, ErrAlreadyAnswered)(in(t, code.Accepted).Decline(answered, Decline{Reason: code.AtCapacity}))
	refuses(t, ErrAlreadyAnswered)(in(t, code.Declined).Accept(answered, Accept{}, unended))
}

// Trap 1: accept after expiry, whether or not the deadline was delivered.
func TestAcceptAfterExpiry(t *testing.T) {
	r := requested(t)
	end := r.Policy.ExpiresAt
	refuses(t, ErrExpired)(r.Accept(at(counsel, end), Accept{}, unended))
	refuses(t, ErrNotDue)(r.ExpiryDue(system(end.Add(-1))))
	r = fold(r, end, first(t)(r.ExpiryDue(system(end))))
	refuses(t, ErrExpired)(r.Accept(at(counsel, end), Accept{}, unended))
	if again, err := r.ExpiryDue(system(end)); again != nil || err != nil {
		t.Error("expired twice", err)
	}
}

// Trap 1: two claimants at once: the first has it, and to the others it is gone.
func TestTwoClaimants(t *testing.T) {
	for _, mode := range []code.ReferralMode{code.Broadcast, code.Queue} {
		r, _ := broadcast(t, mode, 3)
		events := first(t)(r.Accept(at("agency-1", later), Accept{}, unended))
		released := len(events) - 1
		if want := map[code.ReferralMode]int{code.Broadcast: 2, code.Queue: 0}[mode]; released != want {
			t.Errorf("%s: %d are told, want %d", mode, released, want)
		}
		r = fold(r, later, events)
		if r.Recipient != "agency-1" || r.Consent != "cons_1" {
			t.Errorf("%s has it on %s", r.Recipient, r.Consent)
		}
		for _, other := range []string{"agency-0", "agency-2"} {
			refuses(t, ErrNotFound)(r.Accept(at(other, later), Accept{}, unended))
			if r.Visible(at(other, later)) {
				t.Errorf("%s still sees it", other)
			}
		}
	}
}

// Trap 2: consent withdrawn between send and accept, of one candidate and of
// the last.
func TestConsentWithdrawnBetweenSendAndAccept(t *testing.T) {
	refuses(t, ErrNotOpen)(fold(requested(t), later, first(t)(requested(t).ConsentEnds("cons_1"))).Accept(answered, Accept{}, unended))
	r, _ := broadcast(t, code.Broadcast, 2)
	r = fold(r, later, first(t)(r.ConsentEnds("cons_0")))
	refuses(t, ErrNotFound)(r.Accept(at("agency-0", later), Accept{}, unended))
	if len(r.Candidates) != 1 || !r.Open() {
		t.Errorf("%s with %d candidates", r.Status, len(r.Candidates))
	}
	if r = fold(r, later, first(t)(r.ConsentEnds("cons_1"))); r.Status != code.Withdrawn {
		t.Errorf("without a candidate it is %s", r.Status)
	}
}

// Trap 2: consent for recipient A, message to B. Each is asked on its own, and
// a consent of somebody else ends nothing.
func TestConsentOfAnother(t *testing.T) {
	r, _ := broadcast(t, code.Broadcast, 2)
	r = fold(r, later, first(t)(r.Accept(at("agency-1", later), Accept{}, unended)))
	if events, _ := r.ConsentEnds("cons_0"); events != nil {
		t.Error("a loser's consent takes the winner's referral")
	}
	expired := candidateOf(0).ConsentExpires
	r, _ = broadcast(t, code.Broadcast, 2)
	r.Policy.ExpiresAt = time.Time{}
	refuses(t, ErrConsentExpired)(r.Accept(at("agency-0", expired), Accept{}, unended))
	if _, err := r.Accept(at("agency-1", expired), Accept{}, unended); err != nil {
		t.Error(err)
	}
	r = fold(r, expired, first(t)(r.ConsentDue(system(expired))))
	if len(r.Candidates) != 1 || r.Candidates[0].Agency != "agency-1" {
		t.Errorf("%+v", r.Candidates)
	}
}

// Trap 4: the hold ends during acceptance. The last instant is too late, the
// one before is not.
func TestHoldEndsDuringAcceptance(t *testing.T) {
	r := requested(t)
	end := r.Policy.ExpiresAt
	if _, err := r.Accept(at(counsel, end.Add(-time.Millisecond)), Accept{}, unended); err != nil {
		t.Error(err)
	}
	refuses(t, ErrExpired)(r.Accept(at(counsel, end), Accept{}, unended))
}

// Trap 6: a late outcome after cancel changes nothing, and says why.
func TestLateOutcomeAfterCancel(t *testing.T) {
	for _, s := range []code.ReferralStatus{code.Cancelled, code.Withdrawn, code.Expired, code.EnteredInError} {
		refuses(t, ErrNoOutcome)(in(t, s).ReportOutcome(asked, Report{Outcome: code.Helped}))
		_, err := in(t, s).Complete(answered, Complete{Outcome: code.NeedsMet})
		if f := fault.Of(err); f.Kind != fault.Conflict {
			t.Errorf("%s: %v", s, err)
		}
	}
	if f := fault.Of(second(in(t, code.Cancelled).Complete(answered, Complete{Outcome: code.NeedsMet}))); len(f.Fields) != 1 || f.Fields[0].Rule != "not cancelled" {
		t.Errorf("%+v", f)
	}
}

func second(_ []fact.Event, err error) error { return err }

// Trap 6: duplicate delivery, of a request and of every deadline.
func TestDuplicateDelivery(t *testing.T) {
	r := requested(t)
	if events, err := r.OnServiceRequested(system(later), serviceRequested(), only(clinic()), shipped); events != nil || err != nil {
		t.Error(events, err)
	}
	late := r.Policy.ExpiresAt.Add(-time.Second)
	for name, due := range map[string]wish{
		"response": Referral.ResponseDue, "reminder": Referral.ReminderDue, "escalation": Referral.EscalationDue,
	} {
		once := fold(r, late, first(t)(due(r, system(late))))
		if twice, err := due(once, system(late)); twice != nil || err != nil {
			t.Errorf("%s came twice: %v", name, err)
		}
	}
}

// Trap 11: the recipient is disabled after the send. The network answers for
// it; what it has taken stays with it.
func TestRecipientDisabledAfterSend(t *testing.T) {
	suspended := refusing(code.ServiceSuspended)
	r := requested(t)
	if events, _ := r.AgencyGone(counsel, only(clinic())(counsel)); events != nil {
		t.Error("an active agency is answered for")
	}
	gone := fold(r, later, first(t)(r.AgencyGone(counsel, only(suspended)(counsel))))
	if gone.Status != code.Declined || gone.DeclineReason != code.ServiceSuspended {
		t.Errorf("%s, %s", gone.Status, gone.DeclineReason)
	}
	if events, _ := in(t, code.InService).AgencyGone(counsel, only(suspended)(counsel)); events != nil {
		t.Error("a survivor who is being served loses it")
	}
	b, events := broadcast(t, code.Broadcast, 3, "agency-0")
	if len(b.Candidates) != 2 || b.candidate("agency-0") >= 0 {
		t.Errorf("%+v", b.Candidates)
	}
	for _, e := range events {
		if o, ok := e.Data.(referralv1.Offered); ok && o.Agency == "agency-0" {
			t.Error("who is suspended is asked")
		}
	}
	if b, _ = broadcast(t, code.Queue, 2, "agency-0", "agency-1"); b.Status != code.Declined {
		t.Errorf("with nobody left it is %s", b.Status)
	}
}

// One decline removes one candidate, the last one the referral.
func TestCandidatesDecline(t *testing.T) {
	r, _ := broadcast(t, code.Broadcast, 2)
	r = after(t, r, at("agency-0", later), "decline")
	if r.Status != code.Requested || r.Visible(at("agency-0", later)) {
		t.Errorf("%s, and agency-0 sees it: %t", r.Status, r.Visible(at("agency-0", later)))
	}
	if r = after(t, r, at("agency-1", later), "decline"); r.Status != code.Declined || r.Visible(at("agency-1", later)) {
		t.Errorf("%s", r.Status)
	}
}

// No candidate learns of another, neither from its view nor from its messages.
func TestCandidatesDoNotMeet(t *testing.T) {
	r, events := broadcast(t, code.Broadcast, 3)
	r = after(t, r, at("agency-0", later), "receive")
	one, two := r.View(at("agency-0", later)).(ReferralView), r.View(at("agency-1", later)).(ReferralView)
	if one.Status != code.Received || two.Status != code.Requested || !two.ReceivedAt.IsZero() || two.Candidates != nil || two.Recipient != "" {
		t.Errorf("%+v\n%+v", one, two)
	}
	if v := r.View(asked).(ReferralView); len(v.Candidates) != 3 {
		t.Errorf("the sender sees %+v", v.Candidates)
	}
	for _, e := range events {
		to := e.Data.(interface{ Addressees() []string }).Addressees()
		if _, ok := e.Data.(referralv1.Offered); ok != (len(to) == 1 && to[0] != police) {
			t.Errorf("%s goes to %v", e.Data.EventType(), to)
		}
	}
	if r.Tells(at("agency-1", later), "agency-0", "x") || !r.Tells(asked, "agency-0", "x") || !r.Tells(at("agency-1", later), police, "x") {
		t.Error("the history tells who else was asked")
	}
}

// Before acceptance nothing but what it takes to answer, after the end nothing
// but that it has ended.
func TestStagedDisclosure(t *testing.T) {
	e := serviceRequested()
	e.Needs = intakev1.Needs{Area: "zone-1", Language: "es", AgeBand: code.AgeAdult, Sex: code.Female, ConflictCheck: true}
	r := fold(Referral{}, noon, first(t)(Referral{}.OnServiceRequested(system(noon), e, only(clinic()), shipped)))
	want := ReferralView{
		ID: "ref_1", Sender: police, Recipient: counsel, Service: code.LegalAssistance, Urgency: code.Urgent, Mode: code.Directed,
		Needs: referralv1.Needs(e.Needs), Status: code.Requested, RequestedAt: noon, Due: noon.Add(24 * time.Hour), ExpiresAt: noon.Add(72 * time.Hour),
	}
	if d := cmp.Diff(want, r.View(answered)); d != "" {
		t.Error(d)
	}
	done := in(t, code.Completed)
	want = ReferralView{
		ID: "ref_1", Status: code.Completed, RequestedAt: noon, Due: noon.Add(24 * time.Hour), AnsweredAt: later, EndedAt: later,
	}
	if d := cmp.Diff(want, done.View(answered)); d != "" {
		t.Error(d)
	}
}

// Two eyes see more: who proposed a decline does not confirm it, and sent back
// it can be accepted.
func TestTwoStepDenial(t *testing.T) {
	r := fold(Referral{}, noon, first(t)(Referral{}.OnServiceRequested(system(noon), serviceRequested(), only(twoStep()), shipped)))
	clerk := fact.By{Agency: counsel, Principal: "clerk", Roles: []string{"focal_point", "supervisor"}, At: later}
	boss := fact.By{Agency: counsel, Principal: "boss", Roles: []string{"supervisor"}, At: later}
	r = after(t, r, clerk, "decline")
	if v := r.View(asked).(ReferralView); v.Status != code.DenialPending || v.DeclineReason != "" {
		t.Errorf("the sender sees %s, %s", v.Status, v.DeclineReason)
	}
	refuses(t, ErrSupervisorNeeded)(r.ConfirmDenial(clerk, Review{}))
	back := after(t, r, boss, "return")
	if back = after(t, back, clerk, "accept"); back.Status != code.Accepted {
		t.Error(back.Status)
	}
	if r = after(t, r, boss, "confirm"); r.Status != code.Declined || r.DeclineReason != code.AtCapacity {
		t.Errorf("%s, %s", r.Status, r.DeclineReason)
	}
}

// A hand-over keeps the chain, and tells the sender that, and not who.
func TestHandOver(t *testing.T) {
	ana, eva := worker.ID(counsel, "ana"), worker.ID(counsel, "eva")
	r := in(t, code.Accepted)
	for _, worker := range []string{"ana", "ana", "eva"} {
		r = fold(r, later, first(t)(r.Assign(lead, Assign{Worker: worker}, staffed("ana", "eva"))))
	}
	if d := cmp.Diff([]Hand{{Worker: "ana", At: later, ID: ana}, {Worker: "eva", At: later, ID: eva}}, r.View(answered).(ReferralView).Hands); d != "" {
		t.Error(d)
	}
	if v := r.View(asked).(ReferralView); v.Hands != nil || v.AssignedAt.IsZero() {
		t.Errorf("the sender sees %+v", v.Hands)
	}
}

// A referral goes from worklist to worklist by what happens to it.
func TestWorklists(t *testing.T) {
	on := func(r Referral, agency, role string) string {
		for _, k := range ByView.Keys(r) {
			if part := strings.Split(k, fact.Part); part[0] == agency && part[1] == role {
				return part[2]
			}
		}
		return ""
	}
	r := requested(t)
	reminded := fold(r, later, first(t)(r.ReminderDue(system(r.Policy.Reminders[0]))))
	overdue := fold(r, r.Policy.RespondBy, first(t)(r.ResponseDue(system(r.Policy.RespondBy))))
	accepted := in(t, code.Accepted)
	unserved := fold(accepted, later, first(t)(accepted.ServiceDue(system(accepted.serviceBy()))))
	queued, _ := broadcast(t, code.Queue, 1)
	for want, r := range map[string]Referral{
		"new": r, "due_soon": reminded, "overdue": overdue, "in_service": accepted, "waiting_for_outcome": in(t, code.Completed),
		"to_acknowledge": in(t, code.Withdrawn), "": in(t, code.Declined),
	} {
		if a, b := on(r, counsel, "recipient"), on(r, police, "sender"); a != want || b != want {
			t.Errorf("on %q and %q, want %q", a, b, want)
		}
	}
	if got := on(unserved, counsel, "recipient"); got != "overdue" {
		t.Errorf("not served in time: %q", got)
	}
	if got := on(queued, "agency-0", "recipient"); got != "queue" {
		t.Errorf("queued: %q", got)
	}
	if part, err := Worklist(answered, url.Values{"view": {"new"}}); err != nil || !part.Holds(requested(t)) || part.Holds(unserved) {
		t.Error("the view of what is new", err)
	}
}

// The clock of an appointment, a contact and a service.
func TestClocksOfTheService(t *testing.T) {
	r := in(t, code.Accepted)
	refuses(t, ErrAppointment)(r.Schedule(answered, Schedule{Appointment: answered.At}))
	refuses(t, ErrAppointment)(r.Schedule(answered, Schedule{Appointment: r.ConsentExpires}))
	r = fold(r, later, first(t)(r.Schedule(answered, Schedule{Appointment: later.Add(time.Hour)})))
	refuses(t, ErrAppointmentAhead)(r.Miss(at(counsel, later), Miss{}))
	tried := fold(r, later, first(t)(r.Contact(answered, Contact{Result: code.NotReached})))
	if tried.contactBy().IsZero() {
		t.Error("an attempt that reached nobody stops the clock")
	}
	met := fold(r, later, first(t)(r.Contact(answered, Contact{Result: code.Reached})))
	if !met.contactBy().IsZero() || met.serviceBy().IsZero() {
		t.Error("contact is the end of one clock, and not of the other")
	}
	due := tried.contactBy()
	refuses(t, ErrNotDue)(tried.ContactDue(system(due.Add(-1))))
	if r = fold(tried, due, first(t)(tried.ContactDue(system(due)))); r.ContactOverdueAt.IsZero() || !r.contactBy().IsZero() {
		t.Error("late, and not marked")
	}
}

// A stopped clock makes up for each step that it missed, in order and once.
func TestLadder(t *testing.T) {
	r := requested(t)
	var steps []code.EscalationStep
	for _, e := range first(t)(r.EscalationDue(system(r.Policy.Ladder[2].At))) {
		steps = append(steps, e.Data.(referralv1.Escalated).Step)
		r = r.Evolve(e)
	}
	if d := cmp.Diff([]code.EscalationStep{code.ToFocalPoint, code.ToSupervisor, code.ToReferring}, steps); d != "" {
		t.Error(d)
	}
	refuses(t, ErrNotDue)(r.EscalationDue(system(r.Policy.Ladder[2].At)))
}

// Offices are asked while they are open, where the programmes of a country say when.
func TestOfficeHours(t *testing.T) {
	guatemala, nowhere := clinic(), clinic()
	nowhere.Country = "AQ"
	for name, c := range map[string]struct {
		service code.Service
		urgency code.Urgency
		to      Agency
		pauses  bool
	}{
		"training":               {code.Livelihoods, code.Standard, guatemala, true},
		"training, urgent":       {code.Livelihoods, code.Urgent, guatemala, false},
		"a bed":                  {code.SafeHouse, code.Standard, guatemala, false},
		"training, who knows":    {code.Livelihoods, code.Standard, nowhere, false},
		"examination, emergency": {code.ForensicExam, code.Emergency, guatemala, false},
	} {
		p := policy(noon, shipped, Place{"GT", "guatemala"}, c.service, c.urgency, code.Directed, c.to)
		if p.OfficeHours != c.pauses {
			t.Errorf("%s: %t", name, p.OfficeHours)
		}
		if !slices.IsSortedFunc(p.Reminders, time.Time.Compare) || !p.Reminders[1].Before(p.RespondBy) || p.Ladder[0].At.Before(p.RespondBy) || !p.Ladder[3].At.Before(p.ExpiresAt) {
			t.Errorf("%s: %+v is in no order", name, p)
		}
	}
}

// In its own country a case has the week of its programme, whatever a second programme there says.
// Across a border nobody guesses between two.
func TestOneProgrammeDoesNotHangOnAnother(t *testing.T) {
	base := programmetest.Base()
	base.Week.Is = programme.Week{}
	installed := func(id string, country code.Country, closes time.Duration) programme.Installed {
		f := base
		f.Week.Is = programme.Week{Days: []time.Weekday{time.Monday, time.Friday}, Opens: 8 * time.Hour, Closes: closes, Zone: time.UTC}
		f.Deadlines.Is = programme.Deadlines{ByUrgency: maps.Clone(f.Deadlines.Is.ByUrgency)}
		for u, terms := range f.Deadlines.Is.ByUrgency {
			terms.OfficeHours = true
			f.Deadlines.Is.ByUrgency[u] = terms
		}
		return programme.Installed{ID: id, Country: country, Zone: time.UTC, Versions: []programme.Version{{Number: 1, Fields: f}}}
	}
	alpha, beta := installed("alpha", "GT", 16*time.Hour), installed("beta", "GT", 12*time.Hour)
	made := func(country string, all ...programme.Installed) referralv1.Policy {
		return policy(noon, programme.NewSet(base, all...), Place{country, "alpha"}, code.Food, code.Standard, code.Directed, Agency{Country: "GT"})
	}
	if diff := cmp.Diff(made("GT", alpha), made("GT", alpha, beta)); diff != "" {
		t.Errorf("a second programme changes a referral (-alone +beside it):\n%s", diff)
	}
	if p := made("GT", alpha, beta); !p.OfficeHours {
		t.Error("the week of the programme does not count in its country")
	}
	abroad := installed("alpha", "MX", 16*time.Hour)
	if p := made("MX", abroad, beta, installed("gamma", "GT", 16*time.Hour)); p.OfficeHours {
		t.Error("one of two weeks was guessed")
	}
}

// However many are asked, one record decides: of two hundred acceptances the
// first counts.
func TestOneOfTwoHundred(t *testing.T) {
	r, _ := broadcast(t, code.Broadcast, 200)
	r = after(t, r, at("agency-77", later), "accept")
	for i := range 200 {
		name := "agency-" + strconv.Itoa(i)
		if r.Visible(at(name, later)) != (i == 77) {
			t.Errorf("%s sees it", name)
		}
	}
}
