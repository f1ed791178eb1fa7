package site

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// atCourt are the roles of the people of a court. Her lawyer sees a court as who books there.
var atCourt = []string{"court_registrar", "usher", "court_security"}

func (s *Site) courtPages() {
	s.page("GET /desk/courts", s.courts)
	s.page("GET /desk/courts/{id}", s.oneCourt)
	s.page("POST /desk/courts/{id}/pass", s.pass)
	s.page("POST /desk/courts/{id}/alarm", s.raise)
	s.page("GET /desk/bookings", s.bookings)
	s.page("GET /desk/bookings/{id}", s.oneBooking)
	s.page("GET /desk/alarms", s.alarms)
	s.page("GET /desk/conflicts", s.conflicts)
	s.page("GET /desk/conflicts/{id}", s.oneConflict)
}

// The answers of legal aid about courts. A test holds their names against the contract.
type (
	courtroom struct {
		ID        string          `json:"id"`
		Name      string          `json:"name"`
		Zone      string          `json:"zone"`
		Opens     []courtHours    `json:"opens"`
		Margin    int             `json:"margin_minutes"`
		Entrances []courtEntrance `json:"entrances"`
		Rooms     []courtRoom     `json:"rooms"`
		Commands  []string        `json:"commands"`
	}
	courtHours struct {
		Weekday int    `json:"weekday"`
		From    string `json:"from"`
		Until   string `json:"until"`
	}
	courtEntrance struct {
		Number int    `json:"number"`
		Name   string `json:"name"`
	}
	courtRoom struct {
		Number    int      `json:"number"`
		Name      string   `json:"name"`
		Capacity  int      `json:"capacity"`
		Equipment []string `json:"equipment"`
		Entrances []int    `json:"entrances"`
	}
	courtPlace struct {
		Room     int       `json:"room"`
		Entrance int       `json:"entrance"`
		From     time.Time `json:"from"`
		Until    time.Time `json:"until"`
	}
	courtDay struct {
		Slots []struct {
			courtPlace
			Persons int  `json:"persons"`
			ToMove  bool `json:"to_move"`
		} `json:"slots"`
		Opposing []struct {
			courtPlace
			Opposing string `json:"opposing"`
		} `json:"opposing"`
	}
	strayed struct {
		courtPlace
		Persons int    `json:"persons"`
		Why     string `json:"to_move_reason"`
	}
	expected struct {
		courtPlace
		Booking       string        `json:"booking"`
		CodeWord      string        `json:"code_word"`
		AccompaniedBy string        `json:"accompanied_by"`
		Steps         []bookingStep `json:"steps"`
	}
	bookingStep struct {
		Step string    `json:"step"`
		At   time.Time `json:"at"`
	}
	booked struct {
		ID            string        `json:"id"`
		Matter        string        `json:"matter"`
		Court         string        `json:"court"`
		Status        string        `json:"status"`
		Attention     bool          `json:"attention"`
		Why           string        `json:"to_move_reason"`
		For           string        `json:"for"`
		Persons       int           `json:"persons"`
		Needs         []string      `json:"needs"`
		CodeWord      string        `json:"code_word"`
		AccompaniedBy string        `json:"accompanied_by"`
		At            *courtPlace   `json:"at"`
		Asked         *courtPlace   `json:"asked"`
		ToTell        bool          `json:"to_tell"`
		Steps         []bookingStep `json:"steps"`
	}
	alarmRaised struct {
		ID             string    `json:"id"`
		Court          string    `json:"court"`
		Room           int       `json:"room"`
		RaisedAt       time.Time `json:"raised_at"`
		AcknowledgedAt time.Time `json:"acknowledged_at"`
	}
)

// Room and Entrance say a number with its name.
func (c courtroom) Room(v *visit, number int) string {
	for _, r := range c.Rooms {
		if r.Number == number {
			return v.W.T("court.room", "Number", strconv.Itoa(number), "Name", isolate(r.Name))
		}
	}
	return v.W.T("court.room", "Number", strconv.Itoa(number), "Name", "")
}

