// Package centre is about a one-stop centre as a house: its rooms, which agencies are in it, and which
// rooms are held. One record holds all rooms of a house, so that two who write at the same instant never
// put more people into a room than fit. It refuses to know who is in a room: a visit has a code.
package centre

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
)

// What a centre refuses.
var (
	// ErrCentre refuses a house that cannot be.
	ErrCentre = fault.New(fault.Invalid, "centre_invalid", "The centre cannot be described so.")
	// ErrRoomFull refuses a room in which nobody more fits now.
	ErrRoomFull = fault.New(fault.Conflict, "centre_room_full", "Nobody more fits into this room now. Choose another one, or wait.")
	// ErrRoom refuses a room that the house does not have, or for nobody who is there.
	ErrRoom = fault.New(fault.Conflict, "centre_room_unknown", "Name a room of this centre, and the code of a visit that goes on here.")
)

const (
	mostRooms    = 60
	mostCapacity = 60
	// longest is for how long a room is taken at most. A visit that nobody ended keeps no room until
	// the next day.
	longest     = 12 * time.Hour
	mostMinutes = 120
)

// House is what is said of a centre.
type House struct {
	// Name is what people call it. It stays in the room: it may be an address.
	Name  string                `json:"centre_name"`
	Rooms []intakev1.CentreRoom `json:"rooms"`
	// InHouse are the agencies that are in the house. Being there opens nothing to them.
	InHouse []string `json:"in_house"`
	// HoldMinutes is for how long a room is held for somebody who decides.
	HoldMinutes int `json:"hold_minutes"`
}

type (
	// Open is the command that makes a centre.
	Open struct{ House }
	// Describe is the command that says anew what it is.
	Describe struct{ House }
)

// HoldRoom is the command that holds a room for a visit while she decides.
type HoldRoom struct {
	Room  string `json:"centre_room"`
	Visit string `json:"visit_code"`
}

// Named is the private half of CentreDescribed.
type Named struct {
	Name string `json:"centre_name"`
}

// Hold is a room that is held for a visit. It falls back by itself: from Until on it counts no more.
type Hold struct {
	Room  string
	Visit string
	Until time.Time
	Taken bool
}

// Centre is a house.
type Centre struct {
	ID     string
	Agency string
	House
	Holds []Hold
}

// Open makes a centre of the caller's agency. Errors: ErrCentre.
func (c Centre) Open(by fact.By, cmd Open) ([]fact.Event, error) {
	id, _, _ := strings.Cut(by.Commit, "/")
	return Centre{ID: id, Agency: by.Agency}.described(by, cmd.House)
}

// Describe says anew what it is. A room in which somebody is stays large enough. Errors: ErrCentre.
func (c Centre) Describe(by fact.By, cmd Describe) ([]fact.Event, error) {
	return c.described(by, cmd.House)
}

func (c Centre) described(by fact.By, h House) ([]fact.Event, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	for i, r := range h.Rooms {
		if c.inUse(r.Room, by.At) > r.Capacity {
			return nil, ErrCentre.At("/rooms/"+strconv.Itoa(i)+"/capacity", "not fewer than are there now")
		}
	}
	for _, held := range c.Holds {
		if by.At.Before(held.Until) && !slices.ContainsFunc(h.Rooms, func(r intakev1.CentreRoom) bool { return r.Room == held.Room }) {
			return nil, ErrCentre.At("/rooms", "each in which somebody is now")
		}
	}
	if h.InHouse == nil {
		h.InHouse = []string{}
	}
	return fact.With(intakev1.CentreDescribed{
		Centre: c.ID, Agency: c.Agency, Rooms: h.Rooms, InHouse: h.InHouse, HoldMinutes: h.HoldMinutes,
	}, Named{h.Name}), nil
}

