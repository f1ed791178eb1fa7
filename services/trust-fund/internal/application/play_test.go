package application_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/application"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

const (
	callID = "call_01jrt5x8zc3qk7d2m9b4f6h0ya"
	ngo    = "a0b6f2c1-52d4-4a57-9e0c-6d1f8a3b7c21"
	rival  = "a0b6f2c1-52d4-4a57-9e0c-6d1f8a3b7c29"
	fund   = "f1b6f2c1-52d4-4a57-9e0c-6d1f8a3b7c22"
)

// closes is the end of 23:59 in Vienna, on the last day of a call in winter.
var closes = time.Date(2026, 11, 30, 22, 59, 59, 999_999_999, time.UTC)

var ofCall = call.Call{ID: callID, Status: code.CallPublished, Deadline: closes, Terms: call.Terms{
	Number: "10", SubProgramme: code.ShortTerm, LeastCents: 500_000, MostCents: 2_000_000, LeastMonths: 3, MostMonths: 9,
	Priorities: []code.FundPriority{code.ForWomenAndGirls, code.ForConflict}, Countries: []code.Country{"GT", "KG"}, Languages: []string{"en", "es"},
	Questions: []call.Question{{ID: "need", MostLetters: 20, Required: true}, {ID: "more", MostLetters: 20}},
	Criteria:  []call.Criterion{{ID: "need", Weight: 60}, {ID: "plan", Weight: 40}},
	Papers:    []code.FundPaper{code.PaperProposal, code.PaperBudget},
	Opens:     "2026-11-01T09:00", Closes: "2026-11-30T23:59",
	RegisteredBy: "2023-12-01", DirectSince: "2025-11-30", Differ: 15,
}}

var content = application.Content{
	Organisation: application.Organisation{Name: "Casa Lirio", RegisteredOn: "2019-04-02", DirectSince: "2020-01-01"},
	Country:      "GT", Language: "es", Months: 6, RequestedCents: 900_000, Priorities: []code.FundPriority{code.ForWomenAndGirls},
	Answers: []application.Answer{{Question: "need", Text: "veinte letras: ñandú"}},
	Budget: []application.Line{
		{Category: code.BudgetStaff, Description: "a counsellor", UnitCents: 100_000, Quantity: 1, Months: 6},
		{Category: code.BudgetAssistance, Description: "kits", UnitCents: 30_000, Quantity: 10, Months: 1},
	},
}

// world is one application, with what its rules are told of others.
type world struct {
	is        application.Application
	commits   int
	call      call.Call
	available int64
	trustees  []string
	committed bool
}

// under has the application know its call as it is now.
func (w *world) under(change func(*call.Call)) *world {
	change(&w.call)
	w.is = w.is.Under(look.Made(w.call))
	return w
}

func (w *world) onBoard() application.OnBoard {
	var b application.Board
	for _, t := range w.trustees {
		b.Terms = append(b.Terms, application.Term{Trustee: t, From: closes, Until: closes.AddDate(3, 0, 0)})
	}
	b.Terms = append(b.Terms, application.Term{Trustee: "t8", From: closes.AddDate(-3, 0, 0), Until: closes})
	return application.OnBoard{Board: look.Made(b), Committed: look.Made(w.committed)}
}

func (w *world) onAssessor(applies bool) application.OnAssessor {
	return application.OnAssessor{Applies: look.Made(applies)}
}

func (w *world) onFund() application.OnFund {
	return application.OnFund{Room: look.Made(w.available)}
}

// take takes the events of a decision into the application.
func (w *world) take(by fact.By, events []fact.Event, err error) error {
	for _, e := range events {
		e.At = by.At
		w.is = w.is.Evolve(e)
	}
	if err == nil {
		w.commits++
	}
	return err
}

// who acts at an instant.
func (w *world) who(principal, agency string, at time.Time, roles ...string) fact.By {
	return fact.By{Principal: principal, Agency: agency, Roles: roles, At: at, Commit: fmt.Sprintf("application_x/%d", w.commits+1)}
}

func (w *world) writer(at time.Time) fact.By { return w.who("nora", ngo, at, "fund_applicant") }
func (w *world) manager(name string) fact.By {
	return w.who(name, fund, closes.Add(time.Hour), "fund_manager")
}

func (w *world) assessor(name string) fact.By {
	return w.who(name, "university", closes.Add(2*time.Hour), "fund_assessor")
}

func (w *world) trustee(name string) fact.By {
	return w.who(name, "board", closes.Add(3*time.Hour), "trustee")
}

// a step is a command, and what it is refused with.
type step func(w *world) error

func begin(w *world) error {
	by := w.writer(closes.Add(-time.Hour))
	events, err := w.is.Start(by, application.Start{Call: callID}, look.Made(w.call))
	return w.take(by, events, err)
}

func save(c application.Content) step { return saveAt(c, closes.Add(-time.Hour)) }

func saveAt(c application.Content, at time.Time) step {
	return func(w *world) error {
		by := w.writer(at)
		events, err := w.is.Save(by, c)
		return w.take(by, events, err)
	}
}

func paper(kind code.FundPaper, text string) step {
	return func(w *world) error {
		by := w.writer(closes.Add(-time.Hour))
		f := vault.Weigh(by.ID("file", 0), "application/pdf", []byte(text))
		events, err := w.is.StoreFile(by, f, struct{}{})
		if err := w.take(by, events, err); err != nil {
			return err
		}
		by = w.writer(closes.Add(-time.Hour))
		events, err = w.is.NamePaper(by, application.Paper{Paper: kind, File: f.ID})
		return w.take(by, events, err)
	}
}

