package domain

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
)

// Prefix begins the identifier of every court.
const Prefix = "court"

// Court is a court with protected rooms. The agency that describes it keeps it.
type Court struct {
	legalaidv1.CourtDescribed
	Description
}

// Description is what a court has, as a whole. It is the private half of CourtDescribed, and
// the command that describes a court or describes it anew.
type Description struct {
	Name string `json:"name"`
	// Zone is the time zone of the court (IANA), in which its hours and days are.
	Zone  string  `json:"zone"`
	Opens []Hours `json:"opens"`
	// Margin is for how many minutes the two sides are kept apart, before and after.
	Margin    int        `json:"margin_minutes"`
	Entrances []Entrance `json:"entrances"`
	Rooms     []Room     `json:"rooms"`
}

// Hours are when a court is open on a day of the week, from 1, which is Monday.
type Hours struct {
	Weekday int    `json:"weekday"`
	From    string `json:"from"`
	Until   string `json:"until"`
}

// Entrance is a door. Rooms and entrances are known by numbers: a name stays in the court.
type Entrance struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
}

// Room is a protected room, and by which entrances it is reached.
type Room struct {
	Number    int                  `json:"number"`
	Name      string               `json:"name"`
	Capacity  int                  `json:"capacity"`
	Equipment []code.RoomEquipment `json:"equipment,omitempty"`
	Entrances []int                `json:"entrances"`
}

// What the court's own margin may be, in minutes: less keeps nobody apart, and more leaves no
// room to anybody.
const (
	leastMargin = 5
	mostMargin  = 240
)

const clock = "15:04"

// Check refuses a description that contradicts itself (ErrCourt).
func (d Description) Check() error {
	if _, err := time.LoadLocation(d.Zone); err != nil || d.Zone == "" || d.Zone == "Local" {
		return ErrCourt.At("/zone", "a time zone")
	}
	if d.Margin < leastMargin || d.Margin > mostMargin {
		return ErrCourt.At("/margin_minutes", "a margin that can be kept")
	}
	for i, h := range d.Opens {
		from, err := time.Parse(clock, h.From)
		until, e := time.Parse(clock, h.Until)
		if err != nil || e != nil || !from.Before(until) || h.Weekday < 1 || h.Weekday > 7 {
			return ErrCourt.At("/opens/"+strconv.Itoa(i), "a weekday with opening before closing")
		}
	}
	for i, e := range d.Entrances {
		if e.Number < 1 || slices.ContainsFunc(d.Entrances[:i], func(o Entrance) bool { return o.Number == e.Number }) {
			return ErrCourt.At("/entrances/"+strconv.Itoa(i)+"/number", "a number of its own")
		}
	}
	for i, r := range d.Rooms {
		at := "/rooms/" + strconv.Itoa(i)
		switch {
		case r.Number < 1 || slices.ContainsFunc(d.Rooms[:i], func(o Room) bool { return o.Number == r.Number }):
			return ErrCourt.At(at+"/number", "a number of its own")
		case r.Capacity < 1:
			return ErrCourt.At(at+"/capacity", "at least one person")
		case len(r.Entrances) == 0 || slices.ContainsFunc(r.Entrances, func(n int) bool { return !d.has(n) }):
			return ErrCourt.At(at+"/entrances", "an entrance of this court")
		}
		for _, e := range r.Equipment {
			if !slices.Contains(code.RoomEquipments, e) {
				return ErrCourt.At(at+"/equipment", "enum")
			}
		}
	}
	return nil
}

func (d Description) has(entrance int) bool {
	return slices.ContainsFunc(d.Entrances, func(e Entrance) bool { return e.Number == entrance })
}

// room is a room by its number.
func (d Description) room(number int) (Room, bool) {
	i := slices.IndexFunc(d.Rooms, func(r Room) bool { return r.Number == number })
	if i < 0 {
		return Room{}, false
	}
	return d.Rooms[i], true
}

func (d Description) margin() time.Duration { return time.Duration(d.Margin) * time.Minute }

// zone is where the court is. What is described was checked.
func (d Description) zone() *time.Location {
	at, err := time.LoadLocation(d.Zone)
	if err != nil {
		return time.UTC
	}
	return at
}

// day is the day of an instant at the court: YYYY-MM-DD.
func (d Description) day(at time.Time) string { return at.In(d.zone()).Format(time.DateOnly) }

// open says that the court is open from one instant to the other, on one day.
func (d Description) open(from, until time.Time) bool {
	from, until = from.In(d.zone()), until.In(d.zone())
	weekday := (int(from.Weekday())+6)%7 + 1
	return d.day(from) == d.day(until) && slices.ContainsFunc(d.Opens, func(h Hours) bool {
		return h.Weekday == weekday && h.From <= from.Format(clock) && until.Format(clock) <= h.Until
	})
}

// Describe makes a court of the caller's agency. Errors: ErrCourt.
func (c Court) Describe(by fact.By, cmd Description) ([]fact.Event, error) {
	if c.Exists() {
		return nil, ErrNotFound
	}
	if err := cmd.Check(); err != nil {
		return nil, err
	}
	return fact.With(legalaidv1.CourtDescribed{Court: record(by), Agency: by.Agency}, cmd), nil
}

// Change describes the court anew. What is booked stays as it is. Errors: ErrCourt.
func (c Court) Change(by fact.By, cmd Description) ([]fact.Event, error) {
	if !c.keeps(by) {
		return nil, ErrNotFound
	}
	if err := cmd.Check(); err != nil {
		return nil, err
	}
	return fact.With(c.CourtDescribed, cmd), nil
}

// keeps says that the caller is of the agency that keeps the court.
func (c Court) keeps(by fact.By) bool { return c.Exists() && by.Agency == c.Agency }

// Keeps is keeps for a use case: whoever is not of the court is answered as if it were not there.
func (c Court) Keeps(by fact.By) error {
	if !c.keeps(by) {
		return ErrNotFound
	}
	return nil
}

// Exists says that somebody described the court.
func (c Court) Exists() bool { return c.Court != "" }

// Evolve is the court after an event.
func (c Court) Evolve(e fact.Event) Court {
	if d, ok := e.Data.(legalaidv1.CourtDescribed); ok {
		c.CourtDescribed = d
		c.Description, _ = e.Private.(Description)
	}
	return c
}

// Case is empty: a court belongs to no case.
func (c Court) Case() string { return "" }

// Visible is for everybody with a token: who books must know what there is.
func (c Court) Visible(by fact.By) bool { return by.System() || c.Exists() && by.Agency != "" }

// Closed is never.
func (c Court) Closed() bool { return false }

// Deadlines is empty.
func (c Court) Deadlines() []fact.Deadline { return nil }

// CourtView is a court as its readers see it.
type CourtView struct {
	ID string `json:"id"`
	Description
	// Margin is for the court's own people: with it, refusals would tell the times of the accused.
	Margin int `json:"margin_minutes,omitempty"`
}

// View is the court without the margin for who does not keep it.
func (c Court) View(by fact.By) any {
	v := CourtView{ID: c.Court, Description: c.Description}
	if c.keeps(by) {
		v.Margin = c.Description.Margin
	}
	return v
}

var courtCommands = command.Table[Court]{
	"changeCourt": {When: func(c Court, by fact.By) error { return c.Keeps(by) }},
}

// Commands says which commands a court takes.
func (Court) Commands() command.Table[Court] { return courtCommands }

// Courts lists all courts.
var Courts = image.List[Court]{Keys: func(c Court) []string {
	if !c.Exists() {
		return nil
	}
	return []string{fact.Key(c.Court)}
}}
