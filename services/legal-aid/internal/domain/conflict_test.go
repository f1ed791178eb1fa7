package domain_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/name"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

var (
	// taken is a matter of today, which needs its check.
	taken    = step(domain.Hears(work.Work.OnAccepted, worktest.Accepted(code.LegalAssistance, code.Identity)))
	reopened = step(domain.Hears(work.Work.OnReopened, worktest.Reopened(code.LegalAssistance, worktest.ReopenedAt)))
	pairs    = conflict.Names{Client: []string{"Ana Xol"}, Opponents: []string{"Pedro Choc"}}
	named    = worktest.Do(domain.Matter.CheckConflicts, domain.CheckConflicts{Names: pairs})
	neutral  = domain.Neutral{Is: look.Made(true)}
	cannot   = worktest.Do(domain.Matter.Close, work.Close{Outcome: code.CannotTakeOutcome})
)

// compared is what the comparison gave, as bad as said.
func compared(worst name.Likeness) step {
	return func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.OnCompared(by, m.Conflict.ID, conflict.Compared{Worst: worst, Found: conflict.Found{Matters: []string{"mat_2"}}})
	}
}

// says is the answer of an officer.
func says(a code.ConflictAnswer, officer domain.Neutral) step {
	return func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.SettleConflict(by, domain.SettleConflict{Check: m.Conflict.ID, Answer: a}, officer)
	}
}

func TestConflictCheck(t *testing.T) {
	away := errors.New("away")
	check := id("chk", 2)
	worktest.Check(t, map[string]worktest.Rule[domain.Matter]{
		"names": {
			Given: []step{taken}, When: named,
			Want: fact.With(legalaidv1.ConflictNamed{Work: about, Check: check}, conflict.Named{By: worktest.Worker().Principal, Names: pairs}),
		},
		"without names":        {Given: []step{taken}, When: worktest.Do(domain.Matter.CheckConflicts, domain.CheckConflicts{}), Err: conflict.ErrNames},
		"on an ended matter":   {Given: []step{taken, facts[2]}, When: named, Err: work.ErrEnded},
		"advice before":        {Given: []step{taken}, When: advised, Err: conflict.ErrNotChecked},
		"advice meanwhile":     {Given: []step{taken, named}, When: advised, Err: conflict.ErrNotChecked},
		"advice in doubt":      {Given: []step{taken, named, compared(name.Doubtful)}, When: advised, Err: conflict.ErrNotChecked},
		"application before":   {Given: []step{taken}, When: applied, Err: conflict.ErrNotChecked},
		"contact problem":      {Given: []step{taken}, When: problem, Want: fact.Of(legalaidv1.MatterContactProblem{Work: about})},
		"closing before":       {Given: []step{taken}, When: closed, Want: fact.Of(legalaidv1.MatterClosed{Work: about, Outcome: code.NeedsMet})},
		"an ending before":     {Given: []step{taken, facts[13], withdrawn}, When: ends, Want: fact.Of(legalaidv1.MatterEndingAnswered{Work: turn(worktest.WithdrawnAt), Answer: code.EndWork})},
		"cannot take, unasked": {Given: []step{taken, named}, When: cannot, Err: work.ErrUnknownCode},
		"cannot take, cleared": {Given: []step{taken, named, compared(name.Alike), says(code.ConflictCleared, neutral)}, When: cannot, Err: work.ErrUnknownCode},
		"cannot take": {
			Given: []step{taken, named, compared(name.Alike), says(code.CannotTakeMatter, neutral)}, When: cannot,
			Want: fact.Of(legalaidv1.MatterClosed{Work: about, Outcome: code.CannotTakeOutcome}),
		},
		"compared": {
			Given: []step{taken, named}, When: compared(name.Alike),
			Want: append(
				fact.With(legalaidv1.ConflictMatched{Work: about, Check: check, Result: code.ConflictMatch}, conflict.Found{Matters: []string{"mat_2"}}),
				fact.Event{Data: legalaidv1.WorkerAwaited{Awaited: staff.Awaited{Agency: about.Agency}}}, // the conflicts officer
			),
		},
		"compared again":        {Given: []step{taken, named, compared(name.Unlike)}, When: compared(name.Alike)},
		"an officer who acts":   {Given: []step{taken, named, compared(name.Alike)}, When: says(code.ConflictCleared, domain.Neutral{}), Err: conflict.ErrNotNeutral},
		"an officer in doubt":   {Given: []step{taken, named, compared(name.Alike)}, When: says(code.ConflictCleared, domain.Neutral{Err: away}), Err: away},
		"an answer unasked":     {Given: []step{taken, named, compared(name.Unlike)}, When: says(code.ConflictCleared, neutral), Err: conflict.ErrNothingWaits},
		"an answer twice":       {Given: []step{taken, named, compared(name.Alike), says(code.ConflictCleared, neutral)}, When: says(code.CannotTakeMatter, neutral), Err: conflict.ErrNothingWaits},
		"an unknown answer":     {Given: []step{taken, named, compared(name.Alike)}, When: says("perhaps", neutral), Err: work.ErrUnknownCode},
		"a matter from before":  {Given: []step{accepted, facts[1]}, When: reopened, Want: reopening(false)},
		"a late acceptance":     {Given: []step{facts[2]}, When: reopened, Want: reopening(true)},
		"the check stays due":   {Given: []step{taken, facts[1], facts[4]}, When: advised, Err: conflict.ErrNotChecked},
		"the check stays clear": {Given: []step{taken, named, compared(name.Unlike), facts[1], facts[4]}, When: problem, Want: fact.Of(legalaidv1.MatterContactProblem{Work: turn(worktest.ReopenedAt)})},
	})
}

