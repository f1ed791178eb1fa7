package domain

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
)

func mayI(recipient string, service code.Service) RequestConsent {
	return RequestConsent{Recipient: recipient, Service: service, Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}}
}

// A question waits, lets nobody see anything, and her answer takes its place.
func TestAQuestionWaitsForHerAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(*desk) []fact.Event
		want   code.ConsentStatus
	}{
		"yes": {func(d *desk) []fact.Event {
			return d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
		}, code.ConsentGiven},
		"no": {func(d *desk) []fact.Event {
			return d.must(t)(do(d, Case.RefuseConsent, no(legal, code.LegalAssistance)))
		}, code.ConsentRefused},
		"nothing": {func(d *desk) []fact.Event {
			events, err := do(d, lapse, struct{}{})
			refused(t, events, err, ErrNotDue)
			d.now = d.now.Add(questionWaits)
			return d.must(t)(do(d, lapse, struct{}{}))
		}, code.ConsentExpired},
		"it was put in error": {func(d *desk) []fact.Event {
			return d.must(t)(do(d, Case.EndConsent, EndConsent{Consent: d.state.Consents[0].ID, Ground: code.WrongPerson}))
		}, code.ConsentInvalidated},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Opening{})
			d.must(t)(do(d, Case.RequestConsent, mayI(legal, code.LegalAssistance)))
			if again := d.must(t)(do(d, Case.RequestConsent, mayI(legal, code.LegalAssistance))); len(again) > 0 {
				t.Error("the question was put twice")
			}
			k := d.state.Consents[0]
			waits := d.state.Waits()
			if k.Status != code.ConsentRequested || k.InForce(d.now) || len(waits) != 1 || waits[0] != code.ConsentAsked {
				t.Errorf("%+v waits with %v", k, waits)
			}
			events, err := do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance)))
			if len(events) > 0 || !strings.Contains(fault.Of(err).Fields[0].Rule, "has not answered") {
				t.Errorf("asked for a service before her answer: %v", err)
			}
			if events := c.answer(d); len(events) != 1 {
				t.Errorf("%d events", len(events))
			}
			if len(d.state.Consents) != 1 || d.state.Consents[0].ID != k.ID || d.state.Consents[0].Status != c.want {
				t.Errorf("after it %+v", d.state.Consents)
			}
			if waits := d.state.Waits(); len(waits) > 0 {
				t.Errorf("waits with %v", waits)
			}
		})
	}
}

func lapse(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.QuestionDue(by) }

// Her withdrawal answers the question whether she would renew it, too.
func TestHerNoAnswersTheQuestion(t *testing.T) {
	d := consented(t)
	first := d.state.Consents[0].ID
	d.must(t)(do(d, Case.RequestConsent, mayI(legal, code.LegalAssistance)))
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: first}))
	for _, k := range d.state.Consents {
		if k.covers(legal, code.LegalAssistance, code.ServiceDelivery) && k.Status != code.ConsentWithdrawn && k.Status != code.ConsentRefused {
			t.Errorf("%s after her no", k.Status)
		}
	}
}

// What ends otherwise than by her word is to an agency what a withdrawal is, and leaves her need.
func TestRevokedAndInvalidated(t *testing.T) {
	for _, ground := range code.ConsentEndGrounds {
		t.Run(string(ground), func(t *testing.T) {
			d := open(t, Opening{Survivor: Survivor{AgeBand: code.AgeTo5}})
			cmd := yes(legal, code.LegalAssistance)
			cmd.GivenBy, cmd.Caregiver = code.ByCaregiver, &Caregiver{Relation: code.Mother}
			d.must(t)(do(d, plain(Case.GiveConsent), cmd))
			d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
			id := d.state.Referrals[0].ID
			d.must(t)(do(d, news[code.Accepted], d.loop(id)))
			k := d.state.Consents[0]
			want := fact.With(intakev1.ConsentWithdrawn{Case: d.state.ID, Consent: k.ID, Recipient: legal, Service: code.LegalAssistance}, Ended{Ground: ground, By: "worker-1"})
			if ground == code.SuspectedCaregiver {
				want[0].Private = Ended{Ground: ground, By: "worker-1", Relation: code.Mother}
			}
			if diff := cmp.Diff(want, d.must(t)(do(d, Case.EndConsent, EndConsent{Consent: k.ID, Ground: ground}))); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			k = d.state.Consents[0]
			if k.Status != ground.Status() || k.InForce(d.now) || k.Status == code.ConsentWithdrawn {
				t.Errorf("it is %s", k.Status)
			}
			by := d.by()
			by.Agency = legal
			if _, shown := d.state.Shown(by, id, basis); shown {
				t.Error("the agency is still shown a packet")
			}
			d.must(t)(do(d, news[code.Withdrawn], d.loop(id)))
			if needs := len(d.state.Unmet()) > 0; needs == (ground == code.WrongPerson || ground == code.ConsentInError) {
				t.Errorf("a need is unmet: %t", needs)
			}
			if again := d.must(t)(do(d, Case.EndConsent, EndConsent{Consent: k.ID, Ground: ground})); len(again) > 0 {
				t.Error("a second end changed something")
			}
		})
	}
}

