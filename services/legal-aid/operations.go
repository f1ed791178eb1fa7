package legalaid

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// operations is what an agency can ask of its own matters.
func operations(u *service.Unit, a app.App) {
	service.List(u, "GET /v1/matters", "listMatters", access.MatterRead, a.Matters, work.Worklist(&domain.ByAgency))
	service.Get(u, "GET /v1/matters/{id}", "getMatter", access.MatterRead, a.Matters)
	service.History(u, "GET /v1/matters/{id}/history", "getMatterHistory", access.MatterRead, a.Matters)
	service.Change(u, "POST /v1/matters/{id}/advice", "giveAdvice", access.MatterWrite, a.Matters, domain.Matter.GiveAdvice)
	service.Change(u, "POST /v1/matters/{id}/protection-orders", "applyProtectionOrder", access.MatterWrite, a.Matters, domain.Matter.ApplyProtectionOrder)
	service.Change(u, "POST /v1/matters/{id}/protection-orders/result", "recordOrderResult", access.MatterWrite, a.Matters, domain.Matter.RecordOrderResult)
	service.Change(u, "POST /v1/matters/{id}/close", "closeMatter", access.MatterWrite, a.Matters, domain.Matter.Close)
}
