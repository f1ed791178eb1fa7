package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
)

// DayPrefix begins the identifier of the calendar of a court on a day.
const DayPrefix = "courtday"

// DayID is the calendar of a court on a day (YYYY-MM-DD): one each. All that is decided about
// rooms and entrances of that day is decided in this one record, so that of two who book at
// once the second sees the first.
func DayID(court, date string) string { return fact.ID(DayPrefix, court+"/"+date) }

// Day is the calendar of a court on one day.
type Day struct {
	ID, Court string
	Slots     []Slot
	Opposing  []Opposing
}

// Place is what is booked: a room, reached by an entrance, from an instant until another.
type Place struct {
	Room     int       `json:"room"`
	Entrance int       `json:"entrance"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// Held is the private half of SlotHeld: what is held, and for how many persons.
type Held struct {
	Place
	Persons int `json:"persons"`
}

// Slot is a room that is held for a booking.
type Slot struct {
	Booking string
	Held
	// Unsafe says that the other side is expected there since: the booking must move. It keeps
	// its place until then, so that nobody else is given it.
	Unsafe bool
}

// Times are when the accused comes, and goes, or where a witness of the accused waits. They are
// the private half of OpposingNoted.
type Times struct {
	Entrance int       `json:"entrance"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	// Room is that of a witness; 0 for the accused, who waits elsewhere.
	Room int `json:"room,omitempty"`
	// Unsafe are the bookings that cannot stay where they are beside it.
	Unsafe []string `json:"unsafe,omitempty"`
}

// Opposing is the other side, once.
type Opposing struct {
	ID string
	Times
}

// Same says that two places are one, instants as instants.
func (p Place) Same(o Place) bool {
	return p.Room == o.Room && p.Entrance == o.Entrance && p.From.Equal(o.From) && p.Until.Equal(o.Until)
}

// overlap says that two intervals have an instant in common, the second one widened on both
// sides. An interval does not hold its end.
func overlap(from, until, other, end time.Time, margin time.Duration) bool {
	return from.Before(end.Add(margin)) && other.Add(-margin).Before(until)
}

// Apart says that a place keeps her apart from the other side: never in its room, never by its
// entrance at the same time, and never coming or going within the margin of its coming or going.
func (p Place) Apart(t Times, margin time.Duration) bool {
	if overlap(p.From, p.Until, t.From, t.Until, margin) && (p.Entrance == t.Entrance || t.Room != 0 && p.Room == t.Room) {
		return false
	}
	for _, mine := range []time.Time{p.From, p.Until} {
		for _, theirs := range []time.Time{t.From, t.Until} {
			if mine.Sub(theirs).Abs() < margin {
				return false
			}
		}
	}
	return true
}

// Fits says that a place is free for a booking: within what the room takes, beside what is held
// for others, and apart from the other side.
func (d Day) Fits(booking string, h Held, in Description) bool {
	room, ok := in.room(h.Room)
	if !ok || d.most(booking, h)+h.Persons > room.Capacity {
		return false
	}
	return !slices.ContainsFunc(d.Opposing, func(o Opposing) bool { return !h.Apart(o.Times, in.margin()) })
}

// most is how many persons of other bookings are in the room at once while it is asked for.
func (d Day) most(booking string, h Held) (most int) {
	at := func(now time.Time) (persons int) {
		for _, s := range d.Slots {
			if s.Booking != booking && s.Room == h.Room && !now.Before(s.From) && now.Before(s.Until) {
				persons += s.Persons
			}
		}
		return persons
	}
	most = at(h.From)
	for _, s := range d.Slots {
		if h.From.Before(s.From) && s.From.Before(h.Until) {
			most = max(most, at(s.From))
		}
	}
	return most
}

// Hold holds a place for a booking, in the place of what it held before. Whatever stands
// against it is answered with the same words: ErrNotFree.
func (d Day) Hold(_ fact.By, court Court, date, booking string, h Held) ([]fact.Event, error) {
	if i := d.slot(booking); i >= 0 && d.Slots[i].Same(h.Place) && d.Slots[i].Persons == h.Persons && !d.Slots[i].Unsafe {
		return nil, nil
	}
	if !d.Fits(booking, h, court.Description) {
		return nil, ErrNotFree
	}
	return fact.With(legalaidv1.SlotHeld{Day: DayID(court.Court, date), Court: court.Court, Booking: booking}, h), nil
}

// Free gives the place of a booking back. Without one there is nothing to do.
func (d Day) Free(_ fact.By, booking string) ([]fact.Event, error) {
	if d.slot(booking) < 0 {
		return nil, nil
	}
	return fact.Of(legalaidv1.SlotFreed{Day: d.ID, Court: d.Court, Booking: booking}), nil
}

// NoteOpposing is the command of the court that says when the other side comes.
type NoteOpposing struct {
	Date string `json:"date"`
	// Opposing names what is taken out; then there is nothing else.
	Opposing string    `json:"opposing,omitempty"`
	Entrance int       `json:"entrance,omitempty"`
	Room     int       `json:"room,omitempty"`
	From     time.Time `json:"from,omitzero"`
	Until    time.Time `json:"until,omitzero"`
}