// With one consent of a suspected caregiver go the others, and the next is refused.
func TestACaregiverWhoTurnsOutSuspected(t *testing.T) {
	d := open(t, Opening{Survivor: Survivor{AgeBand: code.AgeTo5}})
	give := func(to string, service code.Service, k *Caregiver) ([]fact.Event, error) {
		cmd := yes(to, service)
		cmd.GivenBy, cmd.Caregiver = code.ByCaregiver, k
		return do(d, plain(Case.GiveConsent), cmd)
	}
	d.must(t)(give(legal, code.LegalAssistance, &Caregiver{Relation: code.Father}))
	d.must(t)(give(clinic, code.HealthMedical, &Caregiver{Relation: code.Father}))
	d.must(t)(give(clinic, code.ForensicExam, &Caregiver{Relation: code.Mother}))
	d.must(t)(do(d, Case.EndConsent, EndConsent{Consent: d.state.Consents[0].ID, Ground: code.SuspectedCaregiver}))
	var got []code.ConsentStatus
	for _, k := range d.state.Consents {
		got = append(got, k.Status)
	}
	if diff := cmp.Diff([]code.ConsentStatus{code.ConsentInvalidated, code.ConsentInvalidated, code.ConsentGiven}, got); diff != "" {
		t.Error(diff)
	}
	events, err := give(legal, code.LegalAssistance, &Caregiver{Relation: code.Father})
	refused(t, events, err, ErrCaregiverBarred, "/caregiver")
	d.must(t)(give(legal, code.LegalAssistance, &Caregiver{Relation: code.Mother}))
}

func TestEndConsentRefuses(t *testing.T) {
	d := consented(t)
	hers := d.state.Consents[0].ID
	for name, c := range map[string]struct {
		cmd     EndConsent
		want    *fault.Error
		pointer string
	}{
		"no consent":             {EndConsent{Consent: "cons_x", Ground: code.WrongPerson}, ErrConsentUnknown, "/consent"},
		"no ground":              {EndConsent{Consent: hers}, ErrUnknownCode, "/ground"},
		"her own, by another":    {EndConsent{Consent: hers, Ground: code.ConsenterTookBack}, ErrConsentEnd, "/ground"},
		"a caregiver of no word": {EndConsent{Consent: hers, Ground: code.SuspectedCaregiver}, ErrConsentEnd, "/ground"},
		"a relation for nothing": {EndConsent{Consent: hers, Ground: code.NotUnderstood, Relation: code.Mother}, ErrConsentEnd, "/relation"},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := do(d, Case.EndConsent, c.cmd)
			refused(t, events, err, c.want, c.pointer)
		})
	}
}

// A year ends with the same day of the next one, where the programme is, also across 29 February.
func TestAYearIsAYear(t *testing.T) {
	zone := time.FixedZone("", -6*3600)
	for _, c := range []struct{ from, through string }{
		{"2027-03-01", "2028-03-01"}, {"2026-03-15", "2027-03-15"}, {"2028-02-29", "2029-03-01"}, {"2027-12-31", "2028-12-31"},
	} {
		from, _ := time.ParseInLocation(time.DateOnly, c.from, zone)
		last, _ := time.ParseInLocation("2006-01-02T15:04", c.through+"T23:59", zone)
		ends := programme.Term{Years: 1}.Ends(from.Add(10*time.Hour), zone)
		if last.After(ends) || !last.Add(time.Minute).Equal(ends) {
			t.Errorf("a year from %s ends at %s", c.from, ends)
		}
	}
	rules := made(func(f *programme.Fields) { f.Consent.Is.Longest = programme.Term{Years: 1} })
	d := open(t, Opening{})
	d.now = time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC)
	cmd := yes(legal, code.LegalAssistance)
	cmd.Expires = time.Date(2028, 3, 2, 0, 0, 0, 0, time.UTC)
	d.must(t)(do(d, Ruled(rules, Case.GiveConsent), cmd))
	cmd.Expires = cmd.Expires.Add(time.Second)
	events, err := do(d, Ruled(rules, Case.GiveConsent), cmd)
	refused(t, events, err, ErrTerm, "/expires")
}

func TestAReceiptIsOffered(t *testing.T) {
	d := consented(t)
	id := d.state.Consents[0].ID
	d.must(t)(do(d, Case.OfferReceipt, OfferReceipt{Consent: id, Answer: code.ReceiptKept, Language: "ky"}))
	if diff := cmp.Diff(&Receipt{At: d.now, By: "worker-1", Answer: code.ReceiptKept, Language: "ky"}, d.state.Consents[0].Receipt); diff != "" {
		t.Error(diff)
	}
	d.must(t)(do(d, Case.RefuseConsent, no(clinic, code.HealthMedical)))
	events, err := do(d, Case.OfferReceipt, OfferReceipt{Consent: d.state.Consents[len(d.state.Consents)-1].ID, Answer: code.ReceiptGiven})
	refused(t, events, err, ErrConsentRefused, "/consent")
	events, err = do(d, Case.OfferReceipt, OfferReceipt{Consent: id, Answer: "sent"})
	refused(t, events, err, ErrUnknownCode, "/answer")
}

