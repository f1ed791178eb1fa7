package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

var (
	follows = worktest.Do(domain.Matter.AnswerFollowing, domain.AnswerFollowing{Answer: code.Yes})
	refuses = worktest.Do(domain.Matter.AnswerFollowing, domain.AnswerFollowing{Answer: code.No})
	reports = worktest.Do(domain.Matter.OpenProceeding, domain.OpenProceeding{Authority: "a prosecutor", Reference: "7/26"})
	charged = stepped(code.StepCharged, "as she said")
	// released says that the accused is free, without a word.
	released = stepped(code.StepReleased, "")

	sets = func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.PlanHearing(by, domain.PlanHearing{Kind: code.HearingTrial, StartsAt: by.At.Add(7 * day), Court: "a court"}, laws)
	}
	moves = func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.MoveHearing(by, domain.MoveHearing{Hearing: last(m.Hearings, ofHearing, "hear"), StartsAt: by.At.Add(14 * day)}, laws)
	}
	holds     = settlesHearing(code.HearingHeld)
	assessed  = assesses(code.AidViolence, code.MeansNotAsked)
	explained = worktest.Do(domain.Matter.ExplainOptions, domain.ExplainOptions{Options: []code.LegalOption{code.OptionOrder, code.OptionComplaint}, Notes: "both"})
	waits     = chooses(code.OptionNothing)
	stores    = worktest.Do(domain.Matter.StoreFile, scan)
	kept      = worktest.Do(domain.Matter.KeepDocument, domain.KeepDocument{Title: "her papers", Kind: code.PaperIdentity, Place: "the safe"})
)

// scan is a file as the vault gives it.
var scan = func() vault.File {
	f := vault.Weigh(fact.ID("file", "scan"), "application/pdf", []byte("%PDF-1.7"))
	f.Key = "k"
	return f
}()

func stepped(is code.ProceedingStep, words string) step {
	return func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.RecordProceedingStep(by, domain.RecordProceedingStep{Proceeding: last(m.Proceedings, ofDocket, "proc"), Step: is, Notes: words}, laws)
	}
}

func settlesHearing(result code.HearingResult) step {
	return func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.SettleHearing(by, domain.SettleHearing{Hearing: last(m.Hearings, ofHearing, "hear"), Result: result})
	}
}

func assesses(ground code.AidGround, means code.AidMeans) step {
	return ruled(domain.Matter.AssessEligibility, domain.AssessEligibility{Ground: ground, Means: means})
}

func chooses(options ...code.LegalOption) step {
	return worktest.Do(domain.Matter.ChooseOptions, domain.ChooseOptions{Options: options})
}

