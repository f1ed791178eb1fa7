package psychosocial

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/psychosocial/internal/app"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// operations is what an agency can ask of its own plans.
func operations(u *service.Unit, a app.App) {
	service.List(u, "GET /v1/support-plans", "listSupportPlans", access.PlanRead, a.Plans, work.Worklist(&domain.ByAgency))
	service.Get(u, "GET /v1/support-plans/{id}", "getSupportPlan", access.PlanRead, a.Plans)
	service.History(u, "GET /v1/support-plans/{id}/history", "getSupportPlanHistory", access.PlanRead, a.Plans)
	service.Change(u, "POST /v1/support-plans/{id}/sessions", "recordSession", access.PlanWrite, a.Plans, domain.Plan.RecordSession)
	service.Change(u, "POST /v1/support-plans/{id}/safety-plan", "makeSafetyPlan", access.PlanWrite, a.Plans, domain.Plan.MakeSafetyPlan)
	service.Change(u, "POST /v1/support-plans/{id}/close", "closeSupportPlan", access.PlanWrite, a.Plans, domain.Plan.Close)
}