var withdrawn = facts[3]

// reopening is what takes a matter up again, and whether it needs its check first.
func reopening(check bool) []fact.Event {
	return fact.With(
		legalaidv1.MatterReopened{Work: turn(worktest.ReopenedAt), Categories: []code.Category{code.Identity}, ConflictCheck: check},
		work.ConsentAgain(worktest.Reopened(code.LegalAssistance, worktest.ReopenedAt)),
	)
}

// Before the check its worker sees where it stands and the names that they wrote, and nothing else of the
// content; afterwards everything. Nobody is shown the names of the other side.
func TestContentWaitsForTheCheck(t *testing.T) {
	shown := func(steps ...step) domain.View {
		return worktest.Play(t, worktest.Worker(), steps...).Content(worktest.Worker()).(domain.View)
	}
	for what, c := range map[string]struct {
		steps []step
		want  domain.Checked
		all   bool
	}{
		"nobody checked":  {[]step{taken}, domain.Checked{Standing: code.ConflictNotChecked}, false},
		"a doubt":         {[]step{taken, named, compared(name.Doubtful)}, domain.Checked{Standing: code.ConflictWaits, Names: pairs}, false},
		"it is cleared":   {[]step{taken, named, compared(name.Alike), says(code.ConflictCleared, neutral)}, domain.Checked{Standing: code.ConflictClear, Names: pairs}, true},
		"nothing found":   {[]step{taken, named, compared(name.Unlike)}, domain.Checked{Standing: code.ConflictNotFound, Names: pairs}, true},
		"cannot be taken": {[]step{taken, named, compared(name.Alike), says(code.CannotTakeMatter, neutral)}, domain.Checked{Standing: code.ConflictCannotTake, Names: pairs}, false},
	} {
		v := shown(c.steps...)
		if diff := cmp.Diff(&c.want, v.Conflict); diff != "" || (v.Consent != nil) != c.all {
			t.Errorf("%s: consent shown %t (-want +got):\n%s", what, v.Consent != nil, diff)
		}
	}
	if v := shown(accepted); v.Conflict != nil || v.Consent == nil {
		t.Errorf("a matter from before: %+v", v)
	}
}
