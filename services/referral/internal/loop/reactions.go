package loop

import (
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Reactions is what the loop does after events of other services and at deadlines.
// What it does about a request and a resumption is the beginning of a reaction of the whole
// room.
func Reactions(u *service.Unit, a app.App) {
	service.OnFunc(u, "onConsentWithdrawn", a.OnConsentWithdrawn)
	service.OnFunc(u, "onAgencySuspended", a.OnAgencySuspended)
	service.OnFunc(u, "onReferralRenewed", a.OnReferralRenewed)
	service.OnFunc(u, "onContactSuspended", a.OnContactSuspended)
	service.OnFunc(u, "onContactRestored", a.OnContactRestored)
	service.OnFunc(u, "onContactChanged", a.OnContactChanged)
	service.OnFunc(u, "onCaseTransferred", a.OnCaseTransferred)

	service.On(u, "onMatterStarted", a.Referrals, func(e legalaidv1.MatterStarted) string { return e.Referral }, domain.Referral.OnMatterStarted)
	service.On(u, "onPlanStarted", a.Referrals, func(e psychosocialv1.PlanStarted) string { return e.Referral }, domain.Referral.OnPlanStarted)
	service.On(u, "onExaminationStarted", a.Referrals, func(e forensicv1.ExaminationStarted) string { return e.Referral }, domain.Referral.OnExaminationStarted)

	service.On(u, "onMatterContactProblem", a.Referrals, func(e legalaidv1.MatterContactProblem) string { return e.Referral }, domain.Referral.OnMatterContactProblem)
	service.On(u, "onPlanContactProblem", a.Referrals, func(e psychosocialv1.PlanContactProblem) string { return e.Referral }, domain.Referral.OnPlanContactProblem)
	service.On(u, "onExaminationContactProblem", a.Referrals, func(e forensicv1.ExaminationContactProblem) string { return e.Referral }, domain.Referral.OnExaminationContactProblem)

	service.On(u, "onMatterClosed", a.Referrals, func(e legalaidv1.MatterClosed) string { return e.Referral }, domain.Referral.OnMatterClosed)
	service.On(u, "onPlanClosed", a.Referrals, func(e psychosocialv1.PlanClosed) string { return e.Referral }, domain.Referral.OnPlanClosed)
	service.On(u, "onExaminationClosed", a.Referrals, func(e forensicv1.ExaminationClosed) string { return e.Referral }, domain.Referral.OnExaminationClosed)

	service.On(u, "onMatterEnded", a.Referrals, func(e legalaidv1.MatterEnded) string { return e.Referral }, domain.Referral.OnMatterEnded)
	service.On(u, "onPlanEnded", a.Referrals, func(e psychosocialv1.PlanEnded) string { return e.Referral }, domain.Referral.OnPlanEnded)
	service.On(u, "onExaminationEnded", a.Referrals, func(e forensicv1.ExaminationEnded) string { return e.Referral }, domain.Referral.OnExaminationEnded)

	for _, due := range domain.Dues {
		service.Due(u, due.Name, due.Op, a.Referrals, due.Decide)
	}
}
