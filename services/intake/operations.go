package intake

import (
	"context"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake/internal/app"
	"github.com/sanad-network/sanad/services/intake/internal/centre"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/intake/internal/period"
	"github.com/sanad-network/sanad/services/internal/work"
)

// operations is what the people at a front desk and the agencies that they ask
// can do here. Everybody of the desk sees the frame of a case; who has it, and who covers,
// sees what is in it and changes it. Her no, and her safety, wait for nobody: everybody of
// the desk records that she refuses or withdraws, and closes her contact.
func operations(u *service.Unit, a app.App) {
	cases, rules := a.Cases, a.Rules
	service.Create(u, "POST /v1/cases", "openCase", access.CaseOpen, cases, domain.Within(rules))
	service.List(u, "GET /v1/cases", "listCases", access.CaseRead, cases, domain.Listed(rules))
	service.GetBy(u, "GET /v1/cases/{id}", "getCase", access.CaseRead, cases, a.Read)
	service.Timeline(u, "GET /v1/cases/{id}/timeline", "getTimeline", access.CaseRead, cases, a.Past,
		func(d fact.Data) service.Words { return service.Words(domain.Say(d)) })
	service.Query(u, "GET /v1/cases/{id}/looks", "listCaseLooks", access.CaseRead, a.Looked)
	service.Query(u, "GET /v1/cases/{id}/plan", "getCasePlan", access.CaseRead, a.Sequence)

	service.ChangeNaming(u, "POST /v1/cases/{id}/consents", "giveConsent", access.ConsentRecord, cases, app.Named[domain.GiveConsent](a), domain.OwnerNaming(domain.Ruled(a.Rules, domain.Case.GiveConsent)))
	service.Change(u, "POST /v1/cases/{id}/consents/refuse", "refuseConsent", access.ConsentRecord, cases, domain.Case.RefuseConsent)
	service.Change(u, "POST /v1/cases/{id}/consents/withdraw", "withdrawConsent", access.ConsentRecord, cases, domain.Case.WithdrawConsent)

	service.ChangeNaming(u, "POST /v1/cases/{id}/consents/request", "requestConsent", access.ConsentRecord, cases, app.Named[domain.RequestConsent](a), domain.OwnerNaming(domain.Case.RequestConsent))
	service.ChangeOn(u, "POST /v1/cases/{id}/consents/end", "endConsent", access.ConsentRecord, cases, a.Hands, domain.ByOwner(domain.Case.EndConsent))
	service.ChangeOn(u, "POST /v1/cases/{id}/consents/receipt", "offerReceipt", access.ConsentRecord, cases, a.Hands, domain.ByOwner(domain.Case.OfferReceipt))
	service.ChangeOn(u, "POST /v1/cases/{id}/counting", "answerCounting", access.ConsentRecord, cases, a.Hands,
		func(c domain.Case, by fact.By, cmd domain.AnswerCounting, h work.Hands) ([]fact.Event, error) {
			return c.AnswerCounting(by, cmd, h, rules)
		})
	service.ChangeOn(u, "POST /v1/cases/{id}/mandatory-reports", "recordMandatoryReport", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Ruled(rules, domain.Case.RecordMandatoryReport)))

	service.ChangeNamingThen(u, "POST /v1/cases/{id}/requests", "requestServices", access.ServiceRequest, cases, app.Named[domain.RequestServices](a), domain.OwnerNaming(domain.Under(rules, domain.Case.RequestServices)), a.Draw)
	service.Serve(u, "POST /v1/cases/{id}/askable", "listAskable", access.ServiceRequest,
		func(ctx context.Context, by fact.By, req edge.Request[app.Agencies]) (app.Agencies, string, error) {
			answer, err := a.Askable(ctx, by, req.ID, req.Body)
			return answer, "", err
		})
	service.ChangeNamingThen(u, "POST /v1/cases/{id}/reroute", "rerouteReferral", access.ServiceRequest, cases, app.Named[domain.Reroute](a), domain.OwnerNaming(domain.Under(rules, domain.Case.Reroute)), a.Draw)
	service.ChangeOn(u, "POST /v1/cases/{id}/resume", "resumeReferral", access.ServiceRequest, cases, a.Hands, domain.ByOwner(domain.Under(rules, domain.Case.Resume)))
	service.ChangeOn(u, "POST /v1/cases/{id}/settle", "settleNeed", access.ServiceRequest, cases, a.Hands, domain.ByOwner(domain.Case.SettleNeed))
	service.Change(u, "POST /v1/cases/{id}/contact/suspend", "suspendContact", access.CaseWrite, cases, domain.Case.SuspendContact)
	service.ChangeOn(u, "POST /v1/cases/{id}/contact/restore", "restoreContact", access.CaseWrite, cases, a.Watch, domain.ByOwner(domain.Case.RestoreContact))
	service.Serve(u, "POST /v1/cases/{id}/contact/ask", "askContact", access.CaseRead,
		func(ctx context.Context, by fact.By, req edge.Request[domain.AskContact]) (domain.Allowed, string, error) {
			allowed, err := a.AskContact(ctx, by, req.ID, req.Body)
			return allowed, "", err
		})
	service.ChangeOn(u, "POST /v1/cases/{id}/danger-news", "bringDangerNews", access.CaseWrite, cases, a.Watch,
		func(c domain.Case, by fact.By, cmd domain.BringDangerNews, h work.Hands) ([]fact.Event, error) {
			return c.BringDangerNews(by, cmd, h, rules)
		})
	service.ChangeOn(u, "POST /v1/cases/{id}/danger-news/settle", "settleDangerNews", access.CaseWrite, cases, a.Watch, domain.ByOwner(domain.Case.SettleDangerNews))
	service.ChangeOn(u, "POST /v1/cases/{id}/danger-news/reopen", "reopenDangerNews", access.CaseWrite, cases, a.Watch, domain.ByOwner(domain.Ruled(rules, domain.Case.ReopenDangerNews)))
	service.ChangeThen(u, "POST /v1/cases/{id}/amend", "amendCase", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Ruled(a.Rules, domain.Case.Amend)), a.Amended)
	service.ChangeOn(u, "POST /v1/cases/{id}/incidents", "recordIncident", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.RecordIncident))
	service.ChangeOn(u, "POST /v1/cases/{id}/incidents/amend", "amendIncident", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.AmendIncident))
	service.ChangeOn(u, "POST /v1/cases/{id}/incidents/enter-in-error", "enterIncidentInError", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.EnterIncidentInError))
	service.ChangeOn(u, "POST /v1/cases/{id}/danger", "askDanger", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Under(rules, domain.Case.AskDanger)))
	service.ChangeOn(u, "POST /v1/cases/{id}/indicators", "askIndicators", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.AskIndicators))
	service.ChangeOn(u, "POST /v1/cases/{id}/identifications", "recordIdentification", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Under(rules, domain.Case.RecordIdentification)))
	service.ChangeOn(u, "POST /v1/cases/{id}/passages", "recordPassage", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.RecordPassage))
	service.ChangeOn(u, "POST /v1/cases/{id}/topics", "tellTopic", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.TellTopic))
	service.ChangeOn(u, "POST /v1/cases/{id}/action-plan/goals", "setGoal", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.TellingShares(rules, domain.Case.SetGoal)))
	service.ChangeOn(u, "POST /v1/cases/{id}/action-plan/goals/settle", "settleGoal", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.SettleGoal))
	service.ChangeOn(u, "POST /v1/cases/{id}/action-plan/steps", "setStep", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.TellingShares(rules, domain.Case.SetStep)))
	service.ChangeOn(u, "POST /v1/cases/{id}/action-plan/steps/settle", "settleStep", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.TellingShares(rules, domain.Case.SettleStep)))
	service.ChangeOn(u, "POST /v1/cases/{id}/action-plan/review", "reviewActionPlan", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.ReviewActionPlan))
	service.ChangeOn(u, "POST /v1/cases/{id}/action-plan/close", "closeActionPlan", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.CloseActionPlan))
	service.ChangeOn(u, "POST /v1/cases/{id}/conferences", "proposeConference", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Under(rules, domain.Case.ProposeConference)))
	service.ChangeOn(u, "POST /v1/cases/{id}/conferences/agree", "agreeConference", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.TellingShares(rules, domain.Under(rules, domain.Case.AgreeConference))))
	service.ChangeOn(u, "POST /v1/cases/{id}/conferences/hold", "holdConference", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.HoldConference))
	service.ChangeOn(u, "POST /v1/cases/{id}/conferences/call-off", "callOffConference", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.TellingShares(rules, domain.Case.CallOffConference)))
	service.ChangeOn(u, "POST /v1/cases/{id}/grantees/asked", "askedGrantee", access.ServiceRequest, cases, a.Hands, domain.ByOwner(domain.Case.AskedGrantee))
	service.ChangeOn(u, "POST /v1/cases/{id}/onward/answer", "answerOnward", access.ServiceRequest, cases, a.Hands, domain.ByOwner(domain.Case.AnswerOnward))
	service.ChangeOn(u, "POST /v1/cases/{id}/response", "askResponse", access.ServiceRequest, cases, a.Responders, domain.Case.AskResponse)
	service.Change(u, "POST /v1/cases/{id}/response/call-off", "callOffResponse", access.ConsentRecord, cases, domain.Case.CallOffResponse)
	service.ChangeOn(u, "POST /v1/cases/{id}/response/link", "linkResponse", access.ServiceRequest, cases, a.Hands, domain.ByOwner(domain.Case.LinkResponse))
	service.ChangeOn(u, "POST /v1/cases/{id}/enter-in-error", "enterCaseInError", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.EnterInError))
	service.ChangeThen(u, "POST /v1/cases/{id}/reopen", "reopenCase", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.Reopen), a.Lead)
	service.ChangeThen(u, "POST /v1/cases/{id}/close", "closeCase", access.CaseWrite, cases, a.Led, domain.Closing(rules), a.Lead)

	service.ChangeOn(u, "POST /v1/cases/{id}/hand-over", "handOverCase", access.CaseAssign, cases, a.Colleagues, domain.Case.HandOver)
	service.ChangeOn(u, "POST /v1/cases/{id}/restrict", "restrictCase", access.CaseAssign, cases, a.Colleagues, domain.Case.Restrict)
	service.ChangeOn(u, "POST /v1/cases/{id}/duplicates/settle", "settleDuplicate", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.SettleHint))
	service.ChangeNamingThen(u, "POST /v1/cases/{id}/merge", "mergeCase", access.CaseWrite, cases, a.Pair, domain.Case.Merge, a.Merged)
	service.ChangeOn(u, "POST /v1/cases/{id}/unmerge", "unmergeCase", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.Unmerge))
	service.ChangeNaming(u, "POST /v1/cases/{id}/transfer", "askTransfer", access.CaseAssign, cases, a.Asking, domain.Case.AskTransfer)
	service.ChangeOn(u, "POST /v1/cases/{id}/transfer/end", "endTransfer", access.CaseAssign, cases, a.Hands, domain.ByOwner(domain.Case.EndTransfer))
	service.Serve(u, "GET /v1/transfers", "listTransfers", access.CaseRead,
		func(ctx context.Context, by fact.By, req edge.Request[struct{}]) (app.Transfers, string, error) {
			return a.ListTransfers(ctx, by, req.Query, req.Cursor, req.Limit)
		})
	service.Serve(u, "POST /v1/transfers/{id}/accept", "acceptTransfer", access.CaseOpen,
		func(ctx context.Context, by fact.By, req edge.Request[domain.AcceptTransfer]) (domain.TransferView, string, error) {
			view, err := a.AcceptTransfer(ctx, by, req.ID)
			return view, "", err
		})
	service.Serve(u, "POST /v1/transfers/{id}/decline", "declineTransfer", access.CaseAssign,
		func(ctx context.Context, by fact.By, req edge.Request[domain.DeclineTransfer]) (domain.TransferView, string, error) {
			view, err := a.DeclineTransfer(ctx, by, req.ID, req.Body)
			return view, "", err
		})

	enquiries(u, a)
	centres(u, a)
	figuresOf(u, a)
	service.Serve(u, "GET /v1/programmes", "listProgrammes", access.AgencyRead,
		func(ctx context.Context, by fact.By, _ edge.Request[struct{}]) (app.Programmes, string, error) {
			all, err := a.ListProgrammes(ctx, by)
			return all, "", err
		})

	service.Do(u, "POST /v1/incidents/export", "exportIncidents", access.CaseRead, a.Export)
	service.Do(u, "POST /v1/cases/search", "searchCases", access.CaseRead, a.Search)
	service.Serve(u, "GET /v1/searches", "listSearches", access.CaseReview,
		func(ctx context.Context, by fact.By, req edge.Request[struct{}]) (app.Reviewed, string, error) {
			return a.Review(ctx, by, req.Cursor, req.Limit)
		})

	service.Do(u, "POST /v1/disclosures", "disclose", access.DisclosureRead, a.Disclose)
	service.Do(u, "POST /v1/disclosures/contact", "askContactFor", access.DisclosureRead, a.AskContactFor)
	service.Serve(u, "GET /v1/shares", "listShares", access.DisclosureRead,
		func(ctx context.Context, by fact.By, req edge.Request[struct{}]) (app.Shares, string, error) {
			return a.ListShares(ctx, by, req.Cursor, req.Limit)
		})
	service.Serve(u, "POST /v1/disclosures/{id}/share", "lookAtShare", access.DisclosureRead,
		func(ctx context.Context, by fact.By, req edge.Request[domain.LookAtShare]) (domain.Share, string, error) {
			share, err := a.LookAtShare(ctx, by, req.ID)
			return share, "", err
		})
	service.Serve(u, "POST /v1/disclosures/{id}/topics", "tellTopicFor", access.DisclosureRead,
		func(ctx context.Context, by fact.By, req edge.Request[domain.TellTopic]) (domain.Noted, string, error) {
			noted, err := a.TellTopicFor(ctx, by, req.ID, req.Body)
			return noted, "", err
		})
	service.Serve(u, "POST /v1/disclosures/{id}/conference", "answerConference", access.DisclosureRead,
		func(ctx context.Context, by fact.By, req edge.Request[domain.AnswerConference]) (domain.Answered, string, error) {
			answered, err := a.AnswerConference(ctx, by, req.ID, req.Body)
			return answered, "", err
		})
	service.Serve(u, "POST /v1/disclosures/{id}/onward", "askOnward", access.DisclosureRead,
		func(ctx context.Context, by fact.By, req edge.Request[domain.AskOnward]) (domain.Onwards, string, error) {
			asked, err := a.AskOnward(ctx, by, req.ID, req.Body)
			return asked, "", err
		})
	service.Serve(u, "POST /v1/disclosures/{id}/danger-news", "bringDangerNewsFor", access.DisclosureRead,
		func(ctx context.Context, by fact.By, req edge.Request[domain.BringDangerNews]) (domain.TakenNews, string, error) {
			taken, err := a.BringDangerNewsFor(ctx, by, req.ID, req.Body)
			return taken, "", err
		})
	service.Do(u, "POST /v1/disclosures/response", "showResponse", access.ReferralReport, a.ShowResponse)
	service.Serve(u, "GET /v1/cases/{id}/disclosures", "listDisclosures", access.CaseRead,
		func(ctx context.Context, by fact.By, req edge.Request[struct{}]) (app.Ledger, string, error) {
			return a.Disclosures(ctx, by, req.ID, req.Cursor, req.Limit)
		})
}

