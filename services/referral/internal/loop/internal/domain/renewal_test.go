package domain

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/ending"
)

// hers is a new consent of hers, given after the first.
func hers(expires time.Time) intakev1.ReferralRenewed {
	return intakev1.ReferralRenewed{
		Case: "case_1", Referral: "ref_1", Recipient: counsel, Service: code.LegalAssistance, Purpose: code.ServiceDelivery,
		Replaces: "cons_1", Consent: "cons_2", Categories: []code.Category{code.Identity}, Expires: expires,
	}
}

func again(consent string, expires time.Time) intakev1.ReferralResumed {
	return intakev1.ReferralResumed{
		Case: "case_1", Referral: "ref_1", Sender: police, Recipient: counsel, Service: code.LegalAssistance,
		Consent: consent, Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: expires,
	}
}

// resumed is an ended referral for which her desk asks again.
func resumed(t testing.TB, r Referral) Referral {
	t.Helper()
	return fold(r, later, first(t)(r.OnReferralResumed(system(later), again("cons_2", noon.AddDate(0, 6, 0)), only(clinic()), shipped)))
}

func accepted(t testing.TB, r Referral) Referral {
	t.Helper()
	return fold(r, later, first(t)(accepts(r, at(counsel, later))))
}

// Her renewal carries the referral over, whatever its status: it keeps its place, and
// lasts as long as the new consent.
func TestARenewalCarriesTheReferralOver(t *testing.T) {
	until := noon.AddDate(0, 9, 0)
	for _, s := range []code.ReferralStatus{code.Requested, code.Accepted, code.Scheduled, code.InService, code.Completed} {
		r := in(t, s)
		r = fold(r, later, first(t)(r.OnReferralRenewed(system(later), hers(until))))
		if r.Status != s || r.Consent != "cons_2" || !r.consentUntil().Equal(until) || !cmp.Equal(r.Categories, hers(until).Categories) {
			t.Errorf("%s: %s on %s until %s", s, r.Status, r.Consent, r.consentUntil())
		}
		if events := first(t)(r.OnReferralRenewed(system(later), hers(until))); events != nil {
			t.Errorf("%s: renewed twice", s)
		}
		if events := first(t)(r.ConsentEnds("cons_1")); events != nil {
			t.Errorf("%s: the end of the old consent ends what stands on the new one", s)
		}
	}
}

// Of two renewals the later consent counts, in whatever order they come.
func TestTheLaterOfTwoRenewals(t *testing.T) {
	second, third := hers(noon.AddDate(0, 6, 0)), hers(noon.AddDate(0, 4, 0))
	third.Consent, third.Replaces = "cons_3", "cons_2"
	for _, order := range [][]intakev1.ReferralRenewed{{second, third}, {third, second}} {
		r := in(t, code.Accepted)
		for _, e := range order {
			r = fold(r, later, first(t)(r.OnReferralRenewed(system(later), e)))
		}
		if r.Consent != "cons_3" || !r.ConsentExpires.Equal(third.Expires) {
			t.Errorf("it stands on %s", r.Consent)
		}
	}
}

// Both agencies are warned ahead, once for each consent, and see it on a worklist.
func TestBothAreWarnedAhead(t *testing.T) {
	r := in(t, code.InService)
	due := r.warnAt()
	if want := r.ConsentExpires.Add(-warnAhead); !due.Equal(want) {
		t.Fatalf("warned at %s, want %s", due, want)
	}
	refuses(t, ErrNotDue)(r.WarningDue(system(due.Add(-1))))
	r = fold(r, due, first(t)(r.WarningDue(system(due))))
	if view, _ := r.worklist(); view != code.ConsentEnding || !r.warnAt().IsZero() {
		t.Errorf("on %q", view)
	}
	r = fold(r, due, first(t)(r.OnReferralRenewed(system(due), hers(noon.AddDate(0, 9, 0)))))
	if view, _ := r.worklist(); view != code.WorkInService || r.warnAt().IsZero() {
		t.Errorf("renewed, and on %q", view)
	}
	short := requested(t)
	short.ConsentExpires = noon.Add(8 * time.Hour)
	if want := noon.Add(6 * time.Hour); !short.warnAt().Equal(want) {
		t.Errorf("a short consent: %s, want %s", short.warnAt(), want)
	}
}

