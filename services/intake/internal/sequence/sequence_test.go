package sequence

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
)

func order(t *testing.T, items ...Item) map[code.Service]Step {
	t.Helper()
	steps, err := Of(items)
	if err != nil {
		t.Fatal(err)
	}
	byService := map[code.Service]Step{}
	for _, s := range steps {
		byService[s.Service] = s
	}
	return byService
}

func services(t *testing.T, items ...Item) (in []code.Service) {
	t.Helper()
	steps, err := Of(items)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		in = append(in, s.Service)
	}
	return in
}

func TestForensicBeforeWashing(t *testing.T) {
	wash := Item{Service: code.WaterSanitation}
	for _, c := range []struct {
		name string
		exam Item
		ends bool // the wait
	}{
		{"wanted", Item{}, false},
		{"under way", Item{Stage: Underway}, false},
		{"on the couch", Item{Stage: Given}, false},
		{"ended, however", Item{Stage: Ended}, true},
		{"every window past", Item{Late: true}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.exam.Service = code.ForensicExam
			s := order(t, wash, c.exam)[code.WaterSanitation]
			if len(s.After) != 1 || s.After[0].Why != code.TracesFirst || s.After[0].Holds == c.ends {
				t.Errorf("%+v", s)
			}
		})
	}
	if order(t, wash)[code.WaterSanitation].After != nil {
		t.Error("who wants no examination waits for none")
	}
}

func TestShelterBeforeCourt(t *testing.T) {
	got := services(t, Item{Service: code.CourtSafeRoom}, Item{Service: code.Psychosocial}, Item{Service: code.SafeHouse})
	if d := cmp.Diff([]code.Service{code.SafeHouse, code.CourtSafeRoom, code.Psychosocial}, got); d != "" {
		t.Error(d)
	}
}

// A survivor in a shelter is safe: the court does not wait for her to leave.
func TestCourtWaitsUntilSheIsSafe(t *testing.T) {
	for stage, holds := range map[Stage]bool{Wanted: true, Underway: true, Given: false, Ended: false} {
		s := order(t, Item{Service: code.CourtSafeRoom}, Item{Service: code.SafeHouse, Stage: stage})[code.CourtSafeRoom]
		if s.After[0].Holds != holds || s.After[0].Why != code.SafetyFirst {
			t.Errorf("stage %d: %+v", stage, s)
		}
	}
}

// Every status has a stage; a new status needs one here.
func TestStageOfEveryStatus(t *testing.T) {
	want := map[code.ReferralStatus]Stage{
		code.Requested: Wanted, code.Received: Wanted, code.DenialPending: Wanted,
		code.Accepted: Underway, code.Scheduled: Underway, code.Missed: Underway, code.CancellationRequested: Underway,
		code.InService: Given,
		code.Declined:  Ended, code.Completed: Ended, code.Cancelled: Ended, code.Withdrawn: Ended,
		code.Expired: Ended, code.Lapsed: Ended, code.Rerouted: Ended, code.EnteredInError: Ended,
	}
	for _, status := range code.ReferralStatuses {
		stage, listed := want[status]
		if got, err := StageOf(status); err != nil || !listed || got != stage {
			t.Errorf("%s: %d, %v, want %d (listed: %t)", status, got, err, stage, listed)
		}
	}
	if len(want) != len(code.ReferralStatuses) || len(stages) != len(want) {
		t.Error("a status that is on no list")
	}
	if _, err := StageOf("lost"); !errors.Is(err, ErrUnknownCode) {
		t.Error(err)
	}
}

func TestStageOfSeveralReferrals(t *testing.T) {
	for _, c := range []struct {
		name string
		of   []code.ReferralStatus
		want Stage
	}{
		{"nobody was asked", nil, Wanted},
		{"declined, and asked again", []code.ReferralStatus{code.Rerouted, code.Requested}, Wanted},
		{"one of two took it", []code.ReferralStatus{code.Requested, code.Scheduled}, Underway},
		{"one of two gives it", []code.ReferralStatus{code.InService, code.Accepted, code.Declined}, Given},
		{"both are over", []code.ReferralStatus{code.Completed, code.Withdrawn}, Ended},
	} {
		if got, err := StageOf(c.of...); got != c.want || err != nil {
			t.Errorf("%s: %d, %v", c.name, got, err)
		}
	}
}

func TestOneVisitHoldsNothing(t *testing.T) {
	steps := order(t, Item{Service: code.NonFoodItems, Place: "centre/1"}, Item{Service: code.ForensicExam, Place: "centre/1"})
	if after := steps[code.NonFoodItems].After; len(after) != 1 || after[0].Holds {
		t.Error("what is done in the same visit, first, holds nothing back")
	}
}

func TestUnknownAndTwice(t *testing.T) {
	if _, err := Of([]Item{{Service: "massage"}}); !errors.Is(err, ErrUnknownCode) {
		t.Error(err)
	}
	if _, err := Of([]Item{{Service: code.Food}, {Service: code.Food}}); !errors.Is(err, ErrTwice) {
		t.Error(err)
	}
}

// Safety and treatment wait for nothing, every reason is said, and nothing
// waits for itself, however far round.
func TestDependencies(t *testing.T) {
	var walk func(s code.Service, path []code.Service)
	walk = func(s code.Service, path []code.Service) {
		if slices.Contains(path, s) {
			t.Fatalf("%v waits for itself", path)
		}
		for _, d := range Dependencies {
			if d.First == s {
				walk(d.Then, append(slices.Clip(path), s))
			}
		}
	}
	for _, d := range Dependencies {
		walk(d.First, nil)
		switch d.Then {
		case code.SafeHouse, code.HealthMedical, code.Police, code.ForensicExam, code.ChildProtection:
			t.Errorf("%s waits", d.Then)
		}
		if d.Words == "" || !slices.Contains(code.PlanReasons, d.Why) || !slices.Contains(code.Services, d.First) || !slices.Contains(code.Services, d.Then) {
			t.Errorf("%+v", d)
		}
	}
}

// Each service comes once, behind what comes before it. Something can always be
// begun while something is wanted and nothing is under way.
func TestAnySequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var items []Item
		wanted, underway := false, false
		for _, s := range rapid.SliceOfDistinct(rapid.SampledFrom(code.Services), rapid.ID).Draw(t, "services") {
			item := Item{
				Service: s,
				Stage:   rapid.SampledFrom([]Stage{Wanted, Underway, Given, Ended}).Draw(t, "stage"),
				Place:   rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "place"),
				Late:    rapid.Bool().Draw(t, "late"),
			}
			wanted, underway = wanted || item.Stage == Wanted, underway || item.Stage == Underway || item.Stage == Given
			items = append(items, item)
		}
		steps, err := Of(items)
		if err != nil || len(steps) != len(items) {
			t.Fatal(len(steps), err)
		}
		seen := map[code.Service]bool{}
		free := false
		for _, s := range steps {
			held := false
			for _, b := range s.After {
				held = held || b.Holds
				if !seen[b.Service] {
					t.Fatalf("%s before %s", s.Service, b.Service)
				}
				if b.Holds && items[slices.IndexFunc(items, func(i Item) bool { return i.Service == b.Service })].Stage == Ended {
					t.Fatal("waits for what has ended")
				}
			}
			if seen[s.Service] {
				t.Fatal("twice")
			}
			seen[s.Service] = true
			free = free || items[s.Item].Stage == Wanted && !held
		}
		if wanted && !underway && !free {
			t.Fatal("nothing can be begun")
		}
	})
}
