// Package psychosocial is the psychosocial service: what counsellors do for a
// survivor after an agency accepted her referral to psychosocial support. It
// holds sessions, instruments, goals and her safety plan, and where she stays in
// a shelter. It refuses to let any of that leave the agency, and to hold who she
// is, and how she may be reached.
package psychosocial

import (
	"context"

	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/leaver"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
	"github.com/sanad-network/sanad/services/psychosocial/internal/placement"
)

// New makes the psychosocial service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "psychosocial",
		event.Private[psychosocialv1.PlanOpened, work.Consent](),
		event.Private[psychosocialv1.SessionRecorded, domain.Held](),
		event.Private[psychosocialv1.SafetyPlanned, domain.Safety](),
		event.Private[psychosocialv1.InstrumentAnswered, domain.Answered](),
		event.Private[psychosocialv1.RiskHandled, domain.Handled](),
		event.Private[psychosocialv1.GoalSet, domain.Aim](),
		event.Private[psychosocialv1.GoalReviewed, domain.Review](),
		event.Private[psychosocialv1.FollowUpAgreed, domain.Agreed](),
		event.Private[psychosocialv1.FollowUpDone, domain.Tried](),
		event.Private[psychosocialv1.PlacementStarted, placement.Begun](),
		event.Private[psychosocialv1.PlacementChanged, placement.Stay](),
		event.Private[psychosocialv1.PlacementEnded, placement.Over](),
		event.Private[psychosocialv1.PlanAmended, domain.Amendment](),
		event.Type[psychosocialv1.PlanClosed](),
		event.Private[psychosocialv1.PlanReopened, work.Consent](),
		event.Type[psychosocialv1.PlanEnded](),
		event.Type[psychosocialv1.PlanStarted](),
		event.Type[psychosocialv1.PlanContactProblem](),
		event.Type[psychosocialv1.PlanRested](),
		event.Private[psychosocialv1.PlanRenewed, work.Consent](),
		event.Type[psychosocialv1.PlanEndingAsked](),
		event.Type[psychosocialv1.PlanEndingAnswered](),
		event.Type[psychosocialv1.PlanKeptClosed](),
		event.Type[psychosocialv1.PlanAssigned](),
		event.Private[psychosocialv1.PlanSeen, seen.Glance](),
		event.Type[psychosocialv1.PlanDutyCame](),
		event.Type[psychosocialv1.WorkerAwaited](),
		event.Type[psychosocialv1.WorkerNoted](),
		event.Type[psychosocialv1.CredentialNoted](),
		event.Type[psychosocialv1.CircleNoted](),
	)
	rules := domain.Under(d.Programmes)
	desk := seen.Desk[domain.Plan]{
		ByAgency: &domain.ByAgency, ByWorker: &domain.ByWorker, Acts: domain.Plan.Acts,
		Content: func(_ context.Context, p domain.Plan, by fact.By) (any, error) {
			return p.Shown(by, rules(p, by.At)), nil
		},
		Note: func(p domain.Plan, g seen.Glance) []fact.Event {
			return fact.With(psychosocialv1.PlanSeen{Work: p.Work}, g)
		},
	}.Open(u.Book, domain.Prefix, &domain.ByDuty)
	stays := shelter{desk, record.New(u.Book, placement.Prefix, &placement.ByAgency)}
	u.Admit(leaver.Stays(desk.Workers, leaver.HasLeft))
	operations(u, desk, rules)
	placements(u, stays)
	service.Way(u, desk.Works, func(referral string) []string { return []string{domain.PlanID(referral)} })
	reactions(u, desk)
	return u
}
