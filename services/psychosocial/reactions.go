package psychosocial

import (
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, d seen.Desk[domain.Plan]) {
	service.Due(u, domain.DutyDeadline, "onPlanDutyDue", d.Works, domain.Plan.DutyDue)
	service.On(u, "onReferralAccepted", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnAccepted)))
	service.On(u, "onReferralCompleted", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnCompleted)))
	service.On(u, "onReferralCancelled", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnCancelled)))
	service.On(u, "onReferralWithdrawn", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnWithdrawn)))
	service.On(u, "onReferralRecalled", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnRecalled)))
	service.On(u, "onReferralReopened", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnReopened)))
	service.On(u, "onReferralLapsed", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnLapsed)))
	service.On(u, "onReferralRenewed", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnRenewed)))
	service.On(u, "onReferralAssigned", d.Works, planOf, domain.Hears(work.In[domain.Plan](work.Work.OnAssigned)))
	service.On(u, "onWorkerChanged", d.Workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return psychosocialv1.WorkerNoted{Worker: w} }))
	service.On(u, "onCredentialChanged", d.Workers, worker.Holder, worker.KeepCredential(func(c staff.Credential) worker.CredentialSaid { return psychosocialv1.CredentialNoted{Credential: c} }))
	service.On(u, "onCircleDrawn", d.Circles, circle.Named, circle.Keep(func(c staff.Circle) circle.Said { return psychosocialv1.CircleNoted{Circle: c} }))
}

// planOf names the plan of the referral that an event is about.
func planOf[E interface{ AboutReferral() string }](e E) string {
	return domain.PlanID(e.AboutReferral())
}
