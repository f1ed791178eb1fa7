package app

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"sync"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Counts is how many referrals are on each worklist of an agency.
type Counts struct {
	New               int `json:"new"`
	Queue             int `json:"queue"`
	DueSoon           int `json:"due_soon"`
	Overdue           int `json:"overdue"`
	InService         int `json:"in_service"`
	WaitingForOutcome int `json:"waiting_for_outcome"`
	ToAcknowledge     int `json:"to_acknowledge"`
	ConsentEnding     int `json:"consent_ending"`
	ContactClosed     int `json:"contact_closed"`
}

// Count counts the worklists of an agency, without a walk.
func (a App) Count(_ context.Context, by fact.By, _ string, q url.Values) (Counts, error) {
	of := func(w code.Worklist) int {
		return a.Referrals.Count(domain.ByView.Of(by.Agency, cmp.Or(q.Get("role"), "recipient"), string(w)))
	}
	return Counts{
		New: of(code.NewWork), Queue: of(code.QueuedWork), DueSoon: of(code.DueSoon), Overdue: of(code.OverdueWork),
		InService: of(code.WorkInService), WaitingForOutcome: of(code.WaitingForOutcome), ToAcknowledge: of(code.ToAcknowledge),
		ConsentEnding: of(code.ConsentEnding), ContactClosed: of(code.ContactClosed),
	}, nil
}

// Answer is an agency's answer to one of several referrals: a decline has a
// reason, an acceptance has none.
type Answer struct {
	Referral string             `json:"referral"`
	Accept   bool               `json:"accept"`
	Reason   code.DeclineReason `json:"reason,omitempty"`
}

// Answers answers several referrals at once.
type Answers struct {
	Answers []Answer `json:"answers"`
}

// Answered is the outcome of one answer: the referral as it is then, or the
// refusal.
type Answered struct {
	Referral string               `json:"referral"`
	Done     bool                 `json:"done"`
	Problem  *Problem             `json:"problem,omitempty"`
	Record   *domain.ReferralView `json:"record,omitempty"`
}

// Problem says why one answer of several was not taken.
type Problem struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Results is what came of each answer, in the order in which they were given.
type Results struct {
	Items []Answered `json:"items"`
}

var (
	errTwice  = fault.New(fault.Invalid, "answered_twice", "Each referral is answered once.")
	errReason = fault.New(fault.Invalid, "reason_mismatch", "A decline has a reason, and an acceptance has none.")
)

// AnswerAll answers each referral by itself: a refusal for one stops none of the
// others. The same key again does nothing twice.
func (a App) AnswerAll(ctx context.Context, by fact.By, cmd Answers) (Results, error) {
	for i, one := range cmd.Answers {
		pointer := "/answers/" + strconv.Itoa(i)
		if slices.ContainsFunc(cmd.Answers[:i], func(o Answer) bool { return o.Referral == one.Referral }) {
			return Results{}, errTwice.At(pointer+"/referral", "unique")
		}
		if one.Accept != (one.Reason == "") {
			return Results{}, errReason.At(pointer+"/reason", "with a decline only")
		}
	}
	results := Results{Items: make([]Answered, len(cmd.Answers))}
	var wg sync.WaitGroup
	for i, one := range cmd.Answers {
		wg.Go(func() { results.Items[i] = a.answer(ctx, by, one) })
	}
	wg.Wait()
	return results, nil
}

func (a App) answer(ctx context.Context, actor fact.By, one Answer) Answered {
	consents := a.StandOn(ctx, one.Referral, actor)
	res, err := a.Referrals.Change(ctx, one.Referral, func(r domain.Referral, by fact.By) ([]fact.Event, error) {
		if one.Accept {
			return r.Accept(by, domain.Accept{}, consents)
		}
		return a.Rules().Decline(r, by, domain.Decline{Reason: one.Reason})
	})
	if err != nil {
		f := fault.Of(err)
		return Answered{Referral: one.Referral, Problem: &Problem{Code: f.Code, Detail: f.Detail}}
	}
	done := Answered{Referral: one.Referral, Done: true}
	if res.At.After(actor.At) {
		actor.At = res.At // the commit came after the request
	}
	// An agency that has just declined is no longer asked, and sees it no more.
	if res.State.Visible(actor) {
		v, _ := res.State.View(actor).(domain.ReferralView)
		done.Record = &v
	}
	return done
}
