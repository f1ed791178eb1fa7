package domain

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/ending"
)

// renewed is her new consent to the lawyer, later.
func renewed(t tb, d *desk) []fact.Event {
	t.Helper()
	cmd := yes(legal, code.LegalAssistance)
	cmd.Expires = d.now.AddDate(0, 6, 0)
	return d.must(t)(do(d, Case.GiveConsent, cmd))
}

// Her renewal carries the referral over: it stands on the new consent, the packet stays
// open, and the old one is renewed.
func TestARenewalCarriesOver(t *testing.T) {
	d, id := accepted(t)
	old := d.state.Consents[0]
	d.now = old.Expires.Add(-time.Hour)
	events := renewed(t, d)
	k := d.state.Consents[1]
	want := intakev1.ReferralRenewed{
		Case: d.state.ID, Referral: id, Recipient: legal, Service: code.LegalAssistance, Purpose: code.ServiceDelivery,
		Replaces: old.ID, Consent: k.ID, Categories: k.Categories, Expires: k.Expires,
	}
	if len(events) != 2 || !cmp.Equal(events[1].Data, fact.Data(want)) {
		t.Fatalf("%+v", events)
	}
	if s := d.state.Consents[0].Status; s != code.ConsentRenewed {
		t.Errorf("the old consent is %s", s)
	}
	d.now = old.Expires.Add(time.Hour)
	if got := told(t, d, legal, id); got != packet {
		t.Errorf("on the new consent: %s", got)
	}
	// Her no is to the question, by whichever consent she names.
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: old.ID}))
	if got := told(t, d, legal, id); got != nothing {
		t.Errorf("after her no: %s", got)
	}
}

// What ran out is expired, and stays so. A new consent takes the referral up within the
// time of grace, and not later.
func TestTheTimeOfGrace(t *testing.T) {
	for after, want := range map[time.Duration]bool{ending.Grace - time.Minute: true, ending.Grace: false} {
		d, id := accepted(t)
		old := d.state.Consents[0]
		d.now = old.Expires
		d.must(t)(do(d, news[code.Lapsed], turned(d, id, 5)))
		if got := told(t, d, legal, id); got != nothing {
			t.Errorf("lapsed, and shown: %s", got)
		}
		d.now = old.Expires.Add(after)
		if events := renewed(t, d); (len(events) == 2) != want {
			t.Fatalf("%s after the end: %d events", after, len(events))
		}
		if k := d.state.Consents[0].at(d.now); k.Status != code.ConsentExpired {
			t.Errorf("the expired consent is %s", k.Status)
		}
		if !want {
			continue
		}
		l := turned(d, id, 6)
		d.must(t)(do(d, Case.OnRenewed, referralv1.Renewed{Loop: l, Consent: d.state.Consents[1].ID, Status: code.Accepted}))
		if got := told(t, d, legal, id); got != packet {
			t.Errorf("taken up, and not shown: %s", got)
		}
	}
}

func turned(d *desk, id string, turn int) referralv1.Loop {
	l := d.loop(id)
	l.Turn = turn
	return l
}

// A withdrawn consent is carried over by nothing: what she took back, she asks for anew.
func TestNothingCarriesOverHerNo(t *testing.T) {
	d, id := accepted(t)
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID}))
	if events := renewed(t, d); len(events) != 1 {
		t.Errorf("%+v", events[1:])
	}
	if got := told(t, d, legal, id); got != nothing {
		t.Error(got)
	}
}

// calledOff ends a referral that was taken, by an agency or by her desk.
func calledOff(d *desk, id, by string, reason code.CancelReason) func(t tb) {
	return func(t tb) {
		t.Helper()
		l := turned(d, id, 5)
		d.must(t)(do(d, Case.OnCancelled, referralv1.Cancelled{Loop: l, By: by, Reason: reason, Taken: true}))
	}
}

