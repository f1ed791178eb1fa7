package domain

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// planned is a desk with a goal and a step of each doer.
func planned(t tb) (*desk, string) {
	t.Helper()
	d, lawyers, _ := helped(t)
	d.must(t)(do(d, Case.SetGoal, SetGoal{Area: code.GoalJustice, Words: "he stays away"}))
	goal := d.state.ActionPlan.Goals[0].ID
	d.must(t)(do(d, Case.SetStep, SetStep{Goal: goal, Who: code.ByDesk, What: "call the school"}))
	d.must(t)(do(d, Case.SetStep, SetStep{Goal: goal, Who: code.DoneByAgency, Referral: lawyers, What: "apply for an order"}))
	return d, goal
}

func TestAnActionPlanRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		do func(d *desk, goal string) ([]fact.Event, error)
		at string
	}{
		"a step of no goal": {func(d *desk, _ string) ([]fact.Event, error) {
			return do(d, Case.SetStep, SetStep{Goal: "goal_none", Who: code.ByDesk, What: "x"})
		}, "/goal"},
		"a step of a referral that is none": {func(d *desk, g string) ([]fact.Event, error) {
			return do(d, Case.SetStep, SetStep{Goal: g, Who: code.DoneByAgency, Referral: "ref_none", What: "x"})
		}, "/referral"},
		"an agency without a referral": {func(d *desk, g string) ([]fact.Event, error) {
			return do(d, Case.SetStep, SetStep{Goal: g, Who: code.DoneByAgency, What: "x"})
		}, "/referral"},
		"a referral that is not hers to do": {func(d *desk, g string) ([]fact.Event, error) {
			return do(d, Case.SetStep, SetStep{Goal: g, Who: code.ByHerself, Referral: d.state.Referrals[0].ID, What: "x"})
		}, "/referral"},
		"a referral that has ended": {func(d *desk, g string) ([]fact.Event, error) {
			id := d.state.Referrals[0].ID
			if _, err := do(d, news[code.Completed], d.loop(id)); err != nil {
				return nil, err
			}
			return do(d, Case.SetStep, SetStep{Goal: g, Who: code.DoneByAgency, Referral: id, What: "x"})
		}, "/referral"},
		"a day that is past": {func(d *desk, g string) ([]fact.Event, error) {
			return do(d, Case.SetStep, SetStep{Goal: g, Who: code.ByDesk, What: "x", Until: d.now})
		}, "/until"},
		"not done without a reason": {func(d *desk, _ string) ([]fact.Event, error) {
			return do(d, Case.SettleStep, SettleStep{Step: d.state.ActionPlan.Steps[0].ID, Status: code.StepNotDone})
		}, "/reason"},
		"done with a reason why not": {func(d *desk, _ string) ([]fact.Event, error) {
			return do(d, Case.SettleStep, SettleStep{Step: d.state.ActionPlan.Steps[0].ID, Status: code.StepDone, Reason: code.StepNotSafe})
		}, "/reason"},
		"a review that is past": {func(d *desk, _ string) ([]fact.Event, error) {
			return do(d, Case.ReviewActionPlan, ReviewActionPlan{Next: d.now})
		}, "/next"},
		"a review in two years": {func(d *desk, _ string) ([]fact.Event, error) {
			return do(d, Case.ReviewActionPlan, ReviewActionPlan{Next: d.now.AddDate(2, 0, 0)})
		}, "/next"},
		"goals met while one is open": {func(d *desk, _ string) ([]fact.Event, error) {
			return do(d, Case.CloseActionPlan, CloseActionPlan{Reason: code.GoalsMet})
		}, "/reason"},
	} {
		t.Run(name, func(t *testing.T) {
			d, goal := planned(t)
			events, err := c.do(d, goal)
			refused(t, events, err, ErrActionPlan, c.at)
		})
	}
	d := open(t, Opening{})
	events, err := do(d, Case.ReviewActionPlan, ReviewActionPlan{})
	refused(t, events, err, ErrActionPlan, "/goal")
}

// A day of review comes once, waits for the whole desk, and never while nobody may reach her.
func TestADayOfReviewWaitsForTheDesk(t *testing.T) {
	d, _ := planned(t)
	day := noon.AddDate(0, 0, 7)
	d.must(t)(do(d, Case.ReviewActionPlan, ReviewActionPlan{Next: day}))
	runs := func() bool {
		return slices.ContainsFunc(d.state.Deadlines(), func(l fact.Deadline) bool { return l.Name == ActionPlanDeadline && l.At.Equal(day) })
	}
	if _, err := d.state.ActionPlanDue(d.by()); !runs() || !errors.Is(err, ErrNotDue) {
		t.Fatalf("before its day: %v", err)
	}
	d.must(t)(do(d, Case.SuspendContact, SuspendContact{}))
	d.now = day
	if events, err := d.state.ActionPlanDue(d.by()); runs() || err != nil || len(events) > 0 {
		t.Fatalf("while her contact is closed: %v %v", events, err)
	}
	d.must(t)(do(d, Case.RestoreContact, RestoreContact{}))
	if !runs() {
		t.Fatal("the day is forgotten")
	}
	events, err := d.state.ActionPlanDue(d.by())
	d.must(t)(events, err)
	d.commit(events)
	if !slices.Contains(d.state.Waits(), code.ActionPlanDue) || runs() || len(ByAttention.Keys(d.state)) == 0 {
		t.Fatalf("it waits for nobody: %v", d.state.Waits())
	}
	d.must(t)(do(d, Case.ReviewActionPlan, ReviewActionPlan{}))
	if slices.Contains(d.state.Waits(), code.ActionPlanDue) || runs() {
		t.Error("it waits although it was done")
	}
}

