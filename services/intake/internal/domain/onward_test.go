package domain

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

// An onward referral asks nobody. It waits for who has the case, and the agency sees that it
// was passed on, and nothing of who helps her then.
func TestAnOnwardReferralIsNoRequest(t *testing.T) {
	d, id, _ := helped(t)
	events := d.must(t)(asksOnward(d, legal, id, doctor(code.Urgent)))
	for _, e := range events {
		if _, asked := e.Data.(intakev1.ServiceRequested); asked || len(events) != 1 {
			t.Fatalf("something moved: %v", events)
		}
	}
	if again := d.must(t)(asksOnward(d, legal, id, doctor(code.Urgent))); len(again) > 0 {
		t.Errorf("asked twice: %v", again)
	}
	v := d.state.Content(d.by()).(View)
	if len(v.Onwards) != 1 || v.Onwards[0].Agency != legal || !slices.Contains(v.Attention, code.OnwardToAnswer) {
		t.Fatalf("%+v", v.Onwards)
	}
	if slices.Contains(d.state.Waits(), code.OnwardToAnswer) {
		t.Error("the whole desk is told at once")
	}
	o := d.state.Onwards[0]
	d.now = d.now.Add(time.Hour)
	d.must(t)(do(d, plain(Case.GiveConsent), yes("clinic-south", code.HealthMedical)))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask("clinic-south", code.HealthMedical))))
	asked := d.state.Referrals[2].ID
	refuse := func(cmd AnswerOnward, at string) {
		t.Helper()
		events, err := do(d, Case.AnswerOnward, cmd)
		refused(t, events, err, ErrOnward, at)
	}
	refuse(AnswerOnward{Onward: "onward_none", Reason: code.OnwardNobody}, "/onward")
	refuse(AnswerOnward{Onward: o.ID}, "/reason")
	refuse(AnswerOnward{Onward: o.ID, Referral: asked, Reason: code.OnwardNobody}, "/reason")
	refuse(AnswerOnward{Onward: o.ID, Referral: d.state.Referrals[1].ID}, "/referral")
	d.must(t)(do(d, Case.AnswerOnward, AnswerOnward{Onward: o.ID, Referral: asked}))
	p, _ := shareOf(t, d, legal, id)
	if len(p.Onward) != 1 || p.Onward[0].Status != code.OnwardPassedOn || p.Onward[0].Reason != "" {
		t.Fatalf("%+v", p.Onward)
	}
	if other, _ := shareOf(t, d, clinic, d.state.Referrals[1].ID); len(other.Onward) > 0 {
		t.Errorf("another agency sees %+v", other.Onward)
	}
	refuse(AnswerOnward{Onward: o.ID, Reason: code.OnwardNobody}, "/onward")
}

// Its case is not closed before it is answered.
func TestACaseIsNotClosedOverAnOnwardReferral(t *testing.T) {
	d, id, other := helped(t)
	d.must(t)(asksOnward(d, legal, id, doctor(code.Standard)))
	d.must(t)(do(d, news[code.Completed], d.loop(id)))
	d.must(t)(do(d, news[code.Completed], d.loop(other)))
	for _, f := range d.state.Unmet() {
		d.must(t)(do(d, Case.SettleNeed, SettleNeed{Referral: f.ID, Settlement: code.NeedSettlements[0]}))
	}
	events, err := do(d, Case.Close, Close{Reason: code.CloseReasons[0]})
	refused(t, events, err, ErrOnwardOpen)
	d.must(t)(do(d, Case.AnswerOnward, AnswerOnward{Onward: d.state.Onwards[0].ID, Reason: code.OnwardSheDecided}))
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseReasons[0]}))
}

// Each one ends in somebody's hands: until it is answered it is on the list of who has the
// case, or waits for the whole desk; it is late exactly when its time is over, and once.
func TestEachOnwardReferralEndsInSomebodysHands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, id, _ := helped(t)
		answers := map[string]code.OnwardStatus{}
		t.Repeat(map[string]func(*rapid.T){
			"ask": func(t *rapid.T) {
				asksOnward(d, legal, id, AskOnward{
					Service: rapid.SampledFrom(code.Services).Draw(t, "service"), Urgency: rapid.SampledFrom(code.Urgencies).Draw(t, "urgency"), Agreed: code.Oral,
				})
			},
			"answer": func(t *rapid.T) {
				if len(d.state.Onwards) > 0 {
					o := rapid.SampledFrom(d.state.Onwards).Draw(t, "which")
					do(d, Case.AnswerOnward, AnswerOnward{Onward: o.ID, Reason: rapid.SampledFrom(code.OnwardRefusals).Draw(t, "reason")})
				}
			},
			"she takes her consent back": func(t *rapid.T) {
				if rapid.IntRange(0, 9).Draw(t, "seldom") == 0 {
					do(d, Case.WithdrawConsent, WithdrawConsent{Recipient: legal, Service: code.LegalAssistance})
				}
			},
			"time": func(t *rapid.T) {
				d.now = d.now.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "hours")) * time.Hour)
				for _, l := range d.state.Deadlines() {
					if l.Name == OnwardDeadline && !d.now.Before(l.At) {
						events, err := d.state.OnwardDue(d.by())
						d.must(t)(events, err)
						d.commit(events)
					}
				}
			},
			"": func(t *rapid.T) {
				var open, late int
				for _, o := range d.state.Onwards {
					if was := answers[o.ID]; was != "" && was != code.OnwardAsked && was != o.Status {
						t.Fatalf("%s became %s", was, o.Status)
					}
					answers[o.ID] = o.Status
					if o.Status == code.OnwardAsked {
						open++
						if o.Overdue {
							late++
						}
						if o.Overdue == d.now.Before(o.Until) {
							t.Fatalf("late %v at %s: %+v", o.Overdue, d.now, o)
						}
					}
				}
				if len(answers) != len(d.state.Onwards) {
					t.Fatal("one vanished")
				}
				listed := func(a code.Attention) bool {
					return slices.ContainsFunc(ByAttention.Keys(d.state), func(k string) bool {
						return strings.HasPrefix(k, fact.Key(agency, string(a)))
					})
				}
				if listed(code.OnwardToAnswer) != (open > 0) || listed(code.OnwardUnanswered) != (late > 0) ||
					slices.Contains(d.state.Waits(), code.OnwardUnanswered) != (late > 0) {
					t.Fatalf("%d open, %d late: %v", open, late, ByAttention.Keys(d.state))
				}
			},
		})
	})
}

// Who has the case has less time in an emergency, and a programme may say how much.
func TestAnEmergencyHasLessTime(t *testing.T) {
	d, id, _ := helped(t)
	d.must(t)(asksOnward(d, legal, id, doctor(code.Emergency)))
	if got := d.state.Onwards[0].Until.Sub(d.now); got != time.Hour {
		t.Errorf("%s", got)
	}
	by, hands := d.from(legal)
	events, err := d.state.AskOnward(by, id, AskOnward{Service: code.Police, Urgency: code.Standard, Agreed: code.Oral}, hands, Rules{
		Programmes: programmetest.Made(d.state.Programme, code.Country(d.state.Country), func(f *programme.Fields) { f.Answers.Is.Onward = 3 * time.Hour }),
	})
	if err != nil || events[0].Private.(OnwardNeed).Until != d.now.Add(3*time.Hour) {
		t.Errorf("%+v %v", events, err)
	}
	var none []fact.Event
	if events, err := d.state.AskOnward(by, "ref_none", doctor(code.Urgent), hands, basis); err != nil || len(events) != len(none) {
		t.Errorf("%v %v", events, err)
	}
}