// What ran out is no withdrawal: it lapsed, and a new consent takes it up where it was,
// within the time of grace. A consent that has run out as well takes up nothing.
func TestALapsedReferralIsTakenUp(t *testing.T) {
	for _, s := range []code.ReferralStatus{code.Accepted, code.Scheduled, code.InService} {
		r := in(t, s)
		end := r.ConsentExpires
		r = fold(r, end, first(t)(r.ConsentDue(system(end))))
		if r.Status != code.Lapsed || !r.RecalledAt.IsZero() || r.Closed() {
			t.Fatalf("%s: %s", s, r.Status)
		}
		if v := r.View(at(counsel, end)).(ReferralView); v.Consent != "" || v.Case != "" || v.RenewBy.IsZero() {
			t.Errorf("%s: the recipient is shown %+v", s, v)
		}
		still := fold(r, end, first(t)(r.OnReferralRenewed(system(end), hers(end))))
		if still.Status != code.Lapsed {
			t.Errorf("%s: a consent that has run out takes it up", s)
		}
		back := end.Add(ending.Grace - time.Hour)
		r = fold(r, back, first(t)(r.OnReferralRenewed(system(back), hers(back.AddDate(0, 3, 0)))))
		if r.Status != s || !r.Open() || !r.EndedAt.IsZero() {
			t.Errorf("%s: taken up as %s", s, r.Status)
		}
		if due := r.serviceBy(); !due.IsZero() && due.Before(back) {
			t.Errorf("%s: late at once", s)
		}
	}
}

// After the time of grace the recipient lets go of the data, and nothing takes the
// referral up.
func TestTheEndOfGrace(t *testing.T) {
	r := in(t, code.Lapsed)
	end := r.graceUntil()
	refuses(t, ErrNotDue)(r.GraceDue(system(end.Add(-1))))
	late := fold(r, end, first(t)(r.OnReferralRenewed(system(end), hers(end.AddDate(0, 3, 0)))))
	if late.Status != code.Lapsed {
		t.Errorf("taken up too late: %s", late.Status)
	}
	r = fold(r, end, first(t)(r.GraceDue(system(end))))
	if !r.mustAcknowledge() || r.Status != code.Lapsed {
		t.Errorf("%s, and nobody lets go", r.Status)
	}
	if events := first(t)(r.OnReferralRenewed(system(end), hers(end.AddDate(0, 3, 0)))); events != nil {
		t.Error("taken up after the recall")
	}
}

// Her no counts also while the referral has lapsed.
func TestSheWithdrawsWhatLapsed(t *testing.T) {
	r := in(t, code.Lapsed)
	r = fold(r, r.EndedAt, first(t)(r.ConsentEnds("cons_1")))
	if r.Status != code.Withdrawn || !r.mustAcknowledge() {
		t.Errorf("it is %s", r.Status)
	}
}

// A resumed referral is asked for as the first time: nothing of it is shown before the
// answer, it has a time to answer, and the agency may decline it.
func TestAResumedReferralIsAskedForAnew(t *testing.T) {
	for _, s := range []code.ReferralStatus{code.Completed, code.Cancelled} {
		events := first(t)(in(t, s).OnReferralResumed(system(later), again("cons_2", noon.AddDate(0, 6, 0)), only(clinic()), shipped))
		if _, offered := events[len(events)-1].Data.(referralv1.Offered); !offered {
			t.Errorf("%s: nobody is asked", s)
		}
		r := fold(in(t, s), later, events)
		v := r.View(at(counsel, later)).(ReferralView)
		if r.Status != code.Requested || v.Case != "" || v.Consent != "" || v.Due.Before(later) || r.Outcome != "" {
			t.Errorf("%s: %+v", s, v)
		}
		if r = accepted(t, r); r.Status != code.Accepted || r.Consent != "cons_2" || r.Round != r.Turn {
			t.Errorf("%s: accepted as %s on %s", s, r.Status, r.Consent)
		}
		declined := after(t, resumed(t, in(t, s)), at(counsel, later), "decline")
		if declined.Status != code.Declined || declined.Closed() {
			t.Errorf("%s: %s, and the data of the first round are forgotten", s, declined.Status)
		}
		declined = fold(declined, later, first(t)(declined.ConsentEnds("cons_2")))
		if !declined.mustAcknowledge() {
			t.Errorf("%s: it need not let go", s)
		}
	}
}

