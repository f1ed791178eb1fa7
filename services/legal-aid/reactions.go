package legalaid

import (
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// reactions is what this service does after events of other services.
func reactions(u *service.Unit, a app.App) {
	service.OnFunc(u, "onReferralAccepted", a.OnReferralAccepted)
	service.OnFunc(u, "onCertificateIssued", a.OnCertificateIssued)
	service.OnFunc(u, "onCertificateAnnulled", a.OnCertificateAnnulled)
	service.On(u, "onReferralCompleted", a.Works, func(e referralv1.Completed) string { return domain.MatterID(e.Referral) }, domain.Matter.OnCompleted)
	service.On(u, "onReferralCancelled", a.Works, func(e referralv1.Cancelled) string { return domain.MatterID(e.Referral) }, domain.Matter.OnCancelled)
	service.On(u, "onReferralWithdrawn", a.Works, func(e referralv1.Withdrawn) string { return domain.MatterID(e.Referral) }, domain.Matter.OnWithdrawn)
	service.On(u, "onReferralRecalled", a.Works, func(e referralv1.Recalled) string { return domain.MatterID(e.Referral) }, domain.Matter.OnRecalled)
	service.OnFunc(u, "onReferralReopened", a.OnReferralReopened)
	service.On(u, "onReferralLapsed", a.Works, func(e referralv1.Lapsed) string { return domain.MatterID(e.Referral) }, domain.Matter.OnLapsed)
	service.OnFunc(u, "onReferralRenewed", a.OnReferralRenewed)
	service.On(u, "onReferralAssigned", a.Works, func(e referralv1.Assigned) string { return domain.MatterID(e.Referral) }, domain.Matter.OnAssigned)
	service.On(u, "onWorkerChanged", a.Workers, worker.Named, worker.Keep(func(w staff.Worker) worker.Noted { return legalaidv1.WorkerNoted{Worker: w} }))
}
