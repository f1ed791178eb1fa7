package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

// dying is a journal that stops taking commits after some, as where the process is killed.
type dying struct {
	recordtest.Journal
	// left is how many it takes yet; below zero it takes all. Taken counts them.
	left, taken int
}

var errKilled = errors.New("killed")

func (j *dying) Append(ctx context.Context, c *journal.Commit) error {
	if j.left == 0 {
		return errKilled
	}
	j.left--
	j.taken++
	return j.Journal.Append(ctx, c)
}

func (a App) booked(t fataler, id string) domain.Booking {
	t.Helper()
	is, err := a.Bookings.Get(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return is.State
}

type fataler interface {
	Helper()
	Fatal(...any)
}

// holds are the places that the court holds for a booking, on the days from the first on.
func (a App) holds(t fataler, court, id string) (all []domain.Place) {
	t.Helper()
	for day := at(0, 0); day.Before(at(0, 0).AddDate(0, 0, 29)); day = day.AddDate(0, 0, 7) {
		is, err := a.Days.Get(context.Background(), domain.DayID(court, day.Format(time.DateOnly)))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range is.State.Slots {
			if s.Booking == id {
				all = append(all, s.Place)
			}
		}
	}
	return all
}

// However often a hearing moves, wherever the process is killed on the way, and whether the request
// comes again or a later one overtakes it: each booking is moved by as much as its hearing, once, and
// the court holds one place for it. Where the court has none at the new time the booking keeps the old
// one, and must move. What is there already costs nothing more.
func TestABookingFollowsItsHearing(t *testing.T) {
	all := 0
	rapid.Check(t, func(r *rapid.T) {
		all++
		made := at(9, 30)
		sits := domain.Sitting{StartsAt: made}
		j := &dying{left: -1}
		a := writer(t, j, matters{sitting: &sits})
		court := a.described(t, 3)
		var ids []string
		var bases []domain.Place
		for n, from := range []time.Time{at(9, 0), at(9, 0), at(10, 0)} {
			ctx, by := lawyer(t, fmt.Sprint("book ", n))
			v, err := a.Book(ctx, by, booking(court, "mat_1", n%2+1, n+1, from, from.Add(time.Hour)))
			if err != nil {
				r.Fatal(err)
			}
			ids, bases = append(ids, v.ID), append(bases, *v.At)
		}
		for n := range rapid.IntRange(0, 3).Draw(r, "opposing") {
			ctx, by := registrar(t, fmt.Sprint("note ", n))
			day := at(0, 0).AddDate(0, 0, 7*rapid.IntRange(1, 2).Draw(r, "week of theirs"))
			from := day.Add(time.Duration(rapid.IntRange(8, 16).Draw(r, "theirs")) * time.Hour)
			if _, err := a.Note(ctx, by, court, domain.NoteOpposing{
				Date: day.Format(time.DateOnly), Entrance: rapid.IntRange(1, 3).Draw(r, "door"), From: from, Until: from.Add(time.Hour),
			}); err != nil {
				r.Fatal(err)
			}
		}
		moves := rapid.IntRange(1, 4).Draw(r, "moves")
		for n := range moves {
			sits.StartsAt = at(rapid.IntRange(7, 16).Draw(r, "hour"), 30).AddDate(0, 0, 7*rapid.IntRange(0, 2).Draw(r, "week"))
			sits.Moved = true
			cause := fmt.Sprint("move ", n)
			for range rapid.IntRange(0, 2).Draw(r, "kills") {
				j.left = rapid.IntRange(0, 8).Draw(r, "dies after")
				ctx, _ := lawyer(t, cause)
				_ = a.Follow(ctx, "mat_1") // the client sees an error, or an answer
				j.left = -1
				if rapid.Bool().Draw(r, "starts again") {
					a = writer(t, j, matters{sitting: &sits})
				}
			}
			if n < moves-1 && rapid.Bool().Draw(r, "overtaken") {
				continue
			}
			ctx, _ := lawyer(t, cause)
			if err := a.Follow(ctx, "mat_1"); err != nil {
				r.Fatal(err)
			}
		}
		for n, id := range ids {
			b := a.booked(r, id)
			want := bases[n]
			want.From, want.Until = want.From.Add(sits.StartsAt.Sub(made)), want.Until.Add(sits.StartsAt.Sub(made))
			held := a.holds(r, court, id)
			switch {
			case b.Asked != nil || b.At == nil || len(held) != 1 || !held[0].Same(*b.At):
				r.Fatalf("booking %d is %+v, and the court holds %v", n, b.Booked, held)
			case b.Status == code.BookingHeld && !b.At.Same(want):
				r.Fatalf("booking %d is at %v, want %v", n, b.At, want)
			case b.Status == code.BookingToMove && (b.Why() != code.BookingHearingMoved || !b.Waits()):
				r.Fatalf("booking %d must move because of %s", n, b.Why())
			case b.Status != code.BookingHeld && b.Status != code.BookingToMove:
				r.Fatalf("booking %d is %s", n, b.Status)
			}
		}
		taken := j.taken
		ctx, _ := lawyer(t, "once more")
		if err := a.Follow(ctx, "mat_1"); err != nil || j.taken != taken {
			r.Fatalf("once more it writes %d, %v", j.taken-taken, err)
		}
	})
	if all == 0 {
		t.Error("nothing was tried")
	}
}

// Who accompanies her is on the list whenever the hearing took the booking along, the old room is given
// back, and a booking for which there is no place then stands on the list of the court and of the
// lawyer, in words that say nothing of the other side.
func TestWhereAHearingMoves(t *testing.T) {
	sits, ended := domain.Sitting{StartsAt: at(9, 30)}, false
	a := writer(t, &recordtest.Journal{}, matters{sitting: &sits, ended: &ended})
	court := a.described(t, 2)
	follow := func(cause string) {
		t.Helper()
		ctx, _ := lawyer(t, cause)
		if err := a.Follow(ctx, "mat_1"); err != nil {
			t.Fatal(err)
		}
	}
	book := func(cause string, room int) string {
		t.Helper()
		ctx, by := lawyer(t, cause)
		v, err := a.Book(ctx, by, booking(court, "mat_1", room, 1, at(9, 0), at(10, 0)))
		if err != nil {
			t.Fatal(err)
		}
		return v.ID
	}
	first, second := book("first", 1), book("second", 2)
	ctx, by := lawyer(t, "other")
	if _, err := a.Book(ctx, by, domain.Book{
		Matter: "mat_2", Court: court, For: code.ForSurvivor, Persons: 1, CodeWord: "Blue",
		Wanted: domain.Wanted{Room: 1, Entrance: 1, From: at(9, 0).AddDate(0, 0, 7), Until: at(10, 0).AddDate(0, 0, 7)},
	}); err != nil {
		t.Fatal(err)
	}
	sits.StartsAt, sits.Moved = at(9, 30).AddDate(0, 0, 7), true
	follow("next week")
	if b := a.booked(t, second); b.Status != code.BookingHeld || !b.ToTell || !b.At.From.Equal(at(9, 0).AddDate(0, 0, 7)) {
		t.Errorf("%+v", b)
	}
	b := a.booked(t, first)
	if b.Why() != code.BookingHearingMoved || !b.At.From.Equal(at(9, 0)) {
		t.Errorf("%+v", b)
	}
	ctx, by = registrar(t, "look")
	strayed, err := a.Straying(ctx, by, court, nil)
	if err != nil || len(strayed.Items) != 1 || strayed.Items[0].Why != code.BookingHearingMoved {
		t.Errorf("the registrar sees %+v, %v", strayed, err)
	}
	_, lawyers := lawyer(t, "look")
	part, _ := a.Booked(lawyers, url.Values{"attention": {"true"}})
	if waiting, _, err := a.Bookings.Page(t.Context(), part, "", 10); err != nil || len(waiting) != 2 {
		t.Errorf("%d wait, %v", len(waiting), err)
	}
	// It moves back: the first is right again where it is.
	sits.StartsAt = at(9, 30)
	follow("back")
	if b := a.booked(t, first); b.Status != code.BookingHeld || b.Why() != "" {
		t.Errorf("%+v", b)
	}
	// By hand it goes to another place, and follows from there.
	ctx, by = lawyer(t, "by hand")
	if _, err := a.Move(ctx, by, first, domain.Wanted{Room: 1, Entrance: 2, From: at(11, 0), Until: at(12, 0)}); err != nil {
		t.Fatal(err)
	}
	sits.StartsAt = at(10, 0)
	follow("half an hour")
	if b := a.booked(t, first); b.Status != code.BookingHeld || !b.At.From.Equal(at(11, 30)) {
		t.Errorf("%+v", b.At)
	}
	// Put off it waits for a time, and while she is in the house it is not moved.
	sits.PutOff = true
	follow("put off")
	if b := a.booked(t, first); b.Why() != code.BookingHearingPutOff {
		t.Errorf("%+v", b)
	}
	sits = domain.Sitting{StartsAt: at(12, 0), Moved: true}
	follow("a new time")
	if b := a.booked(t, first); b.Status != code.BookingHeld || !b.At.From.Equal(at(13, 30)) {
		t.Errorf("%+v", b)
	}
	ctx, by = as(t.Context(), "usher", house, "arrives")
	if _, err := a.Pass(ctx, by, domain.Pass{Booking: first, Step: code.BookingArrived}); err != nil {
		t.Fatal(err)
	}
	ended = true
	follow("over")
	if b := a.booked(t, second); b.Status != code.BookingFreed || !b.ToTell {
		t.Errorf("%+v", b)
	}
	if b := a.booked(t, first); b.Over() || len(a.holds(t, court, first)) != 1 {
		t.Errorf("she is in the house, and %+v", b)
	}
	if held := a.holds(t, court, second); len(held) != 0 {
		t.Errorf("it is over, and the court holds %v", held)
	}
	ctx, by = as(t.Context(), "usher", house, "leaves")
	if _, err := a.Pass(ctx, by, domain.Pass{Booking: first, Step: code.BookingLeft}); err != nil {
		t.Fatal(err)
	}
	ctx, by = lawyer(t, "told")
	if v, err := a.Tell(ctx, by, second, struct{}{}); err != nil || v.ToTell || v.Attention {
		t.Errorf("%+v, %v", v, err)
	}
	ctx, by = lawyer(t, "of nothing")
	cmd := booking(court, "mat_1", 1, 1, at(9, 0), at(10, 0))
	cmd.Hearing = "hear_none"
	if _, err := a.Book(ctx, by, cmd); err == nil {
		t.Error("a room is booked for a hearing that is not there")
	}
}
