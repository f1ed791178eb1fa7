// Package response calls a team to her: teams of several agencies, who of them is on call,
// and alerts. An alert is asked for by a desk; it goes from member to member, from team to
// team and to the district until somebody acknowledges or signs. The package refuses to know
// who she is and where, to make an alert by itself, and to let one end in silence.
package response

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/response/internal/app"
)

// Events are those that teams and alerts record.
func Events() []event.Entry {
	return []event.Entry{
		event.Type[referralv1.TeamDescribed](),
		event.Type[referralv1.RotaPublished](),
		event.Type[referralv1.ResponseOpened](),
		event.Type[referralv1.ResponseAlerted](),
		event.Type[referralv1.ResponseClosedTo](),
		event.Type[referralv1.ResponseMoved](),
		event.Type[referralv1.ResponseEnded](),
	}
}

// New adds the records of teams and alerts to a book.
func New(b *record.Book, w app.Workers, c app.Circles, n app.Notices, p programme.Set) app.App {
	return app.New(b, w, c, n, p)
}