// The frame, which everybody of the desk sees, has nothing of it.
func TestTheFrameHasNoActionPlan(t *testing.T) {
	d, _ := planned(t)
	d.must(t)(do(d, Case.TellTopic, TellTopic{Topic: code.TopicMoney, PassOn: code.Yes}))
	if v := d.state.View(d.by()).(View); v.ActionPlan != nil || v.Topics != nil || v.Onwards != nil {
		t.Errorf("%+v", v)
	}
	if v := d.state.Content(d.by()).(View); v.ActionPlan == nil || len(v.ActionPlan.Steps) != 2 || len(v.Topics) != 1 {
		t.Errorf("%+v", v.ActionPlan)
	}
}

// Whatever is done, what was settled stays so, a closed plan has no clock, and a plan is
// closed as met only when no goal is open.
func TestAnActionPlanKeepsWhatWasSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, _ := planned(t)
		goals, steps := map[string]code.GoalStatus{}, map[string]code.StepStatus{}
		t.Repeat(map[string]func(*rapid.T){
			"set a goal": func(t *rapid.T) {
				do(d, Case.SetGoal, SetGoal{Area: rapid.SampledFrom(code.GoalAreas).Draw(t, "area")})
			},
			"settle a goal": func(t *rapid.T) {
				g := rapid.SampledFrom(d.state.ActionPlan.Goals).Draw(t, "goal")
				do(d, Case.SettleGoal, SettleGoal{Goal: g.ID, Status: rapid.SampledFrom(code.GoalStatuses).Draw(t, "status")})
			},
			"set a step": func(t *rapid.T) {
				g := rapid.SampledFrom(d.state.ActionPlan.Goals).Draw(t, "goal")
				do(d, Case.SetStep, SetStep{Goal: g.ID, Who: rapid.SampledFrom(code.StepDoers).Draw(t, "who"), What: "x"})
			},
			"settle a step": func(t *rapid.T) {
				s := rapid.SampledFrom(d.state.ActionPlan.Steps).Draw(t, "step")
				do(d, Case.SettleStep, SettleStep{
					Step: s.ID, Status: rapid.SampledFrom(code.StepStatuses).Draw(t, "status"),
					Reason: rapid.SampledFrom(append(code.StepReasons, "")).Draw(t, "reason"),
				})
			},
			"review": func(t *rapid.T) {
				do(d, Case.ReviewActionPlan, ReviewActionPlan{Next: d.now.AddDate(0, 0, rapid.IntRange(1, 30).Draw(t, "days"))})
			},
			"time": func(t *rapid.T) {
				d.now = d.now.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)
				events, err := d.state.ActionPlanDue(d.by())
				if err == nil {
					d.commit(events)
				}
			},
			"close": func(t *rapid.T) {
				reason := rapid.SampledFrom(code.ActionPlanEnds).Draw(t, "reason")
				open := slices.ContainsFunc(d.state.ActionPlan.Goals, func(g Goal) bool { return g.Status == code.GoalOpen })
				if _, err := do(d, Case.CloseActionPlan, CloseActionPlan{Reason: reason}); err == nil && reason == code.GoalsMet && open {
					t.Fatal("met, and a goal is open")
				}
			},
			"": func(t *rapid.T) {
				p := d.state.ActionPlan
				for _, g := range p.Goals {
					if was := goals[g.ID]; was != "" && was != code.GoalOpen && was != g.Status {
						t.Fatalf("goal: %s became %s", was, g.Status)
					}
					goals[g.ID] = g.Status
				}
				for _, s := range p.Steps {
					if was := steps[s.ID]; was != "" && was != code.StepOpen && was != s.Status {
						t.Fatalf("step: %s became %s", was, s.Status)
					}
					if (s.Status == code.StepNotDone) != (s.Reason != "") {
						t.Fatalf("%+v", s)
					}
					steps[s.ID] = s.Status
				}
				if len(goals) != len(p.Goals) || len(steps) != len(p.Steps) {
					t.Fatal("something vanished")
				}
				if _, waits := d.state.reviewAt(); !p.open() && (waits || d.state.reviewDue()) {
					t.Fatal("a closed plan has a clock")
				}
			},
		})
	})
}