func TestProceeding(t *testing.T) {
	by := worktest.Worker().Principal
	free := func(n int, w legalaidv1.Work) []fact.Event {
		return fact.With(
			legalaidv1.ProceedingStepped{Work: w, Proceeding: id("proc", 3), Entry: id("step", n), Step: code.StepReleased, Duty: id("duty", n)},
			domain.StepTaken{By: by, SteppedAt: worktest.Dawn, TellBy: worktest.Dawn.Add(2 * time.Hour)},
		)
	}
	worktest.Check(t, map[string]worktest.Rule[domain.Matter]{
		"she wants it followed": {Given: []step{accepted}, When: follows, Want: fact.With(
			legalaidv1.FollowingAnswered{Work: about, Answer: code.Yes}, domain.FollowingSaid{By: by, SaidAt: worktest.Dawn},
		)},
		"her yes at rest": {Given: []step{accepted, lapsed}, When: follows, Err: work.ErrResting},
		"her no at rest": {Given: []step{accepted, follows, lapsed}, When: refuses, Want: fact.With(
			legalaidv1.FollowingAnswered{Work: turn(worktest.LapsedAt), Answer: code.No}, domain.FollowingSaid{By: by, SaidAt: worktest.Dawn},
		)},
		"neither yes nor no": {Given: []step{accepted}, When: worktest.Do(domain.Matter.AnswerFollowing, domain.AnswerFollowing{}), Err: work.ErrUnknownCode},
		"nobody asked her":   {Given: []step{accepted}, When: reports, Err: domain.ErrNotFollowed},
		"a complaint": {Given: []step{accepted, follows}, When: reports, Want: begun(fact.With(
			legalaidv1.ProceedingOpened{Work: about, Proceeding: id("proc", 3)}, domain.DocketOpened{By: by, Docket: domain.Docket{Authority: "a prosecutor", Reference: "7/26"}},
		))},
		"a second one after her no": {Given: []step{accepted, follows, reports, refuses}, When: reports, Err: domain.ErrNotFollowed},
		"a step": {Given: []step{accepted, follows, reports}, When: charged, Want: fact.With(
			legalaidv1.ProceedingStepped{Work: about, Proceeding: id("proc", 3), Entry: id("step", 4), Step: code.StepCharged},
			domain.StepTaken{By: by, SteppedAt: worktest.Dawn, Notes: "as she said"},
		)},
		"a step of what is not there":    {Given: []step{accepted, follows}, When: charged, Err: work.ErrEntryUnknown},
		"a step of what was in error":    {Given: []step{accepted, follows, reports, inError(id("proc", 3))}, When: charged, Err: work.ErrEntryInError},
		"a step that is none":            {Given: []step{accepted, follows, reports}, When: stepped("acquitted", ""), Err: work.ErrUnknownCode},
		"a step after her no":            {Given: []step{accepted, follows, reports, refuses}, When: charged, Err: domain.ErrNotFollowed},
		"a step at rest":                 {Given: []step{accepted, follows, reports, lapsed}, When: charged, Err: work.ErrResting},
		"he is free":                     {Given: []step{accepted, follows, reports}, When: released, Want: free(4, about)},
		"he is free, after her no":       {Given: []step{accepted, follows, reports, refuses}, When: released, Want: free(5, about)},
		"he is free, at rest":            {Given: []step{accepted, follows, reports, lapsed}, When: released, Want: free(5, turn(worktest.LapsedAt))},
		"he is free, and words of it":    {Given: []step{accepted, follows, reports, refuses}, When: stepped(code.StepReleased, "why"), Err: domain.ErrNotFollowed},
		"her desk has it: it is settled": {Given: []step{accepted, follows, reports, released, brings}, When: tells, Err: domain.ErrDuty},
		"a step is written anew": {
			Given: []step{accepted, follows, reports, charged}, When: amends(domain.Amend{Entry: because(id("step", 4), code.Correction), Step: &domain.StepAnew{Step: code.StepJudged, SteppedAt: longAgo}}),
			Want: fact.With(legalaidv1.MatterAmended{Work: about, Entry: id("step", 4), Reason: code.Correction}, domain.Amendment{
				Amender: work.Amender{By: by}, Step: &domain.Stepped{Step: code.StepJudged, SteppedAt: longAgo},
			}),
		},
		"a step becomes a release": {
			Given: []step{accepted, follows, reports, charged}, When: amends(domain.Amend{Entry: because(id("step", 4), code.Correction), Step: &domain.StepAnew{Step: code.StepReleased}}), Err: work.ErrAmendment,
		},
		"a proceeding is written anew": {
			Given: []step{accepted, follows, reports}, When: amends(domain.Amend{Entry: because(id("proc", 3), code.Addition), Proceeding: &domain.OpenProceeding{Authority: "another"}}),
			Want: fact.With(legalaidv1.MatterAmended{Work: about, Entry: id("proc", 3), Reason: code.Addition}, domain.Amendment{
				Amender: work.Amender{By: by}, Proceeding: &domain.Docket{Authority: "another"},
			}),
		},
		"a paper is written anew": {
			Given: []step{accepted, kept}, When: amends(domain.Amend{Entry: because(id("doc", 2), code.Addition), Document: &domain.KeepDocument{Title: "a power", Kind: code.PaperMandate}}),
			Want: fact.With(legalaidv1.MatterAmended{Work: about, Entry: id("doc", 2), Reason: code.Addition}, domain.Amendment{
				Amender: work.Amender{By: by}, Document: &domain.Paper{Title: "a power", Kind: code.PaperMandate},
			}),
		},
		"a file": {Given: []step{accepted}, When: stores, Want: begun(fact.With(legalaidv1.FileStored{Work: about, File: scan.ID}, scan))},
		"a paper with a file": {
			Given: []step{accepted, stores}, When: worktest.Do(domain.Matter.KeepDocument, domain.KeepDocument{Title: "x", Kind: code.PaperOther, File: scan.ID}),
			Want: fact.With(legalaidv1.DocumentKept{Work: about, Document: id("doc", 3)}, domain.PaperKept{By: by, Paper: domain.Paper{
				Title: "x", Kind: code.PaperOther, File: scan.ID, SHA256: scan.SHA256,
			}}),
		},
		"a paper with no such file": {Given: []step{accepted}, When: worktest.Do(domain.Matter.KeepDocument, domain.KeepDocument{Title: "x", Kind: code.PaperOther, File: scan.ID}), Err: work.ErrEntryUnknown},
		"a paper with another hash": {Given: []step{accepted, stores}, When: worktest.Do(domain.Matter.KeepDocument, domain.KeepDocument{Title: "x", Kind: code.PaperOther, File: scan.ID, SHA256: "00"}), Err: work.ErrEntryUnknown},
		"a file at rest":            {Given: []step{accepted, lapsed}, When: stores, Err: work.ErrResting},
		"a paper of no kind":        {Given: []step{accepted}, When: worktest.Do(domain.Matter.KeepDocument, domain.KeepDocument{Title: "x"}), Err: work.ErrUnknownCode},
		"a paper": {Given: []step{accepted}, When: kept, Want: begun(fact.With(
			legalaidv1.DocumentKept{Work: about, Document: id("doc", 2)}, domain.PaperKept{By: by, Paper: domain.Paper{Title: "her papers", Kind: code.PaperIdentity, Place: "the safe"}},
		))},
	})
}

