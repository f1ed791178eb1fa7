// Package invitation lets an agency without accounts answer: the agency is told that
// something waits, and answers once with a code. The package refuses to decide what
// an answer does, which is the loop's rule.
package invitation

import (
	"time"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

// Events are those that invitations record.
func Events() []event.Entry {
	return []event.Entry{
		event.Private[referralv1.AgencyChannelsSet, domain.Reach](),
		event.Type[referralv1.InvitationWanted](),
		event.Private[referralv1.InvitationMade, domain.Secrets](),
		event.Type[referralv1.InvitationNotified](),
		event.Type[referralv1.InvitationTried](),
		event.Type[referralv1.InvitationUsed](),
		event.Type[referralv1.InvitationEnded](),
		event.Type[referralv1.NoticeTold](),
	}
}

// New adds the records of invitations to a book.
func New(b *record.Book, l app.Loop, agencies app.Agencies, workers app.Workers, n *notify.Notifier, clock func() time.Time) app.Invitations {
	return app.New(b, l, agencies, workers, n, clock)
}
