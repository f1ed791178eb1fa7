package domain_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

func id(prefix string, n int) string {
	return (fact.By{At: worktest.Dawn, Commit: worktest.Commit(n)}).ID(prefix, 0)
}

func amends(cmd domain.Amend) step { return worktest.Do(domain.Plan.Amend, cmd) }

func because(entry string, reason code.AmendReason) work.Entry {
	return work.Entry{Entry: entry, Reason: reason}
}

func inError(entry string) step {
	return amends(domain.Amend{Entry: work.Entry{Entry: entry, Reason: code.Correction, InError: true}})
}

// What was written of sessions and the safety plan is put right, and nothing is lost. The
// steps are numbered from the acceptance on, which is 1.
func TestAmend(t *testing.T) {
	came := domain.RecordSession{Kind: code.Remote, Attendance: code.Attended, Notes: "what is right"}
	plan := domain.MakeSafetyPlan{Plan: "where she goes instead"}
	anew := domain.Amend{Entry: because(session, code.Correction), Session: &came}
	safer := domain.Amend{Entry: because(id("safe", 2), code.Change), SafetyPlan: &plan}
	early := came
	early.HeldAt = worktest.Dawn.Add(time.Hour)
	written := fact.With(
		psychosocialv1.PlanAmended{Work: about, Entry: session, Reason: code.Correction},
		domain.Amendment{Amender: work.Amender{By: "worker-1"}, Session: &domain.Meeting{
			At: worktest.Dawn, Kind: code.Remote, Attendance: code.Attended, Notes: domain.Notes{Notes: "what is right"},
		}},
	)

	worktest.Check(t, map[string]worktest.Rule[domain.Plan]{
		"a session is written anew, and its date stays":    {Given: []step{accepted, met}, When: amends(anew), At: worktest.Dawn.Add(time.Hour), Want: written},
		"a missed session to which she came begins work":   {Given: []step{accepted, missed}, When: amends(anew), Want: begun(written)},
		"a missed session of a closed plan begins nothing": {Given: []step{accepted, missed, closed}, When: amends(anew), Want: written},
		"the safety plan is written anew, and is not reviewed": {
			Given: []step{accepted, planned}, When: amends(safer), At: worktest.Dawn.Add(time.Hour),
			Want: fact.With(
				psychosocialv1.PlanAmended{Work: about, Entry: id("safe", 2), Reason: code.Change},
				domain.Amendment{Amender: work.Amender{By: "worker-1"}, SafetyPlan: &domain.Made{
					At: worktest.Dawn, Safety: domain.Safety{Plan: "where she goes instead"},
				}},
			),
		},
		"a session of a closed plan was entered in error": {
			Given: []step{accepted, met, closed}, When: inError(session),
			Want: fact.With(
				psychosocialv1.PlanAmended{Work: about, Entry: session, Reason: code.Correction},
				domain.Amendment{Amender: work.Amender{By: "worker-1", InError: true}},
			),
		},
		"nothing at rest":                      {Given: []step{accepted, met, lapsed}, When: inError(session), Err: work.ErrResting},
		"nothing before she is asked":          {Given: []step{accepted, met, given, facts[3]}, When: inError(session), Err: work.ErrAsked},
		"nothing that is closed to readers":    {Given: []step{accepted, met, closed, facts[7]}, When: inError(session), Err: work.ErrEnded},
		"nothing of no plan":                   {When: inError(session), Err: work.ErrNotOpen},
		"an entry that is not there":           {Given: []step{accepted, met}, When: inError(id("sess", 9)), Err: work.ErrEntryUnknown},
		"a safety plan that was reviewed":      {Given: []step{accepted, planned, reviewed}, When: amends(safer), Err: work.ErrEntryUnknown},
		"no entry":                             {Given: []step{accepted, met}, When: inError(""), Err: work.ErrEntryUnknown},
		"for no reason":                        {Given: []step{accepted, met}, When: amends(domain.Amend{Entry: work.Entry{Entry: session, InError: true}}), Err: work.ErrUnknownCode},
		"nothing new":                          {Given: []step{accepted, met}, When: amends(domain.Amend{Entry: because(session, code.Change)}), Err: work.ErrAmendment},
		"two things":                           {Given: []step{accepted, met}, When: amends(domain.Amend{Entry: because(session, code.Change), Session: &came, SafetyPlan: &plan}), Err: work.ErrAmendment},
		"a safety plan in a session's place":   {Given: []step{accepted, met}, When: amends(domain.Amend{Entry: because(session, code.Change), SafetyPlan: &plan}), Err: work.ErrAmendment},
		"a session in the safety plan's place": {Given: []step{accepted, planned}, When: amends(domain.Amend{Entry: because(id("safe", 2), code.Change), Session: &came}), Err: work.ErrAmendment},
		"a session yet to come":                {Given: []step{accepted, met}, When: amends(domain.Amend{Entry: because(session, code.Change), Session: &early}), Err: work.ErrDate},
		"a session of no kind":                 {Given: []step{accepted, met}, When: amends(domain.Amend{Entry: because(session, code.Change), Session: &domain.RecordSession{Attendance: code.Attended}}), Err: work.ErrUnknownCode},
		"a session without attendance":         {Given: []step{accepted, met}, When: amends(domain.Amend{Entry: because(session, code.Change), Session: &domain.RecordSession{Kind: code.Group}}), Err: work.ErrUnknownCode},
		"what is in error stays so":            {Given: []step{accepted, met, inError(session)}, When: amends(anew), Err: work.ErrEntryInError},
		"a safety plan in error stays so":      {Given: []step{accepted, planned, inError(id("safe", 2))}, When: amends(safer), Err: work.ErrEntryInError},
		"a safety plan is made again": {
			Given: []step{accepted, planned, inError(id("safe", 2))}, When: reviewed,
			Want: fact.With(psychosocialv1.SafetyPlanned{Work: about, SafetyPlan: id("safe", 4)}, domain.Safety{Plan: "where she goes now"}),
		},
	})
}