func TestHearing(t *testing.T) {
	by, when := worktest.Worker().Principal, worktest.Dawn.Add(7*day)
	of := func(what string) step {
		return ruled(domain.Matter.PlanHearing, domain.PlanHearing{About: what, Kind: code.HearingFirst, StartsAt: when, Court: "a court"})
	}
	worktest.Check(t, map[string]worktest.Rule[domain.Matter]{
		"a hearing": {Given: []step{accepted}, When: sets, Want: begun(fact.With(
			legalaidv1.HearingPlanned{Work: about, Hearing: id("hear", 2), Kind: code.HearingTrial},
			domain.HearingSet{HearingTime: domain.HearingTime{By: by, StartsAt: when, Court: "a court", RemindAt: when.Add(-day)}},
		))},
		"of an application": {Given: []step{accepted, applied}, When: of(application), Want: fact.With(
			legalaidv1.HearingPlanned{Work: about, Hearing: id("hear", 3), Kind: code.HearingFirst},
			domain.HearingSet{About: application, HearingTime: domain.HearingTime{By: by, StartsAt: when, Court: "a court", RemindAt: when.Add(-day)}},
		)},
		"of a proceeding, after her no": {Given: []step{accepted, follows, reports, refuses}, When: of(id("proc", 3)), Want: fact.With(
			legalaidv1.HearingPlanned{Work: about, Hearing: id("hear", 5), Kind: code.HearingFirst},
			domain.HearingSet{About: id("proc", 3), HearingTime: domain.HearingTime{By: by, StartsAt: when, Court: "a court", RemindAt: when.Add(-day)}},
		)},
		"of no application":          {Given: []step{accepted}, When: of(application), Err: work.ErrEntryUnknown},
		"of an application in error": {Given: []step{accepted, applied, inError(application)}, When: of(application), Err: work.ErrEntryInError},
		"of no proceeding":           {Given: []step{accepted}, When: of(id("proc", 3)), Err: work.ErrEntryUnknown},
		"in the past":                {Given: []step{accepted}, When: ruled(domain.Matter.PlanHearing, domain.PlanHearing{Kind: code.HearingFirst, StartsAt: longAgo}), Err: domain.ErrHearing},
		"of no kind":                 {Given: []step{accepted}, When: ruled(domain.Matter.PlanHearing, domain.PlanHearing{StartsAt: when}), Err: work.ErrUnknownCode},
		"at rest, without a beginning": {Given: []step{accepted, lapsed}, When: sets, Want: fact.With(
			legalaidv1.HearingPlanned{Work: turn(worktest.LapsedAt), Hearing: id("hear", 3), Kind: code.HearingTrial},
			domain.HearingSet{HearingTime: domain.HearingTime{By: by, StartsAt: when, Court: "a court", RemindAt: when.Add(-day)}},
		)},
		"moved": {Given: []step{accepted, sets}, When: moves, Want: fact.With(
			legalaidv1.HearingMoved{Work: about, Hearing: id("hear", 2)},
			domain.HearingTime{By: by, StartsAt: when.Add(7 * day), Court: "a court", RemindAt: when.Add(6 * day)},
		)},
		"moved to where it is":    {Given: []step{accepted, sets}, When: ruled(domain.Matter.MoveHearing, domain.MoveHearing{Hearing: id("hear", 2), StartsAt: when})},
		"moved into the past":     {Given: []step{accepted, sets}, When: ruled(domain.Matter.MoveHearing, domain.MoveHearing{Hearing: id("hear", 2), StartsAt: longAgo}), Err: domain.ErrHearing},
		"moved after it was held": {Given: []step{accepted, sets, holds}, When: moves, Err: domain.ErrHearing},
		"moved after it was put off": {Given: []step{accepted, sets, settlesHearing(code.HearingPutOff)}, When: moves, Want: fact.With(
			legalaidv1.HearingMoved{Work: about, Hearing: id("hear", 2)},
			domain.HearingTime{By: by, StartsAt: when.Add(7 * day), Court: "a court", RemindAt: when.Add(6 * day)},
		)},
		"moved, and not there": {Given: []step{accepted}, When: moves, Err: work.ErrEntryUnknown},
		"moved, and in error":  {Given: []step{accepted, sets, inError(id("hear", 2))}, When: moves, Err: work.ErrEntryInError},
		"held": {Given: []step{accepted, sets}, When: holds, Want: fact.With(
			legalaidv1.HearingSettled{Work: about, Hearing: id("hear", 2), Result: code.HearingHeld}, domain.By{By: by},
		)},
		"held, said twice":   {Given: []step{accepted, sets, holds}, When: holds},
		"it came to nothing": {Given: []step{accepted, sets}, When: settlesHearing("nothing"), Err: work.ErrUnknownCode},
		"it is soon": {Given: []step{accepted, sets}, When: at(when.Add(-day), comes), Want: fact.Of(
			legalaidv1.ReminderCame{Work: about, Kind: code.HearingSoon, About: id("hear", 2)},
			rung,
		)},
		"it is past, and nobody said what became of it": {Given: []step{accepted, sets, at(when.Add(-day), comes)}, When: at(when, comes), Want: fact.Of(
			legalaidv1.ReminderCame{Work: about, Kind: code.HearingSoon, About: id("hear", 2)},
			legalaidv1.ReminderCame{Work: about, Kind: code.HearingPast, About: id("hear", 2)},
			rung,
		)},
		"held: nothing is due": {Given: []step{accepted, sets, holds}, When: at(when, comes)},
		"not yet":              {Given: []step{accepted, sets, moves}, When: at(when, comes), Err: domain.ErrNotDue},
	})
}

