// Package circle holds who may work on a referral, where she must not meet everybody. Intake
// draws the circle, and the rooms keep copies. It names who may and never who may not; a
// worker who is registered later is not in it until intake says so. The package refuses to
// tell anybody that there is a circle: who is outside it is answered as for another cause.
package circle

import (
	"slices"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Prefix begins the name of every circle.
const Prefix = "circle"

// ID names the circle of a referral, also by the work that stands on the referral.
func ID(referral string) string { return fact.Rename(Prefix, referral) }

// Circle is who may work on a referral. The zero value is that of nearly all referrals:
// everybody may.
type Circle struct{ staff.Circle }

// Said is an event that says who may.
type Said interface {
	fact.Data
	Said() staff.Circle
}

// Drawn says that not everybody may.
func (c Circle) Drawn() bool { return c.Turn > 0 && !c.Open }

// Has says whether a worker may, by the identifier of the register.
func (c Circle) Has(worker string) bool {
	if !c.Drawn() {
		return true
	}
	_, has := slices.BinarySearch(c.Workers, worker)
	return has
}

// Meets says whether a worker of an agency may meet her where no work on the referral is done, as at a
// court: a circle binds the people of those agencies of which it speaks. One that names no agency is of
// before they were named, and may well speak of this one.
func (c Circle) Meets(agency, worker string) bool {
	spares := len(c.Agencies) > 0 && !slices.Contains(c.Agencies, agency)
	return spares || c.Has(worker)
}

// Named names the circle that an event is about.
func Named(e intakev1.CircleDrawn) string { return ID(e.Referral) }

// Keep makes the reaction of a room out of the room's own event. An earlier turn that comes
// later changes nothing; a fact that does not agree with the one before is refused (agree.Err).
func Keep(note func(staff.Circle) Said) func(Circle, fact.By, intakev1.CircleDrawn) ([]fact.Event, error) {
	return func(c Circle, _ fact.By, e intakev1.CircleDrawn) ([]fact.Event, error) {
		switch {
		case c.Turn > 0 && c.Case() != e.Circle.Case:
			return nil, agree.Same("/case", c.Case(), e.Circle.Case)
		case e.Turn > c.Turn:
			return fact.Of(note(e.Circle)), nil
		case e.Turn == c.Turn:
			return nil, agree.That("/turn", c.Open == e.Open && slices.Equal(c.Workers, e.Workers) && slices.Equal(c.Agencies, e.Agencies))
		}
		return nil, nil
	}
}

// Records are the circles of a room.
func Records(b *record.Book) *record.Records[Circle] { return record.New[Circle](b, Prefix) }

// Evolve is the circle after an event.
func (c Circle) Evolve(e fact.Event) Circle {
	if d, ok := e.Data.(Said); ok {
		c.Circle = d.Said()
	}
	return c
}

// Case is the case of the referral.
func (c Circle) Case() string { return c.Circle.Case }

// Visible is for the network alone.
func (c Circle) Visible(by fact.By) bool { return by.System() }

// Closed is never: a room must know at every moment who may.
func (c Circle) Closed() bool { return false }

// Uncounted says that no metric counts circles: their number says how many must not meet
// somebody.
func (c Circle) Uncounted() {}

// Deadlines is empty.
func (c Circle) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (c Circle) View(fact.By) any { return struct{}{} }
