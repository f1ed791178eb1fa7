package application_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/application"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// changed is the content with a change.
func changed(change func(*application.Content)) application.Content {
	c := content
	change(&c)
	return c
}

func TestDraftRefusesWhatTheCallDoesNotTake(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*application.Content)
		places []string
	}{
		"another country":       {func(c *application.Content) { c.Country = "PE" }, []string{"/country"}},
		"another language":      {func(c *application.Content) { c.Language = "ru" }, []string{"/language"}},
		"too long":              {func(c *application.Content) { c.Months = 10 }, []string{"/months"}},
		"too short, for a line": {func(c *application.Content) { c.Months = 3 }, []string{"/budget/0/months"}},
		"another priority":      {func(c *application.Content) { c.Priorities = []code.FundPriority{"boats"} }, []string{"/priorities/0"}},
		"a priority twice": {
			func(c *application.Content) { c.Priorities = []code.FundPriority{code.ForConflict, code.ForConflict} }, []string{"/priorities/1"},
		},
		"no question of the call": {
			func(c *application.Content) { c.Answers = []application.Answer{{Question: "why", Text: "x"}} }, []string{"/answers/0/question"},
		},
		"21 letters": {
			func(c *application.Content) {
				c.Answers = []application.Answer{{Question: "need", Text: "veinte letras: ñandúe"}}
			}, []string{"/answers/0/text"},
		},
		"a question twice": {
			func(c *application.Content) {
				c.Answers = []application.Answer{{Question: "need", Text: "x"}, {Question: "need", Text: "y"}}
			}, []string{"/answers/1/question"},
		},
		"all of it at once": {
			func(c *application.Content) { c.Country, c.Language, c.Months = "PE", "ru", 60 }, []string{"/country", "/language", "/months"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, play(t, begin), save(changed(row.change)), application.ErrContent, row.places...)
		})
	}
}

func TestSubmissionNamesAllThatIsMissing(t *testing.T) {
	refused(t, play(t, begin), submit(closes), application.ErrIncomplete,
		"/organisation/name", "/organisation/registered_on", "/organisation/direct_since", "/country", "/language", "/months",
		"/requested_cents", "/priorities", "/budget", "/answers/need", "/papers/proposal", "/papers/budget")
	refused(t, play(t, begin, save(content), paper(code.PaperBudget, "x")), submit(closes), application.ErrIncomplete, "/papers/proposal")
	blank := save(changed(func(c *application.Content) { c.Answers = []application.Answer{{Question: "need", Text: " \n"}} }))
	refused(t, play(t, after(drafted, blank)...), submit(closes), application.ErrIncomplete, "/answers/need")
}

func TestBudgetAddsUp(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*application.Content)
		places []string
	}{
		"a cent too much": {func(c *application.Content) { c.RequestedCents++ }, []string{"/budget"}},
		"a line of nothing": {
			func(c *application.Content) {
				c.Budget = append(c.Budget[:2:2], application.Line{Category: code.BudgetAudit, Months: 1})
			},
			[]string{"/budget/2"},
		},
		"more than the call gives": {func(c *application.Content) {
			c.Budget, c.RequestedCents = []application.Line{{Category: code.BudgetStaff, UnitCents: 2_000_001, Quantity: 1, Months: 1}}, 2_000_001
		}, []string{"/requested_cents"}},
		"less than it gives": {func(c *application.Content) {
			c.Budget, c.RequestedCents = []application.Line{{Category: code.BudgetStaff, UnitCents: 499_999, Quantity: 1, Months: 1}}, 499_999
		}, []string{"/requested_cents"}},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, play(t, after(drafted, save(changed(row.change)))...), submit(closes), application.ErrBudget, row.places...)
		})
	}
}

func TestOnlyWhileTheCallIsOpen(t *testing.T) {
	early, late := time.Date(2026, 11, 1, 9, 0, 0, -1, call.Vienna), closes.Add(time.Nanosecond)
	drafts := play(t, drafted...)
	refused(t, drafts, submit(early), call.ErrNotOpen)
	refused(t, drafts, submit(late), call.ErrClosed)
	refused(t, drafts, saveAt(content, late), call.ErrClosed)
	w := play(t, submitted...)
	refused(t, w, takeBack(late), call.ErrClosed)
	refused(t, w, submit(late), call.ErrClosed)
	refused(t, w, begin, application.ErrTwice)
}

