package domain

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// everything is an opening in which every field is told.
func everything() Opening {
	return Opening{
		Incident: &Incident{
			Types: []code.GBVType{code.Rape, code.PhysicalAssault},
			Trafficking: &Trafficking{
				Acts:     []code.TraffickingAct{code.ActRecruitment},
				Means:    []code.TraffickingMeans{code.MeansDeception},
				Purposes: []code.TraffickingPurpose{code.ForSexualExploitation},
			},
		},
		Happened: &Interval{Earliest: noon.Add(-30 * time.Hour), Latest: noon.Add(-20 * time.Hour)},
		Survivor: Survivor{
			Sex: code.Female, AgeBand: code.AgeAdult, Displacement: code.IDP, Disability: code.NoDisability,
			MaritalStatus: code.Single, Unaccompanied: code.NotUnaccompanied,
		},
		Name:      "canary-name",
		Contact:   safely(),
		Narrative: "canary-narrative",
		Blocks:    &Blocks{Agencies: []string{"night-shelter"}, Persons: []string{"night-shelter/canary-person"}},
	}
}

func TestOpen(t *testing.T) {
	d := newDesk()
	events := d.must(t)(do(d, Case.Open, opening(everything())))
	want := []fact.Event{{
		Data: intakev1.CaseOpened{
			Case: fact.ID("case", "test"), Agency: agency, Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala",
		},
		Private: Opened{everything(), Owned{Owner: worker.ID(agency, "worker-1"), Subject: "worker-1"}, "", nil},
	}}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(everything(), d.state.Opening); diff != "" {
		t.Errorf("opening (-want +got):\n%s", diff)
	}
	if d.state.OpenedAt != noon || d.state.Status() != code.CaseOpen || d.state.Case() != d.state.ID {
		t.Errorf("state %+v", d.state)
	}
	events, err := do(d, Case.Open, opening(Opening{}))
	refused(t, events, err, ErrAlreadyOpened)
}

// A case opens with what little is told.
func TestOpenNeverWaits(t *testing.T) {
	for name, told := range map[string]Opening{
		"nothing":                      {},
		"only when":                    {Happened: &Interval{Earliest: noon.AddDate(0, 0, -3), Latest: noon}},
		"an instant":                   {Happened: &Interval{Earliest: noon, Latest: noon}},
		"another offset":               {Happened: &Interval{Earliest: noon.In(time.FixedZone("", -6*3600)), Latest: noon}},
		"only a type":                  {Incident: &Incident{Types: []code.GBVType{code.ForcedMarriage}}},
		"not gender-based":             {Incident: &Incident{Types: []code.GBVType{code.NonGBV}}},
		"only how to reach her":        {Contact: Contact{SafeNote: "call her sister"}},
		"a child trafficked, no means": {Survivor: Survivor{AgeBand: code.AgeTo17}, Incident: traffickedWithout("means")},
		"trafficked, no act":           {Incident: traffickedWithout("acts")},
		"trafficked, no means":         {Survivor: Survivor{AgeBand: code.AgeAdult}, Incident: traffickedWithout("means")},
		"trafficked, no purpose":       {Incident: traffickedWithout("purposes")},
		"trafficked, an act alone":     {Incident: &Incident{Trafficking: &Trafficking{Acts: []code.TraffickingAct{code.ActTransport}}}},
		"not gender-based, trafficked": {Incident: &Incident{Types: []code.GBVType{code.NonGBV}, Trafficking: traffickedWithout("").Trafficking}},
	} {
		t.Run(name, func(t *testing.T) { open(t, told) })
	}
}

// A telephone number is kept as it was written, however people write it.
func TestATelephoneIsKeptAsItIsWritten(t *testing.T) {
	for _, phone := range []string{"(502) 5555-0123", "5555 0123 ext. 12", "5555/0123", "\u200e+٥٠٢ ٥٥٥٥ ٠١٢٣", "1500", "+50255550123", "+000 0000 0000"} {
		if got := open(t, Opening{Contact: Contact{Phone: phone}}).state.Contact.Phone; got != phone {
			t.Errorf("%q is kept as %q", phone, got)
		}
	}
}

