package domain_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
	"github.com/sanad-network/sanad/services/psychosocial/internal/instrument"
)

// rule is what a programme could say.
var rule = domain.Rule{
	RiskAnswer: 20 * time.Minute, FollowUp: 30 * 24 * time.Hour, Review: 14 * 24 * time.Hour,
	Instruments: instrument.Rule{PCL5Cut: 33, PHQ9Percent: 20, GAD7: 4, WHO5: 10, PCL5: 10},
}

func under[C any](decide func(domain.Plan, fact.By, C, domain.Rule) ([]fact.Event, error), c C) step {
	return func(p domain.Plan, by fact.By) ([]fact.Event, error) { return decide(p, by, c, rule) }
}

func asks(is code.Instrument, items map[string]int) step {
	return under(domain.Plan.AnswerInstrument, domain.AnswerInstrument{Instrument: is, Items: items})
}

// phq are answers to PHQ-9, all at one value but for the last.
func phq(all, last int) map[string]int {
	items := map[string]int{"item_9": last}
	for i := 1; i < 9; i++ {
		items[fmt.Sprintf("item_%d", i)] = all
	}
	return items
}

var (
	low    = asks(code.PHQ9, phq(0, 0))
	high   = asks(code.PHQ9, phq(2, 1))
	aimed  = under(domain.Plan.SetGoal, domain.SetGoal{Text: "to sleep"})
	agreed = under(domain.Plan.AgreeFollowUp, domain.AgreeFollowUp{})
)

func takes(answer string) step {
	return worktest.Do(domain.Plan.HandleRisk, domain.HandleRisk{Answer: answer, Step: code.TakeRisk})
}

func assesses(answer string) step {
	return worktest.Do(domain.Plan.HandleRisk, domain.HandleRisk{Answer: answer, Step: code.AssessRisk, Notes: "what she said of it"})
}

func shown(p domain.Plan, at time.Time) domain.View {
	by := worktest.Worker()
	by.At = at
	return p.Shown(by, rule)
}

