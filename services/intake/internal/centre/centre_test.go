package centre_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/intake/internal/centre"
)

var noon = time.Date(2026, 5, 28, 12, 0, 0, 0, time.UTC)

func at(now time.Time) fact.By {
	return fact.By{Agency: "bishkek-centre", Principal: "a", At: now, Commit: fact.ID("centre", "a") + "/1"}
}

func house(capacity int) centre.House {
	return centre.House{
		Name: "The house", HoldMinutes: 10, InHouse: []string{"forensic-clinic"},
		Rooms: []intakev1.CentreRoom{{Room: "exam-1", Use: code.RoomExamination, Capacity: capacity}, {Room: "children-1", Use: code.RoomChildren, Capacity: 5}},
	}
}

func after(c centre.Centre, now time.Time, events []fact.Event) centre.Centre {
	for _, e := range events {
		e.At = now
		c = c.Evolve(e)
	}
	return c
}

func open(t interface{ Fatal(...any) }, capacity int) centre.Centre {
	events, err := centre.Centre{}.Open(at(noon), centre.Open{House: house(capacity)})
	if err != nil {
		t.Fatal(err)
	}
	return after(centre.Centre{}, noon, events)
}

func TestAnUnusedHoldFallsBackByItself(t *testing.T) {
	c := open(t, 1)
	events, err := c.Hold(at(noon), centre.HoldRoom{Room: "exam-1", Visit: "7KQ2M"}, true)
	if err != nil {
		t.Fatal(err)
	}
	c = after(c, noon, events)
	other := centre.HoldRoom{Room: "exam-1", Visit: "9XT4B"}
	if _, err := c.Hold(at(noon.Add(9*time.Minute)), other, true); !errors.Is(err, centre.ErrRoomFull) {
		t.Errorf("while it is held: %v", err)
	}
	if events, err := c.Hold(at(noon.Add(10*time.Minute)), other, true); err != nil || len(events) != 1 {
		t.Errorf("after ten minutes: %v", err)
	}
	if _, err := c.Hold(at(noon), other, false); !errors.Is(err, centre.ErrRoom) {
		t.Errorf("for nobody who is there: %v", err)
	}
	if _, err := c.Hold(at(noon), centre.HoldRoom{Room: "exam-9", Visit: "9XT4B"}, true); !errors.Is(err, centre.ErrRoom) {
		t.Errorf("a room that is not there: %v", err)
	}
	// Who has the room keeps it, and gives it back at once.
	events, err = c.Follow(at(noon.Add(time.Minute)), "7KQ2M", []string{"exam-1"}, false)
	if err != nil {
		t.Fatal(err)
	}
	c = after(c, noon.Add(time.Minute), events)
	if _, held := c.Held("exam-1", "7KQ2M", noon.Add(2*time.Hour)); !held {
		t.Error("she is in it, and it fell back")
	}
	later := noon.Add(2 * time.Hour)
	events, err = c.Follow(at(later), "7KQ2M", nil, true)
	if err != nil {
		t.Fatal(err)
	}
	if c = after(c, later, events); len(c.Of("7KQ2M", later)) > 0 {
		t.Error("she left, and has a room")
	}
}

func TestAHouseThatCannotBe(t *testing.T) {
	for name, change := range map[string]func(*centre.House){
		"/centre_name":         func(h *centre.House) { h.Name = " " },
		"/rooms":               func(h *centre.House) { h.Rooms = nil },
		"/hold_minutes":        func(h *centre.House) { h.HoldMinutes = 0 },
		"/rooms/1/centre_room": func(h *centre.House) { h.Rooms[1].Room = h.Rooms[0].Room },
		"/rooms/0/room_use":    func(h *centre.House) { h.Rooms[0].Use = "" },
		"/rooms/0/capacity":    func(h *centre.House) { h.Rooms[0].Capacity = 0 },
	} {
		h := house(1)
		change(&h)
		if _, err := (centre.Centre{}).Open(at(noon), centre.Open{House: h}); !errors.Is(err, centre.ErrCentre) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := open(t, 2)
	for _, visit := range []string{"AAAAA", "BBBBB"} {
		events, _ := c.Follow(at(noon), visit, []string{"exam-1"}, false)
		c = after(c, noon, events)
	}
	if _, err := c.Describe(at(noon), centre.Describe{House: house(1)}); !errors.Is(err, centre.ErrCentre) {
		t.Errorf("smaller than who is there: %v", err)
	}
	gone := house(2)
	gone.Rooms = gone.Rooms[1:]
	if _, err := c.Describe(at(noon), centre.Describe{House: gone}); !errors.Is(err, centre.ErrCentre) {
		t.Errorf("without the room in which they are: %v", err)
	}
}

// Two write at the same instant, each by what it has seen. The journal takes one commit of a version: who was
// later decides again. However they do it, there are never more in a room than fit.
func TestTwoWritersNeverFillARoomBeyondItsCapacity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 3).Draw(t, "capacity")
		c, now, version := open(t, size), noon, 1
		type writer struct {
			saw     centre.Centre
			version int
		}
		writers := []writer{{c, 1}, {c, 1}}
		// commit takes a decision of a writer, as the journal does.
		commit := func(w *writer, decide func(centre.Centre) ([]fact.Event, error)) {
			for {
				events, err := decide(w.saw)
				if w.version != version {
					w.saw, w.version = c, version
					continue
				}
				if err == nil && len(events) > 0 {
					c, version = after(c, now, events), version+1
				}
				return
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"hold": func(t *rapid.T) {
				w := &writers[rapid.IntRange(0, 1).Draw(t, "writer")]
				visit := fmt.Sprintf("AAAA%d", rapid.IntRange(0, 5).Draw(t, "visit"))
				commit(w, func(c centre.Centre) ([]fact.Event, error) {
					return c.Hold(at(now), centre.HoldRoom{Room: "exam-1", Visit: visit}, true)
				})
			},
			"follow": func(t *rapid.T) {
				w := &writers[rapid.IntRange(0, 1).Draw(t, "writer")]
				visit := fmt.Sprintf("AAAA%d", rapid.IntRange(0, 5).Draw(t, "visit"))
				in, left := rapid.SampledFrom([][]string{nil, {"exam-1"}}).Draw(t, "in"), rapid.Bool().Draw(t, "left")
				commit(w, func(c centre.Centre) ([]fact.Event, error) { return c.Follow(at(now), visit, in, left && in == nil) })
			},
			"smaller or larger": func(t *rapid.T) {
				commit(&writers[0], func(c centre.Centre) ([]fact.Event, error) {
					return c.Describe(at(now), centre.Describe{House: house(rapid.IntRange(1, 3).Draw(t, "capacity"))})
				})
			},
			"look": func(t *rapid.T) {
				writers[rapid.IntRange(0, 1).Draw(t, "writer")] = writer{c, version}
			},
			"time": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "minutes")) * time.Minute)
			},
			"": func(t *rapid.T) {
				for _, r := range c.Shown(now).Rooms {
					if r.InUse > r.Capacity {
						t.Fatalf("%d in %s, which is for %d", r.InUse, r.Room, r.Capacity)
					}
				}
			},
		})
	})
}