func (h House) check() error {
	switch {
	case strings.TrimSpace(h.Name) == "":
		return ErrCentre.At("/centre_name", "required")
	case len(h.Rooms) == 0 || len(h.Rooms) > mostRooms:
		return ErrCentre.At("/rooms", "from 1 to 60")
	case h.HoldMinutes < 1 || h.HoldMinutes > mostMinutes:
		return ErrCentre.At("/hold_minutes", "from 1 to 120")
	}
	for i, r := range h.Rooms {
		at := "/rooms/" + strconv.Itoa(i)
		switch {
		case !room.MatchString(r.Room) || slices.ContainsFunc(h.Rooms[:i], func(o intakev1.CentreRoom) bool { return o.Room == r.Room }):
			return ErrCentre.At(at+"/centre_room", "words and a number, each once")
		case !slices.Contains(code.CentreRoomUses, r.Use):
			return ErrCentre.At(at+"/room_use", "enum")
		case r.Capacity < 1 || r.Capacity > mostCapacity:
			return ErrCentre.At(at+"/capacity", "from 1 to 60")
		}
	}
	for i, agency := range h.InHouse {
		if agency == "" || slices.Contains(h.InHouse[:i], agency) {
			return ErrCentre.At("/in_house/"+strconv.Itoa(i), "each once")
		}
	}
	return nil
}

// room is how a room is called: no name of a person, no number of a telephone. It stands in an event.
var room = regexp.MustCompile(`^[a-z]{1,16}(-[a-z]{1,16}){0,2}-[0-9]{1,3}$`)

// inUse is how many visits hold a room at an instant.
func (c Centre) inUse(room string, at time.Time) (n int) {
	for _, h := range c.Holds {
		if h.Room == room && at.Before(h.Until) {
			n++
		}
	}
	return n
}

// Held is the hold of a room by a visit, while it counts.
func (c Centre) Held(room, visit string, at time.Time) (Hold, bool) {
	i := slices.IndexFunc(c.Holds, func(h Hold) bool { return h.Room == room && h.Visit == visit && at.Before(h.Until) })
	if i < 0 {
		return Hold{}, false
	}
	return c.Holds[i], true
}

// Has says that an agency is in the house.
func (c Centre) Has(agency string) bool { return slices.Contains(c.InHouse, agency) }

// Hold holds a room for a visit that is here, for minutes. What it holds already is held on. Errors:
// ErrRoom, ErrRoomFull.
func (c Centre) Hold(by fact.By, cmd HoldRoom, here bool) ([]fact.Event, error) {
	if !here {
		return nil, ErrRoom.At("/visit_code", "of a visit that goes on here")
	}
	if h, held := c.Held(cmd.Room, cmd.Visit, by.At); held && h.Taken {
		return nil, nil
	}
	return c.hold(by, cmd.Room, cmd.Visit, false)
}

func (c Centre) hold(by fact.By, room, visit string, taken bool) ([]fact.Event, error) {
	i := slices.IndexFunc(c.Rooms, func(r intakev1.CentreRoom) bool { return r.Room == room })
	if i < 0 {
		return nil, ErrRoom.At("/centre_room", "a room of this centre")
	}
	if _, held := c.Held(room, visit, by.At); !held && c.inUse(room, by.At) >= c.Rooms[i].Capacity {
		return nil, ErrRoomFull.At("/centre_room", "one with room")
	}
	until := by.At.Add(time.Duration(c.HoldMinutes) * time.Minute)
	if taken {
		until = by.At.Add(longest)
	}
	return fact.Of(intakev1.RoomHeld{Centre: c.ID, Room: room, Visit: visit, Until: until.UTC(), Taken: taken}), nil
}

// Follow has the rooms follow a visit: she is in some rooms, and what she was in before is given back. When
// she has left, all are given back at once. Errors: ErrRoom, ErrRoomFull.
func (c Centre) Follow(by fact.By, visit string, in []string, left bool) (events []fact.Event, err error) {
	for _, h := range c.Holds {
		if h.Visit == visit && by.At.Before(h.Until) && (left || h.Taken && !slices.Contains(in, h.Room)) {
			events = append(events, fact.Event{Data: intakev1.RoomGivenBack{Centre: c.ID, Room: h.Room, Visit: visit}})
		}
	}
	for _, room := range in {
		if h, held := c.Held(room, visit, by.At); held && h.Taken {
			continue
		}
		taken, err := c.hold(by, room, visit, true)
		if err != nil {
			return nil, err
		}
		events = append(events, taken...)
	}
	return events, nil
}

