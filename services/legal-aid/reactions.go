package legalaid

import (
	"context"

	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, a app.App, courts court.App) {
	service.OnFunc(u, "onReferralAccepted", a.OnReferralAccepted)
	service.OnFunc(u, "onCertificateIssued", a.OnCertificateIssued)
	service.OnFunc(u, "onCertificateAnnulled", a.OnCertificateAnnulled)
	service.OnFunc(u, "onReferralCompleted", ends(a, courts, work.Work.OnCompleted))
	service.OnFunc(u, "onReferralCancelled", ends(a, courts, work.Work.OnCancelled))
	service.OnFunc(u, "onReferralWithdrawn", ends(a, courts, work.Work.OnWithdrawn))
	service.OnFunc(u, "onReferralRecalled", ends(a, courts, work.Work.OnRecalled))
	service.OnFunc(u, "onReferralReopened", a.OnReferralReopened)
	service.On(u, "onReferralLapsed", a.Works, matterOf, work.In[domain.Matter](work.Work.OnLapsed))
	service.OnFunc(u, "onReferralRenewed", a.OnReferralRenewed)
	service.On(u, "onReferralAssigned", a.Works, matterOf, work.In[domain.Matter](work.Work.OnAssigned))
	service.Due(u, domain.LegalDeadline, "onReminderDue", a.Works, domain.Matter.ReminderDue)
	service.On(u, "onWorkerChanged", a.Workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return legalaidv1.WorkerNoted{Worker: w} }))
	service.On(u, "onCredentialChanged", a.Workers, worker.Holder, worker.KeepCredential(func(c staff.Credential) worker.CredentialSaid { return legalaidv1.CredentialNoted{Credential: c} }))
	service.On(u, "onCircleDrawn", a.Circles, circle.Named, circle.Keep(func(c staff.Circle) circle.Said { return legalaidv1.CircleNoted{Circle: c} }))
}

// ends takes a fact that may end the matter. What is booked for it at a court is given back then.
func ends[E interface{ AboutReferral() string }](a app.App, courts court.App, rule func(work.Work, E) ([]work.Event, error)) func(context.Context, E) error {
	return func(ctx context.Context, e E) error {
		res, err := a.Works.Execute(ctx, matterOf(e), func(m domain.Matter, by fact.By) ([]fact.Event, error) {
			return work.In[domain.Matter](rule)(m, by, e)
		})
		if err != nil || !res.State.Exists() {
			return err
		}
		return courts.Follow(ctx, res.State.Matter)
	}
}

// matterOf names the matter of the referral that an event is about.
func matterOf[E interface{ AboutReferral() string }](e E) string {
	return domain.MatterID(e.AboutReferral())
}
