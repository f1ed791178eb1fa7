// Package court keeps protected rooms at courts: what a court has, who is expected there and by
// which door, and what keeps a survivor apart from the other side. It refuses to tell anybody
// but the court when the other side comes, and the court whose case it is.
package court

import (
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

type (
	// OfMatter is what a booking needs to know of its matter.
	OfMatter = domain.OfMatter
	// Sitting is what it needs to know of a hearing.
	Sitting = domain.Sitting
)

// App is the courts with their calendars, the bookings and the alarms.
type App = app.App

// Events are those that courts, bookings and alarms record.
func Events() []event.Entry {
	return []event.Entry{
		event.Private[legalaidv1.CourtDescribed, domain.Description](),
		event.Private[legalaidv1.OpposingNoted, domain.Times](),
		event.Private[legalaidv1.SlotHeld, domain.Held](),
		event.Type[legalaidv1.SlotFreed](),
		event.Private[legalaidv1.BookingNoted, domain.Booked](),
		event.Type[legalaidv1.BookingPassed](),
		event.Type[legalaidv1.BookingTold](),
		event.Type[legalaidv1.BookingChanged](),
		event.Type[legalaidv1.AlarmRaised](),
		event.Type[legalaidv1.AlarmAcknowledged](),
	}
}

// New adds the records of courts to a book.
func New(b *record.Book, m app.Matters) App { return app.New(b, m) }