// Evolve is the centre after an event. What fell back by itself is forgotten with the next one.
func (c Centre) Evolve(e fact.Event) Centre {
	without := func(room, visit string) []Hold {
		return slices.DeleteFunc(slices.Clone(c.Holds), func(h Hold) bool {
			return h.Room == room && h.Visit == visit || !e.At.Before(h.Until)
		})
	}
	switch d := e.Data.(type) {
	case intakev1.CentreDescribed:
		named, _ := e.Private.(Named)
		c.ID, c.Agency = d.Centre, d.Agency
		c.House = House{Name: named.Name, Rooms: d.Rooms, InHouse: d.InHouse, HoldMinutes: d.HoldMinutes}
	case intakev1.RoomHeld:
		c.Holds = append(without(d.Room, d.Visit), Hold{Room: d.Room, Visit: d.Visit, Until: d.Until, Taken: d.Taken})
	case intakev1.RoomGivenBack:
		c.Holds = without(d.Room, d.Visit)
	}
	return c
}

// Commands says which commands a centre takes.
func (Centre) Commands() command.Table[Centre] {
	there := command.In(func(c Centre) error {
		if c.ID == "" {
			return ErrRoom
		}
		return nil
	})
	return command.Table[Centre]{"describeCentre": {When: there}, "holdRoom": {When: there}}
}

// Case is empty: a house belongs to nobody's case.
func (Centre) Case() string { return "" }

// Visible is for the desk of the house.
func (c Centre) Visible(by fact.By) bool { return by.System() || by.Agency == c.Agency }

// Closed is never.
func (Centre) Closed() bool { return false }

// Deadlines is empty: a hold that nobody used falls back without one.
func (Centre) Deadlines() []fact.Deadline { return nil }

// View is a centre, and how many are in each room now. It names no visit: which of them somebody sees
// hangs on whom each of them must not meet.
type View struct {
	ID          string     `json:"id"`
	Name        string     `json:"centre_name"`
	Rooms       []RoomView `json:"rooms"`
	InHouse     []string   `json:"in_house"`
	HoldMinutes int        `json:"hold_minutes"`
	// Visits are those that go on, for somebody who reads the centre.
	Visits []VisitHere `json:"visits,omitempty"`
}

// VisitHere is a visit as the reception sees it: by its code, and who sees her next. It names no case.
type VisitHere struct {
	Code  string     `json:"visit_code"`
	Since time.Time  `json:"since"`
	Rooms []HoldView `json:"held_rooms,omitempty"`
	// Now is to what she is called, or what she has; Next is what comes then.
	Now  *StepHere `json:"now,omitempty"`
	Next *StepHere `json:"next,omitempty"`
	// Child says that a child of hers is looked after, or is to be.
	Child code.VisitStepStatus `json:"child,omitempty"`
}

// StepHere is a step as the reception sees it: which agency, and not for what.
type StepHere struct {
	Kind   code.VisitStepKind   `json:"visit_step_kind"`
	Status code.VisitStepStatus `json:"visit_step_status"`
	Agency string               `json:"agency,omitempty"`
	Room   string               `json:"centre_room,omitempty"`
}

// RoomView is a room, and for how many visits it is held.
type RoomView struct {
	intakev1.CentreRoom
	InUse int `json:"in_use"`
}

// HoldView is a room that is held for a visit, and whether somebody is in it.
type HoldView struct {
	Room  string    `json:"centre_room"`
	Until time.Time `json:"until"`
	Taken bool      `json:"taken,omitempty"`
}

// View shows it to its desk.
func (c Centre) View(by fact.By) any { return c.Shown(by.At) }

// Shown is the centre at an instant.
func (c Centre) Shown(at time.Time) View {
	v := View{ID: c.ID, Name: c.Name, InHouse: c.InHouse, HoldMinutes: c.HoldMinutes, Rooms: make([]RoomView, len(c.Rooms))}
	for i, r := range c.Rooms {
		v.Rooms[i] = RoomView{r, c.inUse(r.Room, at)}
	}
	return v
}

// Of are the rooms that are held for a visit at an instant.
func (c Centre) Of(visit string, at time.Time) (held []HoldView) {
	for _, h := range c.Holds {
		if h.Visit == visit && at.Before(h.Until) {
			held = append(held, HoldView{h.Room, h.Until, h.Taken})
		}
	}
	return held
}

// ByAgency lists the centres of a desk.
var ByAgency = image.List[Centre]{Keys: func(c Centre) []string {
	if c.ID == "" {
		return nil
	}
	return []string{fact.Key(c.Agency, c.ID)}
}}
