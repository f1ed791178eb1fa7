// Package board holds the rules of the fund's board: five trustees, each for three years. It
// refuses a sixth, and one person in two seats.
package board

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// What the rules refuse, and why.
var (
	// ErrSeatTaken refuses a term in a seat that has a trustee then.
	ErrSeatTaken = fault.New(fault.Conflict, "seat_taken", "The seat has a trustee in that time.")
	// ErrSeated refuses a second seat at the same time.
	ErrSeated = fault.New(fault.Conflict, "trustee_seated", "This person has a seat in that time.")
	// ErrSeatEmpty refuses to end a term where there is none.
	ErrSeatEmpty = fault.New(fault.Conflict, "seat_empty", "The seat has no trustee.")
	// ErrSelf refuses that a manager makes themselves a trustee.
	ErrSelf = fault.New(fault.Forbidden, "trustee_self", "Nobody appoints themselves.")
	// ErrTerm refuses a term that cannot be.
	ErrTerm = fault.New(fault.Invalid, "trustee_term", "The seat or the day cannot be.")
)

// Seats is how many trustees there are, and Years how long a term is (guidelines of the fund).
const (
	Seats = 5
	Years = 3
)

// Prefix begins the identifier of the one record.
const Prefix = "board"

// ID is the one board.
func ID() string { return fact.ID(Prefix, Prefix) }

// Board is who sat, sits and will sit in the five seats.
type Board struct {
	// Terms are in the order of their beginnings.
	Terms []Term
}

// Term is one person in one seat.
type Term struct {
	Seat    int
	Subject string
	// From is its first instant, Until the first after it.
	From, Until time.Time
}

// Person is the private half of TrusteeAppointed: the subject of who was appointed, and of who
// recorded it.
type Person struct {
	Subject string `json:"subject"`
	By      string `json:"by"`
}

// Ended is the private half of TrusteeshipEnded.
type Ended struct {
	By string `json:"by"`
}

// Appoint gives a seat to a person for three years.
type Appoint struct {
	Seat    int    `json:"seat"`
	Subject string `json:"subject"`
	// From is the first day.
	From string `json:"from"`
}

// Name is the one board.
func (Appoint) Name() string { return ID() }

// End ends the term that goes on in a seat, or else the next one.
type End struct {
	Seat int `json:"seat"`
	// Last is the last day that counts, today at the earliest. Left out: it ends at once.
	Last string `json:"last,omitempty"`
}

// Name is the one board.
func (End) Name() string { return ID() }

func (t Term) holds(at time.Time) bool { return !at.Before(t.From) && at.Before(t.Until) }

func (t Term) meets(o Term) bool { return t.From.Before(o.Until) && o.From.Before(t.Until) }

// Trustee says whether a person has a seat at an instant.
func (b Board) Trustee(subject string, at time.Time) bool {
	return slices.ContainsFunc(b.Terms, func(t Term) bool { return t.Subject == subject && t.holds(at) })
}

// At is how many seats have a trustee at an instant.
func (b Board) At(at time.Time) (n int) {
	for _, t := range b.Terms {
		if t.holds(at) {
			n++
		}
	}
	return n
}

// Appoint takes a term that meets no other in the seat, and none of the same person. Errors:
// ErrTerm, ErrSelf, ErrSeatTaken, ErrSeated.
func (b Board) Appoint(by fact.By, cmd Appoint) ([]fact.Event, error) {
	from, err := vienna.Day(cmd.From)
	term := Term{Seat: cmd.Seat, Subject: cmd.Subject, From: from, Until: vienna.After(from, Years, 0, 0)}
	switch {
	case cmd.Seat < 1 || cmd.Seat > Seats:
		return nil, ErrTerm.At("/seat", "1 to 5")
	case cmd.Subject == "":
		return nil, ErrTerm.At("/subject", "required")
	case err != nil:
		return nil, ErrTerm.At("/from", "a day")
	case cmd.Subject == by.Principal:
		return nil, ErrSelf
	}
	for _, t := range b.Terms {
		switch {
		case !t.meets(term):
		case t.Seat == term.Seat:
			return nil, ErrSeatTaken
		case t.Subject == term.Subject:
			return nil, ErrSeated
		}
	}
	return fact.With(trustfundv1.TrusteeAppointed{Seat: term.Seat, From: term.From, Until: term.Until}, Person{cmd.Subject, by.Principal}), nil
}

