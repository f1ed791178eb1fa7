package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/work"
)

// BookingPrefix begins the identifier of every booking.
const BookingPrefix = "booking"

// Booking is a protected room that the worker of a matter booked. It is sealed with the key of
// the case.
type Booking struct {
	legalaidv1.RoomBooking
	Status code.BookingStatus
	Booked
	Steps []Passed
}

// Booked is all that holds of a booking: the private half of BookingNoted.
type Booked struct {
	// By is who wrote it.
	By  string         `json:"by"`
	For code.BookedFor `json:"for"`
	// At is what the court holds for it; nil before it was held.
	At *Place `json:"at,omitempty"`
	// Asked is what the court is asked for and has not answered.
	Asked *Place `json:"asked,omitempty"`
	// Left are places that the court may hold for it still, and is to have back.
	Left []Place `json:"left,omitempty"`
	// Persons is how many are in the room with this booking.
	Persons int `json:"persons"`
	// Needs is what the room must have.
	Needs []code.RoomEquipment `json:"needs,omitempty"`
	// CodeWord is what the usher asks for at the entrance, in the place of a name.
	CodeWord string `json:"code_word"`
	// AccompaniedBy is who comes with her.
	AccompaniedBy string `json:"accompanied_by,omitempty"`
	// Hearing is the hearing of the matter for which it is; empty where none was named.
	Hearing string `json:"hearing,omitempty"`
	// AskedFor is the beginning of the hearing for which a place is asked, and HearingAt that for
	// which the court holds one: missing where none was named, and in one of before hearings were
	// followed.
	AskedFor  time.Time `json:"asked_for,omitzero"`
	HearingAt time.Time `json:"hearing_at,omitzero"`
	// ToMove is why it cannot stay where it is, where that is its hearing.
	ToMove *ToMove `json:"to_move,omitempty"`
	// ToTell says that who accompanies her is to be told of what moved, by safe contact.
	ToTell bool `json:"to_tell,omitempty"`
}

// gives notes a place that the court is to have back.
func (b Booked) gives(p *Place) Booked {
	if p != nil {
		b.Left = append(slices.Clip(b.Left), *p)
	}
	return b
}

// Passed is what an usher saw, and when.
type Passed struct {
	Step code.BookingStep `json:"step"`
	At   time.Time        `json:"at"`
}

