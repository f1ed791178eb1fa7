package legalaid

import (
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, a app.App) {
	service.OnFunc(u, "onReferralAccepted", a.OnReferralAccepted)
	service.OnFunc(u, "onCertificateIssued", a.OnCertificateIssued)
	service.OnFunc(u, "onCertificateAnnulled", a.OnCertificateAnnulled)
	service.On(u, "onReferralCompleted", a.Works, matterOf, work.In[domain.Matter](work.Work.OnCompleted))
	service.On(u, "onReferralCancelled", a.Works, matterOf, work.In[domain.Matter](work.Work.OnCancelled))
	service.On(u, "onReferralWithdrawn", a.Works, matterOf, work.In[domain.Matter](work.Work.OnWithdrawn))
	service.On(u, "onReferralRecalled", a.Works, matterOf, work.In[domain.Matter](work.Work.OnRecalled))
	service.OnFunc(u, "onReferralReopened", a.OnReferralReopened)
	service.On(u, "onReferralLapsed", a.Works, matterOf, work.In[domain.Matter](work.Work.OnLapsed))
	service.OnFunc(u, "onReferralRenewed", a.OnReferralRenewed)
	service.On(u, "onReferralAssigned", a.Works, matterOf, work.In[domain.Matter](work.Work.OnAssigned))
	service.Due(u, domain.LegalDeadline, "onReminderDue", a.Works, domain.Matter.ReminderDue)
	service.On(u, "onWorkerChanged", a.Workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return legalaidv1.WorkerNoted{Worker: w} }))
	service.On(u, "onCredentialChanged", a.Workers, worker.Holder, worker.KeepCredential(func(c staff.Credential) worker.CredentialSaid { return legalaidv1.CredentialNoted{Credential: c} }))
	service.On(u, "onCircleDrawn", a.Circles, circle.Named, circle.Keep(func(c staff.Circle) circle.Said { return legalaidv1.CircleNoted{Circle: c} }))
}

// matterOf names the matter of the referral that an event is about.
func matterOf[E interface{ AboutReferral() string }](e E) string {
	return domain.MatterID(e.AboutReferral())
}
