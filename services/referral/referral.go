// Package referral closes the loop between the agency that asks and the agency
// that helps. It decides who may answer a referral, when it is late and how it
// ends; it refuses to know who the survivor is.
package referral

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/referral/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
	"github.com/sanad-network/sanad/services/referral/internal/domain"
)

// New makes the referral service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "referral",
		event.Type[referralv1.AgencyRegistered](),
		event.Type[referralv1.AgencySuspended](),
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
		event.Type[referralv1.Acknowledged](),
		event.Type[referralv1.Reminded](),
		event.Type[referralv1.Escalated](),
		event.Private[referralv1.AgencyChannelsSet, domain.Reach](),
		event.Type[referralv1.InvitationWanted](),
		event.Private[referralv1.InvitationMade, domain.Secrets](),
		event.Type[referralv1.InvitationNotified](),
		event.Type[referralv1.InvitationTried](),
		event.Type[referralv1.InvitationUsed](),
		event.Type[referralv1.InvitationEnded](),
		event.Private[referralv1.DirectoryListed, directory.Listing](),
		event.Private[referralv1.CapacityReported, directory.Count](),
	)
	a := app.New(u.Book)
	listed := app.NewDirectory(u.Book, a.Agencies)
	a.Offers = listed
	var err error
	a.Windows, err = window.ReadPolicy(d.Windows)
	u.Refuse(err)
	operations(u, a)
	i := app.NewInvitations(u.Book, a, d.Notifier)
	reactions(u, i)
	answers(u, d.Clock, i)
	published(u, listed)
	return u
}
