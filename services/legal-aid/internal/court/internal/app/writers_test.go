package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	clinic, house = "legal-clinic", "east-court"
	monday        = "2026-11-30"
)

var week = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

func at(hour, minute int) time.Time { return time.Date(2026, 11, 30, hour, minute, 0, 0, time.UTC) }

// matters are those of the clinic: the lawyer works on each, each has one hearing, and brothers are
// whom she must not meet.
type matters struct {
	brothers map[string]string
	sitting  *domain.Sitting
	ended    *bool
}

func (m matters) Now(_ context.Context, matter string) (domain.OfMatter, error) {
	of := domain.OfMatter{Matter: matter, Case: "case_" + matter, Agency: clinic, Hearings: map[string]domain.Sitting{"hear_1": {StartsAt: at(9, 30)}}}
	if m.sitting != nil {
		of.Hearings["hear_1"] = *m.sitting
	}
	of.Ended = m.ended != nil && *m.ended
	return of, nil
}

func (m matters) Worked(ctx context.Context, matter string, by fact.By) (domain.OfMatter, error) {
	if by.Principal != "lawyer" {
		return domain.OfMatter{}, work.ErrNotTheWorker
	}
	return m.Now(ctx, matter)
}

func (m matters) Shown(context.Context, string, fact.By) error { return nil }

func (m matters) Meets(_ context.Context, matter string, by fact.By) (bool, error) {
	return m.brothers[matter] != by.Principal, nil
}

// writer is one process that writes the journal.
func writer(t *testing.T, j record.Journal, m matters) App {
	t.Helper()
	b := record.NewBook(event.NewCatalogue(
		event.Private[legalaidv1.CourtDescribed, domain.Description](), event.Private[legalaidv1.OpposingNoted, domain.Times](),
		event.Private[legalaidv1.SlotHeld, domain.Held](), event.Type[legalaidv1.SlotFreed](), event.Private[legalaidv1.BookingNoted, domain.Booked](),
		event.Type[legalaidv1.BookingPassed](), event.Type[legalaidv1.BookingTold](), event.Type[legalaidv1.BookingChanged](),
		event.Type[legalaidv1.AlarmRaised](), event.Type[legalaidv1.WorkerAwaited](), event.Type[legalaidv1.AlarmAcknowledged](),
	), func() time.Time { return week })
	a := New(b, m)
	if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	return a
}

func as(ctx context.Context, who, agency, cause string) (context.Context, fact.By) {
	by := fact.By{Principal: who, Agency: agency, At: week}
	return record.With(ctx, record.Command{Op: "test", By: by, Cause: cause}), by
}

func lawyer(t *testing.T, cause string) (context.Context, fact.By) {
	return as(t.Context(), "lawyer", clinic, cause)
}

func registrar(t *testing.T, cause string) (context.Context, fact.By) {
	return as(t.Context(), "registrar", house, cause)
}

// described is a court of three rooms.
func (a App) described(t *testing.T, rooms int) string {
	t.Helper()
	d := domain.Description{
		Name: "A court", Zone: "UTC", Margin: 20, Opens: []domain.Hours{{Weekday: 1, From: "08:00", Until: "18:00"}},
		Entrances: []domain.Entrance{{Number: 1, Name: "North"}, {Number: 2, Name: "South"}, {Number: 3, Name: "Garage"}},
	}
	for n := range rooms {
		d.Rooms = append(d.Rooms, domain.Room{Number: n + 1, Name: "A room", Capacity: 1 + n%2, Entrances: []int{1, 2, 3}})
	}
	ctx, _ := registrar(t, "court")
	id := fact.ID(domain.Prefix, "test")
	if _, err := a.Courts.Create(ctx, id, func(c domain.Court, by fact.By) ([]fact.Event, error) { return c.Describe(by, d) }); err != nil {
		t.Fatal(err)
	}
	return id
}

