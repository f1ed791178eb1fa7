package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

var before = fact.By{Principal: "lawyer", Agency: "legal-clinic", At: at(0, 0).AddDate(0, 0, -7), Commit: "booking_1/1"}

func wanted(room, entrance int, from, until time.Time) domain.Wanted {
	return domain.Wanted{Room: room, Entrance: entrance, From: from, Until: until}
}

func book(w domain.Wanted) domain.Book {
	return domain.Book{Matter: "mat_1", Court: courtID, For: code.ForSurvivor, Persons: 1, CodeWord: "Blue", AccompaniedBy: "Rosa", Wanted: w}
}

var of = domain.OfMatter{Matter: "mat_1", Case: "case_1", Agency: "legal-clinic"}

func TestAsk(t *testing.T) {
	c, over := court(t), errors.New("over")
	good := book(wanted(1, 1, at(9, 0), at(12, 0)))
	change := func(f func(*domain.Book)) domain.Book {
		b := good
		f(&b)
		return b
	}
	for name, x := range map[string]struct {
		cmd domain.Book
		of  domain.OfMatter
		err error
	}{
		"as it is":                  {good, of, nil},
		"by video":                  {change(func(b *domain.Book) { b.Needs = []code.RoomEquipment{code.VideoLink} }), of, nil},
		"what the room has not":     {change(func(b *domain.Book) { b.Needs = []code.RoomEquipment{code.Wheelchair} }), of, domain.ErrPlace},
		"no such room":              {change(func(b *domain.Book) { b.Room = 9 }), of, domain.ErrPlace},
		"another room's entrance":   {change(func(b *domain.Book) { b.Entrance = 3 }), of, domain.ErrPlace},
		"more than the room takes":  {change(func(b *domain.Book) { b.Persons = 3 }), of, domain.ErrPlace},
		"nobody":                    {change(func(b *domain.Book) { b.Persons = 0 }), of, domain.ErrPlace},
		"in the past":               {change(func(b *domain.Book) { b.From = before.At.Add(-time.Hour) }), of, domain.ErrPlace},
		"backwards":                 {change(func(b *domain.Book) { b.Until = b.From }), of, domain.ErrPlace},
		"while the court is closed": {change(func(b *domain.Book) { b.Until = at(18, 1) }), of, domain.ErrPlace},
		"on a day on which it is":   {change(func(b *domain.Book) { b.From, b.Until = at(33, 0), at(34, 0) }), of, domain.ErrPlace},
		"for nobody in particular":  {change(func(b *domain.Book) { b.For = "" }), of, work.ErrUnknownCode},
		"for a matter that is over": {good, domain.OfMatter{Over: over}, over},
	} {
		if _, err := (domain.Booking{}).Ask(before, x.cmd, x.of, c); !errors.Is(err, x.err) {
			t.Errorf("%s: %v, want %v", name, err, x.err)
		}
	}
	if _, err := (domain.Booking{}).Ask(before, good, of, domain.Court{}); !errors.Is(err, domain.ErrPlace) {
		t.Errorf("at no court: %v", err)
	}
}

func TestDescribe(t *testing.T) {
	for name, spoil := range map[string]func(*domain.Description){
		"no zone":                 func(d *domain.Description) { d.Zone = "" },
		"an unknown zone":         func(d *domain.Description) { d.Zone = "Atlantis/North" },
		"no margin":               func(d *domain.Description) { d.Margin = 0 },
		"a margin of days":        func(d *domain.Description) { d.Margin = 10_000 },
		"closing before opening":  func(d *domain.Description) { d.Opens[0].Until = "07:00" },
		"no such weekday":         func(d *domain.Description) { d.Opens[0].Weekday = 8 },
		"two doors of one number": func(d *domain.Description) { d.Entrances[1].Number = 1 },
		"two rooms of one number": func(d *domain.Description) { d.Rooms[1].Number = 1 },
		"a room for nobody":       func(d *domain.Description) { d.Rooms[0].Capacity = 0 },
		"a room without a door":   func(d *domain.Description) { d.Rooms[0].Entrances = nil },
		"a door of nowhere":       func(d *domain.Description) { d.Rooms[0].Entrances = []int{9} },
		"what no room has":        func(d *domain.Description) { d.Rooms[0].Equipment = []code.RoomEquipment{"pool"} },
	} {
		d := described()
		spoil(&d)
		if _, err := court(t).Change(fact.By{Agency: "east-court"}, d); !errors.Is(err, domain.ErrCourt) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := court(t)
	if _, err := c.Change(fact.By{Agency: "legal-clinic"}, described()); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("another agency changes it: %v", err)
	}
	theirs, others := c.View(fact.By{Agency: "east-court"}).(domain.CourtView), c.View(fact.By{Agency: "legal-clinic"}).(domain.CourtView)
	if theirs.Margin != 30 || others.Margin != 0 {
		t.Errorf("the margin is shown to the court as %d, and to others as %d", theirs.Margin, others.Margin)
	}
}

