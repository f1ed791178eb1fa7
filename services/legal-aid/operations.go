package legalaid

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// operations is what the people of an agency can ask of its own matters. Everybody sees the
// frame; who has the work, and who covers, sees what is in it and changes it. What is booked at a
// court follows where a hearing moves or ends, and where the matter does.
func operations(u *service.Unit, a app.App, courts court.App, rules domain.Rules) {
	service.List(u, "GET /v1/matters", "listMatters", access.MatterRead, a.Works, a.Worklist)
	service.GetBy(u, "GET /v1/matters/{id}", "getMatter", access.MatterRead, a.Works, a.Read)
	service.HistoryBy(u, "GET /v1/matters/{id}/history", "getMatterHistory", access.MatterRead, a.Works, a.Past)
	service.Query(u, "GET /v1/matters/{id}/looks", "listMatterLooks", access.MatterRead, a.Looked)

	service.Query(u, "GET /v1/agenda", "listAgenda", access.MatterRead, a.Agenda)

	service.ChangeOn(u, "POST /v1/matters/{id}/advice", "giveAdvice", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.GiveAdvice))
	service.ChangeOn(u, "POST /v1/matters/{id}/protection-orders", "applyProtectionOrder", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.ApplyProtectionOrder))
	service.ChangeOn(u, "POST /v1/matters/{id}/protection-orders/result", "recordOrderResult", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Ruled(rules, domain.Matter.RecordOrderResult)))
	service.ChangeOn(u, "POST /v1/matters/{id}/protection-orders/service", "planOrderService", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Ruled(rules, domain.Matter.PlanOrderService)))
	service.ChangeOn(u, "POST /v1/matters/{id}/protection-orders/served", "recordOrderServed", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Ruled(rules, domain.Matter.RecordOrderServed)))
	service.ChangeOn(u, "POST /v1/matters/{id}/protection-orders/change", "recordOrderChange", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Ruled(rules, domain.Matter.RecordOrderChange)))
	service.ChangeOn(u, "POST /v1/matters/{id}/duties/settle", "settleLegalDuty", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.SettleDuty))
	service.ChangeOn(u, "POST /v1/matters/{id}/following", "answerFollowing", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.AnswerFollowing))
	service.ChangeOn(u, "POST /v1/matters/{id}/proceedings", "openProceeding", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.OpenProceeding))
	service.ChangeOn(u, "POST /v1/matters/{id}/proceedings/step", "recordProceedingStep", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Ruled(rules, domain.Matter.RecordProceedingStep)))
	service.ChangeOn(u, "POST /v1/matters/{id}/hearings", "planHearing", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Ruled(rules, domain.Matter.PlanHearing)))
	service.ChangeThen(u, "POST /v1/matters/{id}/hearings/move", "moveHearing", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Ruled(rules, domain.Matter.MoveHearing)), courts.Follow)
	service.ChangeThen(u, "POST /v1/matters/{id}/hearings/settle", "settleHearing", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.SettleHearing), courts.Follow)
	service.ChangeOn(u, "POST /v1/matters/{id}/eligibility", "assessEligibility", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Ruled(rules, domain.Matter.AssessEligibility)))
	service.ChangeOn(u, "POST /v1/matters/{id}/options", "explainLegalOptions", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.ExplainOptions))
	service.ChangeOn(u, "POST /v1/matters/{id}/options/choose", "chooseLegalOptions", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.ChooseOptions))
	service.ChangeOn(u, "POST /v1/matters/{id}/documents", "keepDocument", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.KeepDocument))
	service.Upload(u, "POST /v1/matters/{id}/files", "storeMatterFile", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.StoreFile))
	service.Download(u, "GET /v1/matters/{id}/file", "getMatterFile", access.MatterRead, seen.Download(a.Desk))
	service.ChangeOn(u, "POST /v1/matters/{id}/certificates/settle", "settleCertificate", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.SettleCertificate))
	service.ChangeThen(u, "POST /v1/matters/{id}/conflict-check", "checkConflicts", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.CheckConflicts), a.Compare)
	service.ChangeThen(u, "POST /v1/matters/{id}/amend", "amendMatter", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.Amend), courts.Follow)
	service.ChangeThen(u, "POST /v1/matters/{id}/close", "closeMatter", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.Close), courts.Follow)
	service.ChangeOn(u, "POST /v1/matters/{id}/contact-problem", "reportMatterContactProblem", access.MatterWrite, a.Works, a.Hands, work.ByWorker(work.In[domain.Matter](work.Work.ContactProblem)))
	service.ChangeThen(u, "POST /v1/matters/{id}/ending", "answerMatterEnding", access.MatterWrite, a.Works, a.Hands, work.ByWorker(work.In[domain.Matter](work.Work.AnswerEnding)), courts.Follow)

	// A conflicts officer sees names and nothing else of a matter.
	service.Query(u, "GET /v1/conflicts", "listConflicts", access.ConflictSettle, a.Conflicts)
	service.Query(u, "GET /v1/conflicts/{id}", "getConflict", access.ConflictSettle, a.Sides)
	service.DoOn(u, "POST /v1/conflicts/{id}/settle", "settleConflict", access.ConflictSettle, a.Settle)
}