// Wanted is what somebody who books wants of the court.
type Wanted struct {
	Room     int       `json:"room"`
	Entrance int       `json:"entrance"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// Book is the command that books a room for a matter.
type Book struct {
	Matter        string               `json:"matter"`
	Court         string               `json:"court"`
	For           code.BookedFor       `json:"for"`
	Persons       int                  `json:"persons"`
	Needs         []code.RoomEquipment `json:"needs,omitempty"`
	CodeWord      string               `json:"code_word"`
	AccompaniedBy string               `json:"accompanied_by,omitempty"`
	Hearing       string               `json:"hearing,omitempty"`
	Wanted
}

// longest is how long a booking may last: a day at the court.
const longest = 24 * time.Hour

// Takes refuses what the court's own description does not allow: everybody who books sees it,
// so the refusal may say where (ErrPlace).
func (c Court) Takes(p Place, persons int, needs []code.RoomEquipment, now time.Time) error {
	room, ok := c.room(p.Room)
	switch {
	case !c.Exists() || !ok:
		return ErrPlace.At("/room", "a room of this court")
	case !slices.Contains(room.Entrances, p.Entrance):
		return ErrPlace.At("/entrance", "an entrance of this court")
	case persons < 1 || persons > room.Capacity:
		return ErrPlace.At("/persons", "not more than the room takes")
	case slices.ContainsFunc(needs, func(e code.RoomEquipment) bool { return !slices.Contains(room.Equipment, e) }):
		return ErrPlace.At("/needs", "what the room has")
	case !p.From.After(now):
		return ErrPlace.At("/from", "in the future")
	case !p.From.Before(p.Until) || p.Until.Sub(p.From) > longest:
		return ErrPlace.At("/until", "after from on the same day")
	case !c.open(p.From, p.Until):
		return ErrPlace.At("/from", "while the court is open")
	}
	return nil
}

// OfMatter is what a booking needs to know of the matter: what it is about, and that the
// caller is its worker.
type OfMatter struct {
	Matter, Case, Agency string
	// Over says why nothing more is booked for the matter; nil while it goes on. What is booked
	// can be given back then, too.
	Over error
	// Ended says that the matter is closed, ended, or closed to readers: nobody comes for it any more.
	Ended bool
	// Hearings are those of the matter as they are now, by their identifiers.
	Hearings map[string]Sitting
}

// Ask begins a booking: the court's calendar is asked next (Answer).
func (b Booking) Ask(by fact.By, cmd Book, of OfMatter, court Court) ([]fact.Event, error) {
	p := Place(cmd.Wanted)
	if err := cmp.Or(
		of.Over,
		work.Known("/for", cmd.For, code.BookedFors),
		of.awaits(cmd.Hearing),
		court.Takes(p, cmd.Persons, cmd.Needs, by.At),
	); err != nil {
		return nil, err
	}
	if b.Exists() {
		return nil, nil
	}
	b.RoomBooking = legalaidv1.RoomBooking{Booking: record(by), Matter: of.Matter, Case: of.Case, Agency: of.Agency, Court: court.Court}
	return b.says(by, code.BookingAsked, Booked{
		For: cmd.For, Asked: &p, Persons: cmd.Persons, Needs: cmd.Needs, CodeWord: cmd.CodeWord, AccompaniedBy: cmd.AccompaniedBy,
		Hearing: cmd.Hearing, AskedFor: of.Hearings[cmd.Hearing].StartsAt,
	}), nil
}

// Move asks for another place, which is for the hearing as it is now. Until the court has answered
// the booking stays where it is.
func (b Booking) Move(by fact.By, cmd Wanted, court Court, of OfMatter) ([]fact.Event, error) {
	p := Place(cmd)
	if err := cmp.Or(b.goesOn(), court.Takes(p, b.Persons, b.Needs, by.At)); err != nil {
		return nil, err
	}
	is := b.Booked.gives(b.Asked)
	is.Asked, is.AskedFor = &p, of.Hearings[b.Hearing].StartsAt
	return b.says(by, b.Status, is), nil
}

// Answer takes what the calendar of the court said to what was asked. A booking that moved has
// who accompanies her on the list of those to be told. One that is refused the time of its hearing
// must move, and is not kept as if nothing were the matter.
func (b Booking) Answer(by fact.By, asked Place, held bool, court Court) ([]fact.Event, error) {
	if b.Asked == nil || !b.Asked.Same(asked) {
		return nil, nil
	}
	is := b.Booked
	is.Asked, is.AskedFor = nil, time.Time{}
	switch {
	case held:
		is.HearingAt, is.ToMove = b.AskedFor, nil
		is.ToTell = is.ToTell || is.At != nil && is.AccompaniedBy != ""
		is = is.gives(is.At)
		is.At = &asked
		return b.says(by, code.BookingHeld, is), nil
	case is.At == nil:
		return b.says(by, code.BookingRefused, is), nil
	case b.strays():
		is.ToMove = &ToMove{Why: code.BookingHearingMoved, For: b.AskedFor}
		return b.says(by, code.BookingToMove, is, court.Agency), nil
	default:
		return b.says(by, b.Status, is), nil
	}
}

// Unsettle says that the booking must move: the other side is expected where it is.
func (b Booking) Unsettle(by fact.By) ([]fact.Event, error) {
	if b.Status != code.BookingHeld {
		return nil, nil
	}
	return b.says(by, code.BookingToMove, b.Booked), nil
}

// Free gives the room back. Who accompanies her is to be told.
func (b Booking) Free(by fact.By, _ struct{}) ([]fact.Event, error) {
	if b.Status == code.BookingFreed {
		return nil, nil
	}
	if err := b.goesOn(); err != nil {
		return nil, err
	}
	is := b.Booked.gives(b.At).gives(b.Asked)
	is.ToTell = is.ToTell || is.At != nil && is.AccompaniedBy != ""
	is.Asked, is.ToMove = nil, nil
	return b.says(by, code.BookingFreed, is), nil
}

// Tell says that who accompanies her was told, by safe contact. The room holds no contact.
func (b Booking) Tell(_ fact.By, _ struct{}) ([]fact.Event, error) {
	if !b.ToTell {
		return nil, ErrTold
	}
	return fact.Of(legalaidv1.BookingTold{RoomBooking: b.RoomBooking}, legalaidv1.BookingChanged{Booking: b.Booking}), nil
}

// Pass is what an usher saw.
type Pass struct {
	Booking string           `json:"booking"`
	Step    code.BookingStep `json:"step"`
}

// Pass notes what an usher saw, forward only: she arrives, is in the room, testifies, there or
// in the courtroom, is in the room again, and leaves. Errors: ErrStep, ErrOver.
func (b Booking) Pass(_ fact.By, cmd Pass) ([]fact.Event, error) {
	if err := work.Known("/step", cmd.Step, code.BookingSteps); err != nil {
		return nil, err
	}
	if b.At == nil {
		return nil, ErrOver
	}
	if err := b.goesOn(); err != nil {
		return nil, err
	}
	after := map[code.BookingStep][]code.BookingStep{
		code.BookingArrived:    {""},
		code.BookingInRoom:     {code.BookingArrived, code.BookingTestifying},
		code.BookingTestifying: {code.BookingInRoom},
		code.BookingLeft:       {code.BookingArrived, code.BookingInRoom, code.BookingTestifying},
	}
	if !slices.Contains(after[cmd.Step], b.step()) {
		return nil, ErrStep.At("/step", "the next step")
	}
	return fact.Of(legalaidv1.BookingPassed{RoomBooking: b.RoomBooking, Step: cmd.Step}, legalaidv1.BookingChanged{Booking: b.Booking}), nil
}

// step is the last one; empty before she came.
func (b Booking) step() code.BookingStep {
	if len(b.Steps) == 0 {
		return ""
	}
	return b.Steps[len(b.Steps)-1].Step
}

// goesOn gives ErrOver for a booking that is over.
func (b Booking) goesOn() error {
	if !b.Exists() {
		return ErrNotFound
	}
	if b.Over() {
		return ErrOver
	}
	return nil
}

// Over says that nobody is expected any more.
func (b Booking) Over() bool {
	return b.Status == code.BookingFreed || b.Status == code.BookingRefused || b.step() == code.BookingLeft
}

// says is how the booking stands from now on, and the news that something is new. Where something
// is to be done for it from now on, who booked hears the bell, and the courts that are named.
func (b Booking) says(by fact.By, status code.BookingStatus, is Booked, courts ...string) []fact.Event {
	is.By = by.Principal
	events := fact.With(legalaidv1.BookingNoted{RoomBooking: b.RoomBooking, Status: status}, is)
	if next := b.Evolve(events[0]); next.calls() && !b.calls() {
		for _, agency := range append([]string{b.Agency}, courts...) {
			events = append(events, fact.Event{Data: legalaidv1.WorkerAwaited{Awaited: staff.Awaited{Agency: agency}}})
		}
	}
	return append(events, fact.Event{Data: legalaidv1.BookingChanged{Booking: b.Booking}})
}

// Exists says that it was asked for.
func (b Booking) Exists() bool { return b.Status != "" }

// Evolve is the booking after an event.
func (b Booking) Evolve(e fact.Event) Booking {
	switch d := e.Data.(type) {
	case legalaidv1.BookingNoted:
		b.RoomBooking, b.Status = d.RoomBooking, d.Status
		b.Booked, _ = e.Private.(Booked)
	case legalaidv1.BookingPassed:
		b.Steps = append(slices.Clip(b.Steps), Passed{Step: d.Step, At: e.At})
	case legalaidv1.BookingTold:
		b.ToTell = false
	}
	return b
}

// Case is the case of the matter.
func (b Booking) Case() string { return b.RoomBooking.Case }

// Visible is for the agency of the matter. What an usher sees, a use case shows.
func (b Booking) Visible(by fact.By) bool { return by.System() || b.Exists() && by.Agency == b.Agency }

// Closed says that it is over, and nobody is to be told.
func (b Booking) Closed() bool { return b.Over() && !b.ToTell }

// Deadlines is empty.
func (b Booking) Deadlines() []fact.Deadline { return nil }

// Waits says that something is to be done for it: move it, ask the court again, or tell who
// accompanies her.
func (b Booking) Waits() bool {
	return b.calls() || b.Exists() && !b.Over() && b.Asked != nil
}

// calls is Waits without what the court answers in a moment.
func (b Booking) calls() bool {
	return b.Exists() && (b.ToTell || !b.Over() && b.Status == code.BookingToMove)
}

// record is the record that a decision is about.
func record(by fact.By) string {
	for i := range by.Commit {
		if by.Commit[i] == '/' {
			return by.Commit[:i]
		}
	}
	return by.Commit
}

// ByMatter is (agency, matter).
var ByMatter = image.List[Booking]{Keys: func(b Booking) []string {
	if !b.Exists() {
		return nil
	}
	return []string{fact.Key(b.Agency, b.Matter)}
}}

// Waiting is (agency): the bookings for which something is to be done.
var Waiting = image.List[Booking]{Keys: func(b Booking) []string {
	if !b.Waits() {
		return nil
	}
	return []string{fact.Key(b.Agency)}
}}

// Straying is (court): the bookings for which the court is asked to find another place.
var Straying = image.List[Booking]{Keys: func(b Booking) []string {
	if b.Why() == "" {
		return nil
	}
	return []string{fact.Key(b.Court)}
}}

// AtCourt is (court): the bookings that an usher may have to receive.
var AtCourt = image.List[Booking]{Keys: func(b Booking) []string {
	if !b.Exists() || b.At == nil || b.Over() {
		return nil
	}
	return []string{fact.Key(b.Court)}
}}
