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
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/board"
	"github.com/sanad-network/sanad/services/trust-fund/internal/grant"
	"github.com/sanad-network/sanad/services/trust-fund/internal/page"
	"github.com/sanad-network/sanad/services/trust-fund/internal/served"
)

// grantEvents are those of the board, of grants, and of what was released of them.
func grantEvents() []event.Entry {
	return []event.Entry{
		event.Private[trustfundv1.TrusteeAppointed, board.Person](),
		event.Private[trustfundv1.TrusteeshipEnded, board.Ended](),
		event.Private[trustfundv1.AgreementDrafted, grant.Terms](),
		event.Private[trustfundv1.AgreementSigned, grant.Signed](),
		event.Type[trustfundv1.GrantAgreed](),
		event.Private[trustfundv1.GrantSuspended, grant.Suspension](),
		event.Private[trustfundv1.GrantRestored, grant.Restored](),
		event.Type[trustfundv1.GrantClosed](),
		event.Private[trustfundv1.GrantEnded, grant.Ending](),
		event.Private[trustfundv1.GrantSettled, grant.Noted](),
		event.Private[trustfundv1.PaymentOrdered, grant.Order](),
		event.Private[trustfundv1.InstalmentPaid, grant.Confirmed](),
		event.Type[trustfundv1.CommitmentReleased](),
		event.Private[trustfundv1.MoneyReturned, grant.Booked](),
		event.Private[trustfundv1.GrantPaperStored, vault.File](),
		event.Private[trustfundv1.GrantReportSubmitted, grant.Said](),
		event.Private[trustfundv1.GrantReportAccepted, grant.Judged](),
		event.Private[trustfundv1.GrantReportSentBack, grant.Judged](),
		event.Type[trustfundv1.GrantReportOverdue](),
		event.Private[trustfundv1.GrantAuditOrdered, grant.Noted](),
		event.Private[trustfundv1.GrantAuditRecorded, grant.Audit](),
		event.Private[trustfundv1.GrantExtensionAsked, grant.Wish](),
		event.Private[trustfundv1.GrantExtensionDecided, grant.Extension](),
		event.Type[trustfundv1.GranteeAwaited](),
		event.Type[trustfundv1.ServedNoted](),
	}
}

// grants joins the grants with the board, with what was awarded, and with what was released of them.
type grants struct {
	board  *record.Records[board.Board]
	all    *record.Records[grant.Grant]
	served *record.Records[served.Table]
	// award is what was awarded to an application; the zero value: nothing.
	award func(ctx context.Context, application string) (look.Fresh[grant.Award], error)
	// donors are those that the public page names.
	donors func(ctx context.Context) ([]page.Donor, error)
	clock  func() time.Time
}

