package onestop_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/intake/internal/onestop"
)

var noon = time.Date(2026, 5, 28, 12, 0, 0, 0, time.UTC)

// examination comes before washing, and safety before she is asked what happened.
func comes(first, then onestop.Step) bool {
	return first.ID == "exam" && then.ID == "washing" || first.Kind == code.SafetyTalk && then.Kind == code.AccountStep
}

func step(id string, kind code.VisitStepKind) onestop.Step {
	return onestop.Step{ID: id, Kind: kind, Status: code.VisitWaiting, Since: noon}
}

func came(steps ...onestop.Step) onestop.Visit {
	return onestop.Visit{ID: "cvisit_1", Centre: "centre_1", BegunAt: noon, Steps: onestop.Sorted(steps, comes)}
}

func ids(steps []onestop.Step) (all []string) {
	for _, s := range steps {
		all = append(all, s.ID)
	}
	return all
}

func TestStepsStandInTheirOrder(t *testing.T) {
	v := came(
		step("washing", code.ServiceStep), step("account", code.AccountStep), step("exam", code.ServiceStep),
		step("child", code.ChildCareStep), step("safety", code.SafetyTalk),
	)
	if got, want := ids(v.Steps), []string{"exam", "washing", "safety", "account", "child"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if next, _ := v.Next(comes); next.ID != "exam" {
		t.Errorf("next is %s", next.ID)
	}
	if err := v.May("washing", code.VisitCalled, false, comes); !errors.Is(err, onestop.ErrOrder) {
		t.Errorf("washing before the examination: %v", err)
	}
	// She is told why, and wants it first all the same.
	if err := v.May("washing", code.VisitCalled, true, comes); err != nil {
		t.Error(err)
	}
	// What she does not want holds nothing up.
	v = v.Moved("exam", code.VisitSkipped, "", noon)
	if err := v.May("washing", code.VisitCalled, false, comes); err != nil {
		t.Error(err)
	}
}

func TestSheIsInOneStepAndAChildBesideIt(t *testing.T) {
	v := came(step("exam", code.ServiceStep), step("talk", code.ServiceStep), step("child", code.ChildCareStep))
	v = v.Moved("exam", code.VisitWithHer, "exam-1", noon)
	if err := v.May("talk", code.VisitCalled, false, comes); !errors.Is(err, onestop.ErrStep) {
		t.Errorf("two steps at once: %v", err)
	}
	if err := v.May("child", code.VisitWithHer, false, comes); err != nil {
		t.Errorf("a child is looked after meanwhile: %v", err)
	}
	v = v.Moved("child", code.VisitWithHer, "children", noon).Left(noon.Add(time.Hour))
	for id, want := range map[string]code.VisitStepStatus{"exam": code.VisitStopped, "talk": code.VisitWaiting, "child": code.VisitDone} {
		if s, _ := v.Step(id); s.Status != want || s.Room != "" {
			t.Errorf("%s after she left: %s in %q", id, s.Status, s.Room)
		}
	}
}

func TestACodeIsNewAtEachVisit(t *testing.T) {
	if a, b := onestop.CodeOf(fact.ID("cvisit", "a")), onestop.CodeOf(fact.ID("cvisit", "b")); a == b || len(a) != 5 {
		t.Error(a, b)
	}
}

// However she leaves and comes again: what was done stays done and is never asked of her again, what she does
// not want comes back by her word alone, and everything else goes on. She is never in two steps at once.
func TestWhatIsDoneStaysDone(t *testing.T) {
	kinds := []code.VisitStepKind{code.SafetyTalk, code.ServiceStep, code.AccountStep, code.RestStep, code.ChildCareStep}
	rapid.Check(t, func(t *rapid.T) {
		var steps []onestop.Step
		for i, n := 0, rapid.IntRange(1, 6).Draw(t, "steps"); i < n; i++ {
			steps = append(steps, step(string(rune('a'+i)), rapid.SampledFrom(kinds).Draw(t, "kind")))
		}
		v, now := came(steps...), noon
		done, skipped := map[string]bool{}, map[string]bool{}
		all := ids(v.Steps)
		t.Repeat(map[string]func(*rapid.T){
			"move": func(t *rapid.T) {
				s := rapid.SampledFrom(v.Steps).Draw(t, "step")
				to := rapid.SampledFrom(code.VisitStepStatuses).Draw(t, "to")
				if v.May(s.ID, to, rapid.Bool().Draw(t, "wanted"), comes) != nil {
					return
				}
				v = v.Moved(s.ID, to, "room-1", now)
				done[s.ID], skipped[s.ID] = to == code.VisitDone, to == code.VisitSkipped
			},
			"leave and come again": func(t *rapid.T) {
				now = now.Add(time.Hour)
				left := v.Left(now)
				for _, s := range left.Steps {
					if s.Status == code.VisitDone {
						done[s.ID] = true
					}
					if s.Status == code.VisitCalled || s.Status == code.VisitWithHer || s.Room != "" {
						t.Fatalf("after she left %s is %s in %q", s.ID, s.Status, s.Room)
					}
				}
				v = left
				if rest := left.Rest(now); len(rest) > 0 {
					v = onestop.Visit{ID: v.ID + "1", BegunAt: now, Steps: onestop.Sorted(rest, comes)}
				}
			},
			"": func(t *rapid.T) {
				busy := 0
				for _, s := range v.Steps {
					if done[s.ID] && s.Status != code.VisitDone {
						t.Fatalf("%s was done, and is %s", s.ID, s.Status)
					}
					if (s.Status == code.VisitCalled || s.Status == code.VisitWithHer) && s.Kind != code.ChildCareStep {
						busy++
					}
				}
				if busy > 1 {
					t.Fatal("she is in two steps at once")
				}
				for _, id := range all {
					if _, there := v.Step(id); !there && !done[id] && !skipped[id] {
						t.Fatalf("%s was dropped", id)
					}
				}
			},
		})
	})
}
