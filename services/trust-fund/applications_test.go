package trustfund

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/trust-fund/internal/application"
	"github.com/sanad-network/sanad/services/trust-fund/internal/board"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
)

var (
	open   = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	over   = time.Date(2026, 12, 2, 12, 0, 0, 0, time.UTC)
	callID = fact.ID(call.Prefix, "test")
)

// office is one process that writes the fund's journal, at an instant.
type office struct {
	rooms
	at time.Time
	n  int
}

func offices(t *testing.T, n int) (all []*office) {
	t.Helper()
	j := &recordtest.Journal{Beside: n > 1}
	for range n {
		o := &office{at: open}
		b := record.NewBook(event.NewCatalogue(
			event.Private[trustfundv1.DonationPledged, ledger.Pledge](), event.Private[trustfundv1.DonationPaid, ledger.Payment](),
			event.Private[trustfundv1.FundsCommitted, ledger.Kept](), event.Private[trustfundv1.CallDrafted, call.Terms](),
			event.Type[trustfundv1.CallPublished](), event.Private[trustfundv1.ApplicationStarted, application.Started](),
			event.Private[trustfundv1.ApplicationSaved, application.Written](), event.Private[trustfundv1.ApplicationSubmitted, application.Final](),
			event.Private[trustfundv1.EligibilityJudged, application.Judged](), event.Private[trustfundv1.EligibilityCountersigned, application.Countersigned](),
			event.Private[trustfundv1.AssessorAssigned, application.Asked](), event.Private[trustfundv1.AssessorDeclared, application.Declared](),
			event.Private[trustfundv1.ApplicationScored, application.Scored](), event.Private[trustfundv1.ApplicationAssessed, application.Result](),
			event.Private[trustfundv1.ApplicationSelected, application.Selection](), event.Private[trustfundv1.TrusteeVoted, application.Vote](),
			event.Private[trustfundv1.ApplicationAwarded, application.Awarded](), event.Private[trustfundv1.ApplicationNotAwarded, application.Refused](), event.Private[trustfundv1.TrusteeAppointed, board.Person](),
		), func() time.Time { return o.at })
		o.rooms = rooms{
			money: record.New[ledger.Ledger](b, ledger.Prefix), calls: record.New(b, call.Prefix, &call.ByDeadline),
			applications: record.New(b, application.Prefix, &application.ByAgency, &application.ByStatus, &application.Ranking, &application.ByAssessor, &application.ByDue),
			board:        record.New[board.Board](b, board.Prefix),
		}
		record.Knowing(o.applications, o.under, application.Application.Under)
		if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// as is somebody who commands once.
func (o *office) as(ctx context.Context, who, agency, role string) (context.Context, fact.By) {
	o.n++
	by := fact.By{Principal: who, Agency: agency, Roles: []string{role}, At: o.at}
	return record.With(ctx, record.Command{Op: "test", By: by, Cause: fmt.Sprintf("%p/%d", o, o.n)}), by
}

// prepared is a call that is published, three trustees, and so much money.
func (o *office) prepared(t *testing.T, cents int64) {
	t.Helper()
	terms := call.Terms{
		Number: "1", Title: call.Texts{{Language: "en", Text: "A call"}}, SubProgramme: code.ShortTerm, LeastCents: 1, MostCents: 1000,
		LeastMonths: 1, MostMonths: 9, Languages: []string{"en"}, Criteria: []call.Criterion{{ID: "need", Weight: 100, Text: call.Texts{{Language: "en", Text: "Need"}}}},
		Opens: "2026-11-01T09:00", Closes: "2026-11-30T23:59", RegisteredBy: "2024-01-01", DirectSince: "2025-01-01", Differ: 10,
	}
	for _, decide := range []record.Decide[call.Call]{
		func(call.Call, fact.By) ([]fact.Event, error) {
			return fact.With(trustfundv1.CallDrafted{Call: callID}, terms), nil
		},
		func(c call.Call, by fact.By) ([]fact.Event, error) { return c.Publish(by, struct{}{}) },
	} {
		ctx, _ := o.as(t.Context(), "mara", "fund", "fund_manager")
		if _, err := o.calls.Execute(ctx, callID, decide); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range []string{"t1", "t2", "t3"} {
		ctx, _ := o.as(t.Context(), "mara", "fund", "fund_manager")
		if _, err := o.board.Execute(ctx, board.ID(), func(b board.Board, by fact.By) ([]fact.Event, error) {
			return b.Appoint(by, board.Appoint{Seat: i + 1, Subject: name, From: "2026-11-20"})
		}); err != nil {
			t.Fatal(err)
		}
	}
	donation := ""
	for _, decide := range []record.Decide[ledger.Ledger]{
		func(l ledger.Ledger, by fact.By) ([]fact.Event, error) {
			return l.Pledge(by, ledger.Pledge{Kind: code.DonorCompany, Donor: "A Company", Cents: cents, On: "2026-01-01"})
		},
		func(l ledger.Ledger, by fact.By) ([]fact.Event, error) {
			donation = l.Donations[0].ID
			return l.Pay(by, ledger.Pay{Donation: donation, Payment: ledger.Payment{Cents: cents, On: "2026-01-02"}})
		},
	} {
		ctx, _ := o.as(t.Context(), "mara", "fund", "fund_manager")
		if _, err := o.money.Execute(ctx, ledger.ID, decide); err != nil {
			t.Fatal(err)
		}
	}
}

// looked is what a command looks up before its record has its turn.
type looked struct {
	fund     application.OnFund
	assessor application.OnAssessor
	board    application.OnBoard
}

type rule = func(a application.Application, by fact.By, on looked) ([]fact.Event, error)

// does is a command on an application.
func (o *office) does(t *testing.T, id, who, agency, role string, decide rule) {
	t.Helper()
	ctx, by := o.as(t.Context(), who, agency, role)
	on := looked{o.onFund(ctx, id, by), o.onAssessor(ctx, id, by), o.onBoard(ctx, id, by)}
	if _, err := o.applications.Change(ctx, id, func(a application.Application, by fact.By) ([]fact.Event, error) { return decide(a, by, on) }); err != nil {
		t.Fatalf("%s: %v", who, err)
	}
}

// applied is a complete application of an agency, submitted.
func (o *office) applied(t *testing.T, agency string) string {
	t.Helper()
	ctx, by := o.as(t.Context(), "nora", agency, call.Applicant)
	v, err := o.start(ctx, by, application.Start{Call: callID})
	if err != nil {
		t.Fatal(err)
	}
	o.does(t, v.ID, "nora", agency, call.Applicant, func(a application.Application, by fact.By, _ looked) ([]fact.Event, error) {
		return a.Save(by, application.Content{
			Organisation: application.Organisation{Name: "An NGO", RegisteredOn: "2020-01-01", DirectSince: "2021-01-01"}, Country: "GT", Language: "en",
			Months: 6, RequestedCents: 100, Budget: []application.Line{{Category: code.BudgetStaff, UnitCents: 100, Quantity: 1, Months: 1}},
		})
	})
	o.does(t, v.ID, "nora", agency, call.Applicant, func(a application.Application, by fact.By, _ looked) ([]fact.Event, error) {
		return a.Submit(by, application.Nothing{})
	})
	return v.ID
}

// votedFor is an application that all trustees are for.
func (o *office) votedFor(t *testing.T, id string) {
	t.Helper()
	manager := func(who string, decide rule) { o.does(t, id, who, "fund", call.Manager, decide) }
	manager("mara", func(a application.Application, by fact.By, _ looked) ([]fact.Event, error) {
		var all []application.Judgement
		for _, r := range application.Judges {
			all = append(all, application.Judgement{Rule: r, Met: true, Reason: "seen"})
		}
		return a.Judge(by, application.Judge{Findings: all})
	})
	manager("milo", func(a application.Application, by fact.By, _ looked) ([]fact.Event, error) {
		return a.Countersign(by, application.Countersign{Agrees: true})
	})
	for _, name := range []string{"ana", "aldo"} {
		manager("mara", func(a application.Application, by fact.By, _ looked) ([]fact.Event, error) {
			return a.Assign(by, application.Assign{Assessor: name, Due: by.At.Add(time.Hour)})
		})
		o.does(t, id, name, "university", "fund_assessor", func(a application.Application, by fact.By, on looked) ([]fact.Event, error) {
			return a.Declare(by, application.Declared{Interest: code.InterestNone}, on.assessor)
		})
		o.does(t, id, name, "university", "fund_assessor", func(a application.Application, by fact.By, on looked) ([]fact.Event, error) {
			return a.Score(by, application.Scores{Scores: []application.Score{{Criterion: "need", Points: 80, Reason: "much"}}}, on.assessor)
		})
	}
	manager("mara", func(a application.Application, by fact.By, on looked) ([]fact.Event, error) {
		on.fund.Room = look.Made(int64(1000)) // all are selected, as if nobody had looked
		return a.Select(by, application.Select{AmountCents: 100, Reason: "good", VoteBy: by.At.Add(time.Hour)}, on.fund)
	})
	for _, name := range []string{"t1", "t2", "t3"} {
		o.does(t, id, name, "board", "trustee", func(a application.Application, by fact.By, on looked) ([]fact.Event, error) {
			return a.Vote(by, application.Cast{Vote: code.VoteFor, Reason: "good"}, on.board)
		})
	}
}

func TestAnAgencyHasOneApplicationToACall(t *testing.T) {
	both := offices(t, 2)
	both[0].prepared(t, 100)
	var wg sync.WaitGroup
	failed := make([]error, 2)
	for i, o := range both {
		ctx, by := o.as(t.Context(), fmt.Sprint("nora ", i), "an-ngo", call.Applicant)
		wg.Go(func() { _, failed[i] = o.start(ctx, by, application.Start{Call: callID}) })
	}
	wg.Wait()
	if !errors.Is(errors.Join(failed...), application.ErrTwice) || failed[0] != nil && failed[1] != nil {
		t.Errorf("two of one agency begin: %v", failed)
	}
	ctx, by := both[0].as(t.Context(), "otto", "another-ngo", call.Applicant)
	if v, err := both[0].start(ctx, by, application.Start{Call: callID}); err != nil || v.Agency != "another-ngo" {
		t.Errorf("another agency: %+v, %v", v, err)
	}
	ctx, by = both[0].as(t.Context(), "otto", "another-ngo", call.Applicant)
	if _, err := both[0].start(ctx, by, application.Start{Call: "call_none"}); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("to no call: %v", err)
	}
}

// Six are awarded at once in two processes, and there is money for three.
func TestNoAwardBeyondTheBalance(t *testing.T) {
	both := offices(t, 2)
	first := both[0]
	first.prepared(t, 399)
	var ids []string
	for n := range 6 {
		ids = append(ids, first.applied(t, fmt.Sprint("ngo-", n)))
	}
	for _, o := range both {
		o.at = over
	}
	for _, id := range ids {
		first.votedFor(t, id)
	}
	_, by := first.as(t.Context(), "mara", "fund", call.Manager)
	if room := first.onFund(t.Context(), ids[0], by).Room.Value(); room != 399-600 {
		t.Errorf("a selection has room for %d", room)
	}
	var wg sync.WaitGroup
	failed := make([]error, len(ids)*2)
	for i, id := range slices.Concat(ids, ids) {
		o := both[i%2]
		if i >= len(ids) {
			o = both[(i+1)%2] // each application is awarded by both
		}
		ctx, by := o.as(t.Context(), "mara", "fund", call.Manager)
		wg.Go(func() { _, failed[i] = o.award(ctx, by, id, application.Nothing{}) })
	}
	wg.Wait()
	awarded := 0
	money := first.money
	held, err := money.Fresh(t.Context(), ledger.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		is, err := first.applications.Fresh(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		_, kept := held.Value().Awards[id]
		got := is.Value().Status() == code.ApplicationAwarded
		if got != kept {
			t.Errorf("%s is awarded: %v, and money is kept for it: %v", id, got, kept)
		}
		if got {
			awarded++
			if err := errors.Join(failed[i], failed[i+len(ids)]); err != nil {
				t.Errorf("it is awarded, and somebody is told: %v", err)
			}
		} else if !errors.Is(failed[i], ledger.ErrBalance) || !errors.Is(failed[i+len(ids)], ledger.ErrBalance) {
			t.Errorf("beyond the balance: %v, %v", failed[i], failed[i+len(ids)])
		}
	}
	if diff := cmp.Diff([]int64{3, 99}, []int64{int64(awarded), held.Value().Balance()}); diff != "" {
		t.Errorf("awards and what is left (-want +got):\n%s", diff)
	}
}
