package domain_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

func id(prefix string, n int) string {
	return (fact.By{At: worktest.Dawn, Commit: worktest.Commit(n)}).ID(prefix, 0)
}

func adviceID(n int) string { return id("adv", n) }

func inError(entry string) step {
	return amends(domain.Amend{Entry: work.Entry{Entry: entry, Reason: code.Correction, InError: true}})
}

func amends(cmd domain.Amend) step { return worktest.Do(domain.Matter.Amend, cmd) }

func because(entry string, reason code.AmendReason) work.Entry {
	return work.Entry{Entry: entry, Reason: reason}
}

func corrects(ruling string, result code.OrderResult) step {
	return worktest.Do(domain.Ruled(rules, domain.Matter.RecordOrderResult), domain.RecordOrderResult{
		Application: application, Result: result, Replaces: ruling, Reason: code.Correction,
	})
}

// What was written of advice and applications is put right, and nothing is lost. The steps
// are numbered from the acceptance on, which is 1.
func TestAmend(t *testing.T) {
	written := domain.GiveAdvice{Topic: code.TopicFamily, Summary: "what is right", GivenAt: longAgo}
	asked := domain.ApplyProtectionOrder{Court: "the right court", Measures: "no contact"}
	anew := domain.Amend{Entry: because(adviceID(2), code.Correction), Advice: &written}
	applies := domain.Amend{Entry: because(id("app", 2), code.Addition), Application: &asked}
	early := written
	early.GivenAt = worktest.Dawn.Add(time.Hour)

	worktest.Check(t, map[string]worktest.Rule[domain.Matter]{
		"advice is written anew": {
			Given: []step{accepted, advised}, When: amends(anew),
			Want: fact.With(
				legalaidv1.MatterAmended{Work: about, Entry: adviceID(2), Reason: code.Correction},
				domain.Amendment{Amender: work.Amender{By: "worker-1"}, Advice: &domain.Said{
					At: longAgo, Topic: code.TopicFamily, Advice: domain.Advice{Summary: "what is right"},
				}},
			),
		},
		"an application is written anew, and its date stays": {
			Given: []step{accepted, applied}, When: amends(applies), At: worktest.Dawn.Add(time.Hour),
			Want: fact.With(
				legalaidv1.MatterAmended{Work: about, Entry: id("app", 2), Reason: code.Addition},
				domain.Amendment{Amender: work.Amender{By: "worker-1"}, Application: &domain.Applied{
					AppliedAt: worktest.Dawn, Petition: domain.Petition{Court: "the right court", Measures: "no contact"},
				}},
			),
		},
		"advice on a closed matter is put right": {
			Given: []step{accepted, advised, closed}, When: inError(adviceID(2)),
			Want: fact.With(
				legalaidv1.MatterAmended{Work: about, Entry: adviceID(2), Reason: code.Correction},
				domain.Amendment{Amender: work.Amender{By: "worker-1", InError: true}},
			),
		},
		"nothing at rest":                         {Given: []step{accepted, advised, lapsed}, When: inError(adviceID(2)), Err: work.ErrResting},
		"nothing before she is asked":             {Given: []step{accepted, given, advised, facts[3]}, When: inError(adviceID(3)), Err: work.ErrAsked},
		"nothing that is closed to readers":       {Given: []step{accepted, advised, closed, facts[7]}, When: inError(adviceID(2)), Err: work.ErrEnded},
		"nothing of no matter":                    {When: inError(adviceID(2)), Err: work.ErrNotOpen},
		"an entry that is not there":              {Given: []step{accepted, advised}, When: inError(adviceID(9)), Err: work.ErrEntryUnknown},
		"for no reason":                           {Given: []step{accepted, advised}, When: amends(domain.Amend{Entry: work.Entry{Entry: adviceID(2), InError: true}}), Err: work.ErrUnknownCode},
		"nothing new":                             {Given: []step{accepted, advised}, When: amends(domain.Amend{Entry: because(adviceID(2), code.Change)}), Err: work.ErrAmendment},
		"two things":                              {Given: []step{accepted, advised}, When: amends(domain.Amend{Entry: because(adviceID(2), code.Change), Advice: &written, Application: &asked}), Err: work.ErrAmendment},
		"new content of what is in error":         {Given: []step{accepted, advised}, When: amends(domain.Amend{Entry: work.Entry{Entry: adviceID(2), Reason: code.Change, InError: true}, Advice: &written}), Err: work.ErrAmendment},
		"an application in the place of advice":   {Given: []step{accepted, advised}, When: amends(domain.Amend{Entry: because(adviceID(2), code.Change), Application: &asked}), Err: work.ErrAmendment},
		"advice in the place of an application":   {Given: []step{accepted, applied}, When: amends(domain.Amend{Entry: because(id("app", 2), code.Change), Advice: &written}), Err: work.ErrAmendment},
		"advice yet to come":                      {Given: []step{accepted, advised}, When: amends(domain.Amend{Entry: because(adviceID(2), code.Change), Advice: &early}), Err: work.ErrDate},
		"advice on no topic":                      {Given: []step{accepted, advised}, When: amends(domain.Amend{Entry: because(adviceID(2), code.Change), Advice: &domain.GiveAdvice{}}), Err: work.ErrUnknownCode},
		"what is in error stays so":               {Given: []step{accepted, advised, inError(adviceID(2))}, When: amends(anew), Err: work.ErrEntryInError},
		"an application in error stays so":        {Given: []step{accepted, applied, inError(application)}, When: amends(applies), Err: work.ErrEntryInError},
		"a court answers no application in error": {Given: []step{accepted, applied, inError(application)}, When: granted, Err: work.ErrEntryInError},
		"an application that was answered":        {Given: []step{accepted, applied, granted}, When: inError(application), Err: domain.ErrDecided},
		"an application in error is not waited for": {
			Given: []step{accepted, applied, inError(application)}, When: closed, Want: fact.Of(legalaidv1.MatterClosed{Work: about, Outcome: code.NeedsMet}),
		},
		"an answer is not written anew": {
			Given: []step{accepted, applied, granted}, When: amends(domain.Amend{Entry: because(id("rul", 3), code.Change), Application: &asked}), Err: work.ErrAmendment,
		},
		"an answer is corrected by a new one": {
			Given: []step{accepted, applied, granted}, When: corrects(id("rul", 3), code.OrderRefused),
			Want: fact.With(
				legalaidv1.ProtectionOrderDecided{
					Work: about, Application: application, Result: code.OrderRefused, Ruling: id("rul", 4), Replaces: id("rul", 3), Reason: code.Correction,
				},
				domain.Decision{By: "worker-1", Decided: domain.Decided{DecidedAt: worktest.Dawn}},
			),
		},
		"an answer is corrected in the place of an older one": {Given: []step{accepted, applied, granted, corrects(id("rul", 3), code.OrderInterim)}, When: corrects(id("rul", 3), code.OrderRefused), Err: domain.ErrNotTheAnswer},
		"an answer is corrected that was not given":           {Given: []step{accepted, applied}, When: corrects(id("rul", 3), code.OrderRefused), Err: domain.ErrNotTheAnswer},
		"an answer is corrected where it is over":             {Given: []step{accepted, applied, granted, closed, facts[7]}, When: corrects(id("rul", 3), code.OrderRefused), Err: work.ErrEnded},
		"an answer is corrected for no reason": {
			Given: []step{accepted, applied, granted},
			When:  worktest.Do(domain.Ruled(rules, domain.Matter.RecordOrderResult), domain.RecordOrderResult{Application: application, Result: code.OrderRefused, Replaces: id("rul", 3)}),
			Err:   work.ErrUnknownCode,
		},
		"a reason that corrects nothing": {
			Given: []step{accepted, applied, interim},
			When:  worktest.Do(domain.Ruled(rules, domain.Matter.RecordOrderResult), domain.RecordOrderResult{Application: application, Result: code.OrderRefused, Reason: code.Change}),
			Err:   work.ErrAmendment,
		},
	})
	for name, given := range map[string][]step{
		"a closed matter": {accepted, applied, granted, closed},
		"work at rest":    {accepted, applied, granted, lapsed},
	} {
		if _, err := corrects(id("rul", 3), code.OrderRefused)(worktest.Play(t, worktest.Worker(), given...), worktest.Worker()); err != nil {
			t.Errorf("an answer in %s is not corrected: %v", name, err)
		}
	}
}

