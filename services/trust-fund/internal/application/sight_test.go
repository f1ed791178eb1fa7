package application_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/application"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// person is somebody who may try anything.
type person struct {
	name, agency string
	roles        []string
}

var people = []person{
	{"nora", ngo, []string{"fund_applicant"}},
	{"nils", ngo, []string{"fund_applicant", "fund_manager", "fund_assessor", "trustee"}},
	{"otto", rival, []string{"fund_applicant", "fund_assessor"}},
	{"mara", fund, []string{"fund_manager"}},
	{"milo", fund, []string{"fund_manager", "fund_assessor", "trustee"}},
	{"mina", fund, []string{"fund_manager"}},
	{"ana", "university", []string{"fund_assessor"}},
	{"aldo", "university", []string{"fund_assessor", "fund_manager"}},
	{"asha", "university", []string{"fund_assessor", "trustee"}},
	{"t1", "board", []string{"trustee"}},
	{"t2", "board", []string{"trustee"}},
	{"t3", "board", []string{"trustee", "fund_manager"}},
	{"t4", "board", []string{"trustee"}},
	{"t9", "board", []string{"trustee"}},
}

// What somebody wrote, so that it is found wherever it is seen.
const (
	inContent = "CONTENT-of-the-application"
	inName    = "NAME-of-the-applicant"
)

func scoreOf(name string) string { return "SCORE-of-" + name }
func voteOf(name string) string  { return "VOTE-of-" + name }

// attempt is a command of somebody.
func attempt(t *rapid.T, w *world, what string, who person, at time.Time) ([]fact.Event, error) {
	by := w.who(who.name, who.agency, at, who.roles...)
	is := w.is
	var events []fact.Event
	var err error
	switch what {
	case "startApplication":
		events, err = is.Start(by, application.Start{Call: callID}, look.Made(w.call))
	case "saveApplication":
		c := changed(func(c *application.Content) {
			c.Organisation.Name = inName
			c.Answers = []application.Answer{{Question: "need", Text: inContent}}
		})
		events, err = is.Save(by, c)
	case "storeApplicationFile":
		events, err = is.StoreFile(by, vault.Weigh(by.ID("file", 0), "application/pdf", []byte{1}), struct{}{})
	case "nameApplicationPaper":
		events, err = is.NamePaper(by, application.Paper{Paper: code.PaperBudget, File: is.Files[len(is.Files)-1].ID})
	case "submitApplication":
		events, err = is.Submit(by, application.Nothing{})
	case "takeBackApplication":
		events, err = is.TakeBack(by, application.Nothing{})
	case "judgeEligibility":
		events, err = is.Judge(by, application.Judge{Findings: judgements("")})
	case "countersignEligibility":
		events, err = is.Countersign(by, application.Countersign{Agrees: rapid.IntRange(0, 3).Draw(t, "agrees") > 0, Reason: "so"})
	case "assignAssessor":
		name := rapid.SampledFrom(people).Draw(t, "assessor").name
		events, err = is.Assign(by, application.Assign{Assessor: name, Due: at.Add(time.Hour)})
	case "freeAssessor":
		events, err = is.Free(by, application.Free{Place: rapid.IntRange(1, 4).Draw(t, "place"), Reason: "late"})
	case "declareInterest":
		interest := code.InterestNone
		if rapid.IntRange(0, 5).Draw(t, "interest") == 0 {
			interest = code.InterestConflict
		}
		events, err = is.Declare(by, application.Declared{Interest: interest, Words: "a friend"}, w.onAssessor(who.agency == rival))
	case "scoreApplication":
		points := rapid.IntRange(0, 100).Draw(t, "points")
		events, err = is.Score(by, application.Scores{Scores: []application.Score{
			{Criterion: "need", Points: points, Reason: scoreOf(who.name)}, {Criterion: "plan", Points: points, Reason: scoreOf(who.name)},
		}}, w.onAssessor(who.agency == rival))
	case "selectApplication":
		events, err = is.Select(by, application.Select{AmountCents: 900_000, Reason: "good", VoteBy: at.Add(time.Hour)}, w.onFund())
	case "voteOnApplication":
		events, err = is.Vote(by, application.Cast{Vote: rapid.SampledFrom(append(code.TrusteeVotes, code.VoteFor, code.VoteFor)).Draw(t, "vote"), Reason: voteOf(who.name)}, w.onBoard())
	case "refuseApplication":
		events, err = is.Refuse(by, application.Refuse{Reason: rapid.SampledFrom(code.NotAwardedReasons).Draw(t, "reason"), Words: "no"}, w.onBoard())
	case "awardApplication":
		var cents int64
		if cents, err = is.Award(by, w.onBoard()); err == nil {
			w.committed = true
			events, err = is.Commit(fact.By{At: at}, cents)
		}
	}
	return events, err
}

// doing is a command and who gives it.
type doing struct {
	what string
	who  person
}