// centres is what a desk does that is the reception of a house in which several agencies work.
func centres(u *service.Unit, a app.App) {
	cases, rules := a.Cases, a.Rules
	service.Create(u, "POST /v1/centres", "openCentre", access.CentreWrite, a.Centres, centre.Centre.Open)
	service.List(u, "GET /v1/centres", "listCentres", access.CaseRead, a.Centres,
		func(by fact.By, _ url.Values) (image.Part[centre.Centre], error) {
			return centre.ByAgency.Of(by.Agency), nil
		})
	service.GetBy(u, "GET /v1/centres/{id}", "getCentre", access.CaseRead, a.Centres, a.Reception)
	service.Change(u, "POST /v1/centres/{id}/describe", "describeCentre", access.CentreWrite, a.Centres, centre.Centre.Describe)
	service.ChangeNaming(u, "POST /v1/centres/{id}/holds", "holdRoom", access.CaseWrite, a.Centres, a.Here,
		func(c centre.Centre, by fact.By, cmd centre.HoldRoom, here look.Fresh[[]string]) ([]fact.Event, error) {
			return c.Hold(by, cmd, len(here.Value()) > 0)
		})
	service.ChangeNaming(u, "POST /v1/cases/{id}/visits", "beginVisit", access.CaseWrite, cases, a.House, domain.InHouse(domain.Case.BeginVisit))
	service.ChangeOn(u, "POST /v1/cases/{id}/visits/steps", "planVisitStep", access.CaseWrite, cases, a.HouseOf, domain.InHouse(domain.Case.PlanVisitStep))
	service.ChangeThen(u, "POST /v1/cases/{id}/visits/steps/move", "moveVisitStep", access.CaseWrite, cases, a.HouseOf,
		domain.InHouse(func(c domain.Case, by fact.By, cmd domain.MoveVisitStep, h domain.House) ([]fact.Event, error) {
			return c.MoveVisitStep(by, cmd, h, rules)
		}), a.InRooms)
	service.ChangeThen(u, "POST /v1/cases/{id}/visits/leave", "leaveVisit", access.CaseWrite, cases, a.Hands, domain.Case.LeaveVisit, a.InRooms)
	service.ChangeOn(u, "POST /v1/cases/{id}/recordings", "recordAccount", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Case.RecordAccount))
	service.ChangeOn(u, "POST /v1/cases/{id}/recordings/hear", "hearAccount", access.CaseWrite, cases, a.Hands, domain.ByOwner(domain.Ruled(rules, domain.Case.HearAccount)))
	service.Serve(u, "GET /v1/visits", "listVisits", access.DisclosureRead,
		func(ctx context.Context, by fact.By, req edge.Request[struct{}]) (app.VisitsWaiting, string, error) {
			return a.ListVisits(ctx, by, req.Cursor, req.Limit)
		})
}