func booking(court, matter string, room, entrance int, from, until time.Time) domain.Book {
	return domain.Book{
		Matter: matter, Court: court, For: code.ForSurvivor, Persons: 1, CodeWord: "Blue", AccompaniedBy: "Rosa", Hearing: "hear_1",
		Wanted: domain.Wanted{Room: room, Entrance: entrance, From: from, Until: until},
	}
}

func refused(err error) bool {
	_, ok := errors.AsType[*fault.Error](err)
	return err == nil || ok
}

// Two hundred clients book the rooms of one court at once, in two processes, while the court notes
// when the other side comes. No room holds more than it takes, and nobody who was not asked to move is
// by an entrance, in a room or within the margin of the other side. Who was told that a room is held
// has it, and who was refused has none.
func TestTwoWriters(t *testing.T) {
	j := &recordtest.Journal{Beside: true}
	writers := []App{writer(t, j, matters{}), writer(t, j, matters{})}
	const rooms, clients = 5, 200
	court := writers[0].described(t, rooms)
	var wg sync.WaitGroup
	held := make([]bool, clients)
	errs := make([]error, clients+20)
	// The other side comes from when half of the clients were answered: rooms are held by then.
	var half sync.WaitGroup
	half.Add(clients / 2)
	for n := range clients {
		wg.Go(func() {
			if n < clients/2 {
				defer half.Done()
			}
			ctx, by := lawyer(t, fmt.Sprint("book ", n))
			from := at(8, 0).Add(time.Duration(n*7%540) * time.Minute)
			cmd := booking(court, fmt.Sprint("mat_", n), n%rooms+1, n%3+1, from, from.Add(50*time.Minute))
			_, err := writers[n%2].Book(ctx, by, cmd)
			held[n] = err == nil
			if !refused(err) {
				errs[n] = err
			}
			if again, e := writers[(n+1)%2].Book(ctx, by, cmd); (e == nil) != held[n] && again.Status != code.BookingToMove {
				errs[n] = fmt.Errorf("sent again it ends otherwise: %w", errors.Join(err, e))
			}
		})
	}
	for n := range 20 { // most of them are refused: there is a room of hers
		wg.Go(func() {
			half.Wait()
			ctx, by := registrar(t, fmt.Sprint("note ", n))
			from := at(8, 0).Add(time.Duration(n*31%540) * time.Minute)
			_, err := writers[n%2].Note(ctx, by, court, domain.NoteOpposing{
				Date: monday, Entrance: n%3 + 1, Room: min(n%10, 1) * (n%rooms + 1), From: from, Until: from.Add(15 * time.Minute),
			})
			if !refused(err) {
				errs[clients+n] = err
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	a := writer(t, j, matters{})
	day, err := a.Days.Get(t.Context(), domain.DayID(court, monday))
	if err != nil {
		t.Fatal(err)
	}
	is, err := a.Courts.Get(t.Context(), court)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for n := range clients {
		id := fact.ID(domain.BookingPrefix, fmt.Sprint("book ", n))
		res, err := a.Bookings.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		there := false
		for _, s := range day.State.Slots {
			there = there || s.Booking == id
		}
		if there != held[n] || there != (res.State.At != nil) {
			t.Errorf("client %d was told %t, the calendar says %t, and the booking %+v", n, held[n], there, res.State.At)
		}
		if there {
			count++
		}
	}
	unsafe := len(day.State.Unsafe())
	t.Logf("%d of %d hold a room, %d must move, the other side comes %d times", count, clients, unsafe, len(day.State.Opposing))
	if count-unsafe < 10 || len(day.State.Opposing) == 0 {
		t.Error("too little happened to judge")
	}
	for _, s := range day.State.Slots {
		persons := 0
		for _, o := range day.State.Slots {
			if o.Room == s.Room && !s.From.Before(o.From) && s.From.Before(o.Until) {
				persons += o.Persons
			}
		}
		if takes := is.State.Rooms[s.Room-1].Capacity; persons > takes {
			t.Errorf("room %d takes %d, and %d are in it at %s", s.Room, takes, persons, s.From)
		}
		for _, o := range day.State.Opposing {
			if !s.Unsafe && !s.Apart(o.Times, 20*time.Minute) {
				t.Errorf("%+v is not apart from %+v", s, o)
			}
		}
	}
}

// An usher sees where, when, the code word and who accompanies, of the bookings of their own court and
// of whom they may meet her: of others they are answered as if there were none. An alarm has the room.
func TestUsher(t *testing.T) {
	a := writer(t, &recordtest.Journal{}, matters{brothers: map[string]string{"mat_2": "her brother"}})
	court := a.described(t, 2)
	ids := map[string]string{}
	for n, matter := range []string{"mat_1", "mat_2"} {
		ctx, by := lawyer(t, matter)
		v, err := a.Book(ctx, by, booking(court, matter, n+1, 1, at(9, 0), at(10, 0)))
		if err != nil {
			t.Fatal(err)
		}
		ids[matter] = v.ID
	}
	for who, want := range map[string]int{"eva": 2, "her brother": 1} {
		_, by := as(t.Context(), who, house, who)
		all, err := a.Expected(t.Context(), by, court, map[string][]string{"date": {monday}})
		if err != nil || len(all.Items) != want {
			t.Errorf("%s sees %+v, %v", who, all, err)
		}
		text, _ := json.Marshal(all)
		for _, never := range []string{"mat_", "case_", clinic, "survivor", "hear_"} {
			if strings.Contains(string(text), never) {
				t.Errorf("%s is shown %s: %s", who, never, text)
			}
		}
	}
	say := func(who, agency, id string) string {
		ctx, by := as(t.Context(), who, agency, who+id)
		_, err := a.Pass(ctx, by, domain.Pass{Booking: id, Step: code.BookingArrived})
		return fmt.Sprint(err)
	}
	none := say("her brother", house, "booking_none")
	if got := say("her brother", house, ids["mat_2"]); got != none {
		t.Errorf("whom she must not meet is answered %s, and of none %s", got, none)
	}
	if got := say("eva", "west-court", ids["mat_2"]); got != none {
		t.Errorf("another court is answered %s, and of none %s", got, none)
	}
	if got := say("eva", house, ids["mat_2"]); got != fmt.Sprint(error(nil)) {
		t.Error(got)
	}
	ctx, by := as(t.Context(), "eva", house, "alarm")
	raised, err := a.Raise(ctx, by, domain.Raise{Court: court, Room: 2})
	if err != nil {
		t.Fatal(err)
	}
	alarm, err := a.Alarms.Get(t.Context(), raised.Alarm)
	text, _ := json.Marshal(alarm.State.View(by))
	want := fmt.Sprintf(`{"id":"%s","court":"%s","room":2,"raised_at":"2026-11-23T06:00:00Z"}`, raised.Alarm, court)
	if err != nil || string(text) != want {
		t.Errorf("an alarm says %s, %v", text, err)
	}
	if _, err := a.Raise(ctx, by, domain.Raise{Court: "court_none", Room: 1}); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("at no court: %v", err)
	}
}

// A colleague sees that there is a booking, and nothing in it; and changes none.
func TestAColleagueSeesTheFrame(t *testing.T) {
	a := writer(t, &recordtest.Journal{}, matters{})
	court := a.described(t, 1)
	ctx, by := lawyer(t, "book")
	v, err := a.Book(ctx, by, booking(court, "mat_1", 1, 1, at(9, 0), at(10, 0)))
	if err != nil || v.At == nil {
		t.Fatal(v, err)
	}
	ctx, by = as(t.Context(), "colleague", clinic, "look")
	if v, err := a.Read(ctx, by, v.ID, nil); err != nil || v.At != nil || v.CodeWord != "" || v.Status != code.BookingHeld {
		t.Errorf("a colleague sees %+v, %v", v, err)
	}
	if _, err := a.Free(ctx, by, v.ID, struct{}{}); !errors.Is(err, work.ErrNotTheWorker) {
		t.Errorf("a colleague frees it: %v", err)
	}
	ctx, by = as(t.Context(), "lawyer", "another-clinic", "look")
	if _, err := a.Read(ctx, by, v.ID, nil); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("another agency: %v", err)
	}
}
