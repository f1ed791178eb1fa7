package domain_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

const (
	courtID = "court_1"
	date    = "2026-11-30" // a Monday
)

func at(hour, minute int) time.Time { return time.Date(2026, 11, 30, hour, minute, 0, 0, time.UTC) }

func described() domain.Description {
	return domain.Description{
		Name: "A court", Zone: "UTC", Margin: 30, Opens: []domain.Hours{{Weekday: 1, From: "08:00", Until: "18:00"}},
		Entrances: []domain.Entrance{{1, "North"}, {2, "South"}, {3, "Garage"}},
		Rooms: []domain.Room{
			{Number: 1, Name: "One", Capacity: 2, Entrances: []int{1, 2}, Equipment: []code.RoomEquipment{code.VideoLink}},
			{Number: 2, Name: "Two", Capacity: 1, Entrances: []int{2, 3}},
		},
	}
}

func court(t interface{ Fatal(...any) }) domain.Court {
	by := fact.By{Principal: "registrar", Agency: "east-court", Commit: courtID + "/1"}
	events, err := domain.Court{}.Describe(by, described())
	if err != nil {
		t.Fatal(err)
	}
	return domain.Court{}.Evolve(events[0])
}

func place(room, entrance int, from, until time.Time) domain.Held {
	return domain.Held{Place: domain.Place{Room: room, Entrance: entrance, From: from, Until: until}, Persons: 1}
}

// A room is refused for what stands against it, and each refusal is the same.
func TestHold(t *testing.T) {
	c := court(t)
	accused := domain.NoteOpposing{Date: date, Entrance: 1, From: at(9, 0), Until: at(12, 0)}
	witness := domain.NoteOpposing{Date: date, Entrance: 3, Room: 2, From: at(14, 0), Until: at(15, 0)}
	for name, x := range map[string]struct {
		opposing []domain.NoteOpposing
		held     []domain.Held
		asked    domain.Held
		refused  bool
	}{
		"an empty day":                                {asked: place(1, 1, at(9, 0), at(12, 0))},
		"a room that is full":                         {held: []domain.Held{place(2, 2, at(9, 0), at(12, 0))}, asked: place(2, 2, at(11, 59), at(13, 0)), refused: true},
		"after the room is empty":                     {held: []domain.Held{place(2, 2, at(9, 0), at(12, 0))}, asked: place(2, 2, at(12, 0), at(13, 0))},
		"two in a room for two":                       {held: []domain.Held{place(1, 1, at(9, 0), at(12, 0))}, asked: place(1, 1, at(9, 0), at(12, 0))},
		"three in a room for two, in turns":           {held: []domain.Held{place(1, 1, at(9, 0), at(10, 0)), place(1, 1, at(10, 0), at(11, 0))}, asked: place(1, 1, at(9, 0), at(11, 0))},
		"three in a room for two, at once":            {held: []domain.Held{place(1, 1, at(9, 0), at(10, 1)), place(1, 1, at(10, 0), at(11, 0))}, asked: place(1, 1, at(9, 0), at(11, 0)), refused: true},
		"his entrance":                                {opposing: []domain.NoteOpposing{accused}, asked: place(1, 1, at(10, 0), at(11, 0)), refused: true},
		"his entrance, within the margin":             {opposing: []domain.NoteOpposing{accused}, asked: place(1, 1, at(12, 29), at(13, 0)), refused: true},
		"his entrance, later":                         {opposing: []domain.NoteOpposing{accused}, asked: place(1, 1, at(12, 30), at(13, 0))},
		"another entrance, while he is there":         {opposing: []domain.NoteOpposing{accused}, asked: place(1, 2, at(9, 30), at(11, 30))},
		"another entrance, as he comes":               {opposing: []domain.NoteOpposing{accused}, asked: place(1, 2, at(8, 31), at(13, 0)), refused: true},
		"another entrance, as he goes":                {opposing: []domain.NoteOpposing{accused}, asked: place(1, 2, at(8, 30), at(12, 29)), refused: true},
		"another entrance, well before and after him": {opposing: []domain.NoteOpposing{accused}, asked: place(1, 2, at(8, 30), at(12, 30))},
		"the room of his witness":                     {opposing: []domain.NoteOpposing{witness}, asked: place(2, 2, at(15, 29), at(16, 30)), refused: true},
		"the room of his witness, later":              {opposing: []domain.NoteOpposing{witness}, asked: place(2, 2, at(15, 30), at(16, 30))},
	} {
		var d domain.Day
		fold := func(events []fact.Event, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(name, err)
			}
			for _, e := range events {
				d = d.Evolve(e)
			}
		}
		for i, o := range x.opposing {
			fold(d.Note(fact.By{Commit: "courtday_1/" + string(rune('a'+i))}, c, o))
		}
		for i, h := range x.held {
			fold(d.Hold(fact.By{}, c, date, "booking_"+string(rune('a'+i)), h))
		}
		_, err := d.Hold(fact.By{}, c, date, "booking_new", x.asked)
		if refused := errors.Is(err, domain.ErrNotFree); refused != x.refused || err != nil && !refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Two courts that differ only in when the accused comes refuse with the same bytes, and so does one
// that is full: nobody can tell from a refusal why.
func TestARefusalDoesNotTellTheTimesOfTheAccused(t *testing.T) {
	c := court(t)
	refusal := func(prepare ...func(domain.Day) ([]fact.Event, error)) string {
		t.Helper()
		var d domain.Day
		for _, p := range prepare {
			events, err := p(d)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				d = d.Evolve(e)
			}
		}
		_, err := d.Hold(fact.By{}, c, date, "booking_new", place(2, 2, at(10, 0), at(11, 0)))
		f, ok := errors.AsType[*fault.Error](err)
		if !ok {
			t.Fatal(err)
		}
		all, e := json.Marshal(f)
		if e != nil {
			t.Fatal(e)
		}
		return f.Error() + string(all)
	}
	comes := func(entrance int, from, until time.Time, room int) func(domain.Day) ([]fact.Event, error) {
		return func(d domain.Day) ([]fact.Event, error) {
			return d.Note(fact.By{Commit: "courtday_1/1"}, c, domain.NoteOpposing{Date: date, Entrance: entrance, From: from, Until: until, Room: room})
		}
	}
	full := func(d domain.Day) ([]fact.Event, error) {
		return d.Hold(fact.By{}, c, date, "booking_other", place(2, 2, at(10, 30), at(12, 0)))
	}
	want := refusal(full)
	for name, got := range map[string]string{
		"he comes as she does":     refusal(comes(1, at(10, 5), at(16, 0), 0)),
		"he goes as she does":      refusal(comes(1, at(8, 0), at(10, 50), 0)),
		"by the same entrance":     refusal(comes(2, at(8, 0), at(17, 0), 0)),
		"his witness has the room": refusal(comes(3, at(8, 0), at(17, 0), 2)),
		"all of it":                refusal(full, comes(1, at(9, 55), at(11, 5), 0)),
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is refused otherwise than a full room:\n%s", name, diff)
		}
	}
}