// "She declined", said by the agency, is an unmet need until her desk has asked her.
// Recorded by her desk it is her no: her consents to that agency end with it.
func TestSheDeclined(t *testing.T) {
	d, id := accepted(t)
	calledOff(d, id, legal, code.SurvivorDeclined)(t)
	if got := d.state.Content(d.by()).(View).UnmetNeeds; !slices.Equal(got, []string{id}) {
		t.Errorf("unmet: %v", got)
	}
	if got := told(t, d, legal, id); got != nothing {
		t.Errorf("still shown: %s", got)
	}
	d.must(t)(do(d, Case.SettleNeed, SettleNeed{Referral: id, Settlement: code.NoLongerWanted}))
	if d.state.Consents[0].Status != code.ConsentWithdrawn || len(d.state.Unmet()) > 0 || !d.state.Finished() {
		t.Errorf("settled, and %+v", d.state.Consents[0])
	}
	d, id = accepted(t)
	calledOff(d, id, agency, code.SurvivorDeclined)(t)
	if d.state.Consents[0].Status != code.ConsentWithdrawn || len(d.state.Unmet()) > 0 {
		t.Errorf("her no, and the consent is %s", d.state.Consents[0].Status)
	}
}

// A need is unmet after every end without help, stands on a list of her desk and keeps
// the case open; another referral for the same service that is open or helps meets it.
func TestUnmetNeeds(t *testing.T) {
	ends := map[string]struct {
		tell func(d *desk, l referralv1.Loop) ([]fact.Event, error)
		want bool
	}{
		"declined":      {func(d *desk, l referralv1.Loop) ([]fact.Event, error) { return do(d, news[code.Declined], l) }, true},
		"expired":       {func(d *desk, l referralv1.Loop) ([]fact.Event, error) { return do(d, news[code.Expired], l) }, true},
		"lapsed":        {func(d *desk, l referralv1.Loop) ([]fact.Event, error) { return do(d, news[code.Lapsed], l) }, true},
		"withdrawn":     {func(d *desk, l referralv1.Loop) ([]fact.Event, error) { return do(d, news[code.Withdrawn], l) }, false},
		"in error":      {func(d *desk, l referralv1.Loop) ([]fact.Event, error) { return do(d, news[code.EnteredInError], l) }, false},
		"called off":    {cancel(agency, code.NoLongerNeeded), false},
		"unsafe":        {cancel(agency, code.UnsafeToContinue), true},
		"by the agency": {cancel(legal, code.NoLongerNeeded), true},
		"met":           {complete(code.NeedsMet), false},
		"not met":       {complete(code.NeedsNotMet), true},
		"no contact":    {complete(code.NoContact), true},
		"she ended it":  {complete(code.SurvivorEnded), true},
	}
	for name, c := range ends {
		t.Run(name, func(t *testing.T) {
			d, id := referred(t, code.Identity)
			d.must(t)(c.tell(d, turned(d, id, 4)))
			part, err := Cases(d.by(), url.Values{"attention": {string(code.UnmetNeed)}})
			if err != nil || part.Holds(d.state) != c.want || d.state.Finished() == c.want {
				t.Errorf("on the list: %t, finished: %t", part.Holds(d.state), d.state.Finished())
			}
			if _, err := do(d, Case.Close, Close{Reason: code.CloseNeedsMet}); (err != nil) != c.want {
				t.Errorf("close: %v", err)
			}
			if !c.want {
				return
			}
			d.must(t)(do(d, Case.GiveConsent, yes("lawyers-two", code.LegalAssistance)))
			d.must(t)(do(d, plain(Case.Reroute), Reroute{Referral: id, Recipient: "lawyers-two"}))
			if len(d.state.Unmet()) > 0 {
				t.Error("another agency is asked, and the need is unmet")
			}
			next := d.state.Referrals[1].ID
			d.must(t)(do(d, news[code.Declined], turned(d, next, 2)))
			if got := d.state.Unmet(); len(got) != 1 || got[0].ID != next {
				t.Errorf("unmet: %+v", got)
			}
		})
	}
}

func cancel(by string, reason code.CancelReason) func(*desk, referralv1.Loop) ([]fact.Event, error) {
	return func(d *desk, l referralv1.Loop) ([]fact.Event, error) {
		return do(d, Case.OnCancelled, referralv1.Cancelled{Loop: l, By: by, Reason: reason})
	}
}

func complete(outcome code.Outcome) func(*desk, referralv1.Loop) ([]fact.Event, error) {
	return func(d *desk, l referralv1.Loop) ([]fact.Event, error) {
		return do(d, Case.OnCompleted, referralv1.Completed{Loop: l, Outcome: outcome})
	}
}

