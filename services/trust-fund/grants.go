package trustfund

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/application"
	"github.com/sanad-network/sanad/services/trust-fund/internal/board"
	"github.com/sanad-network/sanad/services/trust-fund/internal/grant"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
	"github.com/sanad-network/sanad/services/trust-fund/internal/page"
	"github.com/sanad-network/sanad/services/trust-fund/internal/served"
)

// granted are the records of the board, of grants, and of what was released of them.
type granted struct {
	rooms
	grants *record.Records[grant.Grant]
	served *record.Records[served.Table]
	clock  func() time.Time
}

// granting is what managers, trustees and grantees can ask of grants, what everybody can, and what
// happens by clocks, by money, and by figures that were released.
func granting(u *service.Unit, r rooms, g granted) {
	g.rooms = r
	service.Put(u, "POST /v1/trustees", "appointTrustee", access.FundWrite, g.board, board.Appoint.Name, board.Board.Appoint)
	service.Put(u, "POST /v1/trustees/end", "endTrusteeship", access.FundWrite, g.board, board.End.Name, board.Board.End)
	service.Query(u, "GET /v1/trustees", "listTrustees", access.FundRead, g.seats)

	service.List(u, "GET /v1/grants", "listGrants", access.GrantRead, g.grants, grant.Grants)
	service.Get(u, "GET /v1/grants/{id}", "getGrant", access.GrantRead, g.grants)
	service.History(u, "GET /v1/grants/{id}/history", "getGrantHistory", access.GrantRead, g.grants)
	service.Query(u, "GET /v1/grants/{id}/served", "getGrantServed", access.GrantRead, g.servedBy)
	service.Download(u, "GET /v1/grants/{id}/paper", "getGrantPaper", access.GrantRead, g.paper)

	service.PutNaming(u, "POST /v1/grants", "draftAgreement", access.GrantWrite, g.grants, grant.Draft.Record, g.toAgree, grant.Grant.DraftAgreement)
	service.Change(u, "POST /v1/grants/{id}/sign", "signForFund", access.GrantWrite, g.grants, grant.Grant.SignForFund)
	service.Change(u, "POST /v1/grants/{id}/payments", "orderPayment", access.GrantWrite, g.grants, grant.Grant.OrderPayment)
	service.Change(u, "POST /v1/grants/{id}/payments/confirm", "confirmPayment", access.GrantWrite, g.grants, grant.Grant.ConfirmPayment)
	service.Change(u, "POST /v1/grants/{id}/reports/accept", "acceptReport", access.GrantWrite, g.grants, grant.Grant.AcceptReport)
	service.Change(u, "POST /v1/grants/{id}/reports/send-back", "sendReportBack", access.GrantWrite, g.grants, grant.Grant.SendReportBack)
	service.Change(u, "POST /v1/grants/{id}/audits", "orderAudit", access.GrantWrite, g.grants, grant.Grant.OrderAudit)
	service.Change(u, "POST /v1/grants/{id}/audits/result", "recordAudit", access.GrantWrite, g.grants, grant.Grant.RecordAudit)
	service.Change(u, "POST /v1/grants/{id}/extensions/decide", "decideExtension", access.GrantWrite, g.grants, grant.Grant.DecideExtension)
	service.Change(u, "POST /v1/grants/{id}/suspend", "suspendGrant", access.GrantWrite, g.grants, grant.Grant.Suspend)
	service.Change(u, "POST /v1/grants/{id}/restore", "restoreGrant", access.GrantWrite, g.grants, grant.Grant.Restore)
	service.Change(u, "POST /v1/grants/{id}/returns", "recordGrantMoney", access.GrantWrite, g.grants, grant.Grant.RecordReturn)
	service.Change(u, "POST /v1/grants/{id}/end", "endGrantEarly", access.GrantWrite, g.grants, grant.Grant.EndEarly)
	service.Change(u, "POST /v1/grants/{id}/close", "closeGrant", access.GrantWrite, g.grants, grant.Grant.Close)

	service.Change(u, "POST /v1/grants/{id}/sign-for-grantee", "signForGrantee", access.GrantReport, g.grants, grant.Grant.SignForGrantee)
	service.Change(u, "POST /v1/grants/{id}/reports", "submitReport", access.GrantReport, g.grants, grant.Grant.SubmitReport)
	service.Change(u, "POST /v1/grants/{id}/extensions", "askExtension", access.GrantReport, g.grants, grant.Grant.AskExtension)
	service.Upload(u, "POST /v1/grants/{id}/papers", "storeGrantPaper", access.GrantReport, g.grants, alone, grant.Grant.StorePaper)

	service.Serve(u, "GET /v1/fund", "getFund", access.Public, func(ctx context.Context, by fact.By, _ edge.Request[struct{}]) (page.Fund, string, error) {
		f, err := g.fund(ctx, by.At)
		return f, "", err
	})
	service.HTML(u, "GET "+page.Path, "getFundPage", func(ctx context.Context, req edge.Request[struct{}]) (edge.Page, error) {
		f, err := g.fund(ctx, g.clock())
		return page.Show(edge.Visit{Languages: req.Languages, Query: req.Query}, f), err
	}, page.Refused)

	service.Due(u, grant.ReportDeadline, "onGrantReportDue", g.grants, grant.Grant.ReportDue)
	service.On(u, "onTableReleased", g.served, served.Named, served.Table.OnReleased)
	service.On(u, "onInstalmentPaid", g.money, ofLedger[trustfundv1.InstalmentPaid], onPaid)
	service.On(u, "onCommitmentReleased", g.money, ofLedger[trustfundv1.CommitmentReleased], onReleased)
	service.On(u, "onMoneyReturned", g.money, ofLedger[trustfundv1.MoneyReturned], onReturned)
}

