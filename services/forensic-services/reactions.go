package forensic

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/app"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, a app.App) {
	service.On(u, "onReferralAccepted", a.Examinations, func(e referralv1.Accepted) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnAccepted)
	service.On(u, "onReferralCompleted", a.Examinations, func(e referralv1.Completed) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnCompleted)
	service.On(u, "onReferralCancelled", a.Examinations, func(e referralv1.Cancelled) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnCancelled)
	service.On(u, "onReferralWithdrawn", a.Examinations, func(e referralv1.Withdrawn) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnWithdrawn)
	service.On(u, "onReferralRecalled", a.Examinations, func(e referralv1.Recalled) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnRecalled)
	service.On(u, "onReferralReopened", a.Examinations, func(e referralv1.Reopened) string { return domain.ExaminationID(e.Referral) }, domain.Examination.OnReopened)
}