// Entrance says a door with its name.
func (c courtroom) Entrance(v *visit, number int) string {
	for _, e := range c.Entrances {
		if e.Number == number {
			return v.W.T("court.entrance", "Number", strconv.Itoa(number), "Name", isolate(e.Name))
		}
	}
	return v.W.T("court.entrance", "Number", strconv.Itoa(number), "Name", "")
}

// zone is where the court is: its days and hours are told there.
func (c courtroom) zone() *time.Location {
	if at, err := time.LoadLocation(c.Zone); err == nil && c.Zone != "" {
		return at
	}
	return time.UTC
}

// When is from when until when a place is taken, on the clock of the court.
func (c courtroom) When(v *visit, p courtPlace) string {
	w := v.W
	w.Zone = c.zone()
	return w.T("court.when", "From", isolate(w.Moment("format.moment", p.From)), "Until", isolate(p.Until.In(c.zone()).Format("15:04")))
}

// next are what an usher can say of a booking now.
func (e expected) next() []string {
	last := ""
	if len(e.Steps) > 0 {
		last = e.Steps[len(e.Steps)-1].Step
	}
	return map[string][]string{
		"": {"arrived"}, "arrived": {"in_room", "left"}, "in_room": {"testifying", "left"}, "testifying": {"in_room", "left"},
	}[last]
}

func (s *Site) courts(v *visit) (templ.Component, error) {
	var page struct {
		Items []courtroom `json:"items"`
	}
	next, err := v.leaf("listCourts", "", url.Values{}, &page)
	if err != nil {
		return nil, err
	}
	return courtsPage(v, page.Items, next), nil
}

// newCourt is where a court is described; empty for who may not.
func (v *visit) newCourt() string {
	if !anyOf("court_registrar")(v) {
		return ""
	}
	return "/desk/do/" + v.contract().Operations["describeCourt"].ID + "/" + unnamed + "?" + url.Values{backField: {"/desk/courts"}}.Encode()
}

// courtShown is a court on a day, as far as the person may see it.
type courtShown struct {
	courtroom
	Version, Date string
	// Keeps and Receives say what the person does at the court, and Books that they take her there.
	Keeps, Receives, Books bool
	Day                    courtDay
	Strayed                []strayed
	Expected               []expected
}

// oneCourt is what a court has, and for its own people what is there on a day.
func (s *Site) oneCourt(v *visit) (templ.Component, error) {
	var c courtShown
	answer, err := v.get("getCourt", v.PathValue("id"), nil, &c.courtroom)
	if err != nil {
		return nil, err
	}
	c.Version, c.Books = answer.Version, anyOf("lawyer")(v)
	if c.Date = v.URL.Query().Get("date"); c.Date == "" {
		c.Date = s.cfg.Clock().In(c.zone()).Format(time.DateOnly)
	}
	day := url.Values{"date": {c.Date}}
	// The court of another agency is answered as if there were none: what it has is shown, and no day.
	read := func(role, op string, query url.Values, out any, there *bool) error {
		if !anyOf(role)(v) {
			return nil
		}
		_, err := v.get(op, c.ID, query, out)
		if p := api.Refused(err); p != nil && p.Status == 404 {
			return nil
		}
		*there = err == nil
		return err
	}
	var list struct {
		Items []expected `json:"items"`
	}
	var move struct {
		Items []strayed `json:"items"`
	}
	if err := cmp.Or(
		read("court_registrar", "getCourtDay", day, &c.Day, &c.Keeps),
		read("court_registrar", "listToMove", nil, &move, &c.Keeps),
		read("usher", "listExpected", day, &list, &c.Receives),
	); err != nil {
		return nil, err
	}
	c.Expected, c.Strayed = list.Items, move.Items
	return courtPage(v, c), nil
}

// bookHere is the form for a room of this court.
func bookHere(court string) string {
	return "/desk/do/bookRoom/" + unnamed + "?" + url.Values{backField: {"/desk/bookings"}, "/court": {court}}.Encode()
}

// pass says with one touch what an usher saw.
func (s *Site) pass(v *visit) (templ.Component, error) {
	body := map[string]any{"booking": v.PostFormValue("booking"), "step": v.PostFormValue("step")}
	if _, err := v.ask(api.Ask{Op: "passBooking", Key: v.PostFormValue(keyField), Body: body}); err != nil {
		return nil, err
	}
	return v.to(with(v.courtPath(), "done", "passBooking"))
}

