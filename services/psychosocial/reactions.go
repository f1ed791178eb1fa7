package psychosocial

import (
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, d seen.Desk[domain.Plan]) {
	service.On(u, "onReferralAccepted", d.Works, func(e referralv1.Accepted) string { return domain.PlanID(e.Referral) }, domain.Plan.OnAccepted)
	service.On(u, "onReferralCompleted", d.Works, func(e referralv1.Completed) string { return domain.PlanID(e.Referral) }, domain.Plan.OnCompleted)
	service.On(u, "onReferralCancelled", d.Works, func(e referralv1.Cancelled) string { return domain.PlanID(e.Referral) }, domain.Plan.OnCancelled)
	service.On(u, "onReferralWithdrawn", d.Works, func(e referralv1.Withdrawn) string { return domain.PlanID(e.Referral) }, domain.Plan.OnWithdrawn)
	service.On(u, "onReferralRecalled", d.Works, func(e referralv1.Recalled) string { return domain.PlanID(e.Referral) }, domain.Plan.OnRecalled)
	service.On(u, "onReferralReopened", d.Works, func(e referralv1.Reopened) string { return domain.PlanID(e.Referral) }, domain.Plan.OnReopened)
	service.On(u, "onReferralLapsed", d.Works, func(e referralv1.Lapsed) string { return domain.PlanID(e.Referral) }, domain.Plan.OnLapsed)
	service.On(u, "onReferralRenewed", d.Works, func(e referralv1.Renewed) string { return domain.PlanID(e.Referral) }, domain.Plan.OnRenewed)
	service.On(u, "onReferralAssigned", d.Works, func(e referralv1.Assigned) string { return domain.PlanID(e.Referral) }, domain.Plan.OnAssigned)
	service.On(u, "onWorkerChanged", d.Workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return psychosocialv1.WorkerNoted{Worker: w} }))
}
