package invitation

import (
	"context"
	"net/url"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/page"
)

// form is what the page for answers posts: without an answer the page shows
// what the code is for.
type form struct {
	Code string `json:"code"`
	// Said is what the page said last, when it is to say it in another language.
	Said   page.Said          `json:"said"`
	Answer code.Answer        `json:"answer"`
	Reason code.DeclineReason `json:"reason"`

	// What became of copies, after a recall.
	Erasure code.Erasure `json:"erasure"`
	Ground  string       `json:"ground"`
	Until   string       `json:"until"`
	Told    string       `json:"told"`
}

// answering is an answer without the page.
type answering struct {
	Code   string             `json:"code"`
	Answer code.Answer        `json:"answer"`
	Reason code.DeclineReason `json:"reason"`
}

// letGo is what the form says became of copies. A day that is none is left out, and then a
// part is missing.
func (f form) letGo() domain.LetGo {
	said := domain.LetGo{Erasure: f.Erasure, Ground: f.Ground}
	said.Day, _ = time.Parse(time.DateOnly, f.Until)
	if f.Told != "" {
		told := f.Told == "yes"
		said.SheWasTold = &told
	}
	return said
}

type opening struct {
	Code string `json:"code"`
}

type answered struct {
	Answer code.Answer `json:"answer"`
}

// Answers is how agencies without accounts are reached, and what they can ask for
// without a token.
func Answers(u *service.Unit, clock func() time.Time, a app.Invitations) {
	service.PutOn(u, "POST /v1/channels", "setAgencyChannels", access.AgencyWrite, a.Channels, domain.SetChannels.Name, a.Home, domain.Channels.Set)
	service.Get(u, "GET /v1/channels/{id}", "getAgencyChannels", access.AgencyWrite, a.Channels)
	service.OnFunc(u, "onInvitationWanted", a.OnInvitationWanted)
	service.OnFunc(u, "onAgencyChannelsSet", a.OnAgencyChannelsSet)
	service.Due(u, "invitation", "onInvitationDue", a.Invitations, domain.Invitation.End)
	service.Way(u, a.Invitations, func(referral string) []string { return a.Invitations.Find(domain.ByReferral.Of(referral)) })
	notices(u, a)

	service.Serve(u, "POST /v1/referrals/{id}/invite", "inviteAgain", access.ReferralSend,
		func(ctx context.Context, by fact.By, req edge.Request[app.Invite]) (app.Standings, string, error) {
			stand, err := a.Invite(ctx, by, req.ID, req.Body)
			return stand, "", err
		})
	service.Query(u, "GET /v1/referrals/{id}/invitations", "listInvitations", access.ReferralRead,
		func(ctx context.Context, by fact.By, id string, _ url.Values) (app.Standings, error) {
			return a.Standings(ctx, by, id)
		})

	service.Serve(u, "POST /v1/answers/open", "openInvitation", access.Public,
		func(ctx context.Context, by fact.By, req edge.Request[opening]) (domain.Preview, string, error) {
			opened, err := a.Open(ctx, by.At, req.Body.Code)
			return opened.Preview, "", err
		})
	service.Serve(u, "POST /v1/answers", "answerInvitation", access.Public,
		func(ctx context.Context, _ fact.By, req edge.Request[answering]) (answered, string, error) {
			_, err := a.Answer(ctx, req.Body.Code, domain.Reply{Answer: req.Body.Answer, Reason: req.Body.Reason})
			return answered{req.Body.Answer}, "", err
		})

	service.HTML(u, "GET "+app.AnswerPage, "getAnswerPage",
		func(ctx context.Context, req edge.Request[struct{}]) (edge.Page, error) {
			visit, kept := visitOf(req), page.Read(req.Kept)
			if kept.Code == "" {
				return page.Ask(visit, kept), nil
			}
			opened, err := a.OpenAny(ctx, clock(), kept.Code)
			switch {
			case err != nil:
				return edge.Page{}, err
			case opened.LetsGo:
				return page.LetGo(visit, kept, opened.Language, clock()), nil
			}
			return page.Preview(visit, kept, opened.Language, opened.Zone, opened.Preview), nil
		}, page.Refused)
	service.HTML(u, "POST "+app.AnswerPage, "postAnswerPage",
		func(ctx context.Context, req edge.Request[form]) (edge.Page, error) {
			visit, reply := visitOf(req), domain.Reply{Answer: req.Body.Answer, Reason: req.Body.Reason}
			if req.Body.Said != "" {
				return page.See(visit, page.Kept{Code: req.Body.Code, Said: req.Body.Said}), nil
			}
			if req.Body.Erasure != "" {
				return letGo(ctx, a, clock(), visit, req.Body)
			}
			if reply.Answer == code.Decline && reply.Reason == "" {
				return page.See(visit, page.Kept{Code: req.Body.Code, Said: page.Reasonless}), nil
			}
			if reply.Answer == "" {
				_, err := a.OpenAny(ctx, clock(), req.Body.Code)
				return page.See(visit, page.Kept{Code: req.Body.Code}), err
			}
			language, err := a.Answer(ctx, req.Body.Code, reply)
			if err != nil {
				return edge.Page{}, err
			}
			said := page.Declined
			if reply.Answer == code.Accept {
				said = page.Accepted
			}
			return page.See(visit, page.Kept{Said: said, Language: language}), nil
		}, page.Refused)
}

// letGo takes from the form what became of copies. Where a part is missing it asks again.
func letGo(ctx context.Context, a app.Invitations, now time.Time, visit edge.Visit, f form) (edge.Page, error) {
	said := f.letGo()
	if f.Answer != "" || f.Reason != "" || !said.Whole(now) {
		return page.See(visit, page.Kept{Code: f.Code, Said: page.Unsaid}), nil
	}
	language, err := a.LetGo(ctx, f.Code, said)
	if err != nil {
		return edge.Page{}, err
	}
	return page.See(visit, page.Kept{Said: page.Noted, Language: language}), nil
}

// notices tell agencies what they must know now.
func notices(u *service.Unit, a app.Invitations) {
	service.OnFunc(u, "onReferralReminded", a.OnReminded)
	service.OnFunc(u, "onDeskAwaited", a.OnDeskAwaited)
	service.OnFunc(u, "onExaminationWorkerAwaited", app.OnWorkerAwaited[forensicv1.WorkerAwaited](a))
	service.OnFunc(u, "onMatterWorkerAwaited", app.OnWorkerAwaited[legalaidv1.WorkerAwaited](a))
	service.OnFunc(u, "onGranteeAwaited", app.OnWorkerAwaited[trustfundv1.GranteeAwaited](a))
	service.OnFunc(u, "onPlanWorkerAwaited", app.OnWorkerAwaited[psychosocialv1.WorkerAwaited](a))
	service.OnFunc(u, "onReferralEscalated", a.OnEscalated)
	service.OnFunc(u, "onReferralContacted", a.OnContacted)
	service.OnFunc(u, "onReferralContactClosed", a.OnContactClosed)
	service.OnFunc(u, "onReferralRecalled", a.OnRecalled)
	service.OnFunc(u, "onConsentEnding", a.OnConsentEnding)
	service.OnFunc(u, "onSenderChanged", a.OnSenderChanged)
}

func visitOf[B any](req edge.Request[B]) edge.Visit {
	return edge.Visit{Languages: req.Languages, Query: req.Query}
}