// "Today", and what a clock says that is a few minutes fast, open a case. What is
// kept, and judged, does not lie after the instant at which she told of it.
func TestTodayAndAFastClockOpenACase(t *testing.T) {
	east := time.FixedZone("", 6*3600)
	west := time.FixedZone("", -6*3600)
	for name, c := range map[string]struct{ told, kept Interval }{
		"a clock some minutes fast": {
			Interval{noon.Add(-time.Hour), noon.Add(15 * time.Minute)}, Interval{noon.Add(-time.Hour), noon},
		},
		"all of it by that clock": {
			Interval{noon.Add(5 * time.Minute), noon.Add(10 * time.Minute)}, Interval{noon, noon},
		},
		"today in the west": { // noon UTC is 06:00 there
			Interval{time.Date(2026, 3, 14, 0, 0, 0, 0, west), time.Date(2026, 3, 14, 23, 59, 59, 0, west)}, Interval{noon.Add(-6 * time.Hour), noon},
		},
		"today in the east, to midnight": { // 18:00
			Interval{time.Date(2026, 3, 14, 0, 0, 0, 0, east), time.Date(2026, 3, 15, 0, 0, 0, 0, east)}, Interval{noon.Add(-18 * time.Hour), noon},
		},
		"a clock fast over midnight": { // 23:55 there
			Interval{noon, noon.Add(10 * time.Minute).In(time.FixedZone("", 12*3600-300))}, Interval{noon, noon},
		},
		"yesterday": {
			Interval{noon.Add(-36 * time.Hour), noon.Add(-12 * time.Hour)}, Interval{noon.Add(-36 * time.Hour), noon.Add(-12 * time.Hour)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Opening{Happened: &c.told})
			if diff := cmp.Diff(c.kept, *d.state.Happened); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What was told about when it happened is never widened, and never kept as after now.
func TestWhenItHappenedIsNotAfterItWasTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) time.Time {
			minutes := rapid.IntRange(-3*24*60, 3*24*60).Draw(t, name)
			return noon.Add(time.Duration(minutes) * time.Minute).In(time.FixedZone("", 900*rapid.IntRange(-48, 56).Draw(t, name+"'s offset")))
		}
		told := Interval{Earliest: at("earliest"), Latest: at("latest")}
		events, err := newDesk().state.Open(newDesk().by(), opening(Opening{Happened: &told}))
		if err != nil {
			return
		}
		kept := events[0].Private.(Opened).Opening.Happened
		switch {
		case kept.Latest.After(noon) || kept.Latest.Before(kept.Earliest):
			t.Fatalf("%v is kept as %v", told, kept)
		case !told.Latest.After(noon) && *kept != told:
			t.Fatalf("%v was in the past, and is kept as %v", told, kept)
		case told.Latest.Sub(noon) > 24*time.Hour:
			t.Fatalf("took %v", told)
		}
	})
}

func traffickedWithout(element string) *Incident {
	t := everything().Incident.Trafficking
	switch element {
	case "acts":
		t.Acts = nil
	case "means":
		t.Means = nil
	case "purposes":
		t.Purposes = nil
	}
	return &Incident{Trafficking: t}
}

