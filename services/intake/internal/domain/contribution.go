package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// Contribution is what a case gives to figures, in codes. An empty code is not known. A case is
// counted in the period in which it was opened, and so once in its life.
type Contribution struct {
	// Opened is to the millisecond.
	Opened       time.Time
	Type         code.GBVType
	Sex          code.Sex
	Age          code.AgeBand
	Displacement code.Displacement
	Disability   code.Disability
	// Area is the district in which the incident was.
	Area string
	// Service is the first that was given to her, By the agency that gave it, and Given when
	// that agency said so. They are empty where none was.
	Service code.Service
	By      string
	Given   time.Time
}

// Contributions lists what cases contribute, under the programme and the month of the opening in
// UTC. Everything stands in the key: a period is counted without a case being read, and closed
// cases have left memory. Only a case whose yes is in force is in it (Case.contributes).
var Contributions = image.List[Case]{
	Keys: func(c Case) []string {
		if !c.contributes() {
			return nil
		}
		is := c.contribution()
		given := ""
		if !is.Given.IsZero() {
			given = fact.Sortable(is.Given)
		}
		return []string{fact.Key(
			c.Programme, is.Opened.UTC().Format(month), string(is.Type), string(is.Sex), string(is.Age), string(is.Displacement),
			string(is.Disability), is.Area, string(is.Service), is.By, given, fact.Sortable(is.Opened),
		)}
	},
	Timed: true,
}

const month = "2006-01"

// Contributed are the parts of the list in which the cases are that were opened from an instant
// until another one; and in the first and the last, others.
func Contributed(programme string, from, until time.Time) (parts []image.Part[Case]) {
	from, until = from.UTC(), until.UTC()
	for m := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); m.Before(until); m = m.AddDate(0, 1, 0) {
		parts = append(parts, Contributions.Of(programme, m.Format(month)))
	}
	return parts
}

// ReadContribution reads a place of the list.
func ReadContribution(at image.Place) Contribution {
	var part [11]string
	rest := at.Under
	for i := range part {
		part[i], rest, _ = strings.Cut(rest, fact.Part)
	}
	c := Contribution{
		Opened: at.At, Type: code.GBVType(part[2]), Sex: code.Sex(part[3]), Age: code.AgeBand(part[4]), Displacement: code.Displacement(part[5]),
		Disability: code.Disability(part[6]), Area: part[7], Service: code.Service(part[8]), By: part[9],
	}
	if ms, ok := fact.ParseSortable(part[10]); ok {
		c.Given = time.UnixMilli(ms).UTC()
	}
	return c
}

// contribution is what the case gives to figures as it stands now. Of several incidents the first
// that stands counts, of several services the first that was given (Referral.helped): so she is
// counted once in each table.
func (c Case) contribution() Contribution {
	s := c.Survivor
	is := Contribution{Opened: c.OpenedAt, Sex: s.Sex, Age: s.AgeBand, Displacement: s.Displacement, Disability: s.Disability}
	if standing := c.standing(); len(standing) > 0 {
		is.Type = c.typeOf(standing[0])
		_, is.Area, _ = levels(standing[0].Area)
	}
	if f, ok := c.firstGiven(); ok {
		is.Service, is.By, is.Given = f.Service, f.Recipient, f.EndedAt
	}
	return is
}

// firstGiven is the first referral by which she was helped.
func (c Case) firstGiven() (first Referral, ok bool) {
	given := slices.DeleteFunc(slices.Clone(c.Referrals), func(f Referral) bool { return !f.helped() })
	if len(given) == 0 {
		return Referral{}, false
	}
	return slices.MinFunc(given, func(a, b Referral) int {
		return cmp.Or(a.EndedAt.Compare(b.EndedAt), cmp.Compare(a.ID, b.ID))
	}), true
}