func TestOptions(t *testing.T) {
	by := worktest.Worker().Principal
	worktest.Check(t, map[string]worktest.Rule[domain.Matter]{
		"a survivor is asked for no means": {Given: []step{accepted}, When: assessed, Want: begun(fact.With(
			legalaidv1.EligibilityAssessed{Work: about, Entry: id("elig", 2)},
			domain.Assessed{By: by, Found: domain.Found{Ground: code.AidViolence, Means: code.MeansNotAsked, AssessedAt: worktest.Dawn}},
		))},
		"a survivor is refused for her means": {Given: []step{accepted}, When: assesses(code.AidViolence, code.MeansAbove), Err: domain.ErrEligibility},
		"a child is refused for its means":    {Given: []step{accepted}, When: assesses(code.AidChild, code.MeansAbove), Err: domain.ErrEligibility},
		"a ground of no programme here":       {Given: []step{accepted}, When: assesses(code.AidTrafficking, code.MeansNotAsked), Err: domain.ErrEligibility},
		"who has no means is asked for them":  {Given: []step{accepted}, When: assesses(code.AidNoMeans, code.MeansNotAsked), Err: domain.ErrEligibility},
		"a ground that is none":               {Given: []step{accepted}, When: assesses("pity", code.MeansNotAsked), Err: work.ErrUnknownCode},
		"means that are none":                 {Given: []step{accepted}, When: assesses(code.AidNoMeans, "rich"), Err: work.ErrUnknownCode},
		"options are explained": {Given: []step{accepted}, When: explained, Want: begun(fact.With(
			legalaidv1.OptionsExplained{Work: about, Entry: id("expl", 2)},
			domain.OptionsTold{By: by, Explanation: domain.Explanation{Options: []code.LegalOption{code.OptionOrder, code.OptionComplaint}, ExplainedAt: worktest.Dawn, Notes: "both"}},
		))},
		"none are explained": {Given: []step{accepted}, When: worktest.Do(domain.Matter.ExplainOptions, domain.ExplainOptions{}), Err: domain.ErrOptions},
		"one is twice":       {Given: []step{accepted, explained}, When: chooses(code.OptionOrder, code.OptionOrder), Err: domain.ErrOptions},
		"she chooses one": {Given: []step{accepted, explained}, When: chooses(code.OptionOrder), Want: fact.With(
			legalaidv1.OptionsChosen{Work: about, Entry: id("opt", 3)},
			domain.OptionsTaken{By: by, Choice: domain.Choice{Options: []code.LegalOption{code.OptionOrder}, ChosenAt: worktest.Dawn}},
		)},
		"she chooses to do nothing now": {Given: []step{accepted}, When: waits, Want: begun(fact.With(
			legalaidv1.OptionsChosen{Work: about, Entry: id("opt", 2)},
			domain.OptionsTaken{By: by, Choice: domain.Choice{Options: []code.LegalOption{code.OptionNothing}, ChosenAt: worktest.Dawn}},
		))},
		"nothing, and something":           {Given: []step{accepted, explained}, When: chooses(code.OptionNothing, code.OptionOrder), Err: domain.ErrOptions},
		"what nobody explained":            {Given: []step{accepted, explained}, When: chooses(code.OptionFamily), Err: domain.ErrOptions},
		"what was explained in error":      {Given: []step{accepted, explained, inError(id("expl", 2))}, When: chooses(code.OptionOrder), Err: domain.ErrOptions},
		"a way that the law does not know": {Given: []step{accepted}, When: chooses("revenge"), Err: work.ErrUnknownCode},
	})
	m := worktest.Play(t, worktest.Worker(), accepted, assesses(code.AidNoMeans, code.MeansAbove), assessed)
	if m.Eligibility[0].Eligible || !m.Eligibility[1].Eligible {
		t.Errorf("%+v", m.Eligibility)
	}
}