func TestOpenRefuses(t *testing.T) {
	with := func(change func(*Open)) Open {
		o := opening(Opening{})
		change(&o)
		return o
	}
	told := func(o Opening) Open { return opening(o) }
	for name, c := range map[string]struct {
		cmd      Open
		want     *fault.Error
		pointers []string
	}{
		"no channel":      {with(func(o *Open) { o.Channel = "" }), ErrUnknownCode, []string{"/channel"}},
		"unknown channel": {with(func(o *Open) { o.Channel = "door" }), ErrUnknownCode, []string{"/channel"}},
		"no country":      {with(func(o *Open) { o.Country = "" }), ErrUnknownCode, []string{"/country"}},
		"unknown country": {with(func(o *Open) { o.Country = "ZZ" }), ErrUnknownCode, []string{"/country"}},
		"no programme":    {with(func(o *Open) { o.Programme = "" }), ErrSlug, []string{"/programme"}},
		"free text":       {with(func(o *Open) { o.Programme = "Her Name" }), ErrSlug, []string{"/programme"}},
		"unclassified":    {told(Opening{Incident: &Incident{}}), ErrUnclassified, []string{"/incident"}},
		"non-gbv and a type": {
			told(Opening{Incident: &Incident{Types: []code.GBVType{code.Rape, code.NonGBV}}}),
			ErrNonGBV,
			[]string{"/incident/types"},
		},
		"no element": {
			told(Opening{Incident: &Incident{Trafficking: &Trafficking{}}}),
			ErrTrafficking,
			[]string{"/incident/trafficking"},
		},
		"no telephone": {told(Opening{Contact: Contact{Phone: "call 5555 0123"}}), ErrTelephone, []string{"/contact/phone"}},
		"no earliest":  {told(Opening{Happened: &Interval{Latest: noon}}), ErrInterval, []string{"/happened/earliest"}},
		"backwards": {
			told(Opening{Happened: &Interval{Earliest: noon, Latest: noon.Add(-time.Second)}}),
			ErrInterval,
			[]string{"/happened/latest"},
		},
		"tomorrow": {
			told(Opening{Happened: &Interval{Earliest: noon, Latest: noon.Add(12*time.Hour + time.Second)}}),
			ErrInterval,
			[]string{"/happened/latest"},
		},
		"tomorrow, where it is written": {
			told(Opening{Happened: &Interval{Earliest: noon, Latest: noon.Add(2*time.Hour + time.Second).In(time.FixedZone("", 10*3600))}}),
			ErrInterval,
			[]string{"/happened/latest"},
		},
		"in the future": {
			told(Opening{Happened: &Interval{Earliest: noon.Add(15*time.Minute + time.Second), Latest: noon.Add(time.Hour)}}),
			ErrInterval,
			[]string{"/happened/earliest"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := newDesk().state.Open(newDesk().by(), c.cmd)
			refused(t, events, err, c.want, c.pointers...)
		})
	}
}