// A call that closes later is open for all, also for whom it was closed as they last saw it; and until then
// nobody of the fund sees what was submitted before.
func TestOnlyTheCallSaysWhenItCloses(t *testing.T) {
	w := play(t, submitted...)
	later := closes.Add(24 * time.Hour)
	agency := []string{"nameApplicationPaper", "saveApplication", "storeApplicationFile", "submitApplication", "takeBackApplication"}
	manager := []string{"judgeEligibility"}
	for _, row := range []struct {
		name     string
		deadline time.Time
		at       time.Time
		status   code.CallStatus
		theirs   []string
		sees     []string
	}{
		{"at the deadline", closes, closes, code.CallPublished, agency, nil},
		{"after it", closes, closes.Add(1), code.CallPublished, nil, manager},
		{"extended", later, closes.Add(1), code.CallPublished, agency, nil},
		{"at the new deadline", later, later, code.CallPublished, agency, nil},
		{"after the new deadline", later, later.Add(1), code.CallPublished, nil, manager},
		{"revoked", closes, closes.Add(1), code.CallRevoked, nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			w.under(func(c *call.Call) { c.Deadline, c.Status = row.deadline, row.status })
			now := func(by fact.By) []string { return w.is.Commands().Now(w.is, by, command.Anybody) }
			writer, mara := w.writer(row.at), w.who("mara", fund, row.at, "fund_manager")
			if diff := cmp.Diff(row.theirs, now(writer), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the agency is offered (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(row.sees, now(mara), cmpopts.EquateEmpty()); diff != "" || w.is.Visible(mara) != (row.sees != nil) {
				t.Errorf("a manager sees it: %v, and is offered (-want +got):\n%s", w.is.Visible(mara), diff)
			}
			_, err := w.is.Submit(writer, application.Nothing{})
			if open := err == nil; open != (row.theirs != nil) {
				t.Errorf("it is taken again: %v", err)
			}
			_, err = w.is.Judge(mara, application.Judge{Findings: judgements("")})
			if judged := err == nil; judged != (row.sees != nil) || !judged && !errors.Is(err, application.ErrNotFound) {
				t.Errorf("it is judged: %v", err)
			}
		})
	}
}

// What was submitted stands until it is submitted again or taken back, whatever is written meanwhile.
func TestWhatWasSubmittedStands(t *testing.T) {
	w := play(t, submitted...)
	first := *w.is.Submitted
	if err := save(changed(func(c *application.Content) { c.Organisation.Name = "" }))(w); err != nil {
		t.Fatal(err)
	}
	if err := paper(code.PaperProposal, "another")(w); err != nil {
		t.Fatal(err)
	}
	refused(t, w, submit(closes), application.ErrIncomplete, "/organisation/name")
	if diff := cmp.Diff(first, *w.is.Submitted); diff != "" {
		t.Errorf("a draft changed what was submitted:\n%s", diff)
	}
	if v := w.is.View(w.writer(closes)).(application.View); !v.Changed {
		t.Error("nobody is told that the draft is not what was submitted")
	}
	if err := save(content)(w); err != nil {
		t.Fatal(err)
	}
	if err := submit(closes)(w); err != nil {
		t.Fatal(err)
	}
	if w.is.Submitted.SHA256 == first.SHA256 || w.is.Submitted.Number == first.Number {
		t.Error("another paper was submitted under the same receipt")
	}
	if err := takeBack(closes)(w); err != nil {
		t.Fatal(err)
	}
	if w.is.Status() != code.ApplicationDraft || w.is.Visible(w.manager("mara")) {
		t.Error("the fund sees what was taken back")
	}
}

func TestReceiptIsTheSameEachTime(t *testing.T) {
	w := play(t, submitted...)
	receipt, err := w.is.Receipted(w.writer(closes))
	if err != nil {
		t.Fatal(err)
	}
	if got := application.Hash(receipt.Call, receipt.Agency, receipt.Content, receipt.Papers); got != receipt.SHA256 || !receipt.At.Equal(closes) {
		t.Errorf("the receipt says %s at %s", receipt.SHA256, receipt.At)
	}
	later := play(t, after(selected, votesThree...)...)
	again, err := later.is.Receipted(later.writer(closes.Add(time.Hour)))
	if diff := cmp.Diff(receipt, again); err != nil || diff != "" {
		t.Errorf("%v: another receipt afterwards:\n%s", err, diff)
	}
	if _, err := w.is.Receipted(w.manager("mara")); err == nil {
		t.Error("the receipt is given to somebody else")
	}
}

func TestEligibility(t *testing.T) {
	w := play(t, submitted...)
	refused(t, w, countersign("milo", true, ""), application.ErrStage)
	refused(t, w, judge("mara", judgements("")[:4]), application.ErrFindings, "/findings")
	refused(t, w, judge("mara", append(judgements("")[:4], judgements("")[0])), application.ErrFindings, "/findings/4/rule")
	refused(t, w, judge("mara", []application.Judgement{{Rule: code.CountryOfCall, Reason: "x"}}), application.ErrFindings, "/findings/0/rule")
	refused(t, w, judge("mara", []application.Judgement{{Rule: code.NonProfit}}), application.ErrFindings, "/findings/0/reason")
	w = play(t, after(submitted, judge("mara", judgements("")))...)
	refused(t, w, countersign("mara", true, ""), application.ErrCountersign)
	refused(t, w, countersign("milo", false, " "), application.ErrReason, "/reason")
	refused(t, w, assign("ana"), application.ErrStage)

	for name, row := range map[string]struct {
		change func(*application.Content)
		not    code.EligibilityRule
		unmet  []code.EligibilityRule
	}{
		"eligible":         {func(*application.Content) {}, "", nil},
		"registered late":  {func(c *application.Content) { c.Organisation.RegisteredOn = "2023-12-02" }, "", []code.EligibilityRule{code.RegisteredInTime}},
		"on the last day":  {func(c *application.Content) { c.Organisation.RegisteredOn = "2023-12-01" }, "", nil},
		"too new":          {func(c *application.Content) { c.Organisation.DirectSince = "2025-12-01" }, "", []code.EligibilityRule{code.DirectAssistance}},
		"no own account":   {func(*application.Content) {}, code.OwnBankAccount, []code.EligibilityRule{code.OwnBankAccount}},
		"two of two kinds": {func(c *application.Content) { c.Organisation.RegisteredOn = "2024-01-01" }, code.NonProfit, []code.EligibilityRule{code.RegisteredInTime, code.NonProfit}},
	} {
		t.Run(name, func(t *testing.T) {
			w := play(t, after(drafted, save(changed(row.change)), submit(closes), judge("mara", judgements(row.not)), countersign("milo", true, ""))...)
			var unmet []code.EligibilityRule
			theirs := w.is.View(w.writer(closes.Add(time.Hour))).(application.View)
			want := code.ApplicationEligible
			if row.unmet != nil {
				want = code.ApplicationNotEligible
				for _, f := range theirs.Eligibility.Findings {
					if !f.Met {
						unmet = append(unmet, f.Rule)
					}
				}
			} else if theirs.Eligibility != nil || theirs.Status != code.ApplicationSubmitted {
				t.Error("the agency sees how far the fund has come")
			}
			if diff := cmp.Diff(row.unmet, unmet); diff != "" || w.is.Status() != want {
				t.Errorf("%s: rules that are not met:\n%s", w.is.Status(), diff)
			}
		})
	}
	t.Run("judged again", func(t *testing.T) {
		w := play(t, after(submitted, judge("mara", judgements(code.NonProfit)), countersign("milo", false, "it is one"),
			judge("milo", judgements("")), countersign("mara", true, ""))...)
		if w.is.Status() != code.ApplicationEligible {
			t.Error(w.is.Status())
		}
	})
}

func TestParts(t *testing.T) {
	for name, row := range map[string]struct {
		before []step
		last   step
		want   *fault.Error
	}{
		"the judge assesses":              {eligible, assign("milo"), application.ErrPart},
		"the asker assesses":              {eligible, assign("mara"), application.ErrPart},
		"a writer assesses":               {eligible, assign("nora"), application.ErrPart},
		"assesses twice":                  {after(eligible, assign("ana")), assign("ana"), application.ErrAssessorTwice},
		"again after a conflict":          {after(eligible, assign("ana"), declare("ana", code.InterestConflict)), assign("ana"), application.ErrAssessorTwice},
		"again after the place was taken": {after(eligible, assign("ana"), free(1)), assign("ana"), application.ErrAssessorTwice},
		"a third at once":                 {after(eligible, assign("ana"), assign("aldo")), assign("asha"), application.ErrAssessors},
		"scores undeclared":               {after(eligible, assign("ana")), score("ana", 50), application.ErrUndeclared},
		"scores after a conflict":         {after(eligible, assign("ana"), declare("ana", code.InterestConflict)), score("ana", 50), application.ErrNotFound},
		"scores after it was taken":       {after(eligible, assign("ana"), free(1)), declare("ana", code.InterestNone), application.ErrNotFound},
		"declares twice":                  {after(eligible, assign("ana"), declare("ana", code.InterestNone)), declare("ana", code.InterestConflict), application.ErrDeclared},
		"scores twice":                    {after(eligible, assess("ana", 50)...), score("ana", 60), application.ErrScored},
		"freed after scores":              {after(eligible, assess("ana", 50)...), free(1), application.ErrScored},
		"more than 100":                   {after(eligible, assign("ana"), declare("ana", code.InterestNone)), score("ana", 101), application.ErrScores},
		"selected unassessed":             {eligible, propose(900_000), application.ErrStage},
		"more than requested":             {assessed, propose(900_001), application.ErrAmount},
		"less than the call gives":        {assessed, propose(499_999), application.ErrAmount},
		"an assessor votes":               {selected, vote("ana", code.VoteFor), application.ErrPart},
		"a manager votes":                 {selected, vote("mara", code.VoteFor), application.ErrPart},
		"no trustee":                      {selected, vote("t9", code.VoteFor), application.ErrNotTrustee},
		"a trustee of before":             {selected, vote("t8", code.VoteFor), application.ErrNotTrustee},
		"votes twice":                     {after(selected, vote("t1", code.VoteFor)), vote("t1", code.VoteAgainst), application.ErrVoted},
		"votes after standing aside":      {after(selected, vote("t1", code.VoteAside)), vote("t1", code.VoteFor), application.ErrNotFound},
		"votes before the selection":      {assessed, vote("t1", code.VoteFor), application.ErrStage},
		"awarded without votes":           {selected, award, application.ErrVotes},
		"awarded before all have voted":   {after(selected, votesThree...), award, application.ErrVotes},
		"awarded against the trustees": {
			after(selected, vote("t1", code.VoteFor), vote("t2", code.VoteAgainst), vote("t3", code.VoteAside), vote("t4", code.VoteAside), vote("t5", code.VoteAbstain)),
			award, application.ErrAgainst,
		},
		"ranked below after selection": {selected, refuse(code.RankedBelow), application.ErrNotSo},
		"no quorum before the day":     {selected, refuse(code.NoQuorum), application.ErrNotSo},
	} {
		t.Run(name, func(t *testing.T) { refused(t, play(t, row.before...), row.last, row.want) })
	}
	t.Run("an assessor whose agency applies too", func(t *testing.T) {
		w := play(t, after(eligible, assign("ana"))...)
		refused(t, w, func(w *world) error {
			_, err := w.is.Declare(w.assessor("ana"), application.Declared{Interest: code.InterestNone}, w.onAssessor(true))
			return err
		}, application.ErrPart)
	})
	t.Run("beyond the balance", func(t *testing.T) {
		w := play(t, assessed...)
		w.available = 899_999
		refused(t, w, propose(900_000), application.ErrBalance)
	})
	t.Run("refused what is committed", func(t *testing.T) {
		w := play(t, after(selected, votesThree...)...)
		w.committed = true
		refused(t, w, refuse(code.FundsTooLow), application.ErrCommitted)
	})
}

func TestResult(t *testing.T) {
	for name, row := range map[string]struct {
		points []int
		want   *application.Result
	}{
		"two that agree":                 {[]int{70, 80}, &application.Result{Total: 7500, Places: []int{1, 2}}},
		"that differ by just so much":    {[]int{60, 75}, &application.Result{Total: 6750, Places: []int{1, 2}}},
		"that differ by more":            {[]int{60, 76}, nil},
		"a third close to the second":    {[]int{20, 90, 80}, &application.Result{Total: 8500, Places: []int{2, 3}}},
		"a third below both":             {[]int{60, 90, 50}, &application.Result{Total: 5500, Places: []int{1, 3}}},
		"a third as close to both":       {[]int{40, 80, 60}, &application.Result{Total: 6000, Places: []int{1, 2, 3}}},
		"a third, and the mean is lower": {[]int{0, 100, 33}, &application.Result{Total: 1650, Places: []int{1, 3}}},
	} {
		t.Run(name, func(t *testing.T) {
			steps := eligible
			for i, p := range row.points {
				steps = after(steps, assess([]string{"ana", "aldo", "asha"}[i], p)...)
			}
			w := play(t, steps...)
			if diff := cmp.Diff(row.want, w.is.Result); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if v := w.is.View(w.manager("mara")).(application.View); v.ThirdNeeded != (row.want == nil) {
				t.Errorf("a third is needed: %v", v.ThirdNeeded)
			}
		})
	}
	t.Run("with their weights", func(t *testing.T) {
		w := play(t, after(eligible, assign("ana"), declare("ana", code.InterestNone))...)
		by := w.assessor("ana")
		events, err := w.is.Score(by, application.Scores{Scores: []application.Score{
			{Criterion: "plan", Points: 1, Reason: "read"}, {Criterion: "need", Points: 99, Reason: "seen"},
		}}, w.onAssessor(false))
		if err := w.take(by, events, err); err != nil {
			t.Fatal(err)
		}
		if v := w.is.View(by).(application.View); *v.Own.TotalHundredths != 99*60+40 {
			t.Error(*v.Own.TotalHundredths)
		}
	})
}

func TestDecision(t *testing.T) {
	all := after(selected, append(votesThree, vote("t4", code.VoteAgainst), vote("t5", code.VoteAside))...)
	w := play(t, after(all, award)...)
	if w.is.Status() != code.ApplicationAwarded || w.is.Decision.AmountCents != 900_000 {
		t.Error(w.is.Status(), w.is.Decision)
	}
	if events, err := w.is.Commit(w.manager("mara"), 900_000); err != nil || len(events) > 0 {
		t.Errorf("awarded twice: %v, %v", events, err)
	}
	w = play(t, after(assessed, refuse(code.RankedBelow))...)
	want := &application.DecisionView{Reason: code.RankedBelow, Words: "others came before it", At: closes.Add(time.Hour)}
	theirs := w.is.View(w.writer(closes.Add(5 * time.Hour))).(application.View)
	if diff := cmp.Diff(want, theirs.Decision); diff != "" || theirs.Result != nil {
		t.Errorf("what the agency is told (-want +got):\n%s", diff)
	}
	// The fund committed at the same instant: that decides.
	if err := w.take(w.manager("mara"), must(w.is.Commit(w.manager("mara"), 900_000)), nil); err != nil || w.is.Status() != code.ApplicationAwarded {
		t.Error(err, w.is.Status())
	}
	aside := []step{vote("t1", code.VoteAside), vote("t2", code.VoteAside), vote("t3", code.VoteAside), vote("t4", code.VoteFor), vote("t5", code.VoteFor)}
	w = play(t, after(selected, aside...)...)
	refused(t, w, award, application.ErrVotes)
	if err := refuse(code.NoQuorum)(w); err != nil {
		t.Error(err)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// The trustees in office until the day; then a quorum is enough.
func TestTheDayThatWasSet(t *testing.T) {
	w := play(t, after(selected, votesThree...)...)
	by := w.manager("mara")
	by.At = w.is.Selection.VoteBy
	if _, err := w.is.Award(by, w.onBoard()); err == nil {
		t.Error("awarded on the day itself, while others can vote")
	}
	by.At = by.At.Add(time.Nanosecond)
	if cents, err := w.is.Award(by, w.onBoard()); err != nil || cents != 900_000 {
		t.Error(cents, err)
	}
}
