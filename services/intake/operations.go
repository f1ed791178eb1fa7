package intake

import (
	"context"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/window"
)

// operations is what the people at a front desk can ask of this service.
func operations(u *service.Unit, cases *record.Records[domain.Case], windows window.Policy) {
	service.Create(u, "POST /v1/cases", "openCase", access.CaseOpen, cases, domain.Case.Open)
	service.List(u, "GET /v1/cases", "listCases", access.CaseRead, cases, domain.Cases)
	service.Get(u, "GET /v1/cases/{id}", "getCase", access.CaseRead, cases)
	service.History(u, "GET /v1/cases/{id}/timeline", "getTimeline", access.CaseRead, cases)
	service.Query(u, "GET /v1/cases/{id}/plan", "getCasePlan", access.CaseRead, plan(cases, windows))

	service.Change(u, "POST /v1/cases/{id}/consents", "giveConsent", access.ConsentRecord, cases, domain.Case.GiveConsent)
	service.Change(u, "POST /v1/cases/{id}/consents/refuse", "refuseConsent", access.ConsentRecord, cases, domain.Case.RefuseConsent)
	service.Change(u, "POST /v1/cases/{id}/consents/withdraw", "withdrawConsent", access.ConsentRecord, cases, domain.Case.WithdrawConsent)

	service.Change(u, "POST /v1/cases/{id}/requests", "requestServices", access.ServiceRequest, cases, domain.Timely(windows, domain.Case.RequestServices))
	service.Change(u, "POST /v1/cases/{id}/reroute", "rerouteReferral", access.ServiceRequest, cases, domain.Timely(windows, domain.Case.Reroute))
	service.Change(u, "POST /v1/cases/{id}/close", "closeCase", access.CaseWrite, cases, domain.Case.Close)
}

// plan answers with the services of a case together, to its own agency.
func plan(cases *record.Records[domain.Case], windows window.Policy) service.Answer {
	return func(ctx context.Context, by fact.By, id string, _ url.Values) (any, error) {
		res, err := cases.See(ctx, id, by)
		if err != nil {
			return nil, err
		}
		return res.State.Plan(by, windows)
	}
}
