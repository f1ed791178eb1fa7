// Package loop closes the loop between the agency that asks and the agency that
// helps. It decides who may answer a referral, when it is late and how it ends; it
// refuses to know who the survivor is.
package loop

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Ask is a referral as one asked agency gets it.
type Ask = domain.Ask

// Acknowledge is what an agency says became of its copies.
type Acknowledge = domain.Acknowledge

// Kept is why a law keeps them, until when, and whether she was told.
type Kept = domain.Kept

// Events are those that the loop records.
func Events() []event.Entry {
	return []event.Entry{
		event.Type[referralv1.Requested](),
		event.Type[referralv1.Overdue](),
		event.Type[referralv1.Accepted](),
		event.Type[referralv1.Declined](),
		event.Type[referralv1.Started](),
		event.Type[referralv1.Completed](),
		event.Type[referralv1.Cancelled](),
		event.Type[referralv1.Withdrawn](),
		event.Type[referralv1.ConsentEnded](),
		event.Type[referralv1.Offered](),
		event.Type[referralv1.Released](),
		event.Type[referralv1.Received](),
		event.Private[referralv1.DenialProposed, domain.Hand](),
		event.Type[referralv1.DenialReturned](),
		event.Type[referralv1.Scheduled](),
		event.Type[referralv1.AppointmentCancelled](),
		event.Type[referralv1.NoShow](),
		event.Type[referralv1.Contacted](),
		event.Type[referralv1.CancellationRequested](),
		event.Type[referralv1.Continued](),
		event.Type[referralv1.Expired](),
		event.Type[referralv1.Rerouted](),
		event.Type[referralv1.EnteredInError](),
		event.Type[referralv1.Reopened](),
		event.Type[referralv1.OutcomeReported](),
		event.Private[referralv1.Assigned, domain.Hand](),
		event.Type[referralv1.Recalled](),
		event.Private[referralv1.Acknowledged, domain.Kept](),
		event.Type[referralv1.Lapsed](),
		event.Type[referralv1.Renewed](),
		event.Type[referralv1.ConsentEnding](),
		event.Type[referralv1.Resumed](),
		event.Type[referralv1.NotResumed](),
		event.Type[referralv1.ContactClosed](),
		event.Type[referralv1.ContactOpened](),
		event.Type[referralv1.ContactUpdated](),
		event.Type[referralv1.SenderChanged](),
		event.Type[referralv1.ClosedToReaders](),
		event.Type[referralv1.Reminded](),
		event.Type[referralv1.Escalated](),
		event.Type[referralv1.CircleNoted](),
	}
}

// New adds the records of the loop to a book.
func New(b *record.Book, programmes programme.Set, agencies app.Agencies, workers app.Workers) app.App {
	return app.New(b, programmes, agencies, workers)
}
