package domain

import (
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Least is the number of referrals below which nothing is told of them.
const Least = 11

// Answer is what came of one ask: who answered and after how long, or who let it expire. The
// type has no name, so that the loop need not know this package.
type Answer = struct {
	Country   code.Country
	Programme string
	Service   code.Service
	// Area is where she is, as she let it be said; empty where nothing was.
	Area string
	At   time.Time
	// By answered, After the ask; empty where nobody did.
	By    string
	After time.Duration
	// Silent were asked until the end, and did not answer.
	Silent []string
}

// months are how many months the fold keeps: two of the longest periods, with the one that runs.
const months = 25

// month is one of the calendar of the programme.
type month int

func monthOf(t time.Time) month { return month(t.Year()*12 + int(t.Month()) - 1) }

func (m month) first(zone *time.Location) time.Time {
	return time.Date(int(m)/12, time.Month(int(m)%12+1), 1, 0, 0, 0, 0, zone)
}

type place struct {
	country   code.Country
	programme string
}

// cell is where a figure stands: one service in one area. There is one level of cells, and no
// referral is in two of them.
type cell struct {
	service code.Service
	area    string
}

type provider struct {
	agency  string
	service code.Service
}

// asked counts what a provider was asked for, and what of it expired.
type asked struct{ all, silent int32 }

// counted is one month of one programme.
type counted struct {
	// after are the seconds until the first answer.
	after map[cell][]uint32
	asked map[provider]*asked
}

// Fold counts answers as they come, by month and cell. It is derived from the journal at each
// start and written nowhere. What is older than two years leaves it, so it grows with what is
// asked in that time and not with the history. It is not safe for several goroutines.
type Fold struct {
	zone   func(place) *time.Location
	newest month
	months map[month]map[place]*counted
}

// NewFold makes a fold in which months begin by the clocks of each programme.
func NewFold(all programme.Set) *Fold {
	zones := map[place]*time.Location{}
	for _, p := range all.List() {
		zones[place{p.Country, p.ID}] = p.Zone
	}
	return &Fold{months: map[month]map[place]*counted{}, zone: func(p place) *time.Location {
		if z := zones[p]; z != nil {
			return z
		}
		return time.UTC
	}}
}

// AreaOf is the area in which something counts: the part of the country in two parts of its code
// (gt-01-05 is in GT-01), so that no area lies in another. What is no such code, or of another country,
// is of none. A shelter counts for the whole programme: by area it would be looked for.
func AreaOf(c code.Country, s code.Service, area string) string {
	if s == code.SafeHouse {
		return ""
	}
	parts := strings.SplitN(strings.ToUpper(area), "-", 3) // a referral says it in small letters
	if len(parts) < 2 || parts[0] != string(c) || len(parts[1]) < 1 || len(parts[1]) > 3 {
		return ""
	}
	return parts[0] + "-" + parts[1]
}

// Add counts what came of an ask. What belongs to no programme is nobody's to see.
func (f *Fold) Add(a Answer) {
	at := place{a.Country, a.Programme}
	if at.country == "" || at.programme == "" {
		return
	}
	m := monthOf(a.At.In(f.zone(at)))
	if m > f.newest {
		f.newest = m
		for old := range f.months {
			if old <= f.newest-months {
				delete(f.months, old)
			}
		}
	}
	if m <= f.newest-months {
		return
	}
	if f.months[m] == nil {
		f.months[m] = map[place]*counted{}
	}
	c := f.months[m][at]
	if c == nil {
		c = &counted{after: map[cell][]uint32{}, asked: map[provider]*asked{}}
		f.months[m][at] = c
	}
	if a.By != "" {
		in := cell{a.Service, AreaOf(a.Country, a.Service, a.Area)}
		c.after[in] = append(c.after[in], uint32(max(0, a.After/time.Second)))
		c.of(provider{a.By, a.Service}).all++
	}
	for _, agency := range a.Silent {
		n := c.of(provider{agency, a.Service})
		n.all++
		n.silent++
	}
}

func (c *counted) of(p provider) *asked {
	if c.asked[p] == nil {
		c.asked[p] = &asked{}
	}
	return c.asked[p]
}

// Period is a time that is over, of whole months of the calendar: [From, Until). The periods of a
// programme do not overlap. So two tables are of the same referrals or of none in common, and
// what changed between them is nobody's answer.
type Period struct{ From, Until time.Time }

// LastPeriod is the last one that was over at an instant, for a programme as it is installed. It
// is not ok before a whole one has passed under the same rule: periods of two lengths would
// overlap.
func LastPeriod(p programme.Installed, now time.Time) (Period, programme.Reach, bool) {
	v, is, ok := p.At(now)
	if !ok || is.Reach.Months < 1 {
		return Period{}, is.Reach, false
	}
	since := v.From
	for _, earlier := range slices.Backward(p.Versions) {
		if earlier.From.After(now) {
			continue
		}
		if earlier.Fields.Reach.Is.Months != is.Reach.Months {
			break
		}
		since = earlier.From
	}
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	length := month(is.Reach.Months)
	until := monthOf(now.In(zone)) / length * length
	last := Period{(until - length).first(zone), until.first(zone)}
	return last, is.Reach, !last.From.Before(since)
}

// Figure is how long a first answer took in one cell, in minutes. It does not say of how many.
type Figure struct {
	Service code.Service `json:"service"`
	// Area is left out where it is the whole programme, or where nobody said where she is.
	Area      string `json:"area,omitempty"`
	Median    int    `json:"median"`
	Ninetieth int    `json:"ninetieth"`
}

// each visits the months of a period.
func (f *Fold) each(at place, in Period, visit func(*counted)) {
	zone := f.zone(at)
	until := monthOf(in.Until.In(zone))
	for m := monthOf(in.From.In(zone)); m < until; m++ {
		if c := f.months[m][at]; c != nil {
			visit(c)
		}
	}
}

// Figures are those of a period: of cells with Least referrals or more, and of no others. There is no
// total and no second level, so that what is left out follows from nothing that is there.
func (f *Fold) Figures(c code.Country, id string, in Period) []Figure {
	all := map[cell][]uint32{}
	f.each(place{c, id}, in, func(c *counted) {
		for at, after := range c.after {
			all[at] = append(all[at], after...)
		}
	})
	figures := []Figure{}
	for at, after := range all {
		if len(after) < Least {
			continue
		}
		slices.Sort(after)
		figures = append(figures, Figure{at.service, at.area, rounded(percentile(after, 50)), rounded(percentile(after, 90))})
	}
	slices.SortFunc(figures, func(a, b Figure) int {
		if d := order(a.Service, b.Service); d != 0 {
			return d
		}
		return strings.Compare(a.Area, b.Area)
	})
	return figures
}

// Record says how the answers of a provider stand.
type Record struct {
	Agency  string
	Service code.Service
	Is      code.AnswerRecord
}

// Records say how the answers of each provider stood in a period: does_not_answer from a share of
// what it was asked, in percent, and of fewer than Least asks nothing.
func (f *Fold) Records(c code.Country, id string, in Period, share int) []Record {
	all := map[provider]asked{}
	f.each(place{c, id}, in, func(c *counted) {
		for p, n := range c.asked {
			sum := all[p]
			all[p] = asked{sum.all + n.all, sum.silent + n.silent}
		}
	})
	records := []Record{}
	for p, n := range all {
		is := code.AgencyAnswers
		switch {
		case n.all < Least:
			is = code.TooFewAsked
		case int(n.silent)*100 >= share*int(n.all):
			is = code.AgencySilent
		}
		records = append(records, Record{p.agency, p.service, is})
	}
	slices.SortFunc(records, func(a, b Record) int {
		if d := strings.Compare(a.Agency, b.Agency); d != 0 {
			return d
		}
		return order(a.Service, b.Service)
	})
	return records
}

func order(a, b code.Service) int {
	return slices.Index(code.Services, a) - slices.Index(code.Services, b)
}

// percentile is the least value that so many percent of all do not exceed (nearest rank).
func percentile(sorted []uint32, percent int) uint32 {
	rank := (len(sorted)*percent + 99) / 100
	return sorted[max(0, rank-1)]
}

// rounded gives whole steps, in minutes and upwards: of few answers, one of them stands at each
// percentile. The steps are a quarter of an hour, from four hours on an hour, from two days on a day.
func rounded(seconds uint32) int {
	minutes := (int(seconds) + 59) / 60
	step := 15
	switch {
	case minutes > 2*24*60:
		step = 24 * 60
	case minutes > 4*60:
		step = 60
	}
	return max(step, (minutes+step-1)/step*step)
}
