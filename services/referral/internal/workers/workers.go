// Package workers is the register of the people who work at the agencies of the
// network: who is there, who is away and until when, who covers for whom, who has
// left, what they do there, and what they learned and may do. Each agency keeps its own. The package refuses to tell another agency or
// another service who a person is.
package workers

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/leaver"
	"github.com/sanad-network/sanad/services/referral/internal/workers/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/workers/internal/domain"
)

// Events are those that the register records.
func Events() []event.Entry {
	return []event.Entry{
		event.Private[referralv1.WorkerChanged, domain.Person](),
		event.Private[referralv1.CredentialChanged, domain.Paper](),
	}
}

// Admit has people who have left their agency be shown nothing and do nothing in the whole
// room (leaver.Stays).
func Admit(u *service.Unit, r app.Register) {
	u.Admit(leaver.Stays(r.Workers, func(w domain.Worker) bool { return w.Left }))
}

// New adds the records of the register to a book.
func New(b *record.Book, all programme.Set) app.Register { return app.New(b, all) }