// A code is for one round: the one before answers nothing in the next. Who answers with a
// code is known anew for each round, and until then as it was, because it may hold data.
func TestACodeAnswersOneRound(t *testing.T) {
	byCode := func(r Referral, round int, a code.Answer, reason code.DeclineReason) ([]fact.Event, error) {
		return r.AnswerByCode(at(counsel, later), round, a, reason, unended)
	}
	r := fold(requested(t), later, first(t)(byCode(requested(t), 0, code.Accept, "")))
	r = fold(r, later, first(t)(r.Complete(at(police, later), Complete{Outcome: code.NeedsMet})))
	r = resumed(t, r)
	if asks := r.Asks(); len(asks) != 1 || asks[0].Round != r.Turn || asks[0].Until.IsZero() {
		t.Fatalf("it is asked %+v", asks)
	}
	if view := r.View(at(police, later)).(ReferralView); view.ByCode {
		t.Error("it is shown as answered by a code, and nobody has answered")
	}
	for _, round := range []int{0, r.Turn - 1, r.Turn + 1} {
		refuses(t, ErrNotFound)(byCode(r, round, code.Accept, ""))
		refuses(t, ErrNotFound)(byCode(r, round, code.Decline, code.AtCapacity))
	}
	taken := fold(r, later, first(t)(byCode(r, r.AskedIn, code.Accept, "")))
	if taken.Status != code.Accepted || !taken.ByCode || taken.AskedIn != r.AskedIn {
		t.Errorf("%s, by code %t", taken.Status, taken.ByCode)
	}
	if r := accepted(t, r); r.ByCode {
		t.Error("an acceptance with an account counts as one by a code")
	}
	declined := fold(r, later, first(t)(byCode(r, r.AskedIn, code.Decline, code.AtCapacity)))
	declined = fold(declined, later, first(t)(declined.ConsentEnds("cons_2")))
	if declined.LetGo().Until.IsZero() {
		t.Error("it declined the second round, and nobody asks for its copies of the first")
	}
	// Earlier releases reopened without asking: who has no account had none afterwards.
	old := fold(requested(t), later, first(t)(byCode(requested(t), 0, code.Accept, "")))
	old = fold(old, later, first(t)(old.Complete(at(police, later), Complete{Outcome: code.NeedsMet})))
	if old = fold(old, later, fact.Of(referralv1.Reopened{Loop: old.turn(), Consent: "cons_1"})); !old.ByCode {
		t.Error("after a reopening of an earlier release nobody can tell for it")
	}
}

// Nothing is resumed on the consent that it had, after a withdrawal or while it is open;
// nobody is asked who takes no such referrals.
func TestWhatIsNotResumed(t *testing.T) {
	for _, s := range code.ReferralStatuses {
		if s == code.Completed || s == code.Cancelled {
			continue
		}
		not(t, in(t, s))
	}
	old := first(t)(in(t, code.Completed).OnReferralResumed(system(later), again("cons_1", noon.AddDate(0, 6, 0)), only(clinic()), shipped))
	recalled := fold(in(t, code.Completed), later, first(t)(in(t, code.Completed).ConsentEnds("cons_1")))
	if not(t, recalled); old != nil {
		t.Error("resumed on her old consent")
	}
	r := in(t, code.Completed)
	r = fold(r, later, first(t)(r.OnReferralResumed(system(later), again("cons_2", noon.AddDate(0, 6, 0)), only(refusing(code.ServiceSuspended)), shipped)))
	if r.Status != code.Declined || r.DeclineReason != code.ServiceSuspended {
		t.Errorf("a suspended agency: %s", r.Status)
	}
}

