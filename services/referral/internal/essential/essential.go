// Package essential shows coordinators where essential services are in their programme, how long a
// first answer takes, and where the gaps are; and it keeps how services stand against the
// standards. It refuses to know a survivor, to tell a figure of few, and to tell in which area a
// hidden shelter is.
package essential

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/essential/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/essential/internal/domain"
)

// Events are those that assessments record.
func Events() []event.Entry {
	return []event.Entry{event.Private[referralv1.ServiceAssessed, domain.Assessed]()}
}

// New adds the records of assessments to a book.
func New(b *record.Book, all programme.Set, d app.Directory) app.App { return app.New(b, all, d) }