// The view shows the present, and each entry what it held before, who changed it, when and
// why.
func TestAmendedView(t *testing.T) {
	held := worktest.Dawn.AddDate(0, -1, 0)
	anew := domain.Amend{Entry: because(session, code.Addition), Session: &domain.RecordSession{Kind: code.Individual, Attendance: code.Attended, Notes: "more", HeldAt: held}}
	safer := domain.Amend{Entry: because(id("safe", 3), code.Change), SafetyPlan: &domain.MakeSafetyPlan{Plan: "where she goes instead"}}
	p := worktest.Play(t, worktest.Worker(), accepted, met, planned, amends(anew), amends(safer), inError(id("safe", 3)))
	v := p.Content(worktest.Worker()).(domain.View)
	meeting := func(at time.Time, notes string) domain.Meeting {
		return domain.Meeting{At: at, Kind: code.Individual, Attendance: code.Attended, Notes: domain.Notes{Notes: notes}}
	}
	want := []domain.Session{{ID: session, Meeting: meeting(held, "more"), Before: []work.Before[domain.Meeting]{
		{At: worktest.Dawn, By: "worker-1", Reason: code.Addition, What: meeting(worktest.Dawn, "what she said")},
	}}}
	if diff := cmp.Diff(want, v.Sessions); diff != "" {
		t.Error("sessions (-want +got):\n" + diff)
	}
	made := func(plan string) domain.Made {
		return domain.Made{At: worktest.Dawn, Safety: domain.Safety{Plan: plan}}
	}
	plan := domain.SafetyView{Version: 1, SafetyPlan: domain.SafetyPlan{ID: id("safe", 3), InError: true, Before: []work.Before[domain.Made]{
		{At: worktest.Dawn, By: "worker-1", Reason: code.Change, What: made("where she goes")},
		{At: worktest.Dawn, By: "worker-1", Reason: code.Correction, What: made("where she goes instead")},
	}}}
	if diff := cmp.Diff(plan, v.SafetyPlan); diff != "" {
		t.Error("safety plan (-want +got):\n" + diff)
	}
	rests := p.Evolve(fact.Event{Data: psychosocialv1.PlanRested{Work: turn(worktest.LapsedAt)}}).Content(worktest.Worker()).(domain.View)
	if len(rests.SafetyPlan.Before) > 0 || len(rests.Sessions) > 0 {
		t.Errorf("at rest what was there before is shown: %+v", rests)
	}
}

// A safety plan of before it had an identifier is put right as well.
func TestAmendOldSafetyPlan(t *testing.T) {
	old := fact.Event{At: worktest.Dawn, Data: psychosocialv1.SafetyPlanned{Work: about}, Private: domain.Safety{Plan: "old"}}
	p := worktest.Play(t, worktest.Worker(), accepted).Evolve(old)
	if _, err := inError(p.Safety.ID)(p, worktest.Worker()); err != nil {
		t.Error(err)
	}
}

// Only the worker who has the plan, and who covers, puts it right.
func TestAmendByItsWorker(t *testing.T) {
	p := worktest.Play(t, worktest.Worker(), accepted, given, met)
	_, err := work.ByWorker(domain.Plan.Amend)(p, worktest.Worker(), domain.Amend{}, work.Hands{Worker: "wkr_other"})
	if !errors.Is(err, work.ErrNotTheWorker) {
		t.Errorf("somebody else: %v", err)
	}
}

// The public half of an amendment says nothing of what was written.
func TestAmendmentsStayPrivate(t *testing.T) {
	const canary = "CanaryOfTheMine"
	p := worktest.Play(t, worktest.Worker(), accepted, met, planned)
	for name, cmd := range map[string]domain.Amend{
		"notes":       {Entry: because(session, code.Change), Session: &domain.RecordSession{Kind: code.Group, Attendance: code.Attended, Notes: canary}},
		"safety plan": {Entry: because(id("safe", 3), code.Change), SafetyPlan: &domain.MakeSafetyPlan{Plan: canary}},
	} {
		events, err := amends(cmd)(p, worktest.Worker())
		if err != nil || len(events) != 1 {
			t.Fatal(name, events, err)
		}
		public, _ := json.Marshal(events[0].Data)
		private, _ := json.Marshal(events[0].Private)
		if strings.Contains(string(public), canary) || !strings.Contains(string(private), canary) {
			t.Errorf("%s: %s | %s", name, public, private)
		}
	}
}
