package placement_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
	"github.com/sanad-network/sanad/services/psychosocial/internal/placement"
)

const (
	house = "0b6f2c1e-52d4-4a57-9e0c-6d1f8a3b7c21"
	day   = 24 * time.Hour
)

var stay = placement.ID(worktest.Referral)

type step = worktest.Step[domain.Plan]

func heard[E interface{ OfService() code.Service }](rule func(work.Work, E) ([]work.Event, error), e E) step {
	return worktest.Do(domain.Hears(work.In[domain.Plan](rule)), e)
}

// of is a plan of a service that its worker has.
func of(t *testing.T, service code.Service, more ...step) domain.Plan {
	t.Helper()
	return worktest.Play(t, worktest.Worker(), append([]step{
		heard(work.Work.OnAccepted, worktest.Accepted(service, code.Identity)),
		heard(work.Work.OnAssigned, worktest.Assigned(service, worktest.AcceptedAt, worktest.First, time.Hour)),
	}, more...)...)
}

// on is what a decision of the worker of a plan knows.
func on(p domain.Plan) placement.On {
	return placement.On{Plan: look.Made(p), Hands: work.Hands{Worker: p.Has(), Act: look.Made(true)}}
}

func fold(p placement.Placement, events ...fact.Event) placement.Placement {
	for _, e := range events {
		e.At = worktest.Dawn
		p = p.Evolve(e)
	}
	return p
}

var (
	family = []placement.Person{{Kind: code.DependantInfant, Count: 1}, {Kind: code.DependantChild, Count: 2}}
	start  = placement.Start{Plan: domain.PlanID(worktest.Referral), Place: house, Address: "the blue house", Dependants: family, Until: worktest.Dawn.Add(90 * day)}
)

func begun(t *testing.T, p domain.Plan) placement.Placement {
	t.Helper()
	events, err := placement.Placement{}.Start(worktest.Worker(), start, on(p))
	if err != nil {
		t.Fatal(err)
	}
	return fold(placement.Placement{}, events...)
}

func TestStart(t *testing.T) {
	shelter := of(t, code.SafeHouse)
	lost := errors.New("lost")
	other := on(shelter)
	other.Act = look.Made(false)
	late := start
	late.Until, late.From = worktest.Dawn, worktest.Dawn
	ahead := start
	ahead.From = worktest.Dawn.Add(day)
	odd := start
	odd.Dependants = []placement.Person{{Kind: "parrot", Count: 1}}
	for name, c := range map[string]struct {
		p    placement.Placement
		cmd  placement.Start
		on   placement.On
		want error
	}{
		"the shelter's worker":          {cmd: start, on: on(shelter)},
		"again, after it ended":         {p: placement.Placement{ID: stay, EndedAt: worktest.Dawn}, cmd: start, on: on(shelter)},
		"a colleague":                   {cmd: start, on: other, want: work.ErrNotTheWorker},
		"it cannot be known who has it": {cmd: start, on: placement.On{Hands: work.Hands{Err: lost}}, want: lost},
		"no work of a shelter":          {cmd: start, on: on(of(t, code.Psychosocial)), want: placement.ErrNoShelter},
		"work that ended":               {cmd: start, on: on(of(t, code.SafeHouse, heard(work.Work.OnCompleted, worktest.Completed(code.SafeHouse)))), want: work.ErrEnded},
		"she stays there already":       {p: begun(t, shelter), cmd: start, on: on(shelter), want: placement.ErrOngoing},
		"it ends before it begins":      {cmd: late, on: on(shelter), want: placement.ErrDays},
		"it begins tomorrow":            {cmd: ahead, on: on(shelter), want: work.ErrDate},
		"with a parrot":                 {cmd: odd, on: on(shelter), want: work.ErrUnknownCode},
	} {
		events, err := c.p.Start(worktest.Worker(), c.cmd, c.on)
		if !errors.Is(err, c.want) || (len(events) == 1) != (c.want == nil) {
			t.Errorf("%s: %v %v", name, events, err)
		}
	}
}

// The services alone are told which place is taken, and no more: no case, no address, no family, no
// reason, and no person.
func TestWhatIsTold(t *testing.T) {
	shelter := of(t, code.SafeHouse)
	p := begun(t, shelter)
	started, _ := placement.Placement{}.Start(worktest.Worker(), start, on(shelter))
	changed, _ := p.Change(worktest.Worker(), placement.Change{Address: "the green house"}, on(shelter))
	ended, _ := p.End(worktest.Worker(), placement.End{Reason: code.EndWentBack}, on(shelter))
	want := []string{
		`{"placement":"` + stay + `","place":"` + house + `"}`,
		`{"placement":"` + stay + `"}`,
		`{"placement":"` + stay + `","place":"` + house + `"}`,
	}
	for i, e := range append(append(started, changed...), ended...) {
		public, _ := json.Marshal(e.Data)
		if string(public) != want[i] {
			t.Errorf("%s tells %s", e.Data.EventType(), public)
		}
		_, inside := e.Data.(interface{ ForServicesAlone() })
		_, room := e.Data.(interface{ ConfinedToAddressees() })
		if inside == room || room != (i == 1) {
			t.Errorf("%s: inside %t, in the room %t", e.Data.EventType(), inside, room)
		}
	}
}

