package intake

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
)

// reactions follow each referral on its case. That it was requested the case
// knows already, and an overdue referral is still a requested one.
func reactions(u *service.Unit, cases *record.Records[domain.Case]) {
	service.On(u, "onReferralAccepted", cases, func(e referralv1.Accepted) string { return e.Case }, domain.Case.OnAccepted)
	service.On(u, "onReferralDeclined", cases, func(e referralv1.Declined) string { return e.Case }, domain.Case.OnDeclined)
	service.On(u, "onReferralStarted", cases, func(e referralv1.Started) string { return e.Case }, domain.Case.OnStarted)
	service.On(u, "onReferralCompleted", cases, func(e referralv1.Completed) string { return e.Case }, domain.Case.OnCompleted)
	service.On(u, "onReferralCancelled", cases, func(e referralv1.Cancelled) string { return e.Case }, domain.Case.OnCancelled)
	service.On(u, "onReferralWithdrawn", cases, func(e referralv1.Withdrawn) string { return e.Case }, domain.Case.OnWithdrawn)
}
