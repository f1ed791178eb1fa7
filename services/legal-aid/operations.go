package legalaid

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// operations is what the people of an agency can ask of its own matters. Everybody sees the
// frame; who has the work, and who covers, sees what is in it and changes it.
func operations(u *service.Unit, a app.App) {
	service.List(u, "GET /v1/matters", "listMatters", access.MatterRead, a.Works, a.Worklist)
	service.GetBy(u, "GET /v1/matters/{id}", "getMatter", access.MatterRead, a.Works, a.Read)
	service.HistoryBy(u, "GET /v1/matters/{id}/history", "getMatterHistory", access.MatterRead, a.Works, a.Past)
	service.Query(u, "GET /v1/matters/{id}/looks", "listMatterLooks", access.MatterRead, a.Looked)

	service.ChangeOn(u, "POST /v1/matters/{id}/advice", "giveAdvice", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.GiveAdvice))
	service.ChangeOn(u, "POST /v1/matters/{id}/protection-orders", "applyProtectionOrder", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.ApplyProtectionOrder))
	service.ChangeOn(u, "POST /v1/matters/{id}/protection-orders/result", "recordOrderResult", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.RecordOrderResult))
	service.ChangeOn(u, "POST /v1/matters/{id}/certificates/settle", "settleCertificate", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.SettleCertificate))
	service.ChangeThen(u, "POST /v1/matters/{id}/conflict-check", "checkConflicts", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.CheckConflicts), a.Compare)
	service.ChangeOn(u, "POST /v1/matters/{id}/amend", "amendMatter", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.Amend))
	service.ChangeOn(u, "POST /v1/matters/{id}/close", "closeMatter", access.MatterWrite, a.Works, a.Hands, work.ByWorker(domain.Matter.Close))
	service.ChangeOn(u, "POST /v1/matters/{id}/contact-problem", "reportMatterContactProblem", access.MatterWrite, a.Works, a.Hands, work.ByWorker(work.In[domain.Matter](work.Work.ContactProblem)))
	service.ChangeOn(u, "POST /v1/matters/{id}/ending", "answerMatterEnding", access.MatterWrite, a.Works, a.Hands, work.ByWorker(work.In[domain.Matter](work.Work.AnswerEnding)))

	// A conflicts officer sees names and nothing else of a matter.
	service.Query(u, "GET /v1/conflicts", "listConflicts", access.ConflictSettle, a.Conflicts)
	service.Query(u, "GET /v1/conflicts/{id}", "getConflict", access.ConflictSettle, a.Sides)
	service.Serve(u, "POST /v1/conflicts/{id}/settle", "settleConflict", access.ConflictSettle, a.Settle)
}
