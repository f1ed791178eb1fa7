// Package places counts what agencies have: beds, rooms, slots. It keeps one free for a desk
// while she decides, has an acceptance take one, and gives it back when she leaves. It
// refuses to know who she is, and to tell anybody but the agency itself how many it has.
package places

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/places/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/places/internal/domain"
)

// Events are those that the places record.
func Events() []event.Entry {
	return []event.Entry{
		event.Type[referralv1.PlaceDescribed](),
		event.Private[referralv1.PlaceHeld, domain.Kept](),
		event.Type[referralv1.HoldEnded](),
		event.Type[referralv1.PlacementBegun](),
		event.Type[referralv1.PlacementOutlived](),
		event.Type[referralv1.PlacementEnded](),
	}
}

// New adds the records of the places to a book.
func New(b *record.Book, all programme.Set, d app.Directory, r app.Referrals) app.App {
	return app.New(b, all, d, r)
}
