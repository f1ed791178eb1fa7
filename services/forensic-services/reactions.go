package forensic

import (
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, d seen.Desk[domain.Examination]) {
	service.On(u, "onReferralAccepted", d.Works, func(e referralv1.Accepted) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnAccepted)
	service.On(u, "onReferralCompleted", d.Works, func(e referralv1.Completed) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnCompleted)
	service.On(u, "onReferralCancelled", d.Works, func(e referralv1.Cancelled) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnCancelled)
	service.On(u, "onReferralWithdrawn", d.Works, func(e referralv1.Withdrawn) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnWithdrawn)
	service.On(u, "onReferralRecalled", d.Works, func(e referralv1.Recalled) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnRecalled)
	service.On(u, "onReferralReopened", d.Works, func(e referralv1.Reopened) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnReopened)
	service.On(u, "onReferralLapsed", d.Works, func(e referralv1.Lapsed) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnLapsed)
	service.On(u, "onReferralRenewed", d.Works, func(e referralv1.Renewed) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnRenewed)
	service.On(u, "onReferralAssigned", d.Works, func(e referralv1.Assigned) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnAssigned)
	service.On(u, "onWorkerChanged", d.Workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return forensicv1.WorkerNoted{Worker: w} }))
}