// End ends a term before its time. Errors: ErrTerm, ErrSeatEmpty.
func (b Board) End(by fact.By, cmd End) ([]fact.Event, error) {
	until := by.At
	if cmd.Last != "" {
		last, err := vienna.Day(cmd.Last)
		if err != nil || cmd.Last < vienna.Of(by.At) {
			return nil, ErrTerm.At("/last", "a day, today at the earliest")
		}
		until = vienna.After(last, 0, 0, 1)
	}
	i := b.next(cmd.Seat, by.At)
	if i < 0 {
		return nil, ErrSeatEmpty
	}
	t := b.Terms[i]
	if !until.Before(t.Until) {
		return nil, ErrTerm.At("/last", "before the end of the term")
	}
	if until.Before(t.From) {
		until = t.From // a term that has not begun does not begin
	}
	return fact.With(trustfundv1.TrusteeshipEnded{Seat: t.Seat, From: t.From, Until: until}, Ended{by.Principal}), nil
}

// next is the first term of a seat that is not over; -1 is none.
func (b Board) next(seat int, at time.Time) int {
	return slices.IndexFunc(b.Terms, func(t Term) bool { return t.Seat == seat && at.Before(t.Until) })
}

// Evolve is the board after an event.
func (b Board) Evolve(e fact.Event) Board {
	switch d := e.Data.(type) {
	case trustfundv1.TrusteeAppointed:
		who, _ := e.Private.(Person)
		b.Terms = append(slices.Clone(b.Terms), Term{d.Seat, who.Subject, d.From, d.Until})
		slices.SortStableFunc(b.Terms, func(x, y Term) int { return cmp.Or(x.From.Compare(y.From), x.Seat-y.Seat) })
	case trustfundv1.TrusteeshipEnded:
		b.Terms = slices.Clone(b.Terms)
		for i, t := range b.Terms {
			if t.Seat == d.Seat && t.From.Equal(d.From) {
				b.Terms[i].Until = d.Until
			}
		}
		// A term without an instant is none.
		b.Terms = slices.DeleteFunc(b.Terms, func(t Term) bool { return !t.From.Before(t.Until) })
	}
	return b
}

// Case is empty: it belongs to no case.
func (Board) Case() string { return "" }

// Visible lets managers and trustees see it.
func (Board) Visible(by fact.By) bool {
	return by.System() || slices.Contains(by.Roles, "fund_manager") || slices.Contains(by.Roles, "trustee")
}

// Closed is never: each vote asks it.
func (Board) Closed() bool { return false }

// Deadlines are none: a term ends without anybody.
func (Board) Deadlines() []fact.Deadline { return nil }

var commands = command.Table[Board]{
	"appointTrustee": {When: command.Always[Board]},
	"endTrusteeship": {When: Board.mayEnd},
}

func (b Board) mayEnd(by fact.By) error {
	if !slices.ContainsFunc(b.Terms, func(t Term) bool { return by.At.Before(t.Until) }) {
		return ErrSeatEmpty
	}
	return nil
}

// Commands says which commands the board takes.
func (Board) Commands() command.Table[Board] { return commands }

// View is the board as its readers see it.
type View struct {
	Trustees []Seat `json:"trustees"`
}

// Seat is a term in a view.
type Seat struct {
	Seat    int    `json:"seat"`
	Subject string `json:"subject"`
	// From is the first day, Last the last one.
	From string `json:"from"`
	Last string `json:"last"`
	Now  bool   `json:"now"`
}

// View is the same for all who may see it: the terms that are not over.
func (b Board) View(by fact.By) any { return b.Shown(by.At) }

// Shown is the terms that are not over at an instant.
func (b Board) Shown(at time.Time) View {
	v := View{Trustees: []Seat{}}
	for _, t := range b.Terms {
		if at.Before(t.Until) {
			v.Trustees = append(v.Trustees, Seat{t.Seat, t.Subject, vienna.Of(t.From), vienna.Of(t.Until.Add(-time.Nanosecond)), t.holds(at)})
		}
	}
	return v
}