// The case shows why and how a referral ended, as the agency and as she herself sees it.
// Her own word counts more.
func TestTheCaseShowsReasonAndOutcomes(t *testing.T) {
	d, id := referred(t, code.Identity)
	d.must(t)(do(d, plain(Case.OnDeclined), referralv1.Declined{Loop: turned(d, id, 2), Reason: code.AtCapacity}))
	if f := d.state.Content(d.by()).(View).Referrals[0]; f.DeclineReason != code.AtCapacity || f.EndedAt.IsZero() {
		t.Errorf("%+v", f.End)
	}
	d, id = referred(t, code.Identity)
	d.must(t)(complete(code.NeedsMet)(d, turned(d, id, 3)))
	for said, unmet := range map[code.SurvivorOutcome]bool{code.NotHelped: true, code.Helped: false, code.CouldNotBeReached: false} {
		d.must(t)(do(d, Case.OnOutcomeReported, referralv1.OutcomeReported{Loop: turned(d, id, 3), Outcome: said}))
		f := d.state.Content(d.by()).(View).Referrals[0]
		if f.Outcome != code.NeedsMet || f.SurvivorOutcome != said || (len(d.state.Unmet()) > 0) != unmet {
			t.Errorf("%s: %+v", said, f.End)
		}
	}
}

// While it is unsafe to reach her, nobody is shown an address, whoever is asked meanwhile
// is told, and only her desk opens the contact.
func TestUnsafeToReach(t *testing.T) {
	d, id := accepted(t)
	d.state.Opening = everything()
	address := func() string {
		if got := told(t, d, legal, id); got != packet {
			t.Fatal(got)
		}
		return shown(d, legal, id).Packet.Contact.Phone
	}
	if address() == "" {
		t.Fatal("no address to hide")
	}
	events := d.must(t)(do(d, Case.OnContacted, referralv1.Contacted{Loop: d.loop(id), Result: code.UnsafeToReach}))
	if d := cmp.Diff(fact.Of(intakev1.ContactSuspended{Case: d.state.ID, Referrals: []string{id}}), events); d != "" {
		t.Fatal(d)
	}
	if address() != "" || !shown(d, legal, id).ContactClosed {
		t.Error("her address is shown")
	}
	part, _ := Cases(d.by(), url.Values{"attention": {string(code.ContactUnsafe)}})
	if !part.Holds(d.state) {
		t.Error("on no list of her desk")
	}
	d.must(t)(do(d, Case.OnContacted, referralv1.Contacted{Loop: d.loop(id), Result: code.UnsafeToReach}))
	d.must(t)(do(d, Case.GiveConsent, yes(clinic, code.ForensicExam)))
	next := d.must(t)(do(d, plain(Case.RequestServices), please(ask(clinic, code.ForensicExam))))
	if _, ok := next[len(next)-1].Data.(intakev1.ContactSuspended); !ok {
		t.Error("who is asked meanwhile is not told")
	}
	if events := d.state.guarded(fact.Of(intakev1.ReferralResumed{Referral: id})); len(events) != 2 {
		t.Error("who is asked again meanwhile is not told")
	}
	d.must(t)(do(d, Case.RestoreContact, RestoreContact{}))
	if address() == "" {
		t.Error("opened, and not shown")
	}
	if _, err := do(d, Case.RestoreContact, RestoreContact{}); err == nil {
		t.Error("opened twice")
	}
}

// A clothes provider with a broad consent is shown no narrative and no disability: each
// service has the least that it needs, and consent only narrows it.
func TestEachServiceHasTheLeast(t *testing.T) {
	base := programmetest.Shipped().Base().Least
	for _, s := range code.Services {
		for _, k := range code.Categories {
			want := slices.Contains([]code.Category{code.Identity, code.Contact, code.SafetyNeeds, code.Appointments}, k) ||
				slices.Contains(base[s], k)
			if needs(base, s, k) != want {
				t.Errorf("%s needs %s: %t", s, k, !want)
			}
		}
	}
	for _, s := range []code.Service{code.NonFoodItems, code.Food, code.WaterSanitation, code.Registration, code.Livelihoods, code.Education, code.OtherService} {
		d := open(t, everything())
		cmd := yes("provider-one", s)
		cmd.Categories = code.Categories
		d.must(t)(do(d, Case.GiveConsent, cmd))
		d.must(t)(do(d, plain(Case.RequestServices), please(ask("provider-one", s))))
		id := d.state.Referrals[0].ID
		d.must(t)(do(d, news[code.Accepted], d.loop(id)))
		if got := told(t, d, "provider-one", id); got != packet {
			t.Fatal(got)
		}
		p := shown(d, "provider-one", id).Packet
		if p == nil || p.Narrative != "" || p.Incident != nil || p.Happened != nil || p.Survivor.Disability != "" || p.Name == "" {
			t.Errorf("%s is shown %+v", s, p)
		}
	}
}

