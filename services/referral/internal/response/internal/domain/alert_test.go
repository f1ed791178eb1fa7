package domain

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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

var rule = Rule{Acknowledge: 5 * time.Minute, SetOut: 10 * time.Minute, Arrive: time.Hour}

// ladder is two teams of two, all on call for a day.
func ladder() Ladder {
	on := Ladder{Teams: map[string]Team{}, Rule: func(time.Time) Rule { return rule }}
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
// twice, a second member goes only who was asked because the first was silent, nothing is taken
// from who goes but by a word of theirs or by her block, its turn only grows, and it is always
// accounted for: somebody is asked or awaited until an instant, somebody is with her, the
// district has it, or it ended. What ended says nothing more, and whom it is closed to does
// nothing more.
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
			switch rapid.IntRange(0, 10).Draw(t, "what") {
			case 0:
				events, err = a.Acknowledge(by, struct{}{}, rule)
			case 1:
				events, err = a.Leave(by, struct{}{}, rule)
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
			case 10:
				if rapid.IntRange(0, 4).Draw(t, "block") == 0 {
					who := memberOf(rapid.IntRange(0, 3).Draw(t, "blocked")).Worker
					before := on.May
					on.May = func(id string) bool { return id != who && (before == nil || before(id)) }
					events, err = a.Close(fact.By{At: now}, struct{}{}, on)
				}
			}
			var refused *fault.Error
			if err != nil && !errors.As(err, &refused) {
				t.Fatal(err)
			}
			a = a.play(now, events)
			a.accounted(t, before, events)
		}
	})
}

func (a Alert) accounted(t *rapid.T, before Alert, events []fact.Event) {
	if before.over() && len(events) > 0 {
		t.Fatalf("it was over, and then %v", events)
	}
	if len(events) > 2 || a.Turn != before.Turn+len(events) {
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
	for _, m := range a.Going {
		_, went := before.going(m.Worker)
		r := a.Rungs[slices.IndexFunc(a.Rungs, func(r Rung) bool { return r.Worker == m.Worker })]
		if !went && before.taken() && len(r.Going) == 0 {
			t.Fatal("two go, and the second was not asked beside the first")
		}
		if slices.Contains(a.ClosedTo, m.Worker) {
			t.Fatal("whom it is closed to goes")
		}
	}
	for _, m := range before.Going {
		_, goes := a.going(m.Worker)
		for _, e := range events {
			if is, alerted := e.Data.(referralv1.ResponseAlerted); alerted && !goes && len(is.Going) > 0 && !slices.Contains(a.ClosedTo, m.Worker) {
				t.Fatal("a silence took it from who goes")
			}
		}
	}
	accounted := a.over() || a.seen() || !a.due().IsZero() || a.waits() || a.taken() && !a.atDistrict().IsZero()
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
	if events, err := a.Escalate(fact.By{At: night.Add(rule.Acknowledge - time.Millisecond)}, on); !errors.Is(err, ErrNotDue) || events != nil {
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

// A member who acknowledged, or is on the way, and says nothing more goes on: the next one is
// asked beside them and may go, too, and at last the district has it and may sign. Each word
// gives new minutes, and with her nobody waits any more.
func TestWhoGoesAndIsSilentIsAwaited(t *testing.T) {
	on, at := ladder(), night
	events, err := Alert{}.Open(fact.By{At: at}, asks, on)
	if err != nil {
		t.Fatal(err)
	}
	a := Alert{}.play(at, events)
	says := func(at time.Time, events []fact.Event, err error) {
		t.Helper()
		if err != nil || len(events) == 0 {
			t.Fatal(events, err)
		}
		a = a.play(at, events)
	}
	first, second := person(0, at), person(1, at)
	events, err = a.Acknowledge(first, struct{}{}, rule)
	says(at, events, err)
	if _, err := a.Escalate(fact.By{At: at.Add(rule.SetOut - time.Millisecond)}, on); !errors.Is(err, ErrNotDue) {
		t.Fatal(err)
	}
	at = at.Add(rule.SetOut)
	events, err = a.Escalate(fact.By{At: at}, on)
	says(at, events, err)
	if a.Status != code.ResponseAcknowledged || len(a.Going) != 1 || a.Rungs[1].Worker != memberOf(1).Worker {
		t.Fatalf("after the silence %+v", a)
	}
	events, err = a.Leave(first, struct{}{}, rule)
	says(at, events, err)
	second.At = at
	events, err = a.Acknowledge(second, struct{}{}, rule)
	says(at, events, err)
	if a.Status != code.ResponseOnTheWay || len(a.Going) != 2 {
		t.Fatalf("two go: %+v", a)
	}
	if _, err := a.StandDown(second, StandDown{Result: code.NotSeen, Unseen: code.NoTransport}); !errors.Is(err, ErrOthers) {
		t.Fatal("one of two ends it for both", err)
	}
	for range 3 {
		at = a.due()
		events, err = a.Escalate(fact.By{At: at}, on)
		says(at, events, err)
	}
	if !a.waits() || len(a.Going) != 2 || !a.due().IsZero() {
		t.Fatalf("the district is to have it: %+v", a)
	}
	events, err = a.Pass(second, struct{}{}, on)
	says(at, events, err)
	if len(a.Going) != 1 || a.waits() {
		t.Fatalf("after one of two passed: %+v", a)
	}
	events, err = a.Arrive(first, struct{}{})
	says(at, events, err)
	if !a.due().IsZero() || a.Status != code.ResponseWithHer {
		t.Fatalf("with her: %+v", a)
	}
}

// A block while a member goes: the next one is asked at once, and the member sees and may do
// what they would after her no.
func TestABlockIsAsHerNoToWhoGoes(t *testing.T) {
	on := ladder()
	events, err := Alert{}.Open(fact.By{At: night}, asks, on)
	if err != nil {
		t.Fatal(err)
	}
	a := Alert{}.play(night, events)
	off := a
	first := person(0, night)
	events, _ = a.Acknowledge(first, struct{}{}, rule)
	a = a.play(night, events)
	events, _ = off.CallOff(fact.By{At: night}, intakev1.ResponseCalledOff{Alert: a.Alert, Case: "case_1"})
	off = off.play(night, events)
	on.May = func(id string) bool { return id == memberOf(2).Worker || id == memberOf(3).Worker }
	events, err = a.Close(fact.By{At: night}, struct{}{}, on)
	if err != nil || len(events) != 2 {
		t.Fatal(events, err)
	}
	a = a.play(night, events)
	if last := a.Rungs[len(a.Rungs)-1]; last.Worker != memberOf(2).Worker || len(a.Going) > 0 || a.Status != code.ResponseAlerting {
		t.Errorf("the next team is to be asked at once: %+v", a)
	}
	if d := cmp.Diff(off.View(first), a.View(first)); d != "" {
		t.Error(d)
	}
	for name, c := range (Alert{}).Commands() {
		if was, is := c.When(off, first), c.When(a, first); !errors.Is(is, was) {
			t.Errorf("%s: %v, and after her no %v", name, is, was)
		}
	}
	if again, err := a.Close(fact.By{At: night}, struct{}{}, on); err != nil || len(again) > 0 {
		t.Error(again, err)
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
