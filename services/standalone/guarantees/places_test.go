package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// counted is a place, as these tests read it.
type counted struct {
	HasFree bool `json:"has_free"`
	Holds   []struct {
		Hold     string    `json:"hold"`
		Until    time.Time `json:"until"`
		Referral string    `json:"referral"`
	} `json:"holds"`
	Counts *struct{ Maximum, Free, Held, Taken, Over, Uncounted int } `json:"counts"`
	Stays  []struct {
		Referral string    `json:"referral"`
		EndedAt  time.Time `json:"ended_at"`
		Asked    bool      `json:"asked"`
	} `json:"stays"`
	Commands []string `json:"commands"`
}

const placePath = "/v1/places/" + shelter

func rooms(free, maximum int) map[string]any {
	return map[string]any{"place": shelter, "unit": "room", "maximum": maximum, "free": free, "for": "family", "children": 3, "boys_to": 12}
}

func (w *world) stands(d office.Desk, is func(counted) bool) (p counted) {
	w.t.Helper()
	w.sees(d, placePath, &p, func() bool {
		if is(p) {
			return true
		}
		p = counted{}
		return false
	})
	return p
}

// A desk holds a room while she decides; the acceptance takes it; her leaving gives it back.
// No other desk, no integrator and no search learns how many there are.
func TestAPlaceIsHeldTakenAndGivenBack(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	w.listed()
	house, front, other := w.desk(shelterSlug, "focal_point"), w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "focal_point")
	w.refuses(other, "/v1/places", string(encode(rooms(1, 2))), http.StatusForbidden, "not_your_agency")
	w.refuses(house, "/v1/places", string(encode(rooms(3, 2))), http.StatusUnprocessableEntity, "capacity_impossible")
	if err := house.Post(t.Context(), "/v1/places", rooms(1, 2), nil); err != nil {
		t.Fatal(err)
	}

	p := w.refuses(front, placePath+"/hold", `{"adults": 1, "children": 2, "boys_within": false}`, http.StatusUnprocessableEntity, "place_takes_not")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/boys_within" || p.Errors[0].Rule != "boys up to 12 years" {
		t.Errorf("an older boy: %+v", p.Errors)
	}
	var mine counted
	if err := front.Post(t.Context(), placePath+"/hold", map[string]any{"adults": 1, "children": 2, "boys_within": true}, &mine); err != nil {
		t.Fatal(err)
	}
	if mine.Counts != nil || mine.HasFree || len(mine.Holds) != 1 {
		t.Errorf("the desk that holds is answered %+v", mine)
	}
	if seen := w.stands(other, func(counted) bool { return true }); seen.Counts != nil || len(seen.Holds)+len(seen.Stays) > 0 {
		t.Errorf("another desk sees %+v", seen)
	}
	w.refuses(other, placePath+"/hold", `{"adults": 1}`, http.StatusConflict, "no_place_free")
	w.refuses(other, placePath+"/end-hold", `{"hold": "`+mine.Holds[0].Hold+`"}`, http.StatusConflict, "hold_ended")
	w.found(front, false)

	// It falls back by itself, also while no process runs.
	w.idle()
	clock.ahead(31 * time.Minute)
	w.restart(nil)
	house, front = w.desk(shelterSlug, "focal_point"), w.desk(journey.FrontDesk, "caseworker")
	w.stands(house, func(p counted) bool { return p.Counts.Free == 1 && p.Counts.Held == 0 })
	w.found(front, true)
	w.refuses(front, placePath+"/renew", `{"hold": "`+mine.Holds[0].Hold+`"}`, http.StatusConflict, "hold_ended")

	// Held for a referral, the acceptance takes it.
	caseID := openCase(t.Context(), t, front, shelterSlug, "safehouse_service")
	referral := request(t.Context(), t, front, caseID, shelterSlug, "safehouse_service")
	w.offered(house, referral)
	if err := front.Post(t.Context(), placePath+"/hold", map[string]any{"adults": 1}, &mine); err != nil {
		t.Fatal(err)
	}
	if err := front.Post(t.Context(), placePath+"/tie", map[string]any{"hold": mine.Holds[0].Hold, "referral": referral}, nil); err != nil {
		t.Fatal(err)
	}
	if err := house.Post(t.Context(), "/v1/referrals/"+referral+"/accept", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.stands(house, func(p counted) bool { return p.Counts.Taken == 1 && p.Counts.Held == 0 && p.Counts.Free == 0 })

	// A second acceptance finds none: it stands, and the agency is shown that its count is wrong.
	second := request(t.Context(), t, front, openCase(t.Context(), t, front, shelterSlug, "safehouse_service"), shelterSlug, "safehouse_service")
	w.offered(house, second)
	if err := house.Post(t.Context(), "/v1/referrals/"+second+"/accept", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.stands(house, func(p counted) bool { return p.Counts.Uncounted == 1 && p.Counts.Taken == 1 && p.Counts.Free == 0 })
	if err := house.Post(t.Context(), placePath+"/count", map[string]any{"free": 0}, nil); err != nil {
		t.Fatal(err)
	}
	w.stands(house, func(p counted) bool { return p.Counts.Uncounted == 0 && p.Counts.Taken == 2 && p.Counts.Over == 0 })

	// The end of the referral gives nothing back; after a week the agency's people are asked.
	if err := house.Post(t.Context(), "/v1/referrals/"+referral+"/complete", map[string]any{"outcome": "needs_met"}, nil); err != nil {
		t.Fatal(err)
	}
	w.stands(house, func(p counted) bool { return p.Counts.Taken == 2 && !p.Stays[0].EndedAt.IsZero() && !p.Stays[0].Asked })
	w.idle()
	clock.ahead(8 * day)
	w.restart(nil)
	house, front = w.desk(shelterSlug, "focal_point"), w.desk(journey.FrontDesk, "caseworker")
	w.stands(house, func(p counted) bool { return p.Stays[0].Asked && p.Counts.Taken == 2 })
	w.refuses(front, placePath+"/leave", `{"referral": "`+referral+`", "reason": "left"}`, http.StatusForbidden, "not_your_agency")
	if err := house.Post(t.Context(), placePath+"/leave", map[string]any{"referral": referral, "reason": "left"}, nil); err != nil {
		t.Fatal(err)
	}
	w.stands(house, func(p counted) bool { return p.Counts.Taken == 1 && p.Counts.Free == 1 && len(p.Stays) == 1 })

	for _, m := range stored(t, w.Bus, bus.Events) {
		for _, name := range []string{".place_", ".hold_", ".placement_"} {
			if strings.Contains(m.Subject, name) {
				t.Errorf("an integrator reads %s", m.Subject)
			}
		}
	}
}

// found says whether a search has a free place at the shelter.
func (w *world) found(d office.Desk, free bool) {
	w.t.Helper()
	var list struct {
		Items []struct {
			Ranked []struct {
				Reasons []struct{ Code code.MatchReason }
			}
			Excluded []struct {
				Reasons []struct{ Code code.MatchReason }
			}
		}
	}
	a := post(w.t.Context(), w.t, d, "/v1/matches", uuid.NewString(), `{"services": ["safehouse_service"], "country": "GT", "urgency": "standard"}`)
	if err := json.Unmarshal(a.Body, &list); err != nil || len(list.Items) != 1 {
		w.t.Fatalf("%v: %s", err, a.Body)
	}
	if got := bytes.Contains(a.Body, []byte(code.CapacityAvailable)); got != free || got == bytes.Contains(a.Body, []byte(code.NoCapacity)) {
		w.t.Errorf("a search has a free place: %t, want %t: %s", got, free, a.Body)
	}
}

// Holds are made while the network is killed again and again and its clock goes on, and
// once back: each that was acknowledged is there, ends once, and not an instant early.
func TestHoldsUnderKill(t *testing.T) {
	c := newClocked(t)
	c.start(0)
	coordinator := c.desk(journey.Coordination, "coordinator")
	if err := journey.Register(t.Context(), func(a string) office.Desk { return c.desk(a, "coordinator") }); err != nil {
		t.Fatal(err)
	}
	registration := map[string]any{"agency": shelterSlug, "country": journey.Country, "services": []string{"safehouse_service"}}
	if err := coordinator.Post(t.Context(), "/v1/agencies", registration, nil); err != nil {
		t.Fatal(err)
	}
	if err := coordinator.Post(t.Context(), "/v1/directory/import", map[string]any{"documents": []json.RawMessage{json.RawMessage(refugeHSDS)}}, nil); err != nil {
		t.Fatal(err)
	}
	const maximum = 10_000
	house := c.desk(shelterSlug, "focal_point")
	if err := house.Post(t.Context(), "/v1/places", rooms(maximum, maximum), nil); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	made := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged)
	}
	front := c.desk(journey.FrontDesk, "caseworker")
	work := func(ctx context.Context) {
		for ctx.Err() == nil {
			var p counted
			if front.Post(ctx, placePath+"/hold", map[string]any{"adults": 1}, &p) != nil || len(p.Holds) == 0 {
				continue
			}
			mu.Lock()
			for _, h := range p.Holds {
				acknowledged[h.Hold] = true
			}
			mu.Unlock()
			some := map[string]any{"hold": p.Holds[rand.IntN(len(p.Holds))].Hold}
			switch rand.IntN(6) {
			case 0:
				_ = front.Post(ctx, placePath+"/renew", some, nil)
			case 1:
				_ = front.Post(ctx, placePath+"/end-hold", some, nil)
			}
		}
	}
	rounds, back := 8, 4
	if testing.Short() {
		rounds, back = 3, 1
	}
	for round := range rounds {
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { work(ctx) })
		}
		moment := made() + 1 + rand.IntN(60)
		patience.Until(t, "holds are acknowledged", func() bool { return made() >= moment }, func() string { return time.Duration(made()).String() })
		c.process.kill()
		stop()
		wg.Wait()
		shift := time.Duration(round+1) * 12 * time.Minute
		if round == back {
			shift -= time.Hour
		}
		c.start(shift)
	}
	c.process.kill()
	c.start(6 * time.Hour)
	var p counted
	ctx, cancel := patience.Context(t.Context(), t, "nothing is held", c.running().moves)
	defer cancel()
	if err := house.Until(ctx, placePath, &p, func() bool { return p.Counts != nil && p.Counts.Held == 0 }); err != nil {
		t.Fatal(err)
	}
	if p.Counts.Free != maximum || p.Counts.Over != 0 {
		t.Errorf("at the end: %+v", p.Counts)
	}
	c.running().idle(t)
	c.process.end()
	c.judgeHolds(acknowledged)
}

