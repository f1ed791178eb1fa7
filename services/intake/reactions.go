package intake

import (
	"context"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
	"github.com/sanad-network/sanad/services/intake/internal/app"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/intake/internal/grants"
	"github.com/sanad-network/sanad/services/intake/internal/teams"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// reactions follow each referral on its case. The case knows the request
// already, and an overdue referral is still a requested one. A referral that
// nobody took may go to another agency, at a later instant.
func reactions(u *service.Unit, a app.App) {
	cases, rules := a.Cases, a.Rules
	service.OnFunc(u, "onReferralAccepted", drawing(a, func(e referralv1.Accepted) string { return e.Case }, domain.Case.OnAccepted))
	service.OnFunc(u, "onReferralDeclined", drawing(a, func(e referralv1.Declined) string { return e.Case }, domain.Under(rules, domain.Case.OnDeclined)))
	service.OnFunc(u, "onReferralAssigned", drawing(a, func(e referralv1.Assigned) string { return e.Case }, domain.Case.OnAssigned))
	service.On(u, "onReferralStarted", cases, func(e referralv1.Started) string { return e.Case }, domain.Case.OnStarted)
	service.On(u, "onReferralCompleted", cases, func(e referralv1.Completed) string { return e.Case }, domain.Case.OnCompleted)
	service.On(u, "onReferralCancelled", cases, func(e referralv1.Cancelled) string { return e.Case }, domain.Case.OnCancelled)
	service.On(u, "onReferralWithdrawn", cases, func(e referralv1.Withdrawn) string { return e.Case }, domain.Case.OnWithdrawn)
	service.OnFunc(u, "onReferralReceived", drawing(a, func(e referralv1.Received) string { return e.Case }, domain.Case.OnReceived))
	service.On(u, "onReferralDenialProposed", cases, func(e referralv1.DenialProposed) string { return e.Case }, domain.Case.OnDenialProposed)
	service.On(u, "onReferralDenialReturned", cases, func(e referralv1.DenialReturned) string { return e.Case }, domain.Case.OnDenialReturned)
	service.On(u, "onReferralScheduled", cases, func(e referralv1.Scheduled) string { return e.Case }, domain.Case.OnScheduled)
	service.On(u, "onReferralAppointmentCancelled", cases, func(e referralv1.AppointmentCancelled) string { return e.Case }, domain.Case.OnAppointmentCancelled)
	service.On(u, "onReferralNoShow", cases, func(e referralv1.NoShow) string { return e.Case }, domain.Case.OnNoShow)
	service.On(u, "onReferralCancellationRequested", cases, func(e referralv1.CancellationRequested) string { return e.Case }, domain.Case.OnCancellationRequested)
	service.On(u, "onReferralContinued", cases, func(e referralv1.Continued) string { return e.Case }, domain.Case.OnContinued)
	service.OnFunc(u, "onReferralExpired", drawing(a, func(e referralv1.Expired) string { return e.Case }, domain.Under(rules, domain.Case.OnExpired)))
	service.On(u, "onReferralRerouted", cases, func(e referralv1.Rerouted) string { return e.Case }, domain.Case.OnRerouted)
	service.On(u, "onReferralEnteredInError", cases, func(e referralv1.EnteredInError) string { return e.Case }, domain.Case.OnEnteredInError)
	service.OnFunc(u, "onReferralReopened", drawing(a, func(e referralv1.Reopened) string { return e.Case }, domain.Case.OnReopened))
	service.On(u, "onReferralLapsed", cases, func(e referralv1.Lapsed) string { return e.Case }, domain.Case.OnLapsed)
	service.On(u, "onReferralRenewed", cases, func(e referralv1.Renewed) string { return e.Case }, domain.Case.OnRenewed)
	service.OnFunc(u, "onReferralResumed", drawing(a, func(e referralv1.Resumed) string { return e.Case }, domain.Case.OnResumed))
	service.On(u, "onReferralNotResumed", cases, func(e referralv1.NotResumed) string { return e.Case }, domain.Case.OnNotResumed)
	service.On(u, "onReferralContacted", cases, func(e referralv1.Contacted) string { return e.Case }, domain.Case.OnContacted)
	service.On(u, "onReferralOutcomeReported", cases, func(e referralv1.OutcomeReported) string { return e.Case }, domain.Case.OnOutcomeReported)
	service.OnFunc(u, "onReferralReleased", a.OnReleased)
	service.On(u, "onAgencyRegistered", a.Agencies, func(e referralv1.AgencyRegistered) string { return e.Agency }, agencies.Agency.OnRegistered)
	service.On(u, "onAgencySuspended", a.Agencies, func(e referralv1.AgencySuspended) string { return e.Agency }, agencies.Agency.OnSuspended)
	service.On(u, "onTeamDescribed", a.Teams, teams.Named, teams.Team.OnDescribed)
	service.OnFunc(u, "onResponseAlerted", answering(a, func(e referralv1.ResponseAlerted) string { return e.Case }, domain.Responses.OnResponseAlerted))
	service.OnFunc(u, "onResponseMoved", answering(a, func(e referralv1.ResponseMoved) string { return e.Case }, domain.Responses.OnResponseMoved))
	service.OnFunc(u, "onResponseEnded", answering(a, func(e referralv1.ResponseEnded) string { return e.Case }, domain.Responses.OnResponseEnded))
	service.OnFunc(u, "onWorkerChanged", a.OnWorkerChanged)
	service.OnFunc(u, "onGrantAgreed", func(ctx context.Context, e trustfundv1.GrantAgreed) error { return a.OnGrant(ctx, grants.Agreed(e)) })
	service.OnFunc(u, "onGrantSuspended", func(ctx context.Context, e trustfundv1.GrantSuspended) error {
		return a.OnGrant(ctx, grants.Suspended(e))
	})
	service.OnFunc(u, "onGrantRestored", func(ctx context.Context, e trustfundv1.GrantRestored) error {
		return a.OnGrant(ctx, grants.Restored(e))
	})
	service.OnFunc(u, "onGrantClosed", func(ctx context.Context, e trustfundv1.GrantClosed) error { return a.OnGrant(ctx, grants.Ended(e)) })
	service.On(u, "onCredentialChanged", a.Workers, worker.Holder, worker.KeepCredential(func(c staff.Credential) worker.CredentialSaid { return intakev1.CredentialNoted{Credential: c} }))
	service.OnFunc(u, "onCaseOpened", a.OnOpened)
	service.OnFunc(u, "onCaseTransferred", a.OnTransferred)
	service.Due(u, domain.CardsDeadline, "onCardsDue", a.Cards, domain.Cards.CardsDue)
	service.Due(u, domain.EnquiryDeadline, "onEnquiryDue", a.Enquiries, domain.Enquiry.EnquiryDue)
	service.Due(u, domain.TransferDeadline, "onTransferDue", cases, domain.Case.TransferDue)
	service.Due(u, domain.ReflectionDeadline, "onPeriodDue", cases, func(c domain.Case, by fact.By) ([]fact.Event, error) { return c.ReflectionDue(by, rules) })
	service.Due(u, domain.ActionPlanDeadline, "onActionPlanDue", cases, domain.Case.ActionPlanDue)
	service.Due(u, domain.ConferenceDeadline, "onConferenceDue", cases, domain.Case.ConferenceDue)
	service.Due(u, domain.OnwardDeadline, "onOnwardDue", cases, domain.Case.OnwardDue)
	service.Due(u, domain.GranteeDeadline, "onGranteeDue", cases, domain.Case.GranteeDue)
	service.Due(u, domain.NewsDeadline, "onNewsDue", cases, domain.Case.NewsDue)
	service.Due(u, domain.QuestionDeadline, "onQuestionDue", cases, domain.Case.QuestionDue)
	service.Due(u, domain.RecheckDeadline, "onRecheckDue", cases, func(c domain.Case, by fact.By) ([]fact.Event, error) { return c.RecheckDue(by, rules) })
	service.Due(u, domain.GraceDeadline, "onGraceDue", cases, domain.Case.GraceDue)
}

// drawing is a reaction on the case after which who may work on its referrals is looked at
// again.
func drawing[E fact.Data](a app.App, of func(E) string, decide service.Decide[domain.Case, E]) func(context.Context, E) error {
	return func(ctx context.Context, e E) error {
		_, err := a.Cases.Execute(ctx, of(e), func(c domain.Case, by fact.By) ([]fact.Event, error) { return decide(c, by, e) })
		if err != nil {
			return err
		}
		return a.Draw(ctx, of(e))
	}
}

// answering is a reaction on the record from which a team was asked: a case, or an enquiry while
// there is no case.
func answering[E fact.Data](a app.App, of func(E) string, decide func(domain.Responses, fact.By, E) ([]fact.Event, error)) func(context.Context, E) error {
	return func(ctx context.Context, e E) (err error) {
		if domain.IsEnquiry(of(e)) {
			_, err = a.Enquiries.Execute(ctx, of(e), func(q domain.Enquiry, by fact.By) ([]fact.Event, error) { return decide(q.Responses, by, e) })
			return err
		}
		_, err = a.Cases.Execute(ctx, of(e), func(c domain.Case, by fact.By) ([]fact.Event, error) { return decide(c.Responses, by, e) })
		return err
	}
}
