package intake

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake/internal/app"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
)

// operations is what the people at a front desk and the agencies that they ask
// can do here.
func operations(u *service.Unit, a app.App) {
	cases, rules := a.Cases, a.Rules
	service.Create(u, "POST /v1/cases", "openCase", access.CaseOpen, cases, domain.Case.Open)
	service.List(u, "GET /v1/cases", "listCases", access.CaseRead, cases, domain.Cases)
	service.Get(u, "GET /v1/cases/{id}", "getCase", access.CaseRead, cases)
	service.Timeline(u, "GET /v1/cases/{id}/timeline", "getTimeline", access.CaseRead, cases,
		func(d fact.Data) service.Words { return service.Words(domain.Say(d)) })
	service.Query(u, "GET /v1/cases/{id}/plan", "getCasePlan", access.CaseRead, a.Sequence)

	service.ChangeNaming(u, "POST /v1/cases/{id}/consents", "giveConsent", access.ConsentRecord, cases, app.Named[domain.GiveConsent](a), domain.Naming(domain.Case.GiveConsent))
	service.Change(u, "POST /v1/cases/{id}/consents/refuse", "refuseConsent", access.ConsentRecord, cases, domain.Case.RefuseConsent)
	service.Change(u, "POST /v1/cases/{id}/consents/withdraw", "withdrawConsent", access.ConsentRecord, cases, domain.Case.WithdrawConsent)

	service.ChangeNaming(u, "POST /v1/cases/{id}/requests", "requestServices", access.ServiceRequest, cases, app.Named[domain.RequestServices](a), domain.Naming(domain.Under(rules, domain.Case.RequestServices)))
	service.ChangeNaming(u, "POST /v1/cases/{id}/reroute", "rerouteReferral", access.ServiceRequest, cases, app.Named[domain.Reroute](a), domain.Naming(domain.Under(rules, domain.Case.Reroute)))
	service.Change(u, "POST /v1/cases/{id}/resume", "resumeReferral", access.ServiceRequest, cases, domain.Under(rules, domain.Case.Resume))
	service.Change(u, "POST /v1/cases/{id}/settle", "settleNeed", access.ServiceRequest, cases, domain.Case.SettleNeed)
	service.Change(u, "POST /v1/cases/{id}/contact/suspend", "suspendContact", access.CaseWrite, cases, domain.Case.SuspendContact)
	service.Change(u, "POST /v1/cases/{id}/contact/restore", "restoreContact", access.CaseWrite, cases, domain.Case.RestoreContact)
	service.Change(u, "POST /v1/cases/{id}/amend", "amendCase", access.CaseWrite, cases, domain.Case.Amend)
	service.Change(u, "POST /v1/cases/{id}/enter-in-error", "enterCaseInError", access.CaseWrite, cases, domain.Case.EnterInError)
	service.Change(u, "POST /v1/cases/{id}/reopen", "reopenCase", access.CaseWrite, cases, domain.Case.Reopen)
	service.Change(u, "POST /v1/cases/{id}/close", "closeCase", access.CaseWrite, cases, domain.Case.Close)

	service.Do(u, "POST /v1/disclosures", "disclose", access.DisclosureRead, a.Disclose)
	service.Serve(u, "GET /v1/cases/{id}/disclosures", "listDisclosures", access.CaseRead,
		func(ctx context.Context, by fact.By, req edge.Request[struct{}]) (app.Ledger, string, error) {
			return a.Disclosures(ctx, by, req.ID, req.Cursor, req.Limit)
		})
}
