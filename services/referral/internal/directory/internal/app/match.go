package app

import (
	"context"
	"maps"
	"time"
	_ "time/tzdata" // an image may hold no time zones, and days need theirs

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
)

// Need is a question as it is asked. It is answered and forgotten.
type Need struct {
	Services []code.Service `json:"services"`
	Country  code.Country   `json:"country"`
	// Programme is whose windows count. Left out, what the programmes of the country agree on.
	Programme     string               `json:"programme,omitempty"`
	Area          string               `json:"area,omitempty"`
	Point         *Point               `json:"point,omitempty"`
	Urgency       code.Urgency         `json:"urgency"`
	Language      string               `json:"language,omitempty"`
	Age           *int                 `json:"age,omitempty"`
	AgeBand       code.AgeBand         `json:"age_band,omitempty"`
	Sex           code.Sex             `json:"sex,omitempty"`
	Accessibility []code.Accessibility `json:"accessibility,omitempty"`
	Situations    []code.Situation     `json:"situations,omitempty"`
	Incident      *Incident            `json:"incident,omitempty"`
	Blocked       []string             `json:"blocked,omitempty"`
	Conflicts     []string             `json:"conflicts,omitempty"`
	Consents      []Consent            `json:"consents,omitempty"`
	AskFirst      bool                 `json:"ask_first,omitempty"`
	Waiting       bool                 `json:"waiting,omitempty"`
	Limit         int                  `json:"limit,omitempty"`
}

// Point is where she is, in degrees.
type Point struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Incident is when it happened: instants, or a day in a zone.
type Incident struct {
	Earliest time.Time `json:"earliest,omitzero"`
	Latest   time.Time `json:"latest,omitzero"`
	Date     string    `json:"date,omitempty"`
	Zone     string    `json:"zone,omitempty"`
}

// Consent is one in force, for an agency and a service.
type Consent struct {
	Agency  string       `json:"agency"`
	Service code.Service `json:"service"`
}

// Matches is the answer.
type Matches struct {
	At    time.Time `json:"at"`
	Items []Match   `json:"items"`
}

// Match is the answer for one service.
type Match struct {
	Service      code.Service `json:"service"`
	Urgency      code.Urgency `json:"urgency"`
	Windows      []Window     `json:"windows"`
	Ranked       []Ranked     `json:"ranked"`
	Excluded     []Excluded   `json:"excluded"`
	MoreRanked   int          `json:"more_ranked,omitempty"`
	MoreExcluded int          `json:"more_excluded,omitempty"`
}

// Window is what can still be done, and until when.
type Window struct {
	Window  code.Window      `json:"window"`
	State   code.WindowState `json:"state"`
	Closes  time.Time        `json:"closes,omitzero"`
	Perhaps time.Time        `json:"perhaps_until,omitzero"`
}

// Place is a service of an agency. A secret location is left out.
type Place struct {
	Agency   string `json:"agency"`
	Listing  string `json:"listing,omitempty"`
	Location string `json:"location,omitempty"`
}

// Ranked is a place that could help.
type Ranked struct {
	Rank int `json:"rank"`
	Place
	Opens    time.Time `json:"opens,omitzero"`
	Distance *int      `json:"distance_km,omitempty"`
	Reasons  []Reason  `json:"reasons"`
}

// Excluded is a place that could not, and why.
type Excluded struct {
	Place
	Reasons []Reason `json:"reasons"`
}

// Reason is why, in a code and in words.
type Reason struct {
	Code  code.MatchReason `json:"code"`
	Words string           `json:"words"`
}

// How many places an answer has by default, and how many that are left out.
const (
	defaultRanked = 20
	maxExcluded   = 50
)

// Match ranks the places that could help. Nothing of the question is kept.
func (d Directory) Match(_ context.Context, by fact.By, n Need) (Matches, error) {
	need, err := n.read(by.At)
	if err != nil {
		return Matches{}, err
	}
	limits := match.Limits{Ranked: n.Limit, Excluded: maxExcluded, Windows: d.windows(need.Country, n.Programme, by.At)}
	if n.Limit == 0 {
		limits.Ranked = defaultRanked
	}
	lists, err := match.Match(need, d.places(), by.At, limits)
	if err != nil {
		return Matches{}, err
	}
	m := Matches{At: by.At, Items: make([]Match, len(lists))}
	for i, l := range lists {
		m.Items[i] = tell(l)
	}
	return m, nil
}

