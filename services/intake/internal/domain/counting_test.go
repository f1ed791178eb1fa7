package domain

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
)

// counted answers for her, as who has the case or as somebody else of the desk.
func counted(d *desk, owns bool, cmd AnswerCounting) ([]fact.Event, error) {
	return do(d, func(c Case, by fact.By, cmd AnswerCounting) ([]fact.Event, error) {
		return c.AnswerCounting(by, cmd, hands(c, owns), basis)
	}, cmd)
}

var countMe = AnswerCounting{Answer: code.Yes, Method: code.Oral, GivenBy: code.BySurvivor}

// places is what the list holds of one case.
func places(c Case) []Contribution {
	t := image.New(Case.Closed, &Contributions)
	t.Put(c.ID, image.Row[Case]{}, image.Row[Case]{State: c, Version: 1})
	var all []Contribution
	for _, at := range t.Places(Contributions.Of(c.Programme)) {
		all = append(all, ReadContribution(at))
	}
	return all
}

func TestWhoAnswersWhetherSheIsCounted(t *testing.T) {
	child := Opening{Survivor: Survivor{AgeBand: code.Age6To11}}
	for name, c := range map[string]struct {
		told Opening
		owns bool
		cmd  AnswerCounting
		want *fault.Error
		in   bool
	}{
		"yes":                       {cmd: countMe, owns: true, in: true},
		"yes, to a colleague":       {cmd: countMe, want: ErrNotTheOwner},
		"no, to a colleague":        {cmd: AnswerCounting{Answer: code.No}},
		"nothing":                   {cmd: AnswerCounting{}, owns: true, want: ErrUnknownCode},
		"yes, without how":          {cmd: AnswerCounting{Answer: code.Yes, GivenBy: code.BySurvivor}, owns: true, want: ErrUnknownCode},
		"yes, by nobody":            {cmd: AnswerCounting{Answer: code.Yes, Method: code.Oral}, owns: true, want: ErrUnknownCode},
		"a child alone":             {told: child, cmd: countMe, owns: true, want: ErrCaregiverNeeded},
		"over her head":             {cmd: AnswerCounting{Answer: code.Yes, Method: code.Oral, GivenBy: code.ByCaseworker}, owns: true, want: ErrAgeUnknown},
		"against what a child says": {told: child, cmd: AnswerCounting{Answer: code.Yes, Method: code.Oral, GivenBy: code.ByCaregiver, Assent: code.Dissent}, owns: true, want: ErrDissent},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, c.told)
			_, err := counted(d, c.owns, c.cmd)
			if c.want == nil && err != nil || c.want != nil && fault.Of(err).Code != c.want.Code {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if got := len(places(d.state)) == 1; got != c.in {
				t.Errorf("counted: %t", got)
			}
		})
	}
}

// Her answer changes nothing else, and the event does not hold it. A second one counts.
func TestHerAnswerChangesNothingElse(t *testing.T) {
	d := open(t, everything())
	before := d.state
	events := d.must(t)(counted(d, true, countMe))
	if diff := cmp.Diff(intakev1.CountingAnswered{Case: d.state.ID}, events[0].Data); diff != "" || len(events) != 1 {
		t.Errorf("%d events, public half (-want +got):\n%s", len(events), diff)
	}
	if again := d.must(t)(counted(d, true, countMe)); len(again) > 0 {
		t.Errorf("said again: %v", again)
	}
	d.must(t)(counted(d, false, AnswerCounting{Answer: code.No}))
	if d.state.Counting.Answer != code.No || len(places(d.state)) != 0 {
		t.Errorf("%+v", d.state.Counting)
	}
	after := d.state
	after.Counting = nil
	if diff := cmp.Diff(fmt.Sprintf("%+v", before.frame(d.by())), fmt.Sprintf("%+v", after.frame(d.by()))); diff != "" {
		t.Errorf("the frame (-before +after):\n%s", diff)
	}
}

// The key holds all that is counted: what is read from it is what the case says.
func TestAContributionIsReadFromItsPlace(t *testing.T) {
	d, id, _ := helped(t)
	d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: Account{Circumstances: Circumstances{Area: "GT-01-05-03"}}}))
	d.must(t)(counted(d, true, countMe))
	want := Contribution{Opened: noon, Type: code.Rape, Sex: code.Female, Age: code.AgeAdult, Displacement: code.IDP, Disability: code.NoDisability}
	if diff := cmp.Diff([]Contribution{want}, places(d.state)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d.now = d.now.Add(90 * time.Minute)
	d.must(t)(do(d, news[code.Completed], d.loop(id)))
	f := d.state.Referrals[find(d.state.Referrals, id)]
	want.Service, want.By, want.Given = f.Service, f.Recipient, d.now
	if diff := cmp.Diff([]Contribution{want}, places(d.state)); diff != "" {
		t.Errorf("with a service (-want +got):\n%s", diff)
	}
	d.must(t)(do(d, Case.AmendIncident, AmendIncident{Incident: d.state.first(), Reason: code.Correction, Account: Account{Circumstances: Circumstances{Area: "GT-02-07-01"}}}))
	if got := places(d.state); got[0].Area != "GT-02-07" {
		t.Errorf("the district is %q", got[0].Area)
	}
}

// Whatever happens to a case, it stands in the list at most once, under the month in which it was
// opened, and exactly while her last answer is yes and it stands alone, for everybody to find.
func TestWhenACaseIsCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, id, other := helped(t)
		yes, restricted, merged := false, false, false
		t.Repeat(map[string]func(*rapid.T){
			"yes": func(*rapid.T) {
				if _, err := counted(d, true, countMe); err == nil {
					yes = true
				}
			},
			"no": func(*rapid.T) {
				if _, err := counted(d, false, AnswerCounting{Answer: code.No}); err == nil {
					yes = false
				}
			},
			"doubt": func(*rapid.T) {
				d.commit(d.state.Doubt(d.now.Add(time.Second)))
				yes = false
			},
			"restrict": func(*rapid.T) {
				restricted = !restricted
				d.commit(fact.Of(intakev1.CaseRestricted{Case: d.state.ID, Restricted: restricted}))
			},
			"merge": func(*rapid.T) {
				if merged = !merged; merged {
					d.commit(fact.Of(intakev1.CaseMerged{Case: d.state.ID, Into: fact.ID("case", "older")}))
				} else {
					d.commit(fact.Of(intakev1.CaseUnmerged{Case: d.state.ID, From: fact.ID("case", "older")}))
				}
			},
			"complete": func(t *rapid.T) {
				_, _ = do(d, news[code.Completed], d.loop(rapid.SampledFrom([]string{id, other}).Draw(t, "referral")))
			},
			"close":     func(*rapid.T) { _, _ = do(d, Case.Close, Close{Reason: code.CloseReasons[0]}) },
			"in error":  func(*rapid.T) { _, _ = do(d, Case.EnterInError, EnterInError{}) },
			"time goes": func(*rapid.T) { d.now = d.now.Add(time.Hour) },
			"": func(t *rapid.T) {
				want := 0
				if yes && !restricted && !merged && !d.state.InError {
					want = 1
				}
				got := places(d.state)
				if len(got) != want {
					t.Fatalf("counted %d times, want %d: %+v", len(got), want, d.state.Counting)
				}
				if want == 1 && !got[0].Opened.Equal(noon) {
					t.Fatalf("counted at %s", got[0].Opened)
				}
			},
		})
	})
}
