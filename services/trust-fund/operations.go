package trustfund

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
)

// operations is what the secretariat keeps, and what everybody may read of it.
func operations(u *service.Unit, r rooms) {
	service.GetBy(u, "GET /v1/fund/ledger", "getLedger", access.FundRead, r.money, r.ledger)
	service.Put(u, "POST /v1/fund/donations", "pledgeDonation", access.FundWrite, r.money, ledger.Pledge.Name, ledger.Ledger.Pledge)
	service.Put(u, "POST /v1/fund/payments", "recordDonationPayment", access.FundWrite, r.money, ledger.Pay.Name, ledger.Ledger.Pay)
	service.Put(u, "POST /v1/fund/corrections", "correctDonation", access.FundWrite, r.money, ledger.Correct.Name, ledger.Ledger.Correct)

	service.Create(u, "POST /v1/calls", "draftCall", access.FundWrite, r.calls, call.Call.Draft)
	service.List(u, "GET /v1/calls", "listCalls", access.Welcome, r.calls, call.All)
	service.Get(u, "GET /v1/calls/{id}", "getCall", access.Welcome, r.calls)
	service.Change(u, "POST /v1/calls/{id}/amend", "amendCall", access.FundWrite, r.calls, call.Call.Amend)
	service.Change(u, "POST /v1/calls/{id}/publish", "publishCall", access.FundWrite, r.calls, call.Call.Publish)
	service.Change(u, "POST /v1/calls/{id}/extend", "extendCall", access.FundWrite, r.calls, call.Call.Extend)
	service.Change(u, "POST /v1/calls/{id}/revoke", "revokeCall", access.FundWrite, r.calls, call.Call.Revoke)
	service.Change(u, "POST /v1/calls/{id}/questions", "askClarification", access.ApplicationWrite, r.calls, call.Call.Ask)
	service.Change(u, "POST /v1/calls/{id}/clarifications", "giveClarification", access.FundWrite, r.calls, call.Call.Answer)
}

// ledger reads the money of the fund, also before anything was promised.
func (r rooms) ledger(_ context.Context, _ string, by fact.By) (command.Sight, error) {
	held, _ := r.money.Held(ledger.ID)
	if !held.State.Visible(by) {
		return command.Sight{}, ledger.ErrNotFound
	}
	return command.Sight{View: held.State.View(by), Version: held.Version, Now: held.State.Commands().Now(held.State, by, command.Anybody)}, nil
}
