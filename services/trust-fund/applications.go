package trustfund

import (
	"context"
	"errors"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/application"
	"github.com/sanad-network/sanad/services/trust-fund/internal/board"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
)

// applying is what agencies ask of the fund for themselves, and what becomes of it.
func applying(u *service.Unit, r rooms) {
	service.Do(u, "POST /v1/applications", "startApplication", access.ApplicationWrite, r.start)
	service.List(u, "GET /v1/applications", "listApplications", access.ApplicationWrite, r.applications, application.Own)
	service.Get(u, "GET /v1/applications/{id}", "getApplication", access.ApplicationRead, r.applications)
	service.Told(u, "GET /v1/applications/{id}/history", "getApplicationHistory", access.ApplicationRead, r.applications, application.Application.Tells)
	service.Query(u, "GET /v1/applications/{id}/receipt", "getApplicationReceipt", access.ApplicationWrite, r.receipt)
	service.Download(u, "GET /v1/applications/{id}/file", "getApplicationFile", access.ApplicationRead, r.file)
	service.Change(u, "POST /v1/applications/{id}/draft", "saveApplication", access.ApplicationWrite, r.applications, application.Application.Save)
	service.Upload(u, "POST /v1/applications/{id}/files", "storeApplicationFile", access.ApplicationWrite, r.applications, alone, application.Application.StoreFile)
	service.Change(u, "POST /v1/applications/{id}/papers", "nameApplicationPaper", access.ApplicationWrite, r.applications, application.Application.NamePaper)
	service.Change(u, "POST /v1/applications/{id}/submit", "submitApplication", access.ApplicationWrite, r.applications, application.Application.Submit)
	service.Change(u, "POST /v1/applications/{id}/take-back", "takeBackApplication", access.ApplicationWrite, r.applications, application.Application.TakeBack)
}

// deciding is what the fund's people do with what was submitted.
func deciding(u *service.Unit, r rooms) {
	service.List(u, "GET /v1/fund/applications", "listReceivedApplications", access.FundWrite, r.applications, application.Received)
	service.List(u, "GET /v1/fund/ranking", "listRanking", access.FundRead, r.applications, application.Ranked)
	service.List(u, "GET /v1/fund/overdue-assessments", "listOverdueAssessments", access.FundWrite, r.applications, application.Overdue)
	service.List(u, "GET /v1/assignments", "listAssignments", access.ApplicationAssess, r.applications, application.Assigned)
	service.List(u, "GET /v1/votes", "listVotes", access.AwardVote, r.applications, application.ToVote)
	service.Change(u, "POST /v1/applications/{id}/eligibility", "judgeEligibility", access.FundWrite, r.applications, application.Application.Judge)
	service.Change(u, "POST /v1/applications/{id}/eligibility/countersign", "countersignEligibility", access.FundWrite, r.applications, application.Application.Countersign)
	service.Change(u, "POST /v1/applications/{id}/assessors", "assignAssessor", access.FundWrite, r.applications, application.Application.Assign)
	service.Change(u, "POST /v1/applications/{id}/assessors/free", "freeAssessor", access.FundWrite, r.applications, application.Application.Free)
	service.ChangeOn(u, "POST /v1/applications/{id}/interest", "declareInterest", access.ApplicationAssess, r.applications, r.onAssessor, application.Application.Declare)
	service.ChangeOn(u, "POST /v1/applications/{id}/scores", "scoreApplication", access.ApplicationAssess, r.applications, r.onAssessor, application.Application.Score)
	service.ChangeOn(u, "POST /v1/applications/{id}/select", "selectApplication", access.FundWrite, r.applications, r.onFund, application.Application.Select)
	service.ChangeOn(u, "POST /v1/applications/{id}/votes", "voteOnApplication", access.AwardVote, r.applications, r.onBoard, application.Application.Vote)
	service.DoOn(u, "POST /v1/applications/{id}/award", "awardApplication", access.FundWrite, r.award)
	service.ChangeOn(u, "POST /v1/applications/{id}/refuse", "refuseApplication", access.FundWrite, r.applications, r.onBoard, application.Application.Refuse)
}

// start begins the one application of the caller's agency to a call.
func (r rooms) start(ctx context.Context, by fact.By, cmd application.Start) (application.View, error) {
	on, err := r.calls.Fresh(ctx, cmd.Call)
	if err == nil && !on.Value().Visible(by) {
		err = record.ErrNotFound
	}
	res, err := r.applications.Put(ctx, application.ID(cmd.Call, by.Agency), func(a application.Application, by fact.By) ([]fact.Event, error) {
		if err != nil {
			return nil, err
		}
		return a.Start(by, cmd, on)
	})
	return shown(res, by), err
}

// shown is an application after a use case of more than one record.
func shown(res record.Result[application.Application], by fact.By) application.View {
	if res.At.After(by.At) {
		by.At = res.At // the commit came after the request
	}
	v, _ := res.State.View(by).(application.View)
	return v
}

// alone looks up nothing, for a file that only its own record decides on.
func alone(context.Context, string, fact.By) struct{} { return struct{}{} }

// under looks up the call of an application. Calls never look back at applications.
func (r rooms) under(ctx context.Context, a application.Application) (look.Fresh[call.Call], error) {
	return r.calls.Fresh(ctx, a.Call)
}