// anything is any command of anybody; or, more often, one that somebody is offered.
func anything(t *rapid.T, is application.Application, at time.Time) doing {
	commands := slices.Sorted(maps.Keys(is.Commands()))
	commands = append(commands, "startApplication", "awardApplication")
	var offered []doing
	for _, who := range people {
		by := fact.By{Principal: who.name, Agency: who.agency, Roles: who.roles, At: at}
		for _, what := range is.Commands().Now(is, by, command.Anybody) {
			// The agency can always write, and the fund refuse: that would be most of what happens.
			if rare := what == "saveApplication" || what == "takeBackApplication" || what == "refuseApplication" || what == "freeAssessor"; !rare {
				offered = append(offered, doing{what, who})
			}
		}
	}
	if is.Status() == code.ApplicationSelected { // it takes two records, so that no table has it
		offered = append(offered, doing{"awardApplication", people[3]})
	}
	if len(offered) > 0 && rapid.IntRange(0, 3).Draw(t, "offered") > 0 {
		return rapid.SampledFrom(offered).Draw(t, "of these")
	}
	return doing{rapid.SampledFrom(commands).Draw(t, "what"), rapid.SampledFrom(people).Draw(t, "who")}
}

// Whatever people try in whatever order: nobody sees a score of another before all are in, no trustee
// sees the vote of another before their own, an assessor sees nothing of the application before they
// declared, the fund sees nothing before the deadline, nobody has two parts, nothing changes after the
// deadline what was submitted, nor what is judged when a clock goes back, and a command that is refused changes nothing.
func TestWhateverPeopleTry(t *testing.T) {
	reached := map[code.ApplicationStatus]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := start()
		w.under(func(c *call.Call) { c.Questions = []call.Question{{ID: "need", MostLetters: 100, Required: true}} })
		w.trustees = []string{"t1", "t2", "t3", "t4", "asha", "milo", "nils"}
		for _, s := range drafted {
			if err := s(w); err != nil {
				t.Fatal(err)
			}
		}
		// A part of the runs begins where there is something to see.
		way := slices.Concat([]step{submit(closes), judge("mara", judgements("")), countersign("mina", true, "")}, assess("ana", 50), assess("aldo", 55), []step{propose(900_000)})
		for _, s := range way[:rapid.IntRange(0, len(way)).Draw(t, "begins")] {
			if err := s(w); err != nil {
				t.Fatal(err)
			}
		}
		at := closes.Add(-10 * time.Second)
		if w.is.Judged.By != "" {
			at = closes.Add(time.Hour)
		}
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			was := at
			at = at.Add(rapid.SampledFrom([]time.Duration{0, time.Millisecond, time.Second, time.Minute, 10 * time.Minute}).Draw(t, "later"))
			if rapid.IntRange(0, 14).Draw(t, "jumps back") == 0 {
				at = at.Add(-2 * time.Hour)
			}
			if !w.call.Over(at) && rapid.IntRange(0, 9).Draw(t, "extended") == 0 {
				w.under(func(c *call.Call) { c.Deadline = c.Deadline.Add(time.Minute) })
			}
			before := w.is
			do := anything(t, w.is, at)
			what := do.what
			events, err := attempt(t, w, what, do.who, at)
			if err != nil && len(events) > 0 {
				t.Fatalf("%s was refused, and something happened", what)
			}
			if err != nil && fault.Of(err).Kind == fault.Internal {
				t.Fatalf("%s: %v", what, err)
			}
			_ = w.take(fact.By{At: at}, events, err)
			if err != nil && !reflect.DeepEqual(before, w.is) {
				t.Fatalf("%s was refused, and changed something", what)
			}
			judged := before.Judged.By != "" || before.Disagreed != nil
			if (w.call.Over(at) || judged) && !reflect.DeepEqual(before.Submitted, w.is.Submitted) {
				t.Fatalf("%s changed what was submitted, after the deadline or what was judged", what)
			}
			published(t, events)
			if len(events) > 0 || w.call.Over(at) && !w.call.Over(was) {
				seen(t, w, at)
				parts(t, w.is)
			}
			reached[w.is.Status()]++
		}
	})
	if testing.Short() {
		return // few runs reach what they draw
	}
	for _, s := range []code.ApplicationStatus{code.ApplicationEligible, code.ApplicationAssessed, code.ApplicationSelected} {
		if reached[s] == 0 {
			t.Errorf("no run reached %s: %v", s, reached)
		}
	}
}

// published holds the public halves against what people wrote.
func published(t *rapid.T, events []fact.Event) {
	for _, e := range events {
		public, err := json.Marshal(e.Data)
		if err != nil || strings.Contains(string(public), "-of-") {
			t.Fatalf("%s tells %s", e.Data.EventType(), public)
		}
	}
}