// raise calls court security to a room with one touch: who needs it has no time for a form.
func (s *Site) raise(v *visit) (templ.Component, error) {
	room, _ := strconv.Atoi(v.PostFormValue("room"))
	body := map[string]any{"court": v.PathValue("id"), "room": room}
	if _, err := v.ask(api.Ask{Op: "raiseAlarm", Key: v.PostFormValue(keyField), Body: body}); err != nil {
		return nil, err
	}
	return v.to(with(v.courtPath(), "done", "raiseAlarm"))
}

func (v *visit) courtPath() string {
	return back(v.PostFormValue(backField), "/desk/courts/"+url.PathEscape(v.PathValue("id")))
}

// bookings are those of the person's agency: that they are there.
func (s *Site) bookings(v *visit) (templ.Component, error) {
	var page struct {
		Items []booked `json:"items"`
	}
	next, err := v.leaf("listBookings", "", v.query("attention", "matter"), &page)
	if err != nil {
		return nil, err
	}
	return bookingsPage(v, page.Items, next), nil
}

// oneBooking is a booking, with what is in it for who has the matter.
func (s *Site) oneBooking(v *visit) (templ.Component, error) {
	var b booked
	if _, err := v.get("getBooking", v.PathValue("id"), nil, &b); err != nil {
		return nil, err
	}
	var c courtroom
	if _, err := v.get("getCourt", b.Court, nil, &c); err != nil && lost(err) {
		return nil, err
	}
	var commands []string
	if b.For != "" { // it is shown to who may
		if b.Status == "held" || b.Status == "to_move" || b.Status == "asked" {
			commands = append(commands, "moveBooking", "freeBooking")
		}
		if b.ToTell {
			commands = append(commands, "tellOfBooking")
		}
	}
	return bookingPage(v, b, c, v.buttons("booking", commands, b.ID, "")), nil
}

// alarms are those at the courts of the person's agency.
func (s *Site) alarms(v *visit) (templ.Component, error) {
	items, next, err := v.alarmsThere()
	if err != nil {
		return nil, err
	}
	var page struct {
		Items []courtroom `json:"items"`
	}
	if _, err := v.get("listCourts", "", nil, &page); err != nil && lost(err) {
		return nil, err
	}
	return alarmsPage(v, items, page.Items, next), nil
}

func (v *visit) alarmsThere() (items []alarmRaised, next string, err error) {
	var page struct {
		Items []alarmRaised `json:"items"`
	}
	next, err = v.leaf("listAlarms", "", url.Values{}, &page)
	return page.Items, next, err
}

// answers is where somebody of court security says that they go.
func (v *visit) answers(a alarmRaised) []button {
	if !a.AcknowledgedAt.IsZero() {
		return nil
	}
	return v.buttons("alarms", []string{"acknowledgeAlarm"}, a.ID, "")
}

// courtSides are the parts of home for the people of a court, for who takes her there, and for who
// looks for conflicts of interest.
func (v *visit) courtSides() (sides []side, err error) {
	add := func(one side, err error) error {
		if len(one.Heaps) > 0 || len(one.Ways) > 0 || one.Away {
			sides = append(sides, one)
		}
		return err
	}
	if anyOf("court_security")(v) {
		one := side{Title: v.W.T("alarm.title"), Ways: []link{{Path: "/desk/alarms", Label: v.W.T("alarm.all")}}}
		items, _, err := v.alarmsThere()
		if err != nil {
			one.Away = true
		}
		if waiting := slices.DeleteFunc(items, func(a alarmRaised) bool { return !a.AcknowledgedAt.IsZero() }); len(waiting) > 0 {
			one.Heaps = append(one.Heaps, heap{Path: "/desk/alarms", Label: v.W.T("alarm.waits"), Count: len(waiting), Pressing: true})
		}
		if err := add(one, also(err)); err != nil {
			return nil, err
		}
	}
	if anyOf(append(atCourt, "lawyer")...)(v) {
		one := side{Title: v.W.T("court.title"), Ways: []link{{Path: "/desk/courts", Label: v.W.T("court.all")}}}
		var err error
		if anyOf("lawyer")(v) {
			one.Ways = append(one.Ways, link{Path: "/desk/bookings", Label: v.W.T("booking.all")})
			query := url.Values{"attention": {"true"}}
			err = one.count(v, "listBookings", query, heap{Path: "/desk/bookings?" + query.Encode(), Label: v.W.T("booking.waits"), Pressing: true})
		}
		if err := add(one, err); err != nil {
			return nil, err
		}
	}
	if anyOf("conflicts_officer")(v) {
		one := side{Title: v.W.T("conflict.title")}
		var page struct {
			Items []struct{} `json:"items"`
		}
		_, err := v.get("listConflicts", "", nil, &page)
		if one.Away = err != nil; len(page.Items) > 0 {
			one.Heaps = append(one.Heaps, heap{Path: "/desk/conflicts", Label: v.W.T("conflict.waits"), Count: len(page.Items), Pressing: true})
		}
		if err := add(one, also(err)); err != nil {
			return nil, err
		}
	}
	return sides, nil
}

