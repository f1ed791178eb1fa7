package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// A booking follows its hearing: it knows for which beginning of the hearing its place was chosen,
// and goes with it by as much. What a hearing became is looked up anew each time, so that two who
// bring the same booking there, or one who stopped half-way, end in the same place.

// Sitting is a hearing of a matter, as it is now.
type Sitting struct {
	StartsAt time.Time
	// Moved says that it had another time before.
	Moved bool
	// PutOff says that it has no time now, and Over that nobody comes to it any more.
	PutOff, Over bool
}

// awaits refuses a hearing that the matter does not have, or to which nobody comes any more.
func (m OfMatter) awaits(hearing string) error {
	h, of := m.Hearings[hearing]
	switch {
	case hearing == "":
		return nil
	case !of:
		return work.ErrEntryUnknown.At("/hearing", "exists")
	case h.Over:
		return ErrPlace.At("/hearing", "one that is still to be held")
	}
	return nil
}

// ToMove is why a booking cannot stay where it is, and for which beginning of its hearing that was
// found out. It says nothing of the other side.
type ToMove struct {
	Why code.BookingReason `json:"why"`
	For time.Time          `json:"for,omitzero"`
}

func (t *ToMove) same(o ToMove) bool { return t != nil && t.Why == o.Why && t.For.Equal(o.For) }

// Why says why a booking must move; empty for one that need not.
func (b Booking) Why() code.BookingReason {
	switch {
	case b.Status != code.BookingToMove || b.Over():
		return ""
	case b.ToMove != nil:
		return b.ToMove.Why
	}
	return code.BookingNotSafe
}

// Follow brings a booking to where its hearing is now, and frees it where nobody comes any more. One
// that the court cannot have there by its own description must move by hand. While she is in the house
// nothing is moved or freed: the usher sees her until she has left.
func (b Booking) Follow(by fact.By, of OfMatter, court Court) ([]fact.Event, error) {
	h, hearing := of.Hearings[b.Hearing]
	moved := ToMove{code.BookingHearingMoved, h.StartsAt}
	settled := b.goesOn() == nil && b.At != nil && b.Asked == nil
	switch over := of.Ended || h.Over; {
	case !settled || over && b.there():
		return nil, nil // what the court was asked is answered first
	case over:
		return b.Free(by, struct{}{})
	case !hearing:
		return nil, nil
	case h.PutOff:
		return b.stays(by, ToMove{code.BookingHearingPutOff, h.StartsAt}, court)
	case b.ToMove.same(moved), b.ToMove == nil && b.HearingAt.Equal(h.StartsAt):
		return nil, nil
	case b.HearingAt.IsZero() && !h.Moved:
		return nil, nil // one of before hearings were followed, at its time
	}
	to, later := *b.At, h.StartsAt.Sub(b.HearingAt)
	to.From, to.Until = to.From.Add(later), to.Until.Add(later)
	if b.HearingAt.IsZero() || b.there() || court.Takes(to, b.Persons, b.Needs, by.At) != nil {
		return b.stays(by, moved, court)
	}
	is := b.Booked
	is.Asked, is.AskedFor = &to, h.StartsAt
	return b.says(by, b.Status, is), nil
}

// stays says that a booking must move, and keeps its place until it does.
func (b Booking) stays(by fact.By, why ToMove, court Court) ([]fact.Event, error) {
	if b.ToMove.same(why) {
		return nil, nil
	}
	is := b.Booked
	is.ToMove = &why
	return b.says(by, code.BookingToMove, is, court.Agency), nil
}

// strays says that a place is asked for a beginning of the hearing for which the court holds none.
func (b Booking) strays() bool {
	return !b.AskedFor.IsZero() && !b.HearingAt.IsZero() && (b.ToMove != nil || !b.AskedFor.Equal(b.HearingAt))
}

// there says that she is in the house.
func (b Booking) there() bool { return len(b.Steps) > 0 && b.step() != code.BookingLeft }
