package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/name"
)

// Two people share a telephone, and an aggressor gives her number as his own. So only a
// name makes a hint of a second case, a hint goes to who has the older case and to nobody
// at the counter, and a case that is restricted makes none and gets none.

// Hint says that another case may be about the same person.
type Hint struct {
	Other string
	// Both says that who has this case had the other one, too, when the hint was made.
	Both bool
	At   time.Time
	// Settled says that who has the case has looked at it.
	Settled bool
}

// SettleHint is the command that says that a hint was looked at.
type SettleHint struct {
	// Other is the other case; empty for every hint of the case.
	Other string `json:"other,omitempty"`
}

// Twin says whether two open cases of a desk may be about one person: one name, and no
// sex or age band that contradicts it. The telephone does not count.
func Twin(a, b Case) bool {
	return a.ID != b.ID && a.Agency == b.Agency && a.findable() && b.findable() && !a.Closed() && !b.Closed() &&
		a.Into == "" && b.Into == "" && name.Same(a.Name, b.Name) &&
		compatible(a.Survivor.Sex, b.Survivor.Sex, code.UnknownSex) && compatible(a.Survivor.AgeBand, b.Survivor.AgeBand)
}

// findable says that the case may be found by who may see it.
func (c Case) findable() bool { return c.Exists() && !c.Restricted }

// compatible says that two answers do not contradict each other. What was not asked, or is
// not known, contradicts nothing.
func compatible[T ~string](a, b T, unknown ...T) bool {
	open := func(v T) bool { return v == "" || slices.Contains(unknown, v) }
	return a == b || open(a) || open(b)
}

// Hinted tells who has this older case of a newer one, once for each.
func (c Case) Hinted(_ fact.By, second look.Fresh[Case]) ([]fact.Event, error) {
	newer := second.Value()
	// A hint is a search that nobody asked for: whom she must not meet is given none.
	if c.Blocks.Person(c.Owner) || newer.Blocks.Person(c.Owner) {
		return nil, nil
	}
	if !Twin(c, newer) || !c.older(newer) || slices.ContainsFunc(c.Hints, func(h Hint) bool { return h.Other == newer.ID }) {
		return nil, nil
	}
	return fact.Of(intakev1.DuplicateHinted{Case: c.ID, Other: newer.ID, Both: c.Owner != "" && c.Owner == newer.Owner}), nil
}

// Order gives two cases, the older one first.
func Order(a, b look.Fresh[Case]) (older, newer look.Fresh[Case]) {
	if a.Value().older(b.Value()) {
		return a, b
	}
	return b, a
}

// older says which of two cases was opened first. Of one instant one of them is, always
// the same.
func (c Case) older(than Case) bool {
	if c.OpenedAt.Equal(than.OpenedAt) {
		return c.ID < than.ID
	}
	return c.OpenedAt.Before(than.OpenedAt)
}

// SettleHint says that who has the case looked at the hint. Without one nothing changes.
func (c Case) SettleHint(_ fact.By, cmd SettleHint) ([]fact.Event, error) {
	var events []fact.Event
	for _, h := range c.openHints() {
		if cmd.Other == "" || cmd.Other == h.Other {
			events = append(events, fact.Event{Data: intakev1.DuplicateSettled{Case: c.ID, Other: h.Other}})
		}
	}
	return events, nil
}

// openHints are those that nobody has looked at. A restricted case shows none.
func (c Case) openHints() []Hint {
	if c.Closed() || c.Restricted {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Hints), func(h Hint) bool { return h.Settled })
}

// settledHint are the hints after one was looked at.
func settledHint(hints []Hint, other string) []Hint {
	hints = slices.Clone(hints)
	for i := range hints {
		if hints[i].Other == other {
			hints[i].Settled = true
		}
	}
	return hints
}

// Duplicate is a hint as who has the case sees it: with the other case only where they
// have that, too.
type Duplicate struct {
	At   time.Time `json:"at"`
	Case string    `json:"case,omitempty"`
}

func (c Case) duplicates() []Duplicate {
	var shown []Duplicate
	for _, h := range c.openHints() {
		d := Duplicate{At: h.At}
		if h.Both {
			d.Case = h.Other
		}
		shown = append(shown, d)
	}
	return shown
}