// What ended is resumed on a consent that she gave since, with every check of a first
// request, and never after her no.
func TestResume(t *testing.T) {
	d, id := accepted(t)
	resume := plain(Case.Resume)
	d.must(t)(complete(code.NeedsMet)(d, turned(d, id, 3)))
	events, err := do(d, resume, Resume{Referral: id})
	refused(t, events, err, ErrNewConsent, "/consent")
	d.now = d.now.Add(time.Hour)
	renewed(t, d)
	d.must(t)(do(d, resume, Resume{Referral: id}))
	if f := d.state.Referrals[0]; f.Status != code.Requested || f.Consent != d.state.Consents[1].ID || f.Outcome != "" {
		t.Errorf("%+v", f)
	}
	events, err = do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance)))
	refused(t, events, err, ErrAlreadyRequested, "/requests/0")
	if got := told(t, d, legal, id); got == packet {
		t.Error("shown before it is accepted again")
	}

	for name, after := range map[string]func(d *desk, id string){
		"her no": func(d *desk, id string) { calledOff(d, id, agency, code.SurvivorDeclined)(t) },
		"two weeks later": func(d *desk, id string) {
			calledOff(d, id, legal, code.OtherCancel)(t)
			d.now = d.now.Add(ending.ResumeWithin)
		},
		"never taken": func(d *desk, id string) {
			d.must(t)(cancel(legal, code.OtherCancel)(d, turned(d, id, 5)))
		},
		"its consent ended": func(d *desk, id string) {
			calledOff(d, id, legal, code.OtherCancel)(t)
			d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID}))
		},
	} {
		d, id := accepted(t)
		after(d, id)
		d.now = d.now.Add(time.Minute)
		renewed(t, d)
		events, err := do(d, resume, Resume{Referral: id})
		t.Run(name, func(t *testing.T) { refused(t, events, err, ErrNotResumed, "/referral") })
	}
	d, id = accepted(t)
	calledOff(d, id, legal, code.OtherCancel)(t)
	d.now = d.now.Add(time.Minute)
	renewed(t, d)
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	events, err = do(d, resume, Resume{Referral: id})
	refused(t, events, err, ErrAlreadyRequested, "/referral")
}

// A case is taken up again, once.
func TestACaseIsReopened(t *testing.T) {
	d := open(t, Opening{})
	events, err := do(d, Case.Reopen, Reopen{})
	refused(t, events, err, ErrStillOpen)
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseLeftArea}))
	d.must(t)(do(d, Case.Reopen, Reopen{}))
	if d.state.Status() != code.CaseOpen {
		t.Error(d.state.Status())
	}
}

// What her desk is told of an appointment is nothing, unless she lets it know.
func TestTheDeskKnowsNoAppointment(t *testing.T) {
	for shared, want := range map[referralv1.Shared]code.ReferralStatus{false: code.Accepted, true: code.Missed} {
		d, id := accepted(t)
		d.must(t)(do(d, Case.OnScheduled, referralv1.Scheduled{Loop: turned(d, id, 3), Shared: shared}))
		d.must(t)(do(d, Case.OnNoShow, referralv1.NoShow{Loop: turned(d, id, 4), Shared: shared}))
		if got := d.state.Referrals[0].Status; got != want {
			t.Errorf("shared %t: %s", shared, got)
		}
		d.must(t)(do(d, Case.OnContinued, referralv1.Continued{Loop: turned(d, id, 6), Status: code.Scheduled}))
		if got := d.state.Referrals[0].Status; got != code.Accepted {
			t.Errorf("where it goes on tells of an appointment: %s", got)
		}
	}
}