// grantOperations is what managers, trustees and grantees can ask of grants, and what everybody can.
func grantOperations(u *service.Unit, g grants) {
	service.Put(u, "POST /v1/trustees", "appointTrustee", access.FundWrite, g.board, board.Appoint.Name, board.Board.Appoint)
	service.Put(u, "POST /v1/trustees/end", "endTrusteeship", access.FundWrite, g.board, board.End.Name, board.Board.End)
	service.Query(u, "GET /v1/trustees", "listTrustees", access.FundRead, g.trustees)

	service.List(u, "GET /v1/grants", "listGrants", access.GrantRead, g.all, grant.Grants)
	service.Get(u, "GET /v1/grants/{id}", "getGrant", access.GrantRead, g.all)
	service.History(u, "GET /v1/grants/{id}/history", "getGrantHistory", access.GrantRead, g.all)
	service.Query(u, "GET /v1/grants/{id}/served", "getGrantServed", access.GrantRead, g.servedBy)
	service.Download(u, "GET /v1/grants/{id}/paper", "getGrantPaper", access.GrantRead, g.paper)

	service.PutNaming(u, "POST /v1/grants", "draftAgreement", access.GrantWrite, g.all, grant.Draft.Record, g.awarded, grant.Grant.DraftAgreement)
	service.Change(u, "POST /v1/grants/{id}/sign", "signForFund", access.GrantWrite, g.all, grant.Grant.SignForFund)
	service.Change(u, "POST /v1/grants/{id}/payments", "orderPayment", access.GrantWrite, g.all, grant.Grant.OrderPayment)
	service.Change(u, "POST /v1/grants/{id}/payments/confirm", "confirmPayment", access.GrantWrite, g.all, grant.Grant.ConfirmPayment)
	service.Change(u, "POST /v1/grants/{id}/reports/accept", "acceptReport", access.GrantWrite, g.all, grant.Grant.AcceptReport)
	service.Change(u, "POST /v1/grants/{id}/reports/send-back", "sendReportBack", access.GrantWrite, g.all, grant.Grant.SendReportBack)
	service.Change(u, "POST /v1/grants/{id}/audits", "orderAudit", access.GrantWrite, g.all, grant.Grant.OrderAudit)
	service.Change(u, "POST /v1/grants/{id}/audits/result", "recordAudit", access.GrantWrite, g.all, grant.Grant.RecordAudit)
	service.Change(u, "POST /v1/grants/{id}/extensions/decide", "decideExtension", access.GrantWrite, g.all, grant.Grant.DecideExtension)
	service.Change(u, "POST /v1/grants/{id}/suspend", "suspendGrant", access.GrantWrite, g.all, grant.Grant.Suspend)
	service.Change(u, "POST /v1/grants/{id}/restore", "restoreGrant", access.GrantWrite, g.all, grant.Grant.Restore)
	service.Change(u, "POST /v1/grants/{id}/returns", "recordGrantMoney", access.GrantWrite, g.all, grant.Grant.RecordReturn)
	service.Change(u, "POST /v1/grants/{id}/end", "endGrantEarly", access.GrantWrite, g.all, grant.Grant.EndEarly)
	service.Change(u, "POST /v1/grants/{id}/close", "closeGrant", access.GrantWrite, g.all, grant.Grant.Close)

	service.Change(u, "POST /v1/grants/{id}/sign-for-grantee", "signForGrantee", access.GrantReport, g.all, grant.Grant.SignForGrantee)
	service.Change(u, "POST /v1/grants/{id}/reports", "submitReport", access.GrantReport, g.all, grant.Grant.SubmitReport)
	service.Change(u, "POST /v1/grants/{id}/extensions", "askExtension", access.GrantReport, g.all, grant.Grant.AskExtension)
	service.Upload(u, "POST /v1/grants/{id}/papers", "storeGrantPaper", access.GrantReport, g.all,
		func(context.Context, string, fact.By) struct{} { return struct{}{} }, grant.Grant.StorePaper)

	service.Serve(u, "GET /v1/fund", "getFund", access.Public, func(ctx context.Context, by fact.By, _ edge.Request[struct{}]) (page.Fund, string, error) {
		f, err := g.fund(ctx, by.At)
		return f, "", err
	})
	service.HTML(u, "GET "+page.Path, "getFundPage", func(ctx context.Context, req edge.Request[struct{}]) (edge.Page, error) {
		f, err := g.fund(ctx, g.clock())
		return page.Show(edge.Visit{Languages: req.Languages, Query: req.Query}, f), err
	}, page.Refused)
}

// grantReactions is what happens to grants by clocks, and by figures that were released.
func grantReactions(u *service.Unit, g grants) {
	service.Due(u, grant.ReportDeadline, "onGrantReportDue", g.all, grant.Grant.ReportDue)
	service.On(u, "onTableReleased", g.served, served.Named, served.Table.OnReleased)
}

// awarded is what an agreement hangs on.
func (g grants) awarded(ctx context.Context, _ string, _ fact.By, cmd grant.Draft) (on grant.On) {
	on.Award, on.Err = g.award(ctx, cmd.Application)
	return on
}

// trustees shows who sits on the board, to managers and trustees.
func (g grants) trustees(ctx context.Context, by fact.By, _ string, _ url.Values) (board.View, error) {
	b, err := g.board.Get(ctx, board.ID())
	if err != nil || !b.State.Visible(by) {
		return board.View{Trustees: []board.Seat{}}, err
	}
	return b.State.Shown(by.At), nil
}

// servedBy shows what was released of a grant, to who may see the grant.
func (g grants) servedBy(ctx context.Context, by fact.By, id string, _ url.Values) (served.Answer, error) {
	if _, err := g.all.See(ctx, id, by); err != nil {
		return served.Answer{}, err
	}
	tables, err := read(ctx, g.served, g.served.Find(served.ByGrant.Of(id)))
	return served.Of(id, code.FiguresFund, tables), err
}

// paper finds a paper of a grant for who may see the grant.
func (g grants) paper(ctx context.Context, id string, by fact.By, file string) (string, vault.File, error) {
	res, err := g.all.See(ctx, id, by)
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
func (g grants) fund(ctx context.Context, now time.Time) (page.Fund, error) {
	donors, err := g.donors(ctx)
	if err != nil {
		return page.Fund{}, err
	}
	agreed, err := read(ctx, g.all, g.all.Find(grant.Agreed.Of()))
	if err != nil {
		return page.Fund{}, err
	}
	ids := g.served.Find(served.ByGrant.Of())
	slices.Sort(ids) // a table stands in the list once for each of its grants
	tables, err := read(ctx, g.served, slices.Compact(ids))
	return page.Make(now, donors, agreed, tables), err
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