// not holds that a referral is not resumed, and that the desk hears so.
func not(t *testing.T, r Referral) {
	t.Helper()
	events := first(t)(r.OnReferralResumed(system(later), again("cons_2", noon.AddDate(0, 6, 0)), only(clinic()), shipped))
	if d := cmp.Diff([]any{referralv1.NotResumed{Loop: r.turn(), Status: referralv1.GoesOn(r.Status)}}, []any{events[0].Data}); d != "" || len(events) != 1 {
		t.Errorf("%s: %s", r.Status, d)
	}
	if is := fold(r, later, events); is.Status != r.Status {
		t.Errorf("%s became %s", r.Status, is.Status)
	}
}

// While contact is closed nobody tries to reach her and no clock presses; her desk opens
// it, and the clocks begin anew. Each attempt is kept.
func TestContactIsClosed(t *testing.T) {
	r := in(t, code.Accepted)
	r = fold(r, later, first(t)(r.Contact(answered, Contact{Result: code.NotReached})))
	r = fold(r, later, first(t)(r.Contact(answered, Contact{Result: code.UnsafeToReach})))
	refuses(t, ErrContactClosed)(r.Contact(answered, Contact{Result: code.Reached}))
	if view, _ := r.worklist(); view != code.ContactClosed || !r.contactBy().IsZero() || !r.serviceBy().IsZero() {
		t.Errorf("on %q, contact by %s", view, r.contactBy())
	}
	for _, agency := range []string{police, counsel} {
		if !slices.ContainsFunc(ByView.Keys(r), func(k string) bool {
			return strings.HasPrefix(k, agency) && strings.Contains(k, string(code.ContactClosed))
		}) {
			t.Errorf("it is on no worklist of %s", agency)
		}
	}
	if events := first(t)(r.OnContactSuspended(system(later), intakev1.ContactSuspended{Case: "case_1"})); events != nil {
		t.Error("closed twice")
	}
	open := later.Add(48 * time.Hour)
	r = fold(r, open, first(t)(r.OnContactRestored(system(open), intakev1.ContactRestored{Case: "case_1"})))
	if r.contactBy().Before(open) || r.serviceBy().Before(open) {
		t.Errorf("late at once: %s, %s", r.contactBy(), r.serviceBy())
	}
	want := []Attempt{{later, code.NotReached}, {later, code.UnsafeToReach}}
	if d := cmp.Diff(want, r.View(asked).(ReferralView).Contacts); d != "" {
		t.Error(d)
	}
}

// Another agency of the case hears that contact is closed before it tries.
func TestContactIsClosedForAll(t *testing.T) {
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		r = fold(r, later, first(t)(r.OnContactSuspended(system(later), intakev1.ContactSuspended{Case: "case_1"})))
		if closed := !r.contactClosed().IsZero(); closed != (in(t, s).Open() || s == code.Lapsed) {
			t.Errorf("%s: closed %t", s, closed)
		}
	}
	// It is as unsafe when a new consent takes up what had lapsed.
	r := in(t, code.Lapsed)
	r = fold(r, r.EndedAt, first(t)(r.OnContactSuspended(system(r.EndedAt), intakev1.ContactSuspended{Case: "case_1"})))
	r = fold(r, r.EndedAt, first(t)(r.OnReferralRenewed(system(r.EndedAt), hers(r.EndedAt.AddDate(0, 3, 0)))))
	if !r.Open() || r.contactClosed().IsZero() || !r.serviceBy().IsZero() {
		t.Errorf("%s, and the contact is open", r.Status)
	}
}