// Everything that was entered in error keeps its place and what it held, and shows no content.
func TestEachEntryInError(t *testing.T) {
	given := []step{accepted, applied, wins, serves, becomes(code.OrderBreached), follows, reports, charged, sets, assessed, explained, waits, kept}
	m := worktest.Play(t, worktest.Worker(), given...)
	for _, entry := range []string{
		m.Served[0].ID, m.Changes[0].ID, m.Proceedings[0].ID, m.Steps[0].ID, m.Hearings[0].ID, m.Eligibility[0].ID, m.Explained[0].ID, m.Chosen[0].ID, m.Documents[0].ID,
	} {
		if _, err := amends(domain.Amend{Entry: because(entry, code.Correction), Advice: &domain.GiveAdvice{Topic: code.TopicOther}})(m, worktest.Worker()); err == nil {
			t.Errorf("%s is written anew as advice", entry)
		}
		given = append(given, inError(entry))
	}
	done := worktest.Play(t, worktest.Worker(), given...)
	for _, entry := range []string{done.Served[0].ID, done.Steps[0].ID, done.Documents[0].ID} {
		if _, err := inError(entry)(done, worktest.Worker()); err == nil {
			t.Errorf("%s is in error twice", entry)
		}
	}
	empty := []any{done.Served[0].Service, done.Changes[0].Became, done.Proceedings[0].Docket, done.Steps[0].Stepped, done.Hearings[0].Sitting, done.Eligibility[0].Found, done.Chosen[0].ChosenAt, done.Documents[0].Paper}
	want := []any{domain.Service{}, domain.Became{}, domain.Docket{}, domain.Stepped{}, domain.Sitting{}, domain.Found{}, time.Time{}, domain.Paper{}}
	if diff := cmp.Diff(want, empty); diff != "" {
		t.Error(diff)
	}
	held := []any{done.Served[0].Before[0].What, done.Steps[0].Before[0].What, done.Hearings[0].Before[0].What, done.Explained[0].Before[0].What, done.Documents[0].Before[0].What}
	had := []any{m.Served[0].Service, m.Steps[0].Stepped, m.Hearings[0].Sitting, m.Explained[0].Explanation, m.Documents[0].Paper}
	if diff := cmp.Diff(had, held); diff != "" {
		t.Error(diff)
	}
}