// What she answered is recorded as she did, item by item. What she left out is missing, and what
// the instrument does not have is refused at its item.
func TestAnswers(t *testing.T) {
	minutes := worktest.Dawn.Add(20 * time.Minute)
	with := func(items []int, by time.Time) []fact.Event {
		return begun(fact.With(psychosocialv1.InstrumentAnswered{Work: about, Answer: id("ans", 2)},
			domain.Answered{Instrument: code.PHQ9, At: worktest.Dawn, Items: items, TakeBy: by}))
	}
	worktest.Check(t, map[string]worktest.Rule[domain.Plan]{
		"all answers":                            {Given: []step{accepted}, When: low, Want: with([]int{0, 0, 0, 0, 0, 0, 0, 0, 0}, time.Time{})},
		"item 9 opens a task":                    {Given: []step{accepted}, When: high, Want: with([]int{2, 2, 2, 2, 2, 2, 2, 2, 1}, minutes)},
		"item 9 alone":                           {Given: []step{accepted}, When: asks(code.PHQ9, map[string]int{"item_9": 3}), Want: with([]int{-1, -1, -1, -1, -1, -1, -1, -1, 3}, minutes)},
		"an instrument of nobody":                {Given: []step{accepted}, When: asks("danger_assessment", phq(0, 0)), Err: work.ErrUnknownCode},
		"nothing answered":                       {Given: []step{accepted}, When: asks(code.PHQ9, nil), Err: domain.ErrAnswers},
		"an item that it does not have":          {Given: []step{accepted}, When: asks(code.GAD7, phq(0, 0)), Err: domain.ErrAnswers},
		"an item of no number":                   {Given: []step{accepted}, When: asks(code.PHQ9, map[string]int{"item_x": 0}), Err: domain.ErrAnswers},
		"an answer too high":                     {Given: []step{accepted}, When: asks(code.PHQ9, phq(4, 0)), Err: domain.ErrAnswers},
		"an answer too low":                      {Given: []step{accepted}, When: asks(code.PHQ9, phq(-1, 0)), Err: domain.ErrAnswers},
		"at rest":                                {Given: []step{accepted, lapsed}, When: low, Err: work.ErrResting},
		"of a closed plan":                       {Given: []step{accepted, closed}, When: low, Err: work.ErrNotOpen},
		"tomorrow":                               {Given: []step{accepted}, When: under(domain.Plan.AnswerInstrument, domain.AnswerInstrument{Instrument: code.PHQ9, Items: phq(0, 0), TakenAt: worktest.Dawn.Add(time.Hour)}), Err: work.ErrDate},
		"a task is taken":                        {Given: []step{accepted, high}, When: takes(id("ans", 2)), Want: fact.With(psychosocialv1.RiskHandled{Work: about, Answer: id("ans", 2)}, domain.Handled{Step: code.TakeRisk, By: "worker-1"})},
		"a task is taken once":                   {Given: []step{accepted, high, takes(id("ans", 2))}, When: takes(id("ans", 2)), Err: domain.ErrNoTask},
		"a task is assessed":                     {Given: []step{accepted, high, takes(id("ans", 2))}, When: assesses(id("ans", 2)), Want: fact.With(psychosocialv1.RiskHandled{Work: about, Answer: id("ans", 2)}, domain.Handled{Step: code.AssessRisk, By: "worker-1", Notes: domain.Notes{Notes: "what she said of it"}})},
		"what was assessed is over":              {Given: []step{accepted, high, assesses(id("ans", 2))}, When: assesses(id("ans", 2)), Err: domain.ErrNoTask},
		"an answer without a task":               {Given: []step{accepted, high, low}, When: takes(id("ans", 3)), Err: domain.ErrNoTask},
		"an answer that is not there":            {Given: []step{accepted, high}, When: takes(id("ans", 9)), Err: work.ErrEntryUnknown},
		"an unknown step":                        {Given: []step{accepted, high}, When: worktest.Do(domain.Plan.HandleRisk, domain.HandleRisk{Answer: id("ans", 2)}), Err: work.ErrUnknownCode},
		"what was entered in error asks nothing": {Given: []step{accepted, high, inError(id("ans", 2))}, When: takes(id("ans", 2)), Err: domain.ErrNoTask},
		"a task of a closed plan":                {Given: []step{accepted, high, closed}, When: takes(id("ans", 2)), Want: fact.With(psychosocialv1.RiskHandled{Work: about, Answer: id("ans", 2)}, domain.Handled{Step: code.TakeRisk, By: "worker-1"})},
		"a task while she is asked":              {Given: []step{accepted, given, high, facts[3]}, When: takes(id("ans", 3)), Want: fact.With(psychosocialv1.RiskHandled{Work: turn(worktest.WithdrawnAt), Answer: id("ans", 3)}, domain.Handled{Step: code.TakeRisk, By: "worker-1"})},
		"a task of what she ended":               {Given: []step{accepted, given, high, facts[3], ends}, When: takes(id("ans", 3)), Err: work.ErrEnded},
		"an answer is not written anew":          {Given: []step{accepted, high}, When: amends(domain.Amend{Entry: because(id("ans", 2), code.Change), Session: &domain.RecordSession{}}), Err: work.ErrAmendment},
		"an answer is in error once":             {Given: []step{accepted, high, inError(id("ans", 2))}, When: inError(id("ans", 2)), Err: work.ErrEntryInError},
	})
}