// toAgree is what an agreement hangs on: what was awarded, and what the call permits.
func (g granted) toAgree(ctx context.Context, _ string, _ fact.By, cmd grant.Draft) (on grant.On) {
	is, err := g.applications.Fresh(ctx, cmd.Application)
	if err != nil {
		return grant.On{Err: err}
	}
	of, err := g.calls.Fresh(ctx, is.Value().Call)
	if err != nil {
		return grant.On{Err: err}
	}
	on.Award = look.As(is, func(a application.Application) (award grant.Award) {
		if a.Decision == nil || !a.Decision.Awarded || a.Submitted == nil {
			return award
		}
		return grant.Award{
			Agency: a.Agency, Country: a.Submitted.Country, Call: a.Call, SubProgramme: of.Value().SubProgramme,
			Cents: a.Decision.AmountCents, Months: a.Submitted.Months, MostMonths: of.Value().MostMonths,
		}
	})
	return on
}

// ofLedger names the one ledger, whatever the money is of.
func ofLedger[E fact.Data](E) string { return ledger.ID }

// onPaid tells the ledger that committed money was paid.
func onPaid(l ledger.Ledger, by fact.By, e trustfundv1.InstalmentPaid) ([]fact.Event, error) {
	return l.Paid(by, e.Application, e.Cents)
}

// onReleased tells the ledger that committed money will not be paid.
func onReleased(l ledger.Ledger, by fact.By, e trustfundv1.CommitmentReleased) ([]fact.Event, error) {
	return l.Release(by, e.Application, e.Cents)
}

// onReturned tells the ledger that paid money came back.
func onReturned(l ledger.Ledger, by fact.By, e trustfundv1.MoneyReturned) ([]fact.Event, error) {
	return l.Returned(by, e.Application, e.Cents)
}

// seats shows who sits on the board, to managers and trustees.
func (g granted) seats(ctx context.Context, by fact.By, _ string, _ url.Values) (board.View, error) {
	b, err := g.board.Get(ctx, board.ID())
	if err != nil || !b.State.Visible(by) {
		return board.View{Trustees: []board.Seat{}}, err
	}
	return b.State.Shown(by.At), nil
}

// servedBy shows what was released of a grant, to who may see the grant.
func (g granted) servedBy(ctx context.Context, by fact.By, id string, _ url.Values) (served.Answer, error) {
	if _, err := g.grants.See(ctx, id, by); err != nil {
		return served.Answer{}, err
	}
	tables, err := read(ctx, g.served, g.served.Find(served.ByGrant.Of(id)))
	return served.Of(id, code.FiguresFund, tables), err
}

// paper finds a paper of a grant for who may see the grant.
func (g granted) paper(ctx context.Context, id string, by fact.By, file string) (string, vault.File, error) {
	res, err := g.grants.See(ctx, id, by)
	if err != nil {
		return "", vault.File{}, err
	}
	found, ok := res.State.Paper(file)
	if !ok {
		return "", vault.File{}, record.ErrNotFound
	}
	return res.State.Case(), found, nil
}

// fund is all that everybody may know of the fund.
func (g granted) fund(ctx context.Context, now time.Time) (page.Fund, error) {
	money, err := g.money.Get(ctx, ledger.ID)
	if err != nil {
		return page.Fund{}, err
	}
	agreed, err := read(ctx, g.grants, g.grants.Find(grant.Agreed.Of()))
	if err != nil {
		return page.Fund{}, err
	}
	ids := g.served.Find(served.ByGrant.Of())
	slices.Sort(ids) // a table stands in the list once for each of its grants
	tables, err := read(ctx, g.served, slices.Compact(ids))
	return page.Make(now, money.State, agreed, tables), err
}

// read gives the records of some names.
func read[S record.State[S]](ctx context.Context, all *record.Records[S], ids []string) ([]S, error) {
	states := make([]S, 0, len(ids))
	for _, id := range ids {
		res, err := all.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		states = append(states, res.State)
	}
	return states, nil
}
