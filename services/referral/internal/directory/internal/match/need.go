package match

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/window"
)

// What is wrong with a question.
var (
	// ErrUnknownCode refuses a code that is missing or not on its list.
	ErrUnknownCode = fault.New(fault.Invalid, "unknown_code", "A code is not on its list.")
	// ErrNeed refuses a need that contradicts itself.
	ErrNeed = fault.New(fault.Invalid, "need_invalid", "What is needed contradicts itself or is out of bounds.")
)

// Need is what a survivor needs, in codes. An empty field was not said, and is
// never taken for a no.
type Need struct {
	Services []code.Service
	Country  code.Country
	Area     string
	Point    *Point
	Urgency  code.Urgency
	Language string
	// Age and AgeBand exclude each other.
	Age           *int
	AgeBand       code.AgeBand
	Sex           code.Sex
	Accessibility []code.Accessibility
	Situations    []code.Situation
	Incident      window.Incident
	// Blocked are the agencies that she does not want to meet, Conflicts those
	// that must not meet her. None of them appears.
	Blocked, Conflicts []string
	Consents           []Consent
	// AskFirst says that she sees the list before she is asked, so that consent
	// counts for no rank.
	AskFirst bool
	// Waiting says that she accepts a place on a waiting list.
	Waiting bool
}

// Consent is one in force now, for an agency and a service.
type Consent struct {
	Agency  string
	Service code.Service
}

const maxAge = 130

// check refuses unknown codes and contradictions: ErrUnknownCode, ErrNeed,
// window.ErrInterval.
func (n *Need) check(now time.Time) error {
	if len(n.Services) == 0 {
		return ErrNeed.At("/services", "required")
	}
	for i, s := range n.Services {
		if err := known("/services/"+strconv.Itoa(i), s, code.Services); err != nil {
			return err
		}
		if slices.Contains(n.Services[:i], s) {
			return ErrNeed.At("/services/"+strconv.Itoa(i), "named once")
		}
	}
	if err := known("/country", n.Country, code.Countries); err != nil {
		return err
	}
	if err := known("/urgency", n.Urgency, code.Urgencies); err != nil {
		return err
	}
	if err := n.checkHer(); err != nil {
		return err
	}
	for i, c := range n.Consents {
		if err := known("/consents/"+strconv.Itoa(i)+"/service", c.Service, code.Services); err != nil {
			return err
		}
	}
	switch p := n.Point; {
	case n.AskFirst && len(n.Consents) > 0:
		return ErrNeed.At("/ask_first", "not with consents")
	case p != nil && !(p.Latitude >= -90 && p.Latitude <= 90):
		return ErrNeed.At("/point/latitude", "-90 to 90")
	case p != nil && !(p.Longitude >= -180 && p.Longitude <= 180):
		return ErrNeed.At("/point/longitude", "-180 to 180")
	}
	return n.Incident.Check(now)
}

func (n *Need) checkHer() error {
	if n.AgeBand != "" {
		if err := known("/age_band", n.AgeBand, code.AgeBands); err != nil {
			return err
		}
	}
	switch {
	case n.Age != nil && n.AgeBand != "":
		return ErrNeed.At("/age_band", "not with age")
	case n.Age != nil && (*n.Age < 0 || *n.Age > maxAge):
		return ErrNeed.At("/age", "0 to 130")
	}
	if n.Sex != "" {
		if err := known("/sex", n.Sex, code.Sexes); err != nil {
			return err
		}
	}
	for i, a := range n.Accessibility {
		if err := known("/accessibility/"+strconv.Itoa(i), a, code.Accessibilities); err != nil {
			return err
		}
	}
	for i, s := range n.Situations {
		if err := known("/situations/"+strconv.Itoa(i), s, code.Situations); err != nil {
			return err
		}
	}
	return nil
}

// known refuses a code that is not on its list.
func known[T ~string](pointer string, c T, list []T) error {
	if !slices.Contains(list, c) {
		return ErrUnknownCode.At(pointer, "enum")
	}
	return nil
}

// shuns says that an agency must not appear, not even as one left out.
func (n *Need) shuns(agency string) bool {
	return slices.Contains(n.Blocked, agency) || slices.Contains(n.Conflicts, agency)
}

// bands are the ages in full years of a band.
var bands = map[code.AgeBand][2]int{
	code.AgeTo5: {0, 5}, code.Age6To11: {6, 11}, code.AgeTo17: {12, 17}, code.AgeAdult: {18, maxAge},
}

// ages are the bounds of her age; not ok: not known.
func (n *Need) ages() (from, to int, ok bool) {
	if n.Age != nil {
		return *n.Age, *n.Age, true
	}
	band, ok := bands[n.AgeBand]
	return band[0], band[1], ok
}
