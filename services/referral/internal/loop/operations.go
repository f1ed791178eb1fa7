package loop

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Operations is what agencies can ask of the loop. Both agencies of a referral may
// cancel it, and report what happened: a recipient without an account tells the sender.
// The domain judges which of them acts.
func Operations(u *service.Unit, a app.App) {
	service.Get(u, "GET /v1/referrals/{id}", "getReferral", access.ReferralRead, a.Referrals)
	service.List(u, "GET /v1/referrals", "listReferrals", access.ReferralRead, a.Referrals, domain.Worklist)
	service.Told(u, "GET /v1/referrals/{id}/history", "getReferralHistory", access.ReferralRead, a.Referrals, domain.Referral.Tells)

	service.ChangeOn(u, "POST /v1/referrals/{id}/accept", "acceptReferral", access.ReferralAnswer, a.Referrals, a.StandOn, domain.Referral.Accept)
	service.Change(u, "POST /v1/referrals/{id}/decline", "declineReferral", access.ReferralAnswer, a.Referrals, a.Rules().Decline)
	service.Change(u, "POST /v1/referrals/{id}/start", "startReferral", access.ReferralReport, a.Referrals, domain.Referral.Start)
	service.Change(u, "POST /v1/referrals/{id}/complete", "completeReferral", access.ReferralReport, a.Referrals, domain.Referral.Complete)
	service.Change(u, "POST /v1/referrals/{id}/cancel", "cancelReferral", access.ReferralCancel, a.Referrals, a.Rules().Cancel)

	service.Change(u, "POST /v1/referrals/{id}/receive", "receiveReferral", access.ReferralAnswer, a.Referrals, domain.Referral.Receive)
	service.Change(u, "POST /v1/referrals/{id}/confirm-denial", "confirmDenial", access.ReferralReview, a.Referrals, domain.Referral.ConfirmDenial)
	service.Change(u, "POST /v1/referrals/{id}/return-denial", "returnDenial", access.ReferralReview, a.Referrals, domain.Referral.ReturnDenial)
	service.ChangeOn(u, "POST /v1/referrals/{id}/assign", "assignReferral", access.ReferralAssign, a.Referrals, a.Staff, domain.Referral.Assign)
	service.Change(u, "POST /v1/referrals/{id}/schedule", "scheduleReferral", access.ReferralReport, a.Referrals, domain.Referral.Schedule)
	service.Change(u, "POST /v1/referrals/{id}/cancel-appointment", "cancelAppointment", access.ReferralCancel, a.Referrals, domain.Referral.Unschedule)
	service.Change(u, "POST /v1/referrals/{id}/no-show", "recordNoShow", access.ReferralReport, a.Referrals, domain.Referral.Miss)
	service.Change(u, "POST /v1/referrals/{id}/contact", "recordContact", access.ReferralReport, a.Referrals, domain.Referral.Contact)
	service.Change(u, "POST /v1/referrals/{id}/continue", "continueReferral", access.ReferralReport, a.Referrals, domain.Referral.Continue)
	service.Change(u, "POST /v1/referrals/{id}/enter-in-error", "enterReferralInError", access.ReferralSend, a.Referrals, domain.Referral.EnterInError)
	service.Change(u, "POST /v1/referrals/{id}/outcome", "reportOutcome", access.ReferralReport, a.Referrals, domain.Referral.ReportOutcome)
	service.Change(u, "POST /v1/referrals/{id}/acknowledge", "acknowledgeWithdrawal", access.ReferralReport, a.Referrals, domain.Referral.Acknowledge)

	service.Query(u, "GET /v1/referrals/counts", "countReferrals", access.ReferralRead, a.Count)
	service.Do(u, "POST /v1/referrals/answers", "answerReferrals", access.ReferralAnswer, a.AnswerAll)

	service.Serve(u, "GET /v1/escalations", "listEscalations", access.EscalationRead,
		func(ctx context.Context, by fact.By, req edge.Request[struct{}]) (app.Escalated, string, error) {
			return a.Escalated(ctx, by, req.Cursor, req.Limit)
		})
	service.Query(u, "GET /v1/flow", "getFlow", access.Operate, a.Flow)
	service.Way(u, a.Referrals, func(referral string) []string { return []string{referral} })
	service.Gauge(u, "sanad_referrals_escalated",
		"Referrals that nobody answered, up to the last step of their ladder.", a.CountEscalated)
}
