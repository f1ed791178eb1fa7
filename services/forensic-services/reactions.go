package forensic

import (
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, examinations *record.Records[domain.Examination], workers *record.Records[worker.Copy]) {
	service.On(u, "onReferralAccepted", examinations, func(e referralv1.Accepted) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnAccepted)
	service.On(u, "onReferralCompleted", examinations, func(e referralv1.Completed) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnCompleted)
	service.On(u, "onReferralCancelled", examinations, func(e referralv1.Cancelled) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnCancelled)
	service.On(u, "onReferralWithdrawn", examinations, func(e referralv1.Withdrawn) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnWithdrawn)
	service.On(u, "onReferralRecalled", examinations, func(e referralv1.Recalled) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnRecalled)
	service.On(u, "onReferralReopened", examinations, func(e referralv1.Reopened) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnReopened)
	service.On(u, "onWorkerChanged", workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return forensicv1.WorkerNoted{Worker: w} }))
}
