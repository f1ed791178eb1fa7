package psychosocial

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// operations is what an agency can ask of its own plans.
func operations(u *service.Unit, plans *record.Records[domain.Plan]) {
	service.List(u, "GET /v1/support-plans", "listSupportPlans", access.PlanRead, plans, work.Worklist(&domain.ByAgency))
	service.Get(u, "GET /v1/support-plans/{id}", "getSupportPlan", access.PlanRead, plans)
	service.History(u, "GET /v1/support-plans/{id}/history", "getSupportPlanHistory", access.PlanRead, plans)
	service.Change(u, "POST /v1/support-plans/{id}/sessions", "recordSession", access.PlanWrite, plans, domain.Plan.RecordSession)
	service.Change(u, "POST /v1/support-plans/{id}/safety-plan", "makeSafetyPlan", access.PlanWrite, plans, domain.Plan.MakeSafetyPlan)
	service.Change(u, "POST /v1/support-plans/{id}/close", "closeSupportPlan", access.PlanWrite, plans, domain.Plan.Close)
}