// What an usher sees goes forward only, and what the usher is shown is nothing of the case or the
// matter.
func TestPass(t *testing.T) {
	c := court(t)
	b := answered(t, c)
	pass := func(step code.BookingStep) error {
		by := before
		events, err := b.Pass(by, domain.Pass{Step: step})
		for _, e := range events {
			e.At = at(9, len(b.Steps))
			b = b.Evolve(e)
		}
		return err
	}
	for _, x := range []struct {
		step code.BookingStep
		err  error
	}{
		{code.BookingInRoom, domain.ErrStep},
		{code.BookingLeft, domain.ErrStep},
		{"asleep", work.ErrUnknownCode},
		{code.BookingArrived, nil},
		{code.BookingArrived, domain.ErrStep},
		{code.BookingTestifying, domain.ErrStep},
		{code.BookingInRoom, nil},
		{code.BookingTestifying, nil},
		{code.BookingInRoom, nil},
		{code.BookingTestifying, nil},
		{code.BookingLeft, nil},
		{code.BookingInRoom, domain.ErrOver},
	} {
		if err := pass(x.step); !errors.Is(err, x.err) {
			t.Errorf("%s: %v, want %v", x.step, err, x.err)
		}
	}
	got, ok := b.Expected()
	want := domain.Expected{
		Booking: "booking_1", Room: 1, Entrance: 1, From: at(9, 0), Until: at(12, 0), CodeWord: "Blue", AccompaniedBy: "Rosa",
		Steps: []domain.Passed{
			{code.BookingArrived, at(9, 0)},
			{code.BookingInRoom, at(9, 1)},
			{code.BookingTestifying, at(9, 2)},
			{code.BookingInRoom, at(9, 3)},
			{code.BookingTestifying, at(9, 4)},
			{code.BookingLeft, at(9, 5)},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Error("the usher's view (-want +got):\n" + diff)
	}
}

// answered is a booking that the court holds.
func answered(t interface{ Fatal(...any) }, c domain.Court) domain.Booking {
	b := domain.Booking{}
	fold := func(events []fact.Event, err error) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			b = b.Evolve(e)
		}
	}
	fold(b.Ask(before, book(wanted(1, 1, at(9, 0), at(12, 0))), of, c))
	fold(b.Answer(before, *b.Asked, true, c))
	return b
}

// Whatever happens to a booking: who accompanies her is on the list to be told whenever it moved or was
// freed, what is over takes nothing more, each change tells that there is one and nothing of what,
// and every place that the court may hold for it is known.
func TestBooking(t *testing.T) {
	c := court(t)
	rapid.Check(t, func(t *rapid.T) {
		b := domain.Booking{}
		for n := range rapid.IntRange(1, 20).Draw(t, "steps") {
			was := b
			from := rapid.IntRange(8, 16).Draw(t, "from")
			to := wanted(1, 2, at(from, 0), at(from+1, 0))
			if rapid.Bool().Draw(t, "next week") {
				to.From, to.Until = to.From.AddDate(0, 0, 7), to.Until.AddDate(0, 0, 7)
			}
			by := before
			var events []fact.Event
			var err error
			switch rapid.IntRange(0, 6).Draw(t, "what") {
			case 0:
				events, err = b.Ask(by, book(to), of, c)
			case 1:
				events, err = b.Move(by, to, c, of)
			case 2, 3:
				if b.Asked != nil {
					events, err = b.Answer(by, *b.Asked, rapid.Bool().Draw(t, "held"), c)
				}
			case 4:
				events, err = b.Unsettle(by)
			case 5:
				events, err = b.Free(by, struct{}{})
			case 6:
				events, err = b.Tell(by, struct{}{})
			}
			if err != nil && len(events) > 0 {
				t.Fatal("refused, and yet it happened")
			}
			for _, e := range events {
				b = b.Evolve(e)
			}
			if len(events) > 0 {
				if last, ok := events[len(events)-1].Data.(legalaidv1.BookingChanged); !ok || last.Booking != "booking_1" {
					t.Fatalf("step %d tells nobody that there is news: %+v", n, events)
				}
			}
			moved := was.At != nil && b.At != nil && !was.At.Same(*b.At)
			freed := was.At != nil && !was.Over() && b.Status == code.BookingFreed
			if (moved || freed) && !b.ToTell {
				t.Fatalf("step %d: who accompanies her is not told", n)
			}
			if was.Over() && (b.Status != was.Status || b.At != nil && !was.At.Same(*b.At)) {
				t.Fatalf("step %d: what is over changed", n)
			}
			for _, p := range []*domain.Place{was.At, was.Asked} {
				known := p == nil || b.At != nil && b.At.Same(*p) || b.Asked != nil && b.Asked.Same(*p) || b.Status == code.BookingRefused
				for i := range b.Left {
					known = known || b.Left[i].Same(*p)
				}
				refusedThere := p == was.Asked && b.Asked == nil
				if !known && !refusedThere {
					t.Fatalf("step %d: the court may hold %v, and nobody knows", n, p)
				}
			}
		}
	})
}