func TestSlug(t *testing.T) {
	for s, ok := range map[string]bool{
		"abc": true, "a-1": true, "a--b": true, "0123456789012345678901234567890123456789": true,
		"": false, "ab": false, "-ab": false, "ab-": false, "a b": false, "Abc": false, "ábc": false, "a_b": false,
		"01234567890123456789012345678901234567890": false,
	} {
		if err := slug("/x", s); (err == nil) != ok {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// Who she is and what happened stay in the private half.
func TestPublicHalfOfOpening(t *testing.T) {
	d := newDesk()
	events := d.must(t)(do(d, Case.Open, opening(everything())))
	public, err := json.Marshal(events[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(public, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"case": fact.ID("case", "test"), "agency": agency, "channel": "hotline", "country": "GT", "programme": "csc-guatemala",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("public half (-want +got):\n%s", diff)
	}
}

// An unknown code is refused wherever it stands in a command.
func TestCommandsRefuseUnknownCodes(t *testing.T) {
	for _, body := range []string{
		`{"channel":"door"}`, `{"country":"XX"}`, `{"channel":""}`,
		`{"incident":{"types":["assault"]}}`, `{"incident":{"types":[""]}}`,
		`{"incident":{"trafficking":{"acts":["sale"]}}}`,
		`{"incident":{"trafficking":{"means":["debt"]}}}`,
		`{"incident":{"trafficking":{"purposes":["profit"]}}}`,
		`{"survivor":{"sex":"f"}}`, `{"survivor":{"age_band":"18-59"}}`, `{"survivor":{"displacement":"migrant"}}`,
		`{"survivor":{"disability":"yes"}}`, `{"survivor":{"marital_status":"engaged"}}`, `{"survivor":{"unaccompanied":"yes"}}`,
	} {
		if err := json.Unmarshal([]byte(body), new(Open)); err == nil {
			t.Errorf("%s was read", body)
		}
	}
	for _, body := range []string{
		`{"service":"legal"}`, `{"purpose":"all"}`, `{"categories":["everything"]}`,
		`{"method":"assumed"}`, `{"given_by":"husband"}`, `{"without_caregiver":"busy"}`,
	} {
		if err := json.Unmarshal([]byte(body), new(GiveConsent)); err == nil {
			t.Errorf("%s was read", body)
		}
	}
	for _, body := range []string{`{"requests":[{"service":"legal"}]}`, `{"requests":[{"urgency":"asap"}]}`} {
		if err := json.Unmarshal([]byte(body), new(RequestServices)); err == nil {
			t.Errorf("%s was read", body)
		}
	}
	if err := json.Unmarshal([]byte(`{"reason":"tired"}`), new(Close)); err == nil {
		t.Error("an unknown reason was read")
	}
}

func TestClose(t *testing.T) {
	d := requested(t)
	events, err := do(d, Case.Close, Close{Reason: code.CloseNeedsMet})
	refused(t, events, err, ErrOpenReferrals)

	for _, f := range d.state.Referrals {
		d.must(t)(do(d, news[code.Completed], d.loop(f.ID)))
	}
	events, err = do(d, Case.Close, Close{})
	refused(t, events, err, ErrUnknownCode, "/reason")

	d.now = d.now.Add(time.Hour)
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseNeedsMet}))
	if !d.state.Closed() || d.state.ClosedAt != d.now || d.state.Status() != code.CaseClosed {
		t.Errorf("state %+v", d.state)
	}
}

// Nothing is done on a case that is closed or was never opened, except that her no is taken
// on a closed one: she refuses and she withdraws.
func TestNotOpen(t *testing.T) {
	closed := consented(t)
	closed.must(t)(do(closed, Case.Close, Close{Reason: code.CloseRequested}))
	for name, d := range map[string]*desk{"closed": closed, "never opened": newDesk()} {
		t.Run(name, func(t *testing.T) {
			events, err := do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance))
			refused(t, events, err, ErrNotOpen)
			events, err = do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance)))
			refused(t, events, err, ErrNotOpen)
			events, err = do(d, Case.Close, Close{Reason: code.CloseRequested})
			refused(t, events, err, ErrNotOpen)
		})
	}
	if got := closed.must(t)(do(closed, Case.WithdrawConsent, WithdrawConsent{Consent: closed.state.Consents[0].ID})); len(got) != 1 {
		t.Errorf("a withdrawal on a closed case: %v", got)
	}
	events, err := do(newDesk(), Case.WithdrawConsent, WithdrawConsent{Consent: "cons_1"})
	refused(t, events, err, ErrNotOpen)
	if got := closed.must(t)(do(closed, Case.RefuseConsent, no(clinic, code.ForensicExam))); len(got) != 2 {
		t.Errorf("her no on a closed case, and what it takes back: %v", got)
	}
	for name, d := range map[string]*desk{"never opened": newDesk(), "entered in error": consented(t)} {
		if d.state.Exists() {
			d.must(t)(do(d, Case.EnterInError, EnterInError{}))
		}
		events, err := do(d, Case.RefuseConsent, no(legal, code.LegalAssistance))
		t.Run(name, func(t *testing.T) { refused(t, events, err, ErrNotOpen) })
	}
}

