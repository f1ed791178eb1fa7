package psychosocial

import (
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// under makes a rule one that knows the rule of the programme of the case.
func under[C any](rules domain.Rules, rule func(domain.Plan, fact.By, C, domain.Rule) ([]fact.Event, error)) func(domain.Plan, fact.By, C) ([]fact.Event, error) {
	return func(p domain.Plan, by fact.By, cmd C) ([]fact.Event, error) { return rule(p, by, cmd, rules(p, by.At)) }
}

// operations is what the people of an agency can ask of its own support plans. Everybody sees the
// frame; who has the work, and who covers, sees what is in it and changes it.
func operations(u *service.Unit, d seen.Desk[domain.Plan], rules domain.Rules) {
	service.List(u, "GET /v1/support-plans", "listSupportPlans", access.PlanRead, d.Works, d.Worklist)
	service.GetBy(u, "GET /v1/support-plans/{id}", "getSupportPlan", access.PlanRead, d.Works, d.Read)
	service.HistoryBy(u, "GET /v1/support-plans/{id}/history", "getSupportPlanHistory", access.PlanRead, d.Works, d.Past)
	service.Query(u, "GET /v1/plan-duties", "listPlanDuties", access.PlanRead, lists{d}.duties)
	service.Query(u, "GET /v1/caseload", "getCaseload", access.PlanRead, lists{d}.caseload)
	service.Query(u, "GET /v1/waiting-list", "getWaitingList", access.PlanRead, lists{d}.waiting)
	service.Query(u, "GET /v1/support-plans/{id}/instruments", "listInstruments", access.PlanRead, lists{d}.instruments(rules))
	service.Query(u, "GET /v1/support-plans/{id}/looks", "listSupportPlanLooks", access.PlanRead, d.Looked)

	service.ChangeOn(u, "POST /v1/support-plans/{id}/sessions", "recordSession", access.PlanWrite, d.Works, d.Hands, work.ByWorker(domain.Plan.RecordSession))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/safety-plan", "makeSafetyPlan", access.PlanWrite, d.Works, d.Hands, work.ByWorker(domain.Plan.MakeSafetyPlan))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/instruments", "answerInstrument", access.PlanWrite, d.Works, d.Hands, work.ByWorker(under(rules, domain.Plan.AnswerInstrument)))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/instruments/risk", "handleRisk", access.PlanWrite, d.Works, d.Hands, work.ByWorker(domain.Plan.HandleRisk))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/goals", "setPlanGoal", access.PlanWrite, d.Works, d.Hands, work.ByWorker(under(rules, domain.Plan.SetGoal)))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/goals/review", "reviewPlanGoal", access.PlanWrite, d.Works, d.Hands, work.ByWorker(under(rules, domain.Plan.ReviewGoal)))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/follow-ups", "agreeFollowUp", access.PlanWrite, d.Works, d.Hands, work.ByWorker(under(rules, domain.Plan.AgreeFollowUp)))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/follow-ups/result", "recordFollowUp", access.PlanWrite, d.Works, d.Hands, work.ByWorker(domain.Plan.RecordFollowUp))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/amend", "amendSupportPlan", access.PlanWrite, d.Works, d.Hands, work.ByWorker(domain.Plan.Amend))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/close", "closeSupportPlan", access.PlanWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Plan](work.Work.Close)))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/contact-problem", "reportPlanContactProblem", access.PlanWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Plan](work.Work.ContactProblem)))
	service.ChangeOn(u, "POST /v1/support-plans/{id}/ending", "answerPlanEnding", access.PlanWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Plan](work.Work.AnswerEnding)))
}