// Note notes when the other side comes. The court does not choose when the accused comes: that
// is noted whatever is booked, and a booking that is not safe any more must move. Where a
// witness of the accused waits the court does choose: what is not apart from her is refused
// (ErrOpposing).
func (d Day) Note(by fact.By, court Court, cmd NoteOpposing) ([]fact.Event, error) {
	id := DayID(court.Court, cmd.Date)
	if cmd.Opposing != "" {
		i := slices.IndexFunc(d.Opposing, func(o Opposing) bool { return o.ID == cmd.Opposing })
		if i < 0 {
			return nil, ErrNotFound
		}
		return fact.With(legalaidv1.OpposingNoted{Day: id, Court: court.Court, Opposing: cmd.Opposing, Gone: true}, Times{}), nil
	}
	_, room := court.room(cmd.Room)
	switch {
	case !court.has(cmd.Entrance):
		return nil, ErrTimes.At("/entrance", "an entrance of this court")
	case cmd.Room != 0 && !room:
		return nil, ErrTimes.At("/room", "a room of this court")
	case !cmd.From.Before(cmd.Until):
		return nil, ErrTimes.At("/until", "after from on the same day")
	case court.day(cmd.From) != cmd.Date || court.day(cmd.Until) != cmd.Date:
		return nil, ErrTimes.At("/from", "after from on the same day")
	}
	t := Times{Entrance: cmd.Entrance, Room: cmd.Room, From: cmd.From, Until: cmd.Until}
	for _, s := range d.Slots {
		if !s.Apart(t, court.margin()) {
			t.Unsafe = append(t.Unsafe, s.Booking)
		}
	}
	if t.Room != 0 && len(t.Unsafe) > 0 {
		return nil, ErrOpposing
	}
	return fact.With(legalaidv1.OpposingNoted{Day: id, Court: court.Court, Opposing: by.ID("opp", 0)}, t), nil
}

// slot is the index of the slot of a booking, or -1.
func (d Day) slot(booking string) int {
	return slices.IndexFunc(d.Slots, func(s Slot) bool { return s.Booking == booking })
}

// Unsafe are the bookings that must move.
func (d Day) Unsafe() (bookings []string) {
	for _, s := range d.Slots {
		if s.Unsafe {
			bookings = append(bookings, s.Booking)
		}
	}
	return bookings
}

// Evolve is the calendar after an event.
func (d Day) Evolve(e fact.Event) Day {
	switch is := e.Data.(type) {
	case legalaidv1.SlotHeld:
		d.ID, d.Court = is.Day, is.Court
		held, _ := e.Private.(Held)
		d.Slots = append(d.without(is.Booking), Slot{Booking: is.Booking, Held: held})
	case legalaidv1.SlotFreed:
		d.Slots = d.without(is.Booking)
	case legalaidv1.OpposingNoted:
		d.ID, d.Court = is.Day, is.Court
		times, _ := e.Private.(Times)
		if is.Gone {
			d.Opposing = slices.DeleteFunc(slices.Clone(d.Opposing), func(o Opposing) bool { return o.ID == is.Opposing })
			break
		}
		d.Opposing = append(slices.Clip(d.Opposing), Opposing{ID: is.Opposing, Times: times})
		d.Slots = slices.Clone(d.Slots)
		for i := range d.Slots {
			d.Slots[i].Unsafe = d.Slots[i].Unsafe || slices.Contains(times.Unsafe, d.Slots[i].Booking)
		}
	}
	return d
}

// without are the slots without that of a booking.
func (d Day) without(booking string) []Slot {
	return slices.DeleteFunc(slices.Clone(d.Slots), func(s Slot) bool { return s.Booking == booking })
}

// Case is empty: a day is of all cases. So nothing in it says who comes.
func (d Day) Case() string { return "" }

// Visible is for the network alone: a use case shows the court what it needs.
func (d Day) Visible(by fact.By) bool { return by.System() }

// Closed is never: nothing says that a day is over, and it is small.
func (d Day) Closed() bool { return false }

// Deadlines is empty.
func (d Day) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (d Day) View(fact.By) any { return struct{}{} }

// DayView is a day as the court's registrar sees it: which rooms are taken, by nobody in particular.
type DayView struct {
	Court    string         `json:"court"`
	Date     string         `json:"date"`
	Slots    []SlotView     `json:"slots"`
	Opposing []OpposingView `json:"opposing"`
}

// SlotView is a room that is taken.
type SlotView struct {
	Place
	Persons int `json:"persons"`
	// ToMove says that it is not safe any more, and who booked it was asked to move.
	ToMove bool `json:"to_move,omitempty"`
}

// OpposingView is the other side, as it was noted.
type OpposingView struct {
	Opposing string    `json:"opposing"`
	Entrance int       `json:"entrance"`
	Room     int       `json:"room,omitempty"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// Shown is the day for the registrar, in the order of time.
func (d Day) Shown(court, date string) DayView {
	v := DayView{Court: court, Date: date, Slots: []SlotView{}, Opposing: []OpposingView{}}
	for _, s := range d.Slots {
		v.Slots = append(v.Slots, SlotView{Place: s.Place, Persons: s.Persons, ToMove: s.Unsafe})
	}
	for _, o := range d.Opposing {
		v.Opposing = append(v.Opposing, OpposingView{Opposing: o.ID, Entrance: o.Entrance, Room: o.Room, From: o.From, Until: o.Until})
	}
	slices.SortStableFunc(v.Slots, func(a, b SlotView) int { return a.From.Compare(b.From) })
	slices.SortStableFunc(v.Opposing, func(a, b OpposingView) int { return a.From.Compare(b.From) })
	return v
}
