// Package directory knows who can help: the agencies that take referrals, and the
// services and locations that organizations hand in. It shows each reader what they
// may see, and refuses to know of any referral.
package directory

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/shelf"
)

// Events are those that the directory records.
func Events() []event.Entry {
	return []event.Entry{
		event.Type[referralv1.AgencyRegistered](),
		event.Type[referralv1.AgencySuspended](),
		event.Private[referralv1.DirectoryListed, domain.Listing](),
		event.Private[referralv1.CapacityReported, domain.Count](),
	}
}

// New adds the records of the directory to a book.
func New(b *record.Book, p programme.Set) app.Directory {
	return app.Directory{Shelf: shelf.New(b), Programmes: p}
}