// onAssessor looks up whether the caller's own agency applies under the same call.
func (r rooms) onAssessor(ctx context.Context, id string, by fact.By) (on application.OnAssessor) {
	is, err := r.applications.Fresh(ctx, id)
	if err != nil {
		on.Err = err
		return on
	}
	own, err := r.applications.Fresh(ctx, application.ID(is.Value().Call, by.Agency))
	on.Applies, on.Err = look.As(own, application.Application.Exists), err
	return on
}

// onFund looks up what can be proposed: of what is free for the application, and of the whole balance,
// without what is selected already.
func (r rooms) onFund(ctx context.Context, id string, _ fact.By) (on application.OnFund) {
	use, err := r.use(ctx, id)
	if err != nil {
		on.Err = err
		return on
	}
	selected, err := r.applications.FreshIn(ctx, application.Selected())
	if err != nil {
		on.Err = err
		return on
	}
	var all, same int64
	for _, other := range selected.Value() {
		is, err := r.use(ctx, other)
		if err != nil {
			on.Err = err
			return on
		}
		all += is.Cents
		if is.SubProgramme == use.SubProgramme && is.Country == use.Country {
			same += is.Cents
		}
	}
	money, err := r.money.Fresh(ctx, ledger.ID)
	on.Err = err
	on.Room = look.As(money, func(l ledger.Ledger) int64 { return min(l.Available(use)-same, l.Balance()-all) })
	return on
}

// use is for what an application asks, and how much is proposed for it.
func (r rooms) use(ctx context.Context, id string) (ledger.Use, error) {
	is, err := r.applications.Fresh(ctx, id)
	if err != nil || is.Value().Submitted == nil {
		return ledger.Use{}, err
	}
	of, err := r.calls.Fresh(ctx, is.Value().Call)
	use := ledger.Use{SubProgramme: of.Value().SubProgramme, Country: is.Value().Submitted.Country}
	if s := is.Value().Selection; s != nil {
		use.Cents = s.AmountCents
	}
	return use, err
}

// onBoard looks up the board, and whether the fund has committed money to the application.
func (r rooms) onBoard(ctx context.Context, id string, _ fact.By) (on application.OnBoard) {
	if on.Board, on.Err = r.terms(ctx); on.Err != nil {
		return on
	}
	money, err := r.money.Fresh(ctx, ledger.ID)
	on.Committed, on.Err = look.As(money, func(l ledger.Ledger) bool { _, is := l.Awards[id]; return is }), err
	return on
}

// award commits the money first: the fund's record refuses what is beyond the balance. Then the
// application is awarded. What fails between the two is made good by whoever asks again.
func (r rooms) award(ctx context.Context, by fact.By, id string, _ application.Nothing) (application.View, error) {
	if is, err := r.applications.Fresh(ctx, id); err != nil {
		return application.View{}, err
	} else if !is.Value().Visible(by) {
		return application.View{}, record.ErrNotFound
	}
	on := r.awarded(ctx, id, by)
	_, err := r.money.Execute(ctx, ledger.ID, func(l ledger.Ledger, by fact.By) ([]fact.Event, error) {
		return l.Commit(by, ledger.Commit{Application: id}, on)
	})
	if err != nil && !errors.Is(err, ledger.ErrCommitted) && !errors.Is(err, application.ErrStage) {
		return application.View{}, err
	}
	money, failed := r.money.Fresh(ctx, ledger.ID)
	if failed != nil {
		return application.View{}, failed
	}
	kept, is := money.Value().Awards[id]
	if !is {
		return application.View{}, err
	}
	res, err := r.applications.Execute(ctx, id, func(a application.Application, by fact.By) ([]fact.Event, error) {
		return a.Commit(by, kept.Cents)
	})
	return shown(res, by), err
}

// terms is who is a trustee when.
func (r rooms) terms(ctx context.Context) (look.Fresh[application.Board], error) {
	is, err := r.board.Fresh(ctx, board.ID())
	return look.As(is, func(b board.Board) (all application.Board) {
		for _, t := range b.Terms {
			all.Terms = append(all.Terms, application.Term{Trustee: t.Subject, From: t.From, Until: t.Until})
		}
		return all
	}), err
}

// awarded is what the trustees decided of an application, for the fund's record. Whoever commits must be
// one who may award.
func (r rooms) awarded(ctx context.Context, id string, by fact.By) (on ledger.On) {
	board := r.onBoard(ctx, id, by)
	use, err := r.use(ctx, id)
	if err != nil {
		return ledger.On{Err: err}
	}
	is, err := r.applications.Fresh(ctx, id)
	if err != nil {
		return ledger.On{Err: err}
	}
	cents, err := is.Value().Award(by, board)
	if err != nil {
		return ledger.On{Err: err}
	}
	on.Awarded = look.As(is, func(application.Application) ledger.Awarded {
		return ledger.Awarded{Exists: true, SubProgramme: use.SubProgramme, Country: use.Country, Cents: cents}
	})
	return on
}

// receipt gives the agency its receipt.
func (r rooms) receipt(ctx context.Context, by fact.By, id string, _ url.Values) (application.ReceiptView, error) {
	res, err := r.applications.See(ctx, id, by)
	if err != nil {
		return application.ReceiptView{}, err
	}
	return res.State.Receipted(by)
}

// file gives a file to who may see it.
func (r rooms) file(ctx context.Context, id string, by fact.By, name string) (string, vault.File, error) {
	res, err := r.applications.See(ctx, id, by)
	if err != nil {
		return "", vault.File{}, err
	}
	f, there := res.State.File(by, name)
	if !there {
		return "", vault.File{}, record.ErrNotFound
	}
	return res.State.Case(), f, nil
}
