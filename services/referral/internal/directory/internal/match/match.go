package match

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/window"
)

// Limits are what the network sets for every question.
type Limits struct {
	// Ranked and Excluded are how many of each a list holds; 0: all.
	Ranked, Excluded int
	// CapacityAge is how old a count of free capacity may be; 0: a day.
	CapacityAge time.Duration
	Windows     programme.Windows
}

func (l Limits) capacityAge() time.Duration { return cmp.Or(l.CapacityAge, 24*time.Hour) }

// List is the answer for one service.
type List struct {
	Service code.Service
	// Urgency is what was asked for, raised by the windows.
	Urgency  code.Urgency
	Windows  []window.Option
	Ranked   []Ranked
	Excluded []Excluded
	// MoreRanked and MoreExcluded are how many the limits left out.
	MoreRanked, MoreExcluded int
}

// Ranked is a place that could help.
type Ranked struct {
	Rank    int // from 1
	Place   *Place
	Reasons Reasons
	// Opens is when it is open next; zero when that is not known.
	Opens time.Time
	// Distance is in whole kilometres; below zero: not known, or not to be told.
	Distance int
}

// Excluded is a place that could not, and why.
type Excluded struct {
	Place   *Place
	Reasons Reasons
}

// Match answers for each service that is needed. It refuses a need with unknown
// codes: ErrUnknownCode, ErrNeed, window.ErrInterval.
func Match(need Need, places Places, now time.Time, limits Limits) ([]List, error) {
	if err := need.check(now); err != nil {
		return nil, err
	}
	lists := make([]List, len(need.Services))
	for i, s := range need.Services {
		lists[i] = one(&need, s, places.Of(need.Country, s), now, limits)
	}
	return lists, nil
}

func one(need *Need, s code.Service, candidates []*Place, now time.Time, limits Limits) List {
	l := List{Service: s, Windows: window.For(s, limits.Windows, need.Incident, now)}
	l.Urgency = window.Raise(need.Urgency, l.Windows, now)
	j := newJudge(need, l.Windows, now, limits)
	standings := make([]standing, 0, len(candidates))
	for _, o := range candidates {
		if !o.listed() || need.shuns(o.Agency) {
			continue
		}
		if why := j.excludes(o); why != 0 {
			if limits.Excluded > 0 && len(l.Excluded) == limits.Excluded {
				l.MoreExcluded++
				continue
			}
			l.Excluded = append(l.Excluded, Excluded{Place: o, Reasons: why})
			continue
		}
		standings = append(standings, j.stand(o))
	}
	slices.SortFunc(standings, compareStandings)
	if n := limits.Ranked; n > 0 && len(standings) > n {
		l.MoreRanked, standings = len(standings)-n, standings[:n]
	}
	l.Ranked = make([]Ranked, len(standings))
	for i, st := range standings {
		st.Rank = i + 1
		l.Ranked[i] = st.Ranked
	}
	return l
}

// The criteria, the first before the second and so on. Within each, less is
// better.
const (
	byConsent = iota
	byWindow
	byOpening
	byCapacity
	byLanguage
	byArea
	byDistance
	byAccess
	criteria
)

// standing is a place and its value by each criterion.
type standing struct {
	key [criteria]int64
	Ranked
}

func compareStandings(a, b standing) int {
	if c := slices.Compare(a.key[:], b.key[:]); c != 0 {
		return c
	}
	return comparePlaces(a.Place, b.Place)
}