func submit(at time.Time) step {
	return func(w *world) error {
		by := w.writer(at)
		events, err := w.is.Submit(by, application.Nothing{})
		return w.take(by, events, err)
	}
}

func takeBack(at time.Time) step {
	return func(w *world) error {
		by := w.writer(at)
		events, err := w.is.TakeBack(by, application.Nothing{})
		return w.take(by, events, err)
	}
}

// judgements are those of a person, all met but the one that is named.
func judgements(not code.EligibilityRule) (all []application.Judgement) {
	for _, r := range application.Judges {
		all = append(all, application.Judgement{Rule: r, Met: r != not, Reason: "as the papers say"})
	}
	return all
}

func judge(name string, findings []application.Judgement) step {
	return func(w *world) error {
		by := w.manager(name)
		events, err := w.is.Judge(by, application.Judge{Findings: findings})
		return w.take(by, events, err)
	}
}

func countersign(name string, agrees bool, reason string) step {
	return func(w *world) error {
		by := w.manager(name)
		events, err := w.is.Countersign(by, application.Countersign{Agrees: agrees, Reason: reason})
		return w.take(by, events, err)
	}
}

func assign(name string) step {
	return func(w *world) error {
		by := w.manager("mara")
		events, err := w.is.Assign(by, application.Assign{Assessor: name, Due: by.At.Add(24 * time.Hour)})
		return w.take(by, events, err)
	}
}

func free(place int) step {
	return func(w *world) error {
		by := w.manager("mara")
		events, err := w.is.Free(by, application.Free{Place: place, Reason: "does not answer"})
		return w.take(by, events, err)
	}
}

func declare(name string, what code.AssessorDeclaration) step {
	return func(w *world) error {
		by := w.assessor(name)
		events, err := w.is.Declare(by, application.Declared{Interest: what, Words: "a friend"}, w.onAssessor(false))
		return w.take(by, events, err)
	}
}

// score gives the same points for both criteria, so that they are the total.
func score(name string, points int) step {
	return func(w *world) error {
		by := w.assessor(name)
		events, err := w.is.Score(by, application.Scores{Scores: []application.Score{
			{Criterion: "need", Points: points, Reason: "seen"}, {Criterion: "plan", Points: points, Reason: "read"},
		}}, w.onAssessor(false))
		return w.take(by, events, err)
	}
}

func assess(name string, points int) []step {
	return []step{assign(name), declare(name, code.InterestNone), score(name, points)}
}

func propose(cents int64) step {
	return func(w *world) error {
		by := w.manager("mara")
		events, err := w.is.Select(by, application.Select{AmountCents: cents, Reason: "the best plan", VoteBy: by.At.Add(72 * time.Hour)}, w.onFund())
		return w.take(by, events, err)
	}
}

func vote(name string, what code.TrusteeVote) step {
	return func(w *world) error {
		by := w.trustee(name)
		events, err := w.is.Vote(by, application.Cast{Vote: what, Reason: "as I see it"}, w.onBoard())
		return w.take(by, events, err)
	}
}

func refuse(reason code.NotAwardedReason) step {
	return func(w *world) error {
		by := w.manager("mara")
		events, err := w.is.Refuse(by, application.Refuse{Reason: reason, Words: "others came before it"}, w.onBoard())
		return w.take(by, events, err)
	}
}

// award is asked of the application, and then heard from the fund.
func award(w *world) error {
	cents, err := w.is.Award(w.manager("mara"), w.onBoard())
	if err != nil {
		return err
	}
	w.committed = true
	by := fact.By{At: closes.Add(4 * time.Hour)}
	events, err := w.is.Commit(by, cents)
	return w.take(by, events, err)
}

var (
	drafted    = []step{begin, save(content), paper(code.PaperProposal, "%PDF-1.7 proposal"), paper(code.PaperBudget, "%PDF-1.7 budget")}
	submitted  = after(drafted, submit(closes))
	eligible   = after(submitted, judge("mara", judgements("")), countersign("milo", true, ""))
	assessed   = after(eligible, slices.Concat(assess("ana", 70), assess("aldo", 80))...)
	selected   = after(assessed, propose(900_000))
	votesThree = []step{vote("t1", code.VoteFor), vote("t2", code.VoteFor), vote("t3", code.VoteAbstain)}
)

func after(before []step, steps ...step) []step { return slices.Concat(before, steps) }

func start() *world {
	w := &world{available: 5_000_000, trustees: []string{"t1", "t2", "t3", "t4", "t5"}}
	return w.under(func(c *call.Call) { *c = ofCall })
}

// play plays steps of which none may be refused.
func play(t testing.TB, steps ...step) *world {
	t.Helper()
	w := start()
	for i, s := range steps {
		if err := s(w); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	return w
}

// refused plays a last step that must be refused with a fault, and change nothing.
func refused(t *testing.T, w *world, last step, want *fault.Error, places ...string) {
	t.Helper()
	before := w.is
	err := last(w)
	if !errors.Is(err, want) {
		t.Fatalf("%v, and not %v", err, want)
	}
	var found []string
	for _, f := range fault.Of(err).Fields {
		found = append(found, f.Pointer)
	}
	if diff := cmp.Diff(places, found); len(places) > 0 && diff != "" {
		t.Errorf("the places that are wrong (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, w.is, cmpopts.IgnoreUnexported(application.Application{})); diff != "" {
		t.Errorf("a command that was refused changed something:\n%s", diff)
	}
}