// The view shows the present, and each entry what it held before, who changed it, when and
// why.
func TestAmendedView(t *testing.T) {
	advice := domain.Amend{Entry: because(adviceID(2), code.Correction), Advice: &domain.GiveAdvice{Topic: code.TopicFamily, Summary: "what is right", GivenAt: longAgo}}
	m := worktest.Play(t, worktest.Worker(), accepted, advised, amends(advice), inError(adviceID(2)))
	told := domain.Said{At: worktest.Dawn, Topic: code.TopicProtection, Advice: domain.Advice{Summary: "what she can do"}}
	right := domain.Said{At: longAgo, Topic: code.TopicFamily, Advice: domain.Advice{Summary: "what is right"}}
	want := []domain.Advised{{ID: adviceID(2), InError: true, Before: []work.Before[domain.Said]{
		{At: worktest.Dawn, By: "worker-1", Reason: code.Correction, What: told},
		{At: worktest.Dawn, By: "worker-1", Reason: code.Correction, What: right},
	}}}
	if diff := cmp.Diff(want, m.Content(worktest.Worker()).(domain.View).Advice); diff != "" {
		t.Error("advice (-want +got):\n" + diff)
	}

	paper := worktest.Do(domain.Matter.GiveAdvice, domain.GiveAdvice{Topic: code.TopicFamily, GivenAt: longAgo})
	if at := worktest.Play(t, worktest.Worker(), accepted, paper).Advice[0].At; !at.Equal(longAgo) {
		t.Errorf("advice from paper is shown at %s", at)
	}

	m = worktest.Play(t, worktest.Worker(), accepted, given, applied3, interim3, granted3, corrects3, inError(id("rul", 6)))
	o := m.Content(worktest.Worker()).(domain.View).Orders[0]
	var earlier []code.OrderResult
	for _, b := range o.Earlier {
		earlier = append(earlier, b.What.Result)
		if b.By != "worker-1" || b.What.ID == "" {
			t.Errorf("an earlier answer without its author or name: %+v", b)
		}
	}
	if diff := cmp.Diff([]code.OrderResult{code.OrderInterim, code.OrderGranted, code.OrderRefused}, earlier); diff != "" || o.Result != "" || o.Standing != "" {
		t.Errorf("the answers (-want +got):\n%s\nand now %q %q", diff, o.Result, o.Standing)
	}
	rests := m.Evolve(fact.Event{Data: legalaidv1.MatterRested{Work: turn(worktest.LapsedAt)}}).Content(worktest.Worker()).(domain.View).Orders[0]
	if rests.Earlier != nil || rests.Before != nil {
		t.Errorf("at rest what was there before is shown: %+v", rests)
	}
}