// Whoever sees the stay sees the present address while it goes on, and never one that was.
func TestWhoSeesWhere(t *testing.T) {
	shelter := of(t, code.SafeHouse)
	p := begun(t, shelter)
	say := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	frame := say(p.View(worktest.Worker()))
	for _, secret := range []string{"blue house", "infant", "dependants", "reason", worktest.Case} {
		if strings.Contains(frame, secret) {
			t.Errorf("a colleague sees %q: %s", secret, frame)
		}
	}
	if v := p.Shown(work.Everything); v.Address != "the blue house" || len(v.Dependants) != 2 || v.Status != code.PlacementOngoing {
		t.Errorf("its worker sees %+v", v)
	}
	for _, extent := range []work.Extent{work.Duties, work.Nothing} {
		if say(p.Shown(extent)) != frame {
			t.Errorf("at %d its worker sees %s", extent, say(p.Shown(extent)))
		}
	}
	events, err := p.Change(worktest.Worker(), placement.Change{Address: "the green house"}, on(shelter))
	if err != nil {
		t.Fatal(err)
	}
	moved := fold(p, events...)
	if all := say(moved.Shown(work.Everything)); strings.Contains(all, "blue") || !strings.Contains(all, "green") || !strings.Contains(all, "infant") {
		t.Errorf("after the move: %s", all)
	}
	if events, err = moved.End(worktest.Worker(), placement.End{Reason: code.EndOwnHousing}, on(shelter)); err != nil {
		t.Fatal(err)
	}
	over := fold(moved, events...)
	if v := over.Shown(work.Everything); v.Address != "" || v.Reason != code.EndOwnHousing || v.Status != code.PlacementOver || !over.Closed() {
		t.Errorf("after the end: %+v", v)
	}
	if p.Visible(fact.By{Principal: "x", Agency: "front-desk"}) || !p.Visible(worktest.Worker()) || (placement.Placement{}).Visible(worktest.Worker()) {
		t.Error("another agency knows of the stay, or its own does not")
	}
}

// A bed is free when it is: a stay ends whatever became of the work, and of her consent.
func TestEnd(t *testing.T) {
	shelter := of(t, code.SafeHouse)
	p := begun(t, shelter)
	completed := heard(work.Work.OnCompleted, worktest.Completed(code.SafeHouse))
	withdrawn := heard(work.Work.OnWithdrawn, worktest.Withdrawn(code.SafeHouse))
	gone := fold(p, fact.Event{Data: psychosocialv1.PlacementEnded{}, Private: placement.Over{At: worktest.Dawn}})
	tomorrow := placement.End{At: worktest.Dawn.Add(day), Reason: code.EndLeft}
	for name, c := range map[string]struct {
		p    placement.Placement
		cmd  placement.End
		plan domain.Plan
		want error
	}{
		"while the work goes on":  {p, placement.End{Reason: code.EndLeft}, shelter, nil},
		"after it was completed":  {p, placement.End{Reason: code.EndLeft}, of(t, code.SafeHouse, completed), nil},
		"after she withdrew":      {p, placement.End{Reason: code.EndLeft}, of(t, code.SafeHouse, withdrawn), nil},
		"twice":                   {gone, placement.End{Reason: code.EndLeft}, shelter, placement.ErrOver},
		"of no stay":              {placement.Placement{}, placement.End{Reason: code.EndLeft}, shelter, placement.ErrOver},
		"for no reason":           {p, placement.End{}, shelter, work.ErrUnknownCode},
		"tomorrow":                {p, tomorrow, shelter, work.ErrDate},
		"before it began":         {p, placement.End{At: worktest.Dawn.Add(-day), Reason: code.EndLeft}, shelter, placement.ErrDays},
		"by who has not the plan": {p, placement.End{Reason: code.EndLeft}, domain.Plan{}, work.ErrNotTheWorker},
	} {
		if _, err := c.p.End(worktest.Worker(), c.cmd, on(c.plan)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Change(worktest.Worker(), placement.Change{Address: "x"}, on(of(t, code.SafeHouse, withdrawn))); err == nil {
		t.Error("a stay is changed after she withdrew")
	}
}

// In any sequence of commands there is one stay at a time: each start is told before its end, and
// what is refused changes nothing. The journal gives the same stay again.
func TestAny(t *testing.T) {
	shelter := of(t, code.SafeHouse)
	rapid.Check(t, func(t *rapid.T) {
		var p placement.Placement
		var journal []fact.Event
		taken := 0
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			var events []fact.Event
			var err error
			switch rapid.IntRange(0, 2).Draw(t, "command") {
			case 0:
				events, err = p.Start(worktest.Worker(), start, on(shelter))
			case 1:
				events, err = p.Change(worktest.Worker(), placement.Change{Alone: rapid.Bool().Draw(t, "alone"), Until: worktest.Dawn.Add(9 * day)}, on(shelter))
			default:
				events, err = p.End(worktest.Worker(), placement.End{Reason: code.EndLeft}, on(shelter))
			}
			if err != nil && len(events) > 0 {
				t.Fatal("refused, and yet something happened")
			}
			for _, e := range events {
				switch e.Data.(type) {
				case psychosocialv1.PlacementStarted:
					taken++
				case psychosocialv1.PlacementEnded:
					taken--
				}
			}
			journal, p = append(journal, events...), fold(p, events...)
			if taken < 0 || taken > 1 || (taken == 1) == p.Closed() {
				t.Fatalf("%d are taken, closed %t", taken, p.Closed())
			}
		}
		if diff := cmp.Diff(p, fold(placement.Placement{}, journal...)); diff != "" {
			t.Fatal("replay gives another stay:\n" + diff)
		}
	})
}
