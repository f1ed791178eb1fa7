package domain

import (
	"errors"

	"github.com/sanad-network/sanad/pkg/fault"
)

// What the rules refuse, and why.
var (
	ErrNotFound = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	ErrCourt    = fault.New(fault.Invalid, "court_impossible", "The court cannot be as it is described.")
	// ErrPlace names what everybody who books knows: what the court has, and when it is open.
	ErrPlace = fault.New(fault.Invalid, "booking_impossible", "The court has no such room, entrance or opening, or not with what is needed.")
	// ErrNotFree has one text for a room that is full and for every reason that hangs on the
	// other side.
	ErrNotFree  = fault.New(fault.Conflict, "room_not_free", "The court cannot keep this room safe for her at this time. Ask for another time, room or entrance.")
	ErrOpposing = fault.New(fault.Conflict, "opposing_room_taken", "This room or entrance is kept for the protected side at this time.")
	ErrTimes    = fault.New(fault.Invalid, "opposing_impossible", "The court has no such entrance or room, or the times are not of this day.")
	ErrOver     = fault.New(fault.Conflict, "booking_over", "This booking is freed, refused, or she has left.")
	ErrStep     = fault.New(fault.Conflict, "booking_step", "A booking goes forward only: arrived, in the room, testifying, left.")
	ErrTold     = fault.New(fault.Conflict, "booking_told", "Nobody waits to be told about this booking.")
	ErrAnswered = fault.New(fault.Conflict, "alarm_acknowledged", "Somebody of court security goes already.")
)

// NotFree says that a calendar refused a place.
func NotFree(err error) bool { return errors.Is(err, ErrNotFree) }

// Refused says that an error is the word of a rule of this package about a place.
func Refused(err error) bool { return NotFree(err) || errors.Is(err, ErrPlace) }