// The application of a matter that somebody has.
var (
	third     = id("app", 3)
	applied3  = applied
	interim3  = answers(domain.RecordOrderResult{Application: third, Result: code.OrderInterim})
	granted3  = answers(domain.RecordOrderResult{Application: third, Result: code.OrderGranted})
	corrects3 = answers(domain.RecordOrderResult{Application: third, Result: code.OrderRefused, Replaces: id("rul", 5), Reason: code.Correction})
)

func answers(cmd domain.RecordOrderResult) step {
	return worktest.Do(domain.Ruled(rules, domain.Matter.RecordOrderResult), cmd)
}

// An entry of before entries had identifiers is named by its position, and is put right as
// well.
func TestAmendOldEntries(t *testing.T) {
	m := worktest.Play(t, worktest.Worker(), accepted)
	for _, e := range append(fact.With(legalaidv1.AdviceGiven{Work: about}, domain.Told{}), append(
		fact.With(legalaidv1.AdviceGiven{Work: about}, domain.Told{}), append(
			fact.With(legalaidv1.ProtectionOrderApplied{Work: about, Application: application}, domain.Applied{}),
			fact.With(legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted}, domain.Decision{})...,
		)...)...) {
		m = m.Evolve(e)
	}
	if m.Advice[0].ID == m.Advice[1].ID {
		t.Fatal("two entries have one name")
	}
	for _, entry := range []string{m.Advice[0].ID, m.Advice[1].ID, m.Orders[0].Answer.ID} {
		if _, err := inError(entry)(m, worktest.Worker()); err != nil {
			t.Errorf("%s: %v", entry, err)
		}
	}
}