// A worker's list has the dates and duties of a matter: open, at rest, and while she is to be
// asked. It says nothing of courts, names and words.
func TestDates(t *testing.T) {
	before := []step{accepted, applied, wins, plans, sets, facts[13]}
	want := []code.LegalDate{code.DateDuty, code.DateHearing, code.DateServe, code.DateOrderEnd}
	for name, more := range map[string]struct {
		steps []step
		want  []code.LegalDate
	}{
		"open": {nil, want}, "at rest": {[]step{lapsed}, want}, "asked": {[]step{facts[3]}, want},
		"she keeps it": {[]step{facts[3], keeps}, want}, "she ends it": {[]step{facts[3], ends}, nil},
		"ended": {[]step{facts[1]}, want[:1]}, "closed to readers": {[]step{facts[1], facts[7]}, nil},
		"told, served, held": {[]step{tells, served, holds}, want[3:]},
	} {
		m := worktest.Play(t, worktest.Worker(), append(slices.Clip(before), more.steps...)...)
		var got []code.LegalDate
		for _, d := range m.Dates(worktest.Dawn) {
			got = append(got, d.Kind)
		}
		if diff := cmp.Diff(more.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// While a matter rests, its worker sees dates and duties alone: no name, no measure, no word.
func TestDutiesAtRest(t *testing.T) {
	varied := ruled(domain.Matter.RecordOrderChange, domain.RecordOrderChange{Application: application, Change: code.OrderVaried, Measures: "canary", Notes: "canary"})
	names := worktest.Do(domain.Matter.ApplyProtectionOrder, domain.ApplyProtectionOrder{Court: "a court", Measures: "canary", Protected: []string{"canary"}, Respondents: []string{"canary"}})
	m := worktest.Play(t, worktest.Worker(), accepted, names, wins, varied, plans, sets, follows, reports, charged, explained, kept, lapsed)
	v := m.Content(worktest.Worker()).(domain.View)
	if len(v.Orders) != 1 || len(v.Duties) != 1 || len(v.Hearings) != 1 || len(v.Changes) != 1 || len(v.Steps)+len(v.Proceedings)+len(v.Documents)+len(v.Explained) > 0 {
		t.Errorf("%+v", v)
	}
	if diff := cmp.Diff(domain.Petition{Court: "a court"}, v.Orders[0].Petition); diff != "" {
		t.Error(diff)
	}
	if v.Changes[0].Measures+v.Changes[0].Notes != "" {
		t.Errorf("%+v", v.Changes)
	}
	if m.Changes[0].Measures == "" || m.Orders[0].Measures == "" {
		t.Error("what is shown changed what is kept")
	}
}