// prefillCourt is what the court has now.
func prefillCourt(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	var c courtroom
	return p, p.read(v, "changeCourt", "getCourt", &c)
}

// prefillBooking keeps to the matter and the hearing from whose page it is booked.
func prefillBooking(v *visit) (p prefill, err error) {
	p.Values = url.Values{}
	for _, name := range []string{"matter", "hearing"} {
		if v.Form.Get("/"+name) != "" {
			p.Fixed = append(p.Fixed, name)
		}
	}
	return p, nil
}

// prefillMove is where the booking is now.
func prefillMove(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	var b booked
	if _, err := v.get("getBooking", v.PathValue("id"), nil, &b); err != nil || b.At == nil {
		return p, err
	}
	p.Values.Set("/room", strconv.Itoa(b.At.Room))
	p.Values.Set("/entrance", strconv.Itoa(b.At.Entrance))
	return p, nil
}

// prefillOpposing keeps to the day whose page is open.
func prefillOpposing(v *visit) (p prefill, err error) {
	p.Values = url.Values{}
	if v.Form.Get("/date") != "" {
		p.Fixed = []string{"date"}
	}
	return p, nil
}

// courtsThere are all courts.
func courtsThere(v *visit) (all []form.Option, err error) {
	var page struct {
		Items []courtroom `json:"items"`
	}
	_, err = v.get("listCourts", "", nil, &page)
	for _, c := range page.Items {
		all = append(all, form.Option{Value: c.ID, Label: isolate(c.Name)})
	}
	return all, err
}

// ownMatters are the open matters of the person.
func ownMatters(v *visit) (all []form.Option, err error) {
	var page struct {
		Items []work `json:"items"`
	}
	_, err = v.get("listMatters", "", url.Values{"mine": {"true"}, "status": {"open"}}, &page)
	for _, m := range page.Items {
		all = append(all, form.Option{Value: m.ID, Label: v.W.T("room.matter", "Number", number(m.ID))})
	}
	return all, err
}

// opposingThere are the times of the other side on the day whose page is open.
func opposingThere(v *visit) (all []form.Option, err error) {
	var day courtDay
	date := v.Form.Get("/date")
	if date == "" {
		return nil, nil
	}
	_, err = v.get("getCourtDay", v.PathValue("id"), url.Values{"date": {date}}, &day)
	for _, o := range day.Opposing {
		all = append(all, form.Option{Value: o.Opposing, Label: courtroom{}.Entrance(v, o.Entrance) + ", " + v.at(o.From)})
	}
	return all, err
}

// roomIn is the room of an alarm, with its court.
func roomIn(v *visit, courts []courtroom, a alarmRaised) string {
	i := slices.IndexFunc(courts, func(c courtroom) bool { return c.ID == a.Court })
	if i < 0 {
		return courtroom{}.Room(v, a.Room)
	}
	return isolate(courts[i].Name) + ": " + courts[i].Room(v, a.Room)
}

// onDay keeps a command about a day to the day whose page is open.
func onDay(b button, date string) string {
	if b.Op.ID != "noteOpposing" {
		return ""
	}
	return "&" + url.Values{"/date": {date}}.Encode()
}
