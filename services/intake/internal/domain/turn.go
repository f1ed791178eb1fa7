package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// On her birthdays, and whenever her age is written anew, it is looked which consents do not
// count any more. Gates look at the very instant (speaks); what is judged here is what her desk
// is told, and when the time of grace ends. Nobody else is told.

// The deadlines of a case about her age. Their names say nothing of it: who sees a queue of
// deadlines must not learn a birthday.
const (
	RecheckDeadline = "recheck"
	GraceDeadline   = "unanswered"
)

// Judged is which consents her desk asks for anew, since her age says so. It stands in the
// private half of an event.
type Judged struct {
	// At is when it was looked. Zero: in journals from before nobody looked.
	At   time.Time `json:"at,omitzero"`
	Anew []string  `json:"anew,omitempty"`
	// Grace is when work on what others consented to ends, after she came of age.
	Grace time.Time `json:"grace,omitzero"`
}

// judge looks at the consents of the case as it is.
func (c Case) judge(law programme.Consent, at time.Time) Judged {
	j := Judged{At: at}
	others := false
	for _, k := range c.Consents {
		if k.Status != code.ConsentGiven || k.dissents() || c.speaks(law, k, at) {
			continue
		}
		j.Anew = append(j.Anew, k.ID)
		others = others || k.GivenBy != code.BySurvivor
	}
	if age, known := c.age(at); known && age.adult() && others {
		j.Grace = c.Judged.Grace
		if j.Grace.IsZero() {
			j.Grace = at.Add(law.Grace)
		}
	}
	return j
}

// RecheckDue judges the consents on her birthday (ErrNotDue before it).
func (c Case) RecheckDue(by fact.By, rules Rules) ([]fact.Event, error) {
	day, comes := c.birthday()
	if due, err := come(by, day, comes); !due {
		return nil, err
	}
	events := fact.With(intakev1.AgeTurned{Case: c.ID}, c.judge(rules.of(c, by.At).Consent, by.At))
	if _, less := c.grownContact(by.At); less {
		events = append(events, fact.Event{Data: intakev1.ContactChanged{Case: c.ID, Referrals: c.openOnes()}})
	}
	return events, nil
}

// GraceDue takes back what others consented to for her, when the time of grace is over and she
// has not taken it up (ErrNotDue before it). Each holder is told, as of a withdrawal.
func (c Case) GraceDue(by fact.By) (events []fact.Event, err error) {
	end, runs := c.grace()
	if due, err := come(by, end, runs); !due {
		return nil, err
	}
	for _, k := range c.pending() {
		events = append(events, c.withdrawal(k, nil))
	}
	return events, nil
}

// birthday is the next day on which the consents are judged; false where none comes.
func (c Case) birthday() (time.Time, bool) {
	on, known := c.Survivor.Born.birthdays(c.Zone)
	for age := 1; known && age <= programme.Majority; age++ {
		if day := on(age); day.After(c.Judged.At) && day.After(c.OpenedAt) {
			return day, true
		}
	}
	return time.Time{}, false
}

// grace is when the time of grace ends; false where nothing waits for it.
func (c Case) grace() (time.Time, bool) {
	return c.Judged.Grace, !c.Judged.Grace.IsZero() && len(c.pending()) > 0
}

// pending are the consents of others that she has not answered herself since she came of age.
func (c Case) pending() (all []Consent) {
	for _, k := range c.Consents {
		if k.Status == code.ConsentGiven && k.GivenBy != code.BySurvivor && slices.Contains(c.Judged.Anew, k.ID) {
			all = append(all, k)
		}
	}
	return all
}

// turned is the case after her consents were judged.
func (c Case) turned(j Judged) Case {
	if j.At.IsZero() {
		return c
	}
	c.Judged = j
	c.Survivor.AgeBand = c.Survivor.band(c.Zone, j.At)
	return c
}
