package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// BookingView is a booking. Everybody of the agency who reads matters sees that it is there;
// who has the matter, or covers, sees what is in it.
type BookingView struct {
	ID        string             `json:"id"`
	Matter    string             `json:"matter"`
	Court     string             `json:"court"`
	Status    code.BookingStatus `json:"status"`
	Attention bool               `json:"attention"`
	// Why says why it must move.
	Why code.BookingReason `json:"to_move_reason,omitempty"`

	For           code.BookedFor       `json:"for,omitempty"`
	At            *Place               `json:"at,omitempty"`
	Asked         *Place               `json:"asked,omitempty"`
	Persons       int                  `json:"persons,omitempty"`
	Needs         []code.RoomEquipment `json:"needs,omitempty"`
	CodeWord      string               `json:"code_word,omitempty"`
	AccompaniedBy string               `json:"accompanied_by,omitempty"`
	Hearing       string               `json:"hearing,omitempty"`
	// ToTell says that who accompanies her is to be told, by safe contact only.
	ToTell bool     `json:"to_tell,omitempty"`
	Steps  []Passed `json:"steps,omitempty"`
}

func (b Booking) frame() BookingView {
	return BookingView{ID: b.Booking, Matter: b.Matter, Court: b.Court, Status: b.Status, Attention: b.Waits(), Why: b.Why()}
}

// View is the frame.
func (b Booking) View(fact.By) any { return b.frame() }

// Content is the whole booking, for the worker of the matter.
func (b Booking) Content() BookingView {
	v := b.frame()
	v.For, v.At, v.Asked, v.Persons, v.Needs = b.For, b.At, b.Asked, b.Persons, b.Needs
	v.CodeWord, v.AccompaniedBy, v.Hearing, v.ToTell, v.Steps = b.CodeWord, b.AccompaniedBy, b.Hearing, b.ToTell, b.Steps
	return v
}

// Strayed is a booking for which the court's registrar is asked to find another place: whose it is
// does not matter for that.
type Strayed struct {
	Place
	Persons int                `json:"persons"`
	Why     code.BookingReason `json:"to_move_reason"`
}

// Strayed is the registrar's view; not ok for one that need not move.
func (b Booking) Strayed() (Strayed, bool) {
	if b.Why() == "" || b.At == nil {
		return Strayed{}, false
	}
	return Strayed{Place: *b.At, Persons: b.Persons, Why: b.Why()}, true
}

// Expected is a booking as the court's usher sees it: where and when, what she says at the
// entrance, who comes with her, and how far it has come. Nothing of the case or the matter.
type Expected struct {
	Booking       string    `json:"booking"`
	Room          int       `json:"room"`
	Entrance      int       `json:"entrance"`
	From          time.Time `json:"from"`
	Until         time.Time `json:"until"`
	CodeWord      string    `json:"code_word"`
	AccompaniedBy string    `json:"accompanied_by,omitempty"`
	Steps         []Passed  `json:"steps"`
}

// Expected is the usher's view; not ok where the court holds nothing for it.
func (b Booking) Expected() (Expected, bool) {
	if !b.Exists() || b.At == nil || b.Status == code.BookingFreed {
		return Expected{}, false
	}
	return Expected{
		Booking: b.Booking, Room: b.At.Room, Entrance: b.At.Entrance, From: b.At.From, Until: b.At.Until,
		CodeWord: b.CodeWord, AccompaniedBy: b.AccompaniedBy, Steps: append([]Passed{}, b.Steps...),
	}, true
}

// Day is the day of a place at a court: YYYY-MM-DD.
func (c Court) Day(p Place) string { return c.day(p.From) }