// seen holds what each person is shown against what they may see.
func seen(t *rapid.T, w *world, at time.Time) {
	is := w.is
	for _, who := range people {
		by := fact.By{Principal: who.name, Agency: who.agency, Roles: who.roles, At: at}
		shown, err := json.Marshal([]any{is.View(by), is.Commands().Now(is, by, command.Anybody)})
		if err != nil {
			t.Fatal(err)
		}
		text := string(shown)
		no := func(what, why string) {
			if strings.Contains(text, what) {
				t.Fatalf("%s sees %s, %s: %s", who.name, what, why, text)
			}
		}
		if who.agency == ngo {
			no("SCORE-", "and is of the agency that applies")
			no("VOTE-", "and is of the agency that applies")
			continue
		}
		if is.Submitted == nil || !w.call.Over(at) {
			no(inName, "before the deadline")
		}
		place := slices.IndexFunc(is.Places, func(p application.Place) bool { return p.Assessor == who.name })
		if place >= 0 && is.Places[place].Interest != code.InterestNone {
			no(inContent, "and has not declared that there is no conflict")
		}
		if place >= 0 && is.Places[place].Interest == code.InterestConflict && is.Visible(by) {
			t.Fatalf("%s knows of it after a conflict", who.name)
		}
		voted := slices.ContainsFunc(is.Votes, func(v application.Vote) bool { return v.Trustee == who.name })
		for _, other := range people {
			if other.name != who.name && (is.Result == nil || place >= 0) {
				no(scoreOf(other.name), "before all scores are in")
			}
			if other.name != who.name && !voted && is.Decision == nil && slices.Contains(who.roles, "trustee") {
				no(voteOf(other.name), "before their own vote")
			}
		}
		if is.Result == nil && place < 0 {
			no("total_hundredths", "before all scores are in")
		}
	}
	if is.Result == nil && len(application.Ranking.Keys(is)) > 0 {
		t.Fatal("what is not assessed has a rank")
	}
}

// parts holds everybody to one part.
func parts(t *rapid.T, is application.Application) {
	has := map[string]string{}
	take := func(who, what string) {
		if was := has[who]; was != "" && (was != what || what != "manages") {
			t.Fatalf("%s %s, and %s", who, was, what)
		}
		has[who] = what
	}
	for _, p := range is.Places {
		take(p.Assessor, "assesses")
		if p.Scored != nil && p.Interest != code.InterestNone {
			t.Fatalf("%s scored undeclared", p.Assessor)
		}
	}
	for _, v := range is.Votes {
		take(v.Trustee, "votes")
	}
	for _, m := range []string{is.Judged.By, is.Countersigner} {
		if m != "" {
			take(m, "manages")
		}
	}
	if is.Countersigner != "" && is.Countersigner == is.Judged.By {
		t.Fatal("countersigned by who judged")
	}
	if active := len(is.Places) - gone(is); active > 3 {
		t.Fatal(fmt.Sprint(active, " assessors"))
	}
	if is.Decision != nil && is.Decision.Awarded && is.Selection == nil {
		t.Fatal("awarded unselected")
	}
}

func gone(is application.Application) (n int) {
	for _, p := range is.Places {
		if p.Freed != nil || p.Interest == code.InterestConflict {
			n++
		}
	}
	return n
}

func TestFilesAreShownToWhoSeesWhatWasSubmitted(t *testing.T) {
	w := play(t, after(drafted, paper(code.PaperBudget, "%PDF-1.7 a better budget"), submit(closes))...)
	old, current := w.is.Files[1].ID, w.is.Files[2].ID
	later := w.writer(closes.Add(time.Hour))
	for name, row := range map[string]struct {
		by   fact.By
		file string
		sees bool
	}{
		"the agency, an old one":     {later, old, true},
		"a manager":                  {w.manager("mara"), current, true},
		"a manager, an old one":      {w.manager("mara"), old, false},
		"a manager, before deadline": {w.who("mara", fund, closes, "fund_manager"), current, false},
		"somebody of another agency": {w.who("otto", rival, later.At, "fund_applicant"), current, false},
		"an assessor who has none":   {w.assessor("ana"), current, false},
		"one that there is not":      {later, "file_none", false},
	} {
		if _, sees := w.is.File(row.by, row.file); sees != row.sees {
			t.Errorf("%s sees it: %v", name, sees)
		}
	}
}

func TestHistoryTellsEachTheirOwn(t *testing.T) {
	w := play(t, after(selected, votesThree...)...)
	agency := w.writer(closes.Add(5 * time.Hour))
	if w.is.Tells(agency, fund, "trust-fund.assessor_assigned.v1") || !w.is.Tells(agency, ngo, "trust-fund.application_saved.v1") {
		t.Error("the agency sees who works on it, or not what it did itself")
	}
	if !w.is.Tells(w.manager("mina"), "university", "trust-fund.application_scored.v1") {
		t.Error("a manager does not see who has scored")
	}
	if w.is.Tells(w.assessor("ana"), fund, "trust-fund.eligibility_judged.v1") || w.is.Tells(w.who("otto", rival, agency.At), ngo, "x") {
		t.Error("somebody sees what is not theirs")
	}
}
