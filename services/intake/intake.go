// Package intake is the front desk of the network. It opens a survivor's case,
// holds what she consents to, asks agencies for services on that ground and
// follows how far they come. It shows an agency that takes a referral what she
// consented to. It refuses to tell the network who she is, and to ask for or show
// anything that she did not agree to.
package intake

import (
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
	"github.com/sanad-network/sanad/services/intake/internal/app"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// New makes the intake service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "intake",
		event.Private[intakev1.CaseOpened, domain.Opening](),
		event.Private[intakev1.ConsentGiven, domain.Evidence](),
		event.Type[intakev1.ConsentRefused](),
		event.Type[intakev1.ConsentWithdrawn](),
		event.Private[intakev1.ServiceRequested, domain.Onward](),
		event.Type[intakev1.ReferralFollowed](),
		event.Type[intakev1.ReferralsFinished](),
		event.Type[intakev1.ReferralRenewed](),
		event.Type[intakev1.ReferralResumed](),
		event.Type[intakev1.NeedSettled](),
		event.Type[intakev1.ContactSuspended](),
		event.Type[intakev1.ContactRestored](),
		event.Type[intakev1.CaseResumed](),
		event.Type[intakev1.CaseReopened](),
		event.Private[intakev1.CaseAmended, domain.Amendment](),
		event.Type[intakev1.ContactChanged](),
		event.Type[intakev1.CaseEnteredInError](),
		event.Type[intakev1.CaseClosed](),
		event.Type[intakev1.Disclosed](),
		event.Type[intakev1.WorkerNoted](),
		event.Type[intakev1.AgencyNoted](),
	)
	windows, err := window.ReadPolicy(d.Windows)
	u.Refuse(err)
	a := app.App{
		Cases:    record.New(u.Book, "case", &domain.ByAgency, &domain.ByAttention, &domain.ByReference, &domain.ByReferral),
		Rules:    domain.Rules{Windows: windows},
		Workers:  record.New[worker.Copy](u.Book, worker.Prefix),
		Agencies: record.New(u.Book, agencies.Prefix, &agencies.All),
	}
	operations(u, a)
	reactions(u, a)
	return u
}
