package psychosocial

import (
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, plans *record.Records[domain.Plan], workers *record.Records[worker.Copy]) {
	service.On(u, "onReferralAccepted", plans, func(e referralv1.Accepted) string { return domain.PlanID(e.Referral) }, domain.Plan.OnAccepted)
	service.On(u, "onReferralCompleted", plans, func(e referralv1.Completed) string { return domain.PlanID(e.Referral) }, domain.Plan.OnCompleted)
	service.On(u, "onReferralCancelled", plans, func(e referralv1.Cancelled) string { return domain.PlanID(e.Referral) }, domain.Plan.OnCancelled)
	service.On(u, "onReferralWithdrawn", plans, func(e referralv1.Withdrawn) string { return domain.PlanID(e.Referral) }, domain.Plan.OnWithdrawn)
	service.On(u, "onReferralRecalled", plans, func(e referralv1.Recalled) string { return domain.PlanID(e.Referral) }, domain.Plan.OnRecalled)
	service.On(u, "onReferralReopened", plans, func(e referralv1.Reopened) string { return domain.PlanID(e.Referral) }, domain.Plan.OnReopened)
	service.On(u, "onWorkerChanged", workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return psychosocialv1.WorkerNoted{Worker: w} }))
}