// Her no, her danger and what should never have been end a referral at once, when her desk
// records them: no packet is open, and the agency can neither go on nor refuse.
func TestHerDeskEndsAtOnce(t *testing.T) {
	for _, reason := range code.CancelReasons {
		if !ending.AtOnce(reason) {
			continue
		}
		for _, s := range []code.ReferralStatus{code.Accepted, code.Scheduled, code.Missed, code.InService, code.CancellationRequested} {
			r := in(t, s)
			r = fold(r, later, first(t)(r.Cancel(asked, Cancel{Reason: reason})))
			if r.Status != code.Cancelled || !r.mustAcknowledge() {
				t.Errorf("%s, %s: %s", s, reason, r.Status)
			}
			refuses(t, ErrNotOpen)(r.Continue(answered, Continue{}))
			if v := r.View(answered).(ReferralView); v.Case != "" || v.Consent != "" {
				t.Errorf("%s, %s: shown %+v", s, reason, v)
			}
		}
	}
	r := in(t, code.Accepted)
	if r = fold(r, later, first(t)(r.Cancel(asked, Cancel{Reason: code.OtherCancel}))); r.Status != code.CancellationRequested {
		t.Errorf("any other reason: %s", r.Status)
	}
	said := in(t, code.InService)
	if said = fold(said, later, first(t)(said.Cancel(answered, Cancel{Reason: code.SurvivorDeclined}))); said.Status != code.Cancelled || said.CancelledBy != counsel {
		t.Errorf("said by the agency: %s", said.Status)
	}
}

// What became of the copies, a person says: destroyed, kept by law with ground and end,
// or by her wish. What a law keeps is asked for again at that end.
func TestWhatBecameOfTheCopies(t *testing.T) {
	r := in(t, code.Withdrawn)
	until := later.AddDate(1, 0, 0)
	kept := func(k Kept) Acknowledge { return Acknowledge{Erasure: code.DataKeptByLaw, Kept: k} }
	for name, cmd := range map[string]Acknowledge{
		"what the system does":    {Erasure: code.DataClosed},
		"no ground":               kept(Kept{Until: until}),
		"no end":                  kept(Kept{Ground: "order 12"}),
		"an end that is past":     kept(Kept{Ground: "order 12", Until: later.Add(-time.Hour)}),
		"an end that never comes": kept(Kept{Ground: "order 12", Until: later.AddDate(maxKept, 0, 1)}),
		"a ground without end":    kept(Kept{Ground: strings.Repeat("x", maxGround+1), Until: until}),
		"destroyed, and a ground": {Erasure: code.DataDeleted, Kept: Kept{Ground: "order 12"}},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, ErrErasure)(r.Acknowledge(answered, cmd)) })
	}
	for until, want := range map[time.Time]string{later: "in the future", later.AddDate(maxKept, 0, 1): "at most 100 years ahead"} {
		_, err := r.Acknowledge(at(counsel, later), kept(Kept{Ground: "order 12", Until: until}))
		var f *fault.Error
		if !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Pointer != "/until" || !strings.HasPrefix(f.Fields[0].Rule, want) {
			t.Errorf("until %s: %+v", until, f)
		}
	}
	if r := fold(r, later, first(t)(r.Acknowledge(at(counsel, later), kept(Kept{Ground: "order 12", Until: later.AddDate(maxKept, 0, 0)})))); r.mustAcknowledge() {
		t.Error("the last end that may be named is refused")
	}
	r = fold(r, later, first(t)(r.Acknowledge(answered, kept(Kept{Ground: "order 12", Until: until}))))
	if v := r.View(asked).(ReferralView); v.Kept == nil || v.Kept.Ground != "order 12" || v.Kept.SheWasTold || r.Closed() {
		t.Errorf("%+v", v)
	}
	refuses(t, ErrNotDue)(r.KeptDue(system(until.Add(-1))))
	r = fold(r, until, first(t)(r.KeptDue(system(until))))
	if !r.mustAcknowledge() || !r.RecalledAt.Equal(until) {
		t.Error("nobody is asked again")
	}
	r = fold(r, until, first(t)(r.Acknowledge(at(counsel, until), Acknowledge{Erasure: code.DataKeptByHerWish})))
	if r.mustAcknowledge() || !r.Closed() {
		t.Error("it is open for ever")
	}
}