// figuresOf is what coordinators do so that figures are counted and published, and what of them
// everybody may read.
func figuresOf(u *service.Unit, a app.App) {
	service.PutNaming(u, "POST /v1/figures", "closePeriod", access.FiguresWrite, a.Periods, period.Close.Name, a.Counted, period.Period.Close)
	service.List(u, "GET /v1/figures", "listFigures", access.Welcome, a.Periods, period.Choose)
	service.Query(u, "GET /v1/figures/due", "listFiguresDue", access.FiguresRead, a.FiguresDue)
	service.Get(u, "GET /v1/figures/{id}", "getFigures", access.Welcome, a.Periods)
	service.Change(u, "POST /v1/figures/{id}/releases", "releaseTable", access.FiguresWrite, a.Periods, period.Releasing(a.Rules.Programmes))
	service.Query(u, "GET /v1/figures/{id}/table", "getFigureTable", access.Welcome, a.FigureTable)
	service.Document(u, "GET /v1/figures/{id}/table.csv", "getFigureTableAsCSV", access.Welcome, tables{a}.asCSV)
	service.HTML(u, "GET /v1/figures/{id}/table.html", "getFigureTablePage", tables{a}.asPage, noTable)
}

// enquiries is what a desk is told while there is no case: by a card that it made, and by a third
// person.
func enquiries(u *service.Unit, a app.App) {
	service.Serve(u, "POST /v1/cards", "makeCards", access.CaseOpen,
		func(ctx context.Context, by fact.By, req edge.Request[domain.MakeCards]) (app.MadeCards, string, error) {
			made, err := a.MakeCards(ctx, by, req.Key, req.Body)
			return made, "", err
		})
	service.List(u, "GET /v1/cards", "listCards", access.CaseRead, a.Cards,
		func(by fact.By, _ url.Values) (image.Part[domain.Cards], error) {
			return domain.CardsByAgency.Of(by.Agency), nil
		})
	service.Get(u, "GET /v1/cards/{id}", "getCards", access.CaseRead, a.Cards)
	service.Change(u, "POST /v1/cards/{id}/end", "endCards", access.CaseOpen, a.Cards, domain.Cards.End)
	service.Serve(u, "POST /v1/enquiries/send", "sendEnquiry", access.Public,
		func(ctx context.Context, _ fact.By, req edge.Request[domain.SendEnquiry]) (app.Sent, string, error) {
			sent, err := a.SendEnquiry(ctx, req.Key, req.Body)
			return sent, "", err
		})
	service.CreateOn(u, "POST /v1/enquiries", "recordReport", access.CaseOpen, a.Enquiries, a.Desk, domain.Enquiry.Record)
	service.List(u, "GET /v1/enquiries", "listEnquiries", access.CaseRead, a.Enquiries, domain.Enquiries)
	service.Get(u, "GET /v1/enquiries/{id}", "getEnquiry", access.CaseRead, a.Enquiries)
	service.Change(u, "POST /v1/enquiries/{id}/take", "takeEnquiry", access.CaseOpen, a.Enquiries,
		func(e domain.Enquiry, by fact.By, cmd domain.TakeEnquiry) ([]fact.Event, error) {
			return e.Take(by, cmd, a.Rules)
		})
	service.ChangeOn(u, "POST /v1/enquiries/{id}/hand-over", "handOverEnquiry", access.CaseAssign, a.Enquiries, a.Staff,
		func(e domain.Enquiry, by fact.By, cmd domain.HandOverEnquiry, on domain.Colleagues) ([]fact.Event, error) {
			return e.HandOver(by, cmd, on, a.Rules)
		})
	service.ChangeNaming(u, "POST /v1/enquiries/{id}/response", "askEnquiryResponse", access.ServiceRequest, a.Enquiries, a.EnquiryResponders, domain.Enquiry.AskResponse)
	service.Change(u, "POST /v1/enquiries/{id}/response/call-off", "callOffEnquiryResponse", access.ConsentRecord, a.Enquiries, domain.Enquiry.CallOffResponse)
	service.ChangeNaming(u, "POST /v1/enquiries/{id}/settle", "settleEnquiry", access.CaseOpen, a.Enquiries, a.HerCase, domain.Enquiry.Settle)
}