// windows are those of the programme that was named, and else what the programmes of the country
// agree on. Where they do not, and where none is installed, they are those of the base.
func (d Directory) windows(country code.Country, id string, now time.Time) programme.Windows {
	if id != "" {
		return d.Programmes.For(id, country, now, now).Windows
	}
	same := func(a, b programme.Windows) bool { return a.Soon == b.Soon && maps.Equal(a.Within, b.Within) }
	if w, ok := programme.In(d.Programmes, country, now, now, func(p programme.Programme) programme.Windows { return p.Windows }, same); ok {
		return w
	}
	return d.Programmes.Base().Windows
}

func (n Need) read(now time.Time) (match.Need, error) {
	need := match.Need{
		Services: n.Services, Country: n.Country, Area: n.Area, Urgency: n.Urgency, Language: n.Language,
		Age: n.Age, AgeBand: n.AgeBand, Sex: n.Sex, Accessibility: n.Accessibility, Situations: n.Situations,
		Blocked: n.Blocked, Conflicts: n.Conflicts, AskFirst: n.AskFirst, Waiting: n.Waiting,
	}
	if n.Point != nil {
		need.Point = &match.Point{Latitude: n.Point.Latitude, Longitude: n.Point.Longitude}
	}
	for _, c := range n.Consents {
		need.Consents = append(need.Consents, match.Consent{Agency: c.Agency, Service: c.Service})
	}
	var err error
	need.Incident, err = n.Incident.read(now)
	return need, err
}

func (i *Incident) read(now time.Time) (window.Incident, error) {
	switch {
	case i == nil:
		return window.Incident{}, nil
	case i.Date == "" && i.Zone == "":
		if i.Earliest.IsZero() {
			return window.Incident{}, window.ErrInterval.At("/incident/earliest", "required")
		}
		return window.Incident{Earliest: i.Earliest, Latest: i.Latest}, nil
	case !i.Earliest.IsZero() || !i.Latest.IsZero():
		return window.Incident{}, match.ErrNeed.At("/incident", "instants or a day")
	case i.Zone == "":
		return window.Incident{}, match.ErrNeed.At("/incident/zone", "required")
	}
	zone, err := time.LoadLocation(i.Zone)
	if err != nil || i.Zone == "Local" {
		return window.Incident{}, match.ErrUnknownCode.At("/incident/zone", "IANA time zone")
	}
	day, err := time.Parse(time.DateOnly, i.Date)
	if err != nil {
		return window.Incident{}, match.ErrNeed.At("/incident/date", "required")
	}
	return window.Day(day.Year(), day.Month(), day.Day(), zone).Until(now), nil
}

func tell(l match.List) Match {
	m := Match{
		Service: l.Service, Urgency: l.Urgency, MoreRanked: l.MoreRanked, MoreExcluded: l.MoreExcluded,
		Windows: make([]Window, len(l.Windows)), Ranked: make([]Ranked, len(l.Ranked)), Excluded: make([]Excluded, len(l.Excluded)),
	}
	for i, w := range l.Windows {
		m.Windows[i] = Window{Window: w.Window, State: w.State, Closes: w.Closes}
		if w.Perhaps.After(w.Closes) {
			m.Windows[i].Perhaps = w.Perhaps
		}
	}
	for i, r := range l.Ranked {
		m.Ranked[i] = Ranked{Rank: r.Rank, Place: placeOf(r.Place), Opens: r.Opens, Reasons: spell(r.Reasons)}
		if r.Distance >= 0 {
			m.Ranked[i].Distance = &r.Distance
		}
	}
	for i, e := range l.Excluded {
		m.Excluded[i] = Excluded{Place: placeOf(e.Place), Reasons: spell(e.Reasons)}
	}
	return m
}

func placeOf(o *match.Place) Place {
	p := Place{Agency: o.Agency, Listing: o.Listing}
	if o.Placed() {
		p.Location = o.Location
	}
	return p
}

func spell(r match.Reasons) []Reason {
	list := make([]Reason, 0, 8)
	for _, reason := range r.List() {
		list = append(list, Reason{Code: reason.Code, Words: reason.Words})
	}
	return list
}
