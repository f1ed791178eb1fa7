package match

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/window"
)

// judge knows one question, about one service.
type judge struct {
	need   *Need
	until  []time.Time // when what can still be done can no longer
	now    time.Time
	limits Limits
}

func newJudge(need *Need, options []window.Option, now time.Time, limits Limits) *judge {
	j := &judge{need: need, now: now, limits: limits}
	for _, o := range options {
		if need.Sex == code.Male && o.Window == code.WindowContraception {
			continue
		}
		if until, ok := o.Until(now); ok {
			j.until = append(j.until, until)
		}
	}
	return j
}

// excludes says why a place cannot help; 0: it can.
func (j *judge) excludes(o *Place) Reasons {
	var why Reasons
	if o.Status != code.AgencyActive {
		why |= bit[code.NotServing]
	}
	if j.capacity(o) == code.NoCapacity {
		why |= bit[code.NoCapacity]
	}
	if j.area(o) == code.AreaNotServed {
		why |= bit[code.AreaNotServed]
	}
	why |= (j.age(o) | j.sex(o) | j.situation(o)) & (bit[code.AgeNotServed] | bit[code.SexNotServed] | bit[code.SituationNotServed])
	return why
}

// stand is the standing of a place that can help.
func (j *judge) stand(o *Place) standing {
	s := standing{Ranked: Ranked{Place: o, Distance: -1}}
	s.Reasons = j.age(o) | j.sex(o) | j.situation(o)
	j.consent(&s)
	j.opening(&s)
	s.by(byCapacity, j.capacity(o), code.CapacityAvailable, "", code.CapacityWaiting)
	if j.need.Language != "" {
		s.by(byLanguage, j.language(o), code.LanguageSpoken, code.LanguageUnknown, code.LanguageNotSpoken)
	}
	if j.need.Area != "" {
		s.by(byArea, j.area(o), code.AreaServed, code.AreaPartlyServed, code.AreaUnknown)
	}
	j.distance(&s)
	if len(j.need.Accessibility) > 0 {
		s.by(byAccess, j.access(o), code.Accessible, code.AccessUnknown, code.AccessMissing)
	}
	return s
}

// by notes a reason, and where it stands among those of its criterion, from
// best to worst. An empty place takes all that are not named.
func (s *standing) by(criterion int, r code.MatchReason, order ...code.MatchReason) {
	s.Reasons |= bit[r]
	at := slices.Index(order, r)
	if at < 0 {
		at = slices.Index(order, "")
	}
	s.key[criterion] = int64(at)
}

func (j *judge) consent(s *standing) {
	r := code.ConsentMissing
	switch {
	case j.need.AskFirst:
		s.Reasons |= bit[code.ConsentAskFirst]
		return
	case slices.Contains(j.need.Consents, Consent{s.Place.Agency, s.Place.Service}):
		r = code.ConsentInForce
	}
	s.by(byConsent, r, code.ConsentInForce, code.ConsentMissing)
}

// Beyond every instant, in this order.
const (
	opensUnknown = math.MaxInt64 - 1
	opensNever   = math.MaxInt64
)

// opening judges when it is open, and whether that is in time. What is not
// known stands between what is in time and what is not.
func (j *judge) opening(s *standing) {
	hours := s.Place.Hours
	known := hours != nil && hours.KnownAt(j.now)
	switch {
	case !known:
		s.Reasons |= bit[code.HoursUnknown]
		s.key[byOpening] = opensUnknown
	case hours.Open(j.now):
		s.Reasons |= bit[code.OpenNow]
		s.Opens = j.now
		s.key[byOpening] = math.MinInt64
	default:
		from, _, ok := hours.NextOpen(j.now)
		if !ok {
			s.Reasons |= bit[code.NoOpening]
			s.key[byOpening] = opensNever
			break
		}
		s.Reasons |= bit[code.OpensLater]
		s.Opens = from
		s.key[byOpening] = from.UnixMilli()
	}
	if len(j.until) == 0 {
		return
	}
	if !known {
		s.Reasons |= bit[code.WindowsNotKnown]
		s.key[byWindow] = 1
		return
	}
	missed := 0
	for _, until := range j.until {
		if s.Opens.IsZero() || !s.Opens.Before(until) {
			missed++
		}
	}
	if missed == 0 {
		s.Reasons |= bit[code.WindowsKept]
		return
	}
	s.Reasons |= bit[code.WindowsMissed]
	s.key[byWindow] = 1 + int64(missed)
}