// A report is on record by itself: it asks nobody, shows nobody anything, and waits for nothing.
func TestAMandatoryReportIsNoReferral(t *testing.T) {
	rules := made(func(f *programme.Fields) {
		f.Reporting.Is = programme.Reporting{"a_law": {Authorities: map[string]programme.Words{"prosecutor": {}}}}
	})
	record := func(d *desk, change func(*RecordMandatoryReport)) ([]fact.Event, error) {
		cmd := RecordMandatoryReport{Law: "a_law", To: "prosecutor", SentAt: d.now, Told: code.ToldBefore, ToldWords: "t", SafetyPlan: "s", Minimum: "m"}
		change(&cmd)
		return do(d, Ruled(rules, Case.RecordMandatoryReport), cmd)
	}
	d := open(t, Opening{Survivor: Survivor{AgeBand: code.AgeTo5}})
	before := d.state
	if diff := cmp.Diff(fact.Data(intakev1.ReportRecorded{Case: d.state.ID}), d.must(t)(record(d, func(*RecordMandatoryReport) {}))[0].Data); diff != "" {
		t.Error(diff)
	}
	after := d.state
	after.Reports = nil
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("it changed more than the record:\n%s", diff)
	}
	supervisor := d.by()
	supervisor.Roles = []string{"supervisor"}
	for name, c := range map[string]struct {
		view  View
		count int
		shown int
	}{
		"who has the case": {d.state.Content(d.by()).(View), 0, 1}, "a colleague": {d.state.View(d.by()).(View), 0, 0},
		"a supervisor": {d.state.View(supervisor).(View), 1, 0},
	} {
		if c.view.ReportCount != c.count || len(c.view.Reports) != c.shown {
			t.Errorf("%s sees %d and %d", name, c.view.ReportCount, len(c.view.Reports))
		}
	}
	for name, c := range map[string]struct {
		change  func(*RecordMandatoryReport)
		want    *fault.Error
		pointer string
	}{
		"no law":         {func(r *RecordMandatoryReport) { r.Law = "" }, ErrReport, "/law"},
		"no authority":   {func(r *RecordMandatoryReport) { r.To = "police" }, ErrReport, "/to"},
		"to come":        {func(r *RecordMandatoryReport) { r.SentAt = noon.AddDate(0, 0, 1) }, ErrReport, "/sent_at"},
		"not asked":      {func(r *RecordMandatoryReport) { r.Told = "" }, ErrUnknownCode, "/told"},
		"no words":       {func(r *RecordMandatoryReport) { r.ToldWords = " " }, ErrReport, "/told_words"},
		"no safety plan": {func(r *RecordMandatoryReport) { r.SafetyPlan = "" }, ErrReport, "/safety_plan"},
		"too much":       {func(r *RecordMandatoryReport) { r.Minimum = strings.Repeat("x", maxReport+1) }, ErrReport, "/minimum_sent"},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := record(d, c.change)
			refused(t, events, err, c.want, c.pointer)
		})
	}
}

// From the day on which she comes of age nobody else answers for her, until it is written anew.
func TestOthersDoNotAnswerForHerOnceSheIsOfAge(t *testing.T) {
	day := noon.AddDate(0, 0, 3).Truncate(24 * time.Hour)
	contact := Contact{
		Zone: "UTC", Hours: []SafeHours{{Days: code.Weekdays, From: "00:00", Until: "24:00"}},
		Channels: []SafeChannel{
			{Kind: code.Call, Address: "+502 5555 0101", WhoMayAnswer: code.AnybodyInside},
			{Kind: code.ThroughPerson, Person: "her aunt"},
			{Kind: code.ByEmail, Address: "she@example.org"},
		},
	}
	d := newDesk()
	d.must(t)(do(d, Within(basis), opening(Opening{Survivor: Survivor{Born: Born{Date: day.AddDate(-18, 0, 0).Format(time.DateOnly)}}, Contact: contact})))
	channels := func() []SafeChannel {
		t.Helper()
		allowed, err := d.state.Allowed(code.OrdinaryContact, d.now)
		if err != nil {
			t.Fatal(err)
		}
		return allowed.Channels
	}
	if len(channels()) != 3 {
		t.Errorf("before it %v", channels())
	}
	d.now = day
	want := []SafeChannel{{Kind: code.Call, Address: "+502 5555 0101", WhoMayAnswer: code.OnlyHer}, {Kind: code.ByEmail, Address: "she@example.org", WhoMayAnswer: code.OnlyHer}}
	if diff := cmp.Diff(want, channels()); diff != "" {
		t.Errorf("on the day (-want +got):\n%s", diff)
	}
	recheck := func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.RecheckDue(by, basis) }
	if events := d.must(t)(do(d, recheck, struct{}{})); len(events) != 2 {
		t.Errorf("%d events: who holds her contact is told", len(events))
	}
	contact.Channels = append(contact.Channels, SafeChannel{Kind: code.InPerson})
	d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Change, Opening: Opening{Contact: contact}}))
	if len(channels()) != 4 {
		t.Errorf("written anew %v", channels())
	}
}
