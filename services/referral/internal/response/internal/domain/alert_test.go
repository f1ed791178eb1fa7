package domain

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/worker"
)

var night = time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)

func person(i int, at time.Time) fact.By {
	return fact.By{Agency: fmt.Sprintf("agency-%d", i%2), Principal: fmt.Sprintf("person-%d", i), Roles: []string{"focal_point"}, At: at}
}

func memberOf(i int) intakev1.TeamMember {
	by := person(i, night)
	return intakev1.TeamMember{Worker: worker.ID(by.Agency, by.Principal), Agency: by.Agency}
}

// ladder is two teams of two, all on call for a day.
func ladder() Ladder {
	on := Ladder{Teams: map[string]Team{}}
	for n, id := range []string{"team_a", "team_b"} {
		t := Team{TeamDescribed: referralv1.TeamDescribed{Team: id, Turn: 1}}
		for i := 2 * n; i < 2*n+2; i++ {
			t.Members = append(t.Members, memberOf(i))
			t.Shifts = append(t.Shifts, referralv1.OnCall{Worker: memberOf(i).Worker, From: night.Add(-time.Hour), Until: night.Add(24 * time.Hour)})
		}
		on.Teams[id] = t
	}
	return on
}

var asks = intakev1.ResponseAsked{
	Alert: "alert_1", Case: "case_1", Agency: "desk", Country: "GT", Programme: "guatemala", Area: "GT-01", Urgency: code.Emergency,
	Teams: []intakev1.ResponseTeam{{Team: "team_a", Turn: 1}, {Team: "team_b", Turn: 1}},
}

// play applies what was decided.
func (a Alert) play(at time.Time, events []fact.Event) Alert {
	for _, e := range events {
		e.At = at
		a = a.Evolve(e)
	}
	return a
}

// Whatever is said of an alert and in which order, it is asked for once, nobody is asked
// twice, at most one member goes at a time, its turn only grows, and it is always accounted
// for: somebody is asked until an instant, somebody goes, the district has it, or it ended.
// What ended says nothing more.
func TestAnAlertIsAlwaysAccountedFor(t *testing.T) {
	district := fact.By{Agency: "network", Principal: "coordinator", Roles: []string{"coordinator"}, Country: "GT", Programme: "guatemala"}
	rapid.Check(t, func(t *rapid.T) {
		on, now := ladder(), night
		var a Alert
		events, err := a.Open(fact.By{At: now}, asks, on)
		if err != nil || len(events) != 2 {
			t.Fatal(events, err)
		}
		a = a.play(now, events)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "seconds")) * time.Second)
			by := person(rapid.IntRange(0, 4).Draw(t, "person"), now)
			district.At = now
			before := a
			var events []fact.Event
			var err error
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				events, err = a.Acknowledge(by, struct{}{})
			case 1:
				events, err = a.Leave(by, struct{}{})
			case 2:
				events, err = a.Arrive(by, struct{}{})
			case 3:
				events, err = a.Show(by, Options{Shown: code.ResponseOptions[:3], Chosen: code.ResponseOptions[:rapid.IntRange(0, 3).Draw(t, "chosen")]})
			case 4:
				events, err = a.StandDown(by, StandDown{Result: rapid.SampledFrom(code.ResponseResults).Draw(t, "result"), Unseen: rapid.SampledFrom(append([]code.UnseenReason{""}, code.UnseenReasons...)).Draw(t, "why")})
			case 5:
				events, err = a.Pass(by, struct{}{}, on)
			case 6:
				events, err = a.Sign(district, Sign{Unseen: code.NobodyAnswers})
			case 7, 8:
				events, err = a.Escalate(fact.By{At: now}, on)
			case 9:
				if rapid.IntRange(0, 9).Draw(t, "no") == 0 {
					events, err = a.CallOff(fact.By{At: now}, intakev1.ResponseCalledOff{Alert: a.Alert, Case: "case_1"})
				}
			}
			var refused *fault.Error
			if err != nil && !errors.As(err, &refused) {
				t.Fatal(err)
			}
			a = a.play(now, events)
			a.holds(t, before, events)
		}
	})
}

func (a Alert) holds(t *rapid.T, before Alert, events []fact.Event) {
	if before.over() && len(events) > 0 {
		t.Fatalf("it was over, and then %v", events)
	}
	if len(events) > 1 || a.Turn != before.Turn+len(events) {
		t.Fatalf("turn %d after %d: %v", a.Turn, before.Turn, events)
	}
	var asked []string
	for _, r := range a.Rungs {
		if r.Worker != "" {
			asked = append(asked, r.Worker)
		}
	}
	slices.Sort(asked)
	if len(slices.Compact(slices.Clone(asked))) != len(asked) {
		t.Fatal("somebody was asked twice")
	}
	if before.taken() && a.taken() && a.Member != before.Member {
		t.Fatal("two go")
	}
	accounted := a.over() || a.taken() || !a.due().IsZero() || a.Status == code.ResponseUnanswered
	if !accounted {
		t.Fatalf("nobody has it: %+v", a)
	}
	if a.over() && a.Result == "" && a.Status != code.ResponseCalledOff {
		t.Fatal("it ended without a result")
	}
	if (a.Result == code.NotSeen || a.Result == code.NobodyCame) && a.Unseen == "" {
		t.Fatal("she was not seen, and nobody says why")
	}
	if a.Result == code.NobodyCame && a.Status != code.ResponseSigned {
		t.Fatal("nobody came, and nobody of the district signed")
	}
}

// A deadline of a clock that is ahead asks nobody, and is to come again.
func TestNobodyIsAskedEarly(t *testing.T) {
	on := ladder()
	events, err := Alert{}.Open(fact.By{At: night}, asks, on)
	if err != nil {
		t.Fatal(err)
	}
	a := Alert{}.play(night, events)
	if events, err := a.Escalate(fact.By{At: night.Add(Unsaid.Acknowledge - time.Millisecond)}, on); !errors.Is(err, ErrNotDue) || events != nil {
		t.Error(events, err)
	}
}

// A team of which something else was said since the desk named it is passed over whole, and
// so is a member who is away. When nobody is left the district is asked, once.
func TestWhoIsAskedNext(t *testing.T) {
	on := ladder()
	changed := on.Teams["team_a"]
	changed.Turn = 2
	on.Teams["team_a"] = changed
	var got []string
	events, err := Alert{}.Open(fact.By{At: night}, asks, on)
	a, at := Alert{}, night
	for err == nil && len(events) > 0 {
		a = a.play(at, events)
		last := a.Rungs[len(a.Rungs)-1]
		got = append(got, string(last.Rung)+" "+last.Worker)
		at = at.Add(time.Hour)
		events, err = a.Escalate(fact.By{At: at}, on)
	}
	want := []string{"member " + memberOf(2).Worker, "member " + memberOf(3).Worker, "district "}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
}

// Her no that comes before the alert keeps it from being opened.
func TestHerNoMayComeFirst(t *testing.T) {
	events, err := Alert{}.CallOff(fact.By{At: night}, intakev1.ResponseCalledOff{Alert: "alert_1", Case: "case_1"})
	if err != nil {
		t.Fatal(err)
	}
	a := Alert{}.play(night, events)
	if events, err := a.Open(fact.By{At: night}, asks, ladder()); err != nil || len(events) > 0 {
		t.Error(events, err)
	}
}