// judgeHolds reads the journal.
func (c *clocked) judgeHolds(acknowledged map[string]bool) {
	c.t.Helper()
	tell := exec.CommandContext(c.t.Context(), c.bin, "-data", c.dir, "-tell", "referral")
	var out, complaints bytes.Buffer
	tell.Stdout, tell.Stderr = &out, &complaints
	if err := tell.Run(); err != nil {
		c.t.Fatalf("%v\n%s", err, complaints.Bytes())
	}
	until, ended, expired := map[string]time.Time{}, map[string]int{}, 0
	for dec := json.NewDecoder(&out); dec.More(); {
		var l entry
		if err := dec.Decode(&l); err != nil {
			c.t.Fatal(err)
		}
		for i, typ := range l.Types {
			switch typ {
			case "referral.place_held.v1":
				var d referralv1.PlaceHeld
				if err := json.Unmarshal(l.Data[i], &d); err != nil {
					c.t.Fatal(err)
				}
				until[d.Hold] = d.Until
			case "referral.hold_ended.v1":
				var d referralv1.HoldEnded
				if err := json.Unmarshal(l.Data[i], &d); err != nil {
					c.t.Fatal(err)
				}
				ended[d.Hold]++
				if d.Reason == code.HoldExpired {
					if expired++; l.At.Before(until[d.Hold]) {
						c.t.Errorf("%s fell back %s early", d.Hold, until[d.Hold].Sub(l.At))
					}
				}
			}
		}
	}
	for id := range acknowledged {
		if until[id].IsZero() {
			c.t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	for id := range until {
		if ended[id] != 1 {
			c.t.Errorf("%s ended %d times", id, ended[id])
		}
	}
	if expired == 0 {
		c.t.Error("none fell back by itself: the test shows nothing")
	}
	c.t.Logf("%d holds, %d acknowledged, %d fell back by themselves", len(until), len(acknowledged), expired)
}