// Two futures of one state know nothing of each other.
func TestEvolveForks(t *testing.T) {
	d := requested(t)
	base := d.state
	base.Consents = append(make([]Consent, 0, 8), base.Consents...)
	base.Referrals = append(make([]Referral, 0, 8), base.Referrals...)
	for name, pair := range map[string][2]fact.Data{
		"consents": {intakev1.ConsentGiven{Consent: "cons_a"}, intakev1.ConsentGiven{Consent: "cons_b"}},
		"refusals": {intakev1.ConsentRefused{Consent: "cons_a"}, intakev1.ConsentRefused{Consent: "cons_b"}},
		"requests": {intakev1.ServiceRequested{Referral: "ref_a"}, intakev1.ServiceRequested{Referral: "ref_b"}},
		"statuses": {
			intakev1.ReferralFollowed{Referral: base.Referrals[0].ID, Status: code.Accepted},
			intakev1.ReferralFollowed{Referral: base.Referrals[0].ID, Status: code.Declined},
		},
		"withdrawals": {
			intakev1.ConsentWithdrawn{Consent: base.Consents[0].ID},
			intakev1.ConsentWithdrawn{Consent: base.Consents[1].ID},
		},
	} {
		t.Run(name, func(t *testing.T) {
			one := base.Evolve(fact.Event{Data: pair[0]})
			before, err := json.Marshal(one)
			if err != nil {
				t.Fatal(err)
			}
			base.Evolve(fact.Event{Data: pair[1]})
			after, err := json.Marshal(one)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(before), string(after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestVisible(t *testing.T) {
	c := open(t, Opening{}).state
	for name, want := range map[string]bool{agency: true, legal: false, "": true} {
		if got := c.Visible(fact.By{Agency: name}); got != want {
			t.Errorf("visible to %q: %v", name, got)
		}
	}
}

func TestView(t *testing.T) {
	d := newDesk()
	d.must(t)(do(d, Case.Open, opening(everything())))
	d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
	d.must(t)(do(d, Case.RefuseConsent, no(clinic, code.ForensicExam)))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	referral := d.state.Referrals[0].ID
	d.must(t)(do(d, news[code.Declined], d.loop(referral)))

	later := d.by()
	later.At = noon.AddDate(0, 2, 0)
	want := View{
		ID: fact.ID("case", "test"), Reference: d.state.Reference(), Agency: agency, Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala",
		Status: code.CaseOpen, UnmetNeeds: []string{referral}, OpenedAt: noon, Opening: everything(),
		Incidents: []IncidentView{{
			Told: Told{ID: fact.ID("inc", d.state.ID), At: noon, Account: Account{Happened: everything().Happened}}, Type: code.Rape,
		}},
		Assigned: true, Attention: []code.Attention{code.UnmetNeed},
		Consents: []Consent{
			{
				ID: d.state.Consents[0].ID, Recipient: legal, Service: code.LegalAssistance, Purpose: code.ServiceDelivery,
				Categories: []code.Category{code.Incident, code.SafetyNeeds}, Expires: noon.AddDate(0, 1, 0),
				Evidence: Evidence{Method: code.Oral, GivenBy: code.BySurvivor, Witnessed: true},
				Status:   code.ConsentExpired, AnsweredAt: noon,
			},
			{
				ID: d.state.Consents[1].ID, Recipient: clinic, Service: code.ForensicExam, Purpose: code.ServiceDelivery,
				Status: code.ConsentRefused, AnsweredAt: noon,
			},
		},
		Referrals: []Referral{{
			ID: referral, Recipient: legal, Service: code.LegalAssistance, Urgency: code.Urgent,
			Consent: d.state.Consents[0].ID, Status: code.Declined, RequestedAt: noon, End: End{EndedAt: noon},
			First: []Candidate{{Choice{legal, d.state.Consents[0].ID}, nil}},
		}},
	}
	if diff := cmp.Diff(want, d.state.Content(later)); diff != "" {
		t.Errorf("view (-want +got):\n%s", diff)
	}
	if d.state.Consents[0].Status != code.ConsentGiven {
		t.Error("to look at a case changed it")
	}
}

// A list that is empty is still a list.
func TestViewOfNothing(t *testing.T) {
	b, err := json.Marshal(open(t, Opening{}).state.Content(newDesk().by()))
	if err != nil {
		t.Fatal(err)
	}
	const want = `"status":"open","finished":false,"opened_at":"2026-03-14T12:00:00Z","assigned":true,"agency":"front-desk","channel":"hotline","country":"GT","programme":"csc-guatemala","consents":[],"referrals":[]}`
	if got := string(b); got[len(got)-len(want):] != want {
		t.Errorf("view %s", got)
	}
}

func TestLists(t *testing.T) {
	d := requested(t)
	at := fact.Sortable(d.state.OpenedAt)
	check := func(status string) {
		t.Helper()
		if diff := cmp.Diff([]string{fact.Key(agency, status, at)}, ByAgency.Keys(d.state)); diff != "" {
			t.Errorf("list (-want +got):\n%s", diff)
		}
	}
	check("open")
	for _, f := range d.state.Referrals {
		d.must(t)(do(d, news[code.Cancelled], d.loop(f.ID)))
	}
	check("finished")
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseLeftArea}))
	check("closed")

	for query, want := range map[string]bool{"": true, "finished": false, "closed": true} {
		part, err := Cases(d.by(), url.Values{"status": {query}})
		if err != nil || part.Holds(d.state) != want {
			t.Errorf("a closed case is among those of status %q: %t, %v", query, !want, err)
		}
	}
	if part, _ := Cases(fact.By{Agency: "other"}, url.Values{}); part.Holds(d.state) {
		t.Error("another agency lists the case")
	}
	if got := d.state.Deadlines(); got != nil {
		t.Errorf("deadlines %v", got)
	}
}