// capacity never takes an old or contradictory count for free, nor for full.
func (j *judge) capacity(o *Place) code.MatchReason {
	c := &o.Capacity
	switch {
	case c.Updated.IsZero():
		return code.CapacityUnknown
	case c.Available < 0, c.Maximum < 0, c.Maximum > 0 && c.Available > c.Maximum:
		return code.CapacityContradicted
	case j.now.Sub(c.Updated).Abs() > j.limits.capacityAge():
		return code.CapacityStale
	case c.Available > 0:
		return code.CapacityAvailable
	case j.need.Waiting:
		return code.CapacityWaiting
	default:
		return code.NoCapacity
	}
}

// language compares languages and not their regions: es-GT is understood where
// es is spoken.
func (j *judge) language(o *Place) code.MatchReason {
	if len(o.Languages) == 0 {
		return code.LanguageUnknown
	}
	wanted, _, _ := strings.Cut(j.need.Language, "-")
	for _, l := range o.Languages {
		if spoken, _, _ := strings.Cut(l, "-"); strings.EqualFold(spoken, wanted) {
			return code.LanguageSpoken
		}
	}
	return code.LanguageNotSpoken
}

// area takes a finer area for a part of a coarser one: GT-01-05 lies in GT-01.
func (j *judge) area(o *Place) code.MatchReason {
	if j.need.Area == "" || len(o.Areas) == 0 {
		return code.AreaUnknown
	}
	r := code.AreaNotServed
	for _, a := range o.Areas {
		if within(j.need.Area, a) {
			return code.AreaServed
		}
		if within(a, j.need.Area) {
			r = code.AreaPartlyServed
		}
	}
	return r
}

func within(area, whole string) bool {
	rest, ok := strings.CutPrefix(area, whole)
	return ok && (rest == "" || rest[0] == '-')
}

// distance counts in whole kilometres, and not at all where the place is
// secret: a rank by distance would tell where it is.
func (j *judge) distance(s *standing) {
	if j.need.Point == nil {
		return
	}
	s.key[byDistance] = math.MaxInt64
	switch {
	case !s.Place.Placed():
		s.Reasons |= bit[code.PlaceHidden]
	case s.Place.Point == nil:
		s.Reasons |= bit[code.DistanceUnknown]
	default:
		s.Reasons |= bit[code.DistanceKnown]
		s.Distance = kilometres(*j.need.Point, *s.Place.Point)
		s.key[byDistance] = int64(s.Distance)
	}
}

// kilometres is along a great circle of a round earth.
func kilometres(a, b Point) int {
	const radius, degree = 6371, math.Pi / 180
	lat, lon := (b.Latitude-a.Latitude)*degree/2, (b.Longitude-a.Longitude)*degree/2
	h := math.Pow(math.Sin(lat), 2) + math.Cos(a.Latitude*degree)*math.Cos(b.Latitude*degree)*math.Pow(math.Sin(lon), 2)
	return int(math.Round(2 * radius * math.Asin(math.Sqrt(min(h, 1)))))
}

func (j *judge) access(o *Place) code.MatchReason {
	if len(o.Accessibility) == 0 {
		return code.AccessUnknown
	}
	for _, a := range j.need.Accessibility {
		if !slices.Contains(o.Accessibility, a) {
			return code.AccessMissing
		}
	}
	return code.Accessible
}

// age excludes when none of her possible ages is served, and asks when only
// some are.
func (j *judge) age(o *Place) Reasons {
	low, high := o.MinAge, o.MaxAge
	if high == 0 {
		high = maxAge
	}
	if low <= 0 && high >= maxAge {
		return 0
	}
	switch from, to, ok := j.need.ages(); {
	case !ok:
		return bit[code.AgeToAsk]
	case to < low || from > high:
		return bit[code.AgeNotServed]
	case from < low || to > high:
		return bit[code.AgeToAsk]
	default:
		return 0
	}
}

func (j *judge) sex(o *Place) Reasons {
	switch {
	case len(o.Sexes) == 0:
		return 0
	case j.need.Sex == "" || j.need.Sex == code.UnknownSex:
		return bit[code.SexToAsk]
	case !slices.Contains(o.Sexes, j.need.Sex):
		return bit[code.SexNotServed]
	default:
		return 0
	}
}

func (j *judge) situation(o *Place) Reasons {
	switch {
	case len(o.Situations) == 0:
		return 0
	case len(j.need.Situations) == 0:
		return bit[code.SituationToAsk]
	case !slices.ContainsFunc(j.need.Situations, func(s code.Situation) bool { return slices.Contains(o.Situations, s) }):
		return bit[code.SituationNotServed]
	default:
		return 0
	}
}