// The answer 0 is never shown as "no risk": nothing is. An answer of 1 waits, is late to the
// minute, is taken and is assessed.
func TestRisk(t *testing.T) {
	p := worktest.Play(t, worktest.Worker(), accepted, given, low)
	if a := shown(p, worktest.Dawn).Answers[0]; a.Risk != "" || a.Assess || !a.TakeBy.IsZero() {
		t.Errorf("the answer 0 says %+v", a)
	}
	text, _ := json.Marshal(shown(p, worktest.Dawn))
	if strings.Contains(string(text), "risk") {
		t.Errorf("the answer 0 is shown with the word: %s", text)
	}
	p = worktest.Play(t, worktest.Worker(), accepted, given, high)
	answer := id("ans", 3)
	due := worktest.Dawn.Add(20 * time.Minute)
	for name, c := range map[string]struct {
		at   time.Time
		late bool
	}{"at once": {worktest.Dawn, false}, "a moment before": {due.Add(-1), false}, "to the minute": {due, true}} {
		v := shown(p, c.at)
		if len(v.Duties) != 1 || v.Duties[0].Kind != code.DutyRisk || v.Duties[0].Entry != answer || !v.Duties[0].DueAt.Equal(due) || v.Duties[0].Late != c.late {
			t.Errorf("%s: %+v", name, v.Duties)
		}
		if v.Answers[0].Risk != code.RiskWaiting || !v.Answers[0].Assess {
			t.Errorf("%s: %+v", name, v.Answers[0])
		}
	}
	taken := worktest.Play(t, worktest.Worker(), accepted, given, high, takes(answer))
	if v := shown(taken, due.Add(time.Hour)); len(v.Duties) != 1 || v.Duties[0].Late || v.Answers[0].Risk != code.RiskTaken || v.Answers[0].Steps[0].By != "worker-1" {
		t.Errorf("taken: %+v", v)
	}
	assessed := worktest.Play(t, worktest.Worker(), accepted, given, high, assesses(answer))
	if v := shown(assessed, due); len(v.Duties) != 0 || v.Answers[0].Risk != code.RiskAssessed || assessed.AtRisk() {
		t.Errorf("assessed: %+v", v)
	}
	shut := worktest.Play(t, worktest.Worker(), accepted, given, high, facts[3], ends)
	if v := shown(shut, due); len(v.Duties) != 0 || len(v.Answers) != 0 {
		t.Errorf("what she ended shows %+v", v)
	}
	if rests := shown(worktest.Play(t, worktest.Worker(), accepted, given, high, lapsed), due); len(rests.Duties) != 1 || len(rests.Answers) != 0 {
		t.Errorf("at rest: %+v", rests)
	}
}