// Silence about the copies is reminded of, and goes up a ladder of its own to the
// coordinator.
func TestSilenceAboutTheCopies(t *testing.T) {
	r := in(t, code.Withdrawn)
	var got []string
	for now := r.pressAt(); !now.IsZero(); now = r.pressAt() {
		events := first(t)(r.PressDue(system(now)))
		switch d := events[0].Data.(type) {
		case referralv1.Reminded:
			got = append(got, "reminded "+string(d.Kind))
		case referralv1.Escalated:
			got = append(got, string(d.Step)+" "+string(d.Kind))
		}
		r = fold(r, now, events)
	}
	want := []string{
		"reminded acknowledgement", "supervisor acknowledgement", "referring_agency acknowledgement", "network_coordinator acknowledgement",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if v := r.EscalatedView(); r.AtNetwork().IsZero() || v.Awaited != code.ToLetGo || v.Asked[0] != counsel {
		t.Errorf("the coordinator sees %+v", v)
	}
	if r = after(t, r, at(counsel, r.RecalledAt.Add(30*day)), "acknowledge"); !r.AtNetwork().IsZero() {
		t.Error("still with the coordinator")
	}
}

// A recipient without an account tells the sender by telephone, and the sender records it,
// marked as told. For any other recipient it may not.
func TestTheSenderRecordsWhatItIsTold(t *testing.T) {
	r := requested(t)
	r = fold(r, later, first(t)(r.Accept(answered, Accept{ByCode: true}, unended)))
	day := []string{"contact", "schedule", "miss", "start", "complete"}
	for _, verb := range day {
		if _, err := verbs[verb](fold(in(t, code.Scheduled), later, nil), asked); err == nil {
			t.Errorf("%s for a recipient with an account", verb)
		}
	}
	marks := 0
	for _, verb := range day {
		do := verbs[verb]
		if verb == "schedule" {
			do = with(Referral.Schedule, Schedule{Appointment: later.Add(time.Second)})
		}
		events := first(t)(do(r, at(police, later)))
		for _, e := range events {
			switch d := e.Data.(type) {
			case referralv1.Contacted:
				marks += map[referralv1.Told]int{true: 1}[d.Told]
			case referralv1.Scheduled:
				marks += map[referralv1.Told]int{true: 1}[d.Told]
			case referralv1.NoShow:
				marks += map[referralv1.Told]int{true: 1}[d.Told]
			case referralv1.Started:
				marks += map[referralv1.Told]int{true: 1}[d.Told]
			case referralv1.Completed:
				marks += map[referralv1.Told]int{true: 1}[d.Told]
			}
		}
		r = fold(r, later, events)
	}
	if marks != len(day) || r.Status != code.Completed {
		t.Errorf("%d of %d are marked, and it is %s", marks, len(day), r.Status)
	}
	off := fold(requested(t), later, first(t)(requested(t).Accept(answered, Accept{ByCode: true}, unended)))
	if off = fold(off, later, first(t)(off.Cancel(asked, Cancel{Reason: code.OtherCancel}))); off.Status != code.Cancelled {
		t.Errorf("nobody can confirm, and it is %s", off.Status)
	}
	gone := fold(requested(t), later, first(t)(requested(t).Accept(answered, Accept{ByCode: true}, unended)))
	gone = fold(gone, later, first(t)(gone.ConsentEnds("cons_1")))
	if gone = fold(gone, later, first(t)(gone.Acknowledge(asked, Acknowledge{Erasure: code.DataDeleted}))); gone.mustAcknowledge() {
		t.Error("nobody can say what became of the copies")
	}
}
