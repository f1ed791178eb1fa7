package board_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/trust-fund/internal/board"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

var now = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

func manager() fact.By {
	return fact.By{Principal: "manager-1", Agency: "fund", Roles: []string{"fund_manager"}, At: now}
}

func fold(b board.Board, events ...fact.Event) board.Board {
	for _, e := range events {
		b = b.Evolve(e)
	}
	return b
}

func seated(t *testing.T, all ...board.Appoint) (b board.Board) {
	t.Helper()
	for _, a := range all {
		events, err := b.Appoint(manager(), a)
		if err != nil {
			t.Fatalf("%+v: %v", a, err)
		}
		b = fold(b, events...)
	}
	return b
}

func TestAppoint(t *testing.T) {
	b := seated(t, board.Appoint{Seat: 1, Subject: "ann", From: "2026-05-01"})
	for name, c := range map[string]struct {
		cmd  board.Appoint
		want error
	}{
		"another seat":                {board.Appoint{2, "ben", "2026-05-01"}, nil},
		"the day after the term":      {board.Appoint{1, "ben", "2029-05-01"}, nil},
		"again, in another seat":      {board.Appoint{2, "ann", "2029-05-01"}, nil},
		"the last day of the term":    {board.Appoint{1, "ben", "2029-04-30"}, board.ErrSeatTaken},
		"a term that ends in it":      {board.Appoint{1, "ben", "2023-05-02"}, board.ErrSeatTaken},
		"a term that ends before it":  {board.Appoint{1, "ben", "2023-05-01"}, nil},
		"one person in two seats":     {board.Appoint{2, "ann", "2028-01-01"}, board.ErrSeated},
		"a sixth seat":                {board.Appoint{6, "ben", "2026-05-01"}, board.ErrTerm},
		"no seat":                     {board.Appoint{0, "ben", "2026-05-01"}, board.ErrTerm},
		"nobody":                      {board.Appoint{2, "", "2026-05-01"}, board.ErrTerm},
		"no day":                      {board.Appoint{2, "ben", "2026-02-30"}, board.ErrTerm},
		"the manager who appoints it": {board.Appoint{2, "manager-1", "2026-05-01"}, board.ErrSelf},
	} {
		if _, err := b.Appoint(manager(), c.cmd); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A term counts from the first instant of its first day in Vienna until the last of its last.
func TestTermsEndToTheDay(t *testing.T) {
	b := seated(t, board.Appoint{Seat: 1, Subject: "ann", From: "2026-05-01"})
	first, _ := vienna.Day("2026-05-01")
	after, _ := vienna.Day("2029-05-01")
	for at, want := range map[time.Time]bool{
		first: true, first.Add(-time.Nanosecond): false, after: false, after.Add(-time.Nanosecond): true,
	} {
		if b.Trustee("ann", at) != want || b.Trustee("ben", at) {
			t.Errorf("at %s: %t", at, b.Trustee("ann", at))
		}
	}
	want := board.View{Trustees: []board.Seat{{Seat: 1, Subject: "ann", From: "2026-05-01", Last: "2029-04-30", Now: true}}}
	if diff := cmp.Diff(want, b.View(manager())); diff != "" {
		t.Error(diff)
	}
	if _, offset := first.In(call.Vienna).Zone(); offset != 2*60*60 {
		t.Errorf("in May Vienna is %d seconds ahead", offset)
	}
}

func TestEnd(t *testing.T) {
	b := seated(t, board.Appoint{Seat: 1, Subject: "ann", From: "2026-05-01"}, board.Appoint{Seat: 2, Subject: "ben", From: "2026-06-01"})
	for name, c := range map[string]struct {
		cmd  board.End
		want error
	}{
		"at once":                        {board.End{Seat: 1}, nil},
		"today":                          {board.End{1, "2026-05-04"}, nil},
		"later":                          {board.End{1, "2028-01-31"}, nil},
		"yesterday":                      {board.End{1, "2026-05-03"}, board.ErrTerm},
		"on the last day":                {board.End{1, "2029-04-30"}, board.ErrTerm},
		"no day":                         {board.End{1, "soon"}, board.ErrTerm},
		"an empty seat":                  {board.End{Seat: 3}, board.ErrSeatEmpty},
		"a term that has not begun":      {board.End{Seat: 2}, nil},
		"one that has not begun, by day": {board.End{2, "2026-05-20"}, nil},
	} {
		if _, err := b.End(manager(), c.cmd); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	events, _ := b.End(manager(), board.End{Seat: 1})
	over := fold(b, events...)
	if over.Trustee("ann", now) || !over.Trustee("ann", now.Add(-time.Second)) {
		t.Error("a term that ended at once goes on, or never was")
	}
	events, _ = b.End(manager(), board.End{Seat: 2})
	if over = fold(b, events...); over.Trustee("ben", now.AddDate(0, 2, 0)) {
		t.Error("a term that was taken back begins")
	}
	// The seat and the person are free again.
	if _, err := over.Appoint(manager(), board.Appoint{Seat: 2, Subject: "ben", From: "2026-05-05"}); err != nil {
		t.Error(err)
	}
}

func TestWhoSeesTheBoard(t *testing.T) {
	b := seated(t, board.Appoint{Seat: 1, Subject: "ann", From: "2026-05-01"})
	for role, want := range map[string]bool{"fund_manager": true, "trustee": true, "fund_assessor": false, "fund_applicant": false} {
		if b.Visible(fact.By{Principal: "x", Agency: "y", Roles: []string{role}}) != want {
			t.Errorf("%s: %t", role, !want)
		}
	}
}

// In any history there are at most five trustees at each instant, one in a seat, and nobody twice.
func TestAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b board.Board
		var journal []fact.Event
		day := rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("20%02d-%02d-%02d", rapid.IntRange(22, 36).Draw(t, "y"), rapid.IntRange(1, 12).Draw(t, "m"), rapid.IntRange(1, 28).Draw(t, "d"))
		})
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			seat := rapid.IntRange(0, 6).Draw(t, "seat")
			var events []fact.Event
			var err error
			if rapid.IntRange(0, 3).Draw(t, "command") > 0 {
				events, err = b.Appoint(manager(), board.Appoint{seat, rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g"}).Draw(t, "who"), day.Draw(t, "from")})
			} else {
				events, err = b.End(manager(), board.End{seat, rapid.OneOf(rapid.Just(""), day).Draw(t, "last")})
			}
			if err != nil && len(events) > 0 {
				t.Fatal("refused, and yet something happened")
			}
			journal, b = append(journal, events...), fold(b, events...)
		}
		for _, term := range b.Terms {
			at := term.From
			seats, people := map[int]bool{}, map[string]bool{}
			for _, o := range b.Terms {
				if at.Before(o.From) || !at.Before(o.Until) {
					continue
				}
				if seats[o.Seat] || people[o.Subject] || o.Seat < 1 || o.Seat > board.Seats {
					t.Fatalf("%+v at %s", o, at)
				}
				seats[o.Seat], people[o.Subject] = true, true
			}
			if b.At(at) > board.Seats {
				t.Fatalf("%d trustees at %s", b.At(at), at)
			}
			if term.Until.After(vienna.After(term.From, board.Years, 0, 0)) {
				t.Fatalf("a term of more than three years: %+v", term)
			}
		}
		if diff := cmp.Diff(b, fold(board.Board{}, journal...)); diff != "" {
			t.Fatal("replay gives another board:\n" + diff)
		}
	})
}