// While the task is open, who covers acts beside the counsellor, also where she is at work. Nobody
// else does, and no supervisor as such.
func TestWhoActsOnARisk(t *testing.T) {
	known := func(subject string, change func(*staff.Worker)) worker.Present {
		w := staff.Worker{ID: worker.ID(worktest.Agency, subject), Agency: worktest.Agency, Turn: 1}
		if change != nil {
			change(&w)
		}
		return worker.Present{Worker: w}
	}
	cover := known("worker-2", nil)
	her := known("worker-1", func(w *staff.Worker) { w.Cover = cover.ID })
	calm := worktest.Play(t, worktest.Worker(), accepted, given, low)
	risk := worktest.Play(t, worktest.Worker(), accepted, given, high)
	by := worktest.Worker()
	for name, c := range map[string]struct {
		p    domain.Plan
		me   worker.Present
		want bool
	}{
		"the counsellor":                    {risk, her, true},
		"who covers":                        {risk, cover, true},
		"who covers, and nothing waits":     {calm, cover, false},
		"who covers, after it was assessed": {worktest.Play(t, worktest.Worker(), accepted, given, high, assesses(id("ans", 3))), cover, false},
		"who covers, after it was taken":    {worktest.Play(t, worktest.Worker(), accepted, given, high, takes(id("ans", 3))), cover, true},
		"a colleague":                       {risk, known("worker-3", nil), false},
		"who covers, and is away":           {risk, known("worker-2", func(w *staff.Worker) { w.AbsentUntil = by.At.Add(time.Hour) }), false},
		"who covers, and has left":          {risk, known("worker-2", func(w *staff.Worker) { w.Left = true }), false},
		"nobody has it":                     {worktest.Play(t, worktest.Worker(), accepted, high), cover, false},
	} {
		if got := c.p.Acts(by, c.me, her); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A score is compared with the first one and the one before, in the order in which she answered. One
// without a score is no part of it, and neither is one in error.
func TestTrend(t *testing.T) {
	dated := func(days int, items map[string]int) step {
		return under(domain.Plan.AnswerInstrument, domain.AnswerInstrument{Instrument: code.PHQ9, Items: items, TakenAt: worktest.Dawn.AddDate(0, 0, -days)})
	}
	p := worktest.Play(t, worktest.Worker(), accepted,
		dated(10, phq(2, 0)), dated(0, phq(1, 0)), dated(20, phq(1, 0)), dated(5, map[string]int{"item_1": 1}), asks(code.GAD7, map[string]int{"item_1": 0}),
		dated(1, phq(3, 0)), inError(id("ans", 7)))
	type line struct {
		Score       int
		First, Last code.InstrumentChange
		Missing     int
	}
	var got []line
	for _, a := range shown(p, worktest.Dawn).Answers {
		l := line{-1, a.SinceFirst, a.SinceLast, a.Missing}
		if a.Score != nil {
			l.Score = *a.Score
		}
		got = append(got, l)
	}
	want := []line{
		{-1, "", "", 0}, // in error
		{8, code.ChangeNoEarlier, code.ChangeNoEarlier, 0},
		{16, code.ChangeWorsened, code.ChangeWorsened, 0},
		{-1, "", "", 8},
		{8, code.ChangeTooSmall, code.ChangeImproved, 0},
		{-1, "", "", 6},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("trend (-want +got):\n" + diff)
	}
}

// The programme of the case says what counts; a plan that does not say its programme is judged by
// the base.
func TestTheProgrammesRules(t *testing.T) {
	all := programmetest.Made("alpha", "GT", func(f *programme.Fields) {
		f.Support.Is.RiskAnswer, f.Support.Is.PCL5Cut = 7*time.Minute, 32
	})
	p := worktest.Play(t, worktest.Worker(), accepted)
	if got := domain.Under(all)(p, worktest.Dawn); got.RiskAnswer != 7*time.Minute || got.Instruments.PCL5Cut != 32 {
		t.Errorf("%+v", got)
	}
	closedNow := worktest.Play(t, worktest.Worker(), accepted, closed)
	if got := domain.Under(all)(closedNow, worktest.Dawn); got.RiskAnswer != 7*time.Minute {
		t.Errorf("closed: %+v", got)
	}
	p.Place.Programme = "nobody"
	if got := domain.Under(all)(p, worktest.Dawn); got.RiskAnswer != all.Base().Support.RiskAnswer {
		t.Errorf("base: %+v", got)
	}
}

// The public half of what is new says nothing of what she answered, wants or agreed to.
func TestTheNewEventsStayPrivate(t *testing.T) {
	p := worktest.Play(t, worktest.Worker(), accepted, given, high, aimed, agreed)
	for name, s := range map[string]step{
		"answer": high, "risk": assesses(id("ans", 3)), "goal": aimed, "review": reviewsGoal(id("goal", 4), code.GoalMet),
		"follow-up": agreed, "result": follows(id("follow", 5), code.FollowUpWantsNone),
	} {
		events, err := s(p, worktest.Worker())
		if err != nil || len(events) != 1 {
			t.Fatal(name, events, err)
		}
		public, _ := json.Marshal(events[0].Data)
		for _, word := range []string{"phq_9", "assess", "what she said", "to sleep", "met", "wants", "due_at", "items", "worker-1"} {
			if strings.Contains(string(public), word) {
				t.Errorf("%s tells %q: %s", name, word, public)
			}
		}
		if _, confined := events[0].Data.(interface{ ConfinedToAddressees() }); !confined {
			t.Errorf("%s leaves the room", name)
		}
	}
	if _, err := high(worktest.Play(t, worktest.Worker(), accepted, closed), worktest.Worker()); !errors.Is(err, work.ErrNotOpen) {
		t.Error(err)
	}
}