// Only the worker who has the matter, and who covers, puts it right.
func TestAmendByItsWorker(t *testing.T) {
	m := worktest.Play(t, worktest.Worker(), accepted, given, advised)
	_, err := work.ByWorker(domain.Matter.Amend)(m, worktest.Worker(), domain.Amend{}, work.Hands{Worker: "wkr_other"})
	if !errors.Is(err, work.ErrNotTheWorker) {
		t.Errorf("somebody else: %v", err)
	}
}

// The public half of an amendment says nothing of what was written.
func TestAmendmentsStayPrivate(t *testing.T) {
	const canary = "CanaryOfTheMine"
	m := worktest.Play(t, worktest.Worker(), accepted, advised)
	events, err := amends(domain.Amend{Entry: because(adviceID(2), code.Change), Advice: &domain.GiveAdvice{Topic: code.TopicFamily, Summary: canary}})(m, worktest.Worker())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		public, err := json.Marshal(e.Data)
		private, privateErr := json.Marshal(e.Private)
		if err != nil || privateErr != nil || strings.Contains(string(public), canary) || !strings.Contains(string(private), canary) {
			t.Errorf("%s | %s", public, private)
		}
	}
}

// An order that an early journal has as granted until a year long past is corrected by a new
// answer that names the old one, which stays; and from the old one no second answer comes.
func TestAnOrderGrantedUntilAWrongYear(t *testing.T) {
	m := worktest.Play(t, worktest.Worker(), accepted, applied)
	ends := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	m = m.Evolve(fact.Event{
		At: worktest.Dawn, Data: legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted},
		Private: domain.Decision{Decided: domain.Decided{Ruling: domain.Ruling{ValidUntil: ends}}},
	})
	wrong := m.Orders[0].Answer.ID
	if o := m.Content(worktest.Worker()).(domain.View).Orders[0]; o.Standing != code.OrderExpired {
		t.Errorf("it reads %q", o.Standing)
	}
	right := answers(domain.RecordOrderResult{Application: application, Result: code.OrderGranted, ValidUntil: until, Replaces: wrong, Reason: code.Correction})
	events, err := right(m, worktest.Worker())
	if err != nil {
		t.Fatal(err)
	}
	m = worktest.Fold(m, events...)
	o := m.Content(worktest.Worker()).(domain.View).Orders[0]
	if o.Standing != code.OrderInForce || len(o.Earlier) != 1 || o.Earlier[0].What.ID != wrong || !o.Earlier[0].What.ValidUntil.Equal(ends) {
		t.Errorf("corrected, it reads %+v", o)
	}
	if _, err := right(m, worktest.Worker()); !errors.Is(err, domain.ErrNotTheAnswer) {
		t.Errorf("a second answer from the old one: %v", err)
	}
}
