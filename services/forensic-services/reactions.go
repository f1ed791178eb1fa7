package forensic

import (
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, d seen.Desk[domain.Examination]) {
	service.On(u, "onReferralAccepted", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnAccepted))
	service.On(u, "onReferralCompleted", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnCompleted))
	service.On(u, "onReferralCancelled", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnCancelled))
	service.On(u, "onReferralWithdrawn", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnWithdrawn))
	service.On(u, "onReferralRecalled", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnRecalled))
	service.On(u, "onReferralReopened", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnReopened))
	service.On(u, "onReferralLapsed", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnLapsed))
	service.On(u, "onReferralRenewed", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnRenewed))
	service.On(u, "onReferralAssigned", d.Works, examinationOf, work.In[domain.Examination](work.Work.OnAssigned))
	service.Due(u, domain.Deadline, "onMedicalReviewDue", d.Works, domain.Examination.ReviewDue)
	service.On(u, "onWorkerChanged", d.Workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return forensicv1.WorkerNoted{Worker: w} }))
	service.On(u, "onCredentialChanged", d.Workers, worker.Holder, worker.KeepCredential(func(c staff.Credential) worker.CredentialSaid { return forensicv1.CredentialNoted{Credential: c} }))
	service.On(u, "onCircleDrawn", d.Circles, circle.Named, circle.Keep(func(c staff.Circle) circle.Said { return forensicv1.CircleNoted{Circle: c} }))
}

// examinationOf names the examination of the referral that an event is about.
func examinationOf[E interface{ AboutReferral() string }](e E) string {
	return domain.ExaminationID(e.AboutReferral())
}
