package domain

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// merged is a case that leads, and one that points to it.
func merged(t tb) (leading, follower *desk) {
	t.Helper()
	leading, follower = open(t, named("Ana")), another(t, "second", "worker-1", named("Ana"))
	follower.version = 1
	follower.commit(fact.Of(intakev1.CaseMerged{Case: follower.state.ID, Into: leading.state.ID}))
	return leading, follower
}

// closes ends the leading case, with the cases that point to it in sight.
func closes(leading, follower *desk) error {
	led := Led{Hands: hands(leading.state, true), Cases: []look.Fresh[Case]{look.Made(follower.state)}}
	events, err := leading.state.CloseAll(leading.by(), Close{Reason: code.CloseNeedsMet}, led)
	leading.commit(events)
	return err
}

// follows has a case follow the one that leads, as often as anybody asks.
func follows(t tb, leading, follower *desk) {
	t.Helper()
	for range 2 {
		follower.commit(follower.must(t)(follower.state.OnLeading(follower.by(), look.Made(leading.state))))
	}
}

// Two cases of one person end together, and are taken up together. Undone, each has the
// state that somebody gave it.
func TestAMergedCaseEndsWithTheOneThatLeads(t *testing.T) {
	leading, follower := merged(t)
	was := follower.state
	if err := closes(leading, follower); err != nil {
		t.Fatal(err)
	}
	events := follower.must(t)(follower.state.OnLeading(follower.by(), look.Made(leading.state)))
	for _, e := range events {
		_, stays := e.Data.(interface{ ConfinedToAddressees() })
		if wire, err := json.Marshal(e.Data); err != nil || !stays && strings.Contains(string(wire), leading.state.ID) {
			t.Errorf("the event tells whose case it is: %s, %v", wire, err)
		}
	}
	follows(t, leading, follower)
	if follower.state.Status() != code.CaseClosed || follower.state.CloseReason != code.CloseNeedsMet {
		t.Errorf("it is %s", follower.state.Status())
	}
	apart := *follower
	apart.must(t)(do(&apart, Case.Unmerge, Unmerge{}))
	was.Into = ""
	if d := cmp.Diff(was, apart.state); d != "" {
		t.Errorf("undone, it is not as it was (-want +got):\n%s", d)
	}
	leading.must(t)(do(leading, Case.Reopen, Reopen{}))
	follows(t, leading, follower)
	if follower.state.Closed() {
		t.Error("the one that leads is taken up again, and it is not")
	}
}

// What somebody closed by itself stays closed, also when the merge is undone.
func TestACaseThatWasClosedByItself(t *testing.T) {
	leading, follower := merged(t)
	follower.must(t)(do(follower, Case.Close, Close{Reason: code.CloseNeedsMet}))
	if err := closes(leading, follower); err != nil {
		t.Fatal(err)
	}
	follows(t, leading, follower)
	leading.must(t)(do(leading, Case.Reopen, Reopen{}))
	follows(t, leading, follower)
	follower.must(t)(do(follower, Case.Unmerge, Unmerge{}))
	if !follower.state.Closed() {
		t.Error("it is open")
	}
}

// While something of a case waits, the one that leads is not closed over it. What begins
// to wait at that moment stays open, and on the lists.
func TestNoMergedCaseIsDroppedInSilence(t *testing.T) {
	leading := open(t, named("Ana"))
	for name, want := range map[string]error{"an open referral": ErrOpenReferrals, "an unmet need": ErrUnmetNeeds} {
		follower, id := referred(t, code.Identity)
		follower.state.ID = "case_second"
		if errors.Is(want, ErrUnmetNeeds) {
			follower.must(t)(do(follower, news[code.Declined], turned(follower, id, 4)))
		}
		follower.commit(fact.Of(intakev1.CaseMerged{Case: follower.state.ID, Into: leading.state.ID}))
		if err := closes(leading, follower); !errors.Is(err, want) || leading.state.Closed() {
			t.Errorf("%s: %v", name, err)
		}
		closed := *leading
		closed.must(t)(do(&closed, Case.Close, Close{Reason: code.CloseNeedsMet}))
		follows(t, &closed, follower)
		if follower.state.Closed() {
			t.Errorf("%s, and it is closed", name)
		}
	}
	leading.must(t)(do(leading, Case.Close, Close{Reason: code.CloseNeedsMet}))
	stranger := another(t, "third", "worker-1", Opening{})
	follows(t, leading, stranger)
	if stranger.state.Closed() {
		t.Error("a case that points nowhere is closed")
	}
}

// Nobody closes what they do not have, and nothing is closed over what cannot be read.
func TestWhoClosesMergedCases(t *testing.T) {
	leading, _ := merged(t)
	unread := errors.New("it cannot be read")
	for want, led := range map[error]Led{ErrNotTheOwner: {Hands: hands(leading.state, false)}, unread: {Hands: hands(leading.state, true), Err: unread}} {
		if events, err := leading.state.CloseAll(leading.by(), Close{Reason: code.CloseNeedsMet}, led); !errors.Is(err, want) || events != nil {
			t.Errorf("%v: %v, %v", want, events, err)
		}
	}
}

// The case that leads shows the plan of the one that points to it beside its own, and moves
// nothing. Each thing says where it lies.
func TestWhatWasPlannedIsShownTogether(t *testing.T) {
	leading, follower := merged(t)
	leading.must(t)(do(leading, Case.SetGoal, SetGoal{Area: code.GoalAreas[0]}))
	follower.must(t)(do(follower, Case.SetGoal, SetGoal{Area: code.GoalAreas[1], Words: "a door that locks"}))
	follower.must(t)(do(follower, Case.SetStep, SetStep{Goal: follower.state.ActionPlan.Goals[0].ID, Who: code.ByDesk, What: "ask the owner"}))
	follower.must(t)(do(follower, Case.TellTopic, TellTopic{Topic: code.TopicMoney, PassOn: code.Yes}))
	follower.state.Conferences = []Conference{{ID: "conf_1"}}
	follower.state.Onwards = []OnwardReferral{{ID: "onward_1"}}
	was := leading.state
	v := leading.state.Together(leading.by(), []Case{follower.state}, basis)
	in := Lies{follower.state.ID}
	want := View{
		ActionPlan: &ActionPlanView{
			Review: leading.state.ActionPlan.Review,
			Goals:  []GoalView{{leading.state.ActionPlan.Goals[0], Lies{}}, {follower.state.ActionPlan.Goals[0], in}},
			Steps:  []ActionStepView{{follower.state.ActionPlan.Steps[0], in}},
		},
		Topics:      []TopicView{{follower.state.Topics[0], in}},
		Conferences: []ConferenceView{{Conference{ID: "conf_1"}, in}},
		Onwards:     []OnwardView{{OnwardReferral{ID: "onward_1"}, in}},
	}
	got := View{ActionPlan: v.ActionPlan, Topics: v.Topics, Conferences: v.Conferences, Onwards: v.Onwards}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff(was, leading.state); d != "" {
		t.Errorf("something moved:\n%s", d)
	}
	if raw, err := json.Marshal(v); err != nil || strings.Count(string(raw), `"goals":`) != 1 || !strings.Contains(string(raw), "a door that locks") {
		t.Errorf("in the answer: %s, %v", raw, err)
	}
	apart := *follower
	apart.must(t)(do(&apart, Case.Unmerge, Unmerge{}))
	if v := leading.state.Together(leading.by(), []Case{apart.state}, basis); len(v.ActionPlan.Goals) != 1 || len(v.Topics)+len(v.Conferences)+len(v.Onwards) != 0 {
		t.Errorf("apart, it shows %+v", v)
	}
}