// When the accused comes is noted whatever is booked, and what is not safe any more must move and
// keeps its place; where his witness waits is refused.
func TestNote(t *testing.T) {
	c := court(t)
	var d domain.Day
	hold := func(booking string, h domain.Held) error {
		events, err := d.Hold(fact.By{}, c, date, booking, h)
		for _, e := range events {
			d = d.Evolve(e)
		}
		return err
	}
	if err := hold("booking_1", place(2, 2, at(10, 0), at(12, 0))); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Note(fact.By{}, c, domain.NoteOpposing{Date: date, Entrance: 3, Room: 2, From: at(12, 10), Until: at(13, 0)}); !errors.Is(err, domain.ErrOpposing) {
		t.Errorf("his witness in her room: %v", err)
	}
	for what, cmd := range map[string]domain.NoteOpposing{
		"no such entrance": {Date: date, Entrance: 9, From: at(9, 0), Until: at(10, 0)},
		"no such room":     {Date: date, Entrance: 1, Room: 9, From: at(9, 0), Until: at(10, 0)},
		"backwards":        {Date: date, Entrance: 1, From: at(10, 0), Until: at(9, 0)},
		"another day":      {Date: "2026-12-01", Entrance: 1, From: at(9, 0), Until: at(10, 0)},
	} {
		if _, err := d.Note(fact.By{}, c, cmd); !errors.Is(err, domain.ErrTimes) {
			t.Errorf("%s: %v", what, err)
		}
	}
	events, err := d.Note(fact.By{Commit: "courtday_1/2"}, c, domain.NoteOpposing{Date: date, Entrance: 1, From: at(10, 5), Until: at(15, 0)})
	if err != nil {
		t.Fatal(err)
	}
	d = d.Evolve(events[0])
	if diff := cmp.Diff([]string{"booking_1"}, d.Unsafe()); diff != "" {
		t.Error("who must move (-want +got):\n" + diff)
	}
	if err := hold("booking_2", place(2, 2, at(10, 40), at(11, 30))); !errors.Is(err, domain.ErrNotFree) {
		t.Errorf("a room that somebody must leave was given away: %v", err)
	}
	if err := hold("booking_1", place(2, 2, at(10, 40), at(14, 0))); err != nil || len(d.Unsafe()) > 0 {
		t.Errorf("moved to where it is safe: %v, and unsafe are %v", err, d.Unsafe())
	}
	events, err = d.Note(fact.By{}, c, domain.NoteOpposing{Date: date, Opposing: d.Opposing[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if d = d.Evolve(events[0]); len(d.Opposing) > 0 {
		t.Error("what was taken out is there")
	}
}

// Judge says what is wrong with a day: more in a room than it takes, or her side where the other side
// is. A booking that was asked to move is not judged against it.
func judge(d domain.Day, in domain.Description) string {
	margin := time.Duration(in.Margin) * time.Minute
	for minute := at(0, 0); minute.Before(at(23, 59)); minute = minute.Add(5 * time.Minute) {
		persons := map[int]int{}
		for _, s := range d.Slots {
			if minute.Before(s.From) || !minute.Before(s.Until) {
				continue
			}
			persons[s.Room] += s.Persons
			for _, o := range d.Opposing {
				there := !minute.Before(o.From.Add(-margin)) && minute.Before(o.Until.Add(margin))
				if !s.Unsafe && there && s.Entrance == o.Entrance {
					return "an entrance with the other side at " + minute.Format("15:04")
				}
				if !s.Unsafe && there && o.Room == s.Room {
					return "a room with the other side at " + minute.Format("15:04")
				}
			}
		}
		for _, r := range in.Rooms {
			if persons[r.Number] > r.Capacity {
				return "too many in a room at " + minute.Format("15:04")
			}
		}
	}
	for _, s := range d.Slots {
		for _, o := range d.Opposing {
			for _, hers := range []time.Time{s.From, s.Until} {
				if !s.Unsafe && (hers.Sub(o.From).Abs() < margin || hers.Sub(o.Until).Abs() < margin) {
					return "within the margin at " + hers.Format("15:04")
				}
			}
		}
	}
	return ""
}

// Whatever is booked, moved, freed and noted, and in whatever order: nobody is where the other side
// is, but who was asked to move; and a refusal changes nothing.
func TestDayIsAlwaysSafe(t *testing.T) {
	c := court(t)
	rapid.Check(t, func(t *rapid.T) {
		var d domain.Day
		slot := func(name string) (time.Time, time.Time) {
			from := rapid.IntRange(16, 34).Draw(t, name+" from")
			until := rapid.IntRange(from+1, 36).Draw(t, name+" until")
			return at(0, 0).Add(time.Duration(from) * 30 * time.Minute), at(0, 0).Add(time.Duration(until) * 30 * time.Minute)
		}
		for n := range rapid.IntRange(1, 25).Draw(t, "steps") {
			booking := rapid.SampledFrom([]string{"booking_1", "booking_2", "booking_3", "booking_4", "booking_5"}).Draw(t, "booking")
			from, until := slot("it")
			by := fact.By{Commit: "courtday_1/" + string(rune('a'+n))}
			var events []fact.Event
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0, 1, 2:
				events, _ = d.Hold(by, c, date, booking, domain.Held{
					Place:   domain.Place{Room: rapid.IntRange(1, 2).Draw(t, "room"), Entrance: rapid.IntRange(1, 3).Draw(t, "entrance"), From: from, Until: until},
					Persons: rapid.IntRange(1, 2).Draw(t, "persons"),
				})
			case 3:
				events, _ = d.Free(by, booking)
			default:
				events, _ = d.Note(by, c, domain.NoteOpposing{
					Date: date, Entrance: rapid.IntRange(1, 3).Draw(t, "entrance"), Room: rapid.IntRange(0, 2).Draw(t, "room"), From: from, Until: until,
				})
			}
			for _, e := range events {
				d = d.Evolve(e)
			}
			if wrong := judge(d, described()); wrong != "" {
				t.Fatalf("%s: %+v", wrong, d)
			}
		}
	})
}
