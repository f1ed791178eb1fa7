// Package intake is the front desk of the network. It opens a survivor's case,
// holds what she consents to, asks agencies for services on that ground and
// follows how far they come. It shows an agency that takes a referral what she
// consented to. It refuses to tell the network who she is, and to ask for or show
// anything that she did not agree to.
package intake

import (
	"context"
	"time"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake/internal/app"
	"github.com/sanad-network/sanad/services/intake/internal/centre"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/intake/internal/onestop"
	"github.com/sanad-network/sanad/services/intake/internal/period"
	"github.com/sanad-network/sanad/services/internal/leaver"
	"github.com/sanad-network/sanad/services/internal/seen"
)

// New makes the intake service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "intake",
		event.Private[intakev1.CaseOpened, domain.Opened](),
		event.Private[intakev1.ConsentGiven, domain.Evidence](),
		event.Private[intakev1.ConsentRefused, domain.Declined](),
		event.Private[intakev1.ConsentWithdrawn, domain.Ended](),
		event.Type[intakev1.ConsentRequested](),
		event.Private[intakev1.ReceiptOffered, domain.Receipt](),
		event.Private[intakev1.CountingAnswered, domain.Counting](),
		event.Private[intakev1.ReportRecorded, domain.Report](),
		event.Private[intakev1.ConsentQuestionEnded, domain.Ended](),
		event.Private[intakev1.ServiceRequested, domain.Onward](),
		event.Type[intakev1.ReferralFollowed](),
		event.Type[intakev1.ReferralsFinished](),
		event.Type[intakev1.ReferralRenewed](),
		event.Type[intakev1.ReferralResumed](),
		event.Type[intakev1.NeedSettled](),
		event.Private[intakev1.ContactSuspended, domain.Hold](),
		event.Type[intakev1.ContactRestored](),
		event.Type[intakev1.CaseResumed](),
		event.Type[intakev1.CaseReopened](),
		event.Private[intakev1.CaseAmended, domain.Amendment](),
		event.Private[intakev1.IncidentRecorded, domain.Recorded](),
		event.Private[intakev1.IncidentAmended, domain.Recorded](),
		event.Type[intakev1.IncidentEnteredInError](),
		event.Private[intakev1.DangerAsked, domain.Danger](),
		event.Private[intakev1.IndicatorsAsked, domain.IndicatorsNoted](),
		event.Private[intakev1.IdentificationRecorded, domain.Identification](),
		event.Private[intakev1.PassageRecorded, domain.Passage](),
		event.Private[intakev1.ReflectionLengthened, domain.Lengthened](),
		event.Type[intakev1.ReflectionEnded](),
		event.Private[intakev1.TopicTold, domain.Topic](),
		event.Private[intakev1.ActionGoalSet, domain.Goal](),
		event.Type[intakev1.ActionGoalSettled](),
		event.Private[intakev1.ActionStepSet, domain.ActionStep](),
		event.Type[intakev1.ActionStepSettled](),
		event.Type[intakev1.ActionPlanReviewed](),
		event.Type[intakev1.ActionPlanReviewDue](),
		event.Type[intakev1.ActionPlanClosed](),
		event.Private[intakev1.ConferenceProposed, domain.ConferencePlan](),
		event.Private[intakev1.ConferenceAgreed, domain.ConferenceYes](),
		event.Type[intakev1.ConferenceAnswered](),
		event.Type[intakev1.ConferenceDue](),
		event.Private[intakev1.ConferenceHeld, domain.ConferenceOutcome](),
		event.Type[intakev1.ConferenceCalledOff](),
		event.Private[intakev1.GranteeSuspended, domain.GranteeAsked](),
		event.Type[intakev1.GranteeRestored](),
		event.Private[intakev1.GranteeAnswered, domain.GranteeSaid](),
		event.Type[intakev1.GranteeOverdue](),
		event.Type[intakev1.GrantNoted](),
		event.Private[intakev1.PeriodClosed, period.Frozen](),
		event.Private[intakev1.TableReleased, period.Approved](),
		event.Type[intakev1.ShareSeen](),
		event.Private[intakev1.OnwardAsked, domain.OnwardNeed](),
		event.Type[intakev1.OnwardAnswered](),
		event.Type[intakev1.OnwardOverdue](),
		event.Private[intakev1.DangerNewsBrought, domain.BroughtNews](),
		event.Type[intakev1.DangerNewsOverdue](),
		event.Private[intakev1.DangerNewsSettled, domain.ToldNews](),
		event.Private[intakev1.DangerNewsReopened, domain.ReopenedNews](),
		event.Private[intakev1.AgeTurned, domain.Judged](),
		event.Private[intakev1.DeskAwaited, domain.Awaited](),
		event.Private[intakev1.ResponseAsked, domain.ResponseGrounds](),
		event.Type[intakev1.ResponseCalledOff](),
		event.Type[intakev1.ResponseFollowed](),
		event.Type[intakev1.ResponseShown](),
		event.Type[intakev1.TeamNoted](),
		event.Type[intakev1.ContactChanged](),
		event.Type[intakev1.CaseEnteredInError](),
		event.Type[intakev1.CaseClosed](),
		event.Type[intakev1.Disclosed](),
		event.Private[intakev1.CaseHandedOver, domain.Handed](),
		event.Type[intakev1.CaseOwnerLeft](),
		event.Type[intakev1.ReferralAssigned](),
		event.Type[intakev1.CaseRestricted](),
		event.Private[intakev1.CaseSeen, seen.Glance](),
		event.Type[intakev1.DuplicateHinted](),
		event.Type[intakev1.DuplicateSettled](),
		event.Type[intakev1.DisplacedSettled](),
		event.Type[intakev1.CaseMerged](),
		event.Type[intakev1.CaseUnmerged](),
		event.Type[intakev1.CaseClosedWith](),
		event.Type[intakev1.TransferAsked](),
		event.Type[intakev1.TransferEnded](),
		event.Type[intakev1.TransferNoted](),
		event.Private[intakev1.CaseTransferred, domain.Owned](),
		event.Private[intakev1.CasesSearched, domain.Searcher](),
		event.Type[intakev1.WorkerNoted](),
		event.Type[intakev1.CredentialNoted](),
		event.Type[intakev1.AgencyNoted](),
		event.Private[intakev1.CardsMade, domain.CardSecrets](),
		event.Type[intakev1.CardsEnded](),
		event.Private[intakev1.EnquiryMade, domain.Enquired](),
		event.Private[intakev1.EnquiryTaken, domain.Owned](),
		event.Type[intakev1.EnquiryOverdue](),
		event.Type[intakev1.EnquirySettled](),
		event.Private[intakev1.CentreDescribed, centre.Named](),
		event.Type[intakev1.RoomHeld](),
		event.Type[intakev1.RoomGivenBack](),
		event.Private[intakev1.VisitBegun, domain.Begun](),
		event.Private[intakev1.VisitStepPlanned, onestop.Step](),
		event.Private[intakev1.VisitStepMoved, domain.Moved](),
		event.Type[intakev1.VisitLeft](),
		event.Private[intakev1.AccountRecorded, domain.AccountTaken](),
		event.Private[intakev1.AccountHeard, domain.Hearer](),
		event.Type[intakev1.CircleDrawn](),
	)
	a := app.New(u.Book, domain.Rules{Programmes: d.Programmes})
	a.Training, a.Clock = d.Training, d.Clock
	u.Admit(leaver.Stays(a.Workers, leaver.HasLeft))
	operations(u, a)
	service.WayIn(u, a.Cases, func(referral string) []string { return a.Cases.Find(domain.ByReferral.Of(referral)) })
	reactions(u, a)
	u.Keeps(func(ctx context.Context, now time.Time) (over []service.Kept, err error) {
		all, err := a.Over(ctx, now)
		for _, k := range all {
			over = append(over, service.Kept{Record: k.Record, Programme: k.Programme, Closed: k.Closed, Until: k.Until})
		}
		return over, err
	})
	return u
}
