package domain_test

import (
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

const day = 24 * time.Hour

func reviewsGoal(goal string, status code.GoalStatus) step {
	return under(domain.Plan.ReviewGoal, domain.ReviewGoal{Goal: goal, Status: status})
}

func follows(followUp string, result code.FollowUpResult) step {
	return worktest.Do(domain.Plan.RecordFollowUp, domain.RecordFollowUp{FollowUp: followUp, Result: result})
}

func TestGoalsAndFollowUps(t *testing.T) {
	goal, follow := id("goal", 2), id("follow", 2)
	aim := func(at time.Time) step {
		return under(domain.Plan.SetGoal, domain.SetGoal{Text: "to sleep", ReviewAt: at})
	}
	again := func(result code.FollowUpResult, at time.Time) step {
		return worktest.Do(domain.Plan.RecordFollowUp, domain.RecordFollowUp{FollowUp: follow, Result: result, AgainAt: at})
	}
	worktest.Check(t, map[string]worktest.Rule[domain.Plan]{
		"a goal is reviewed when the programme says": {Given: []step{accepted}, When: aimed, Want: begun(fact.With(
			psychosocialv1.GoalSet{Work: about, Goal: goal}, domain.Aim{Text: "to sleep", ReviewAt: worktest.Dawn.Add(14 * day)},
		))},
		"a goal for yesterday":      {Given: []step{accepted}, When: aim(worktest.Dawn), Err: domain.ErrDay},
		"a goal of a mistyped year": {Given: []step{accepted}, When: aim(worktest.Dawn.AddDate(300, 0, 0)), Err: domain.ErrDay},
		"a goal at rest":            {Given: []step{accepted, lapsed}, When: aimed, Err: work.ErrResting},
		"a goal that goes on": {Given: []step{accepted, aimed}, When: reviewsGoal(goal, code.GoalOpen), Want: fact.With(
			psychosocialv1.GoalReviewed{Work: about, Goal: goal}, domain.Review{Status: code.GoalOpen, ReviewAt: worktest.Dawn.Add(14 * day)},
		)},
		"a goal that she does not want any more": {Given: []step{accepted, aimed}, When: reviewsGoal(goal, code.GoalNotWanted), Want: fact.With(
			psychosocialv1.GoalReviewed{Work: about, Goal: goal}, domain.Review{Status: code.GoalNotWanted},
		)},
		"what is met stays so":          {Given: []step{accepted, aimed, aimed, reviewsGoal(goal, code.GoalMet)}, When: reviewsGoal(goal, code.GoalOpen), Err: domain.ErrSettled},
		"no goal is open":               {Given: []step{accepted, aimed, reviewsGoal(goal, code.GoalMet)}, When: reviewsGoal(goal, code.GoalOpen), Err: domain.ErrSettled},
		"a goal that is not there":      {Given: []step{accepted, aimed}, When: reviewsGoal(id("goal", 9), code.GoalMet), Err: work.ErrEntryUnknown},
		"a goal in error":               {Given: []step{accepted, aimed, aimed, inError(goal)}, When: reviewsGoal(goal, code.GoalMet), Err: work.ErrEntryInError},
		"a review that says nothing":    {Given: []step{accepted, aimed}, When: reviewsGoal(goal, ""), Err: work.ErrUnknownCode},
		"a review of a day that passed": {Given: []step{accepted, aimed}, When: under(domain.Plan.ReviewGoal, domain.ReviewGoal{Goal: goal, Status: code.GoalOpen, ReviewAt: worktest.Dawn.Add(-day)}), Err: domain.ErrDay},

		"she agrees to a follow-up": {Given: []step{accepted}, When: agreed, Want: fact.With(
			psychosocialv1.FollowUpAgreed{Work: about, FollowUp: follow}, domain.Agreed{DueAt: worktest.Dawn.Add(30 * day)},
		)},
		"a follow-up of a closed plan is recorded": {Given: []step{accepted, agreed, closed}, When: follows(follow, code.FollowUpReached), Want: fact.With(
			psychosocialv1.FollowUpDone{Work: about, FollowUp: follow}, domain.Tried{Result: code.FollowUpReached},
		)},
		"it is tried again": {Given: []step{accepted, agreed}, When: again(code.FollowUpNotReached, worktest.Dawn.Add(day)), Want: fact.With(
			psychosocialv1.FollowUpDone{Work: about, FollowUp: follow}, domain.Tried{Result: code.FollowUpNotReached, AgainAt: worktest.Dawn.Add(day)},
		)},
		"not again where she wants no more":      {Given: []step{accepted, agreed}, When: again(code.FollowUpWantsNone, worktest.Dawn.Add(day)), Err: domain.ErrDay},
		"again, and the day passed":              {Given: []step{accepted, agreed}, When: again(code.FollowUpNotReached, worktest.Dawn.Add(-day)), Err: domain.ErrDay},
		"once":                                   {Given: []step{accepted, agreed, agreed, follows(follow, code.FollowUpReached)}, When: follows(follow, code.FollowUpReached), Err: domain.ErrSettled},
		"nothing waits":                          {Given: []step{accepted}, When: follows(follow, code.FollowUpReached), Err: domain.ErrSettled},
		"a follow-up that is not there":          {Given: []step{accepted, agreed}, When: follows(id("follow", 9), code.FollowUpReached), Err: work.ErrEntryUnknown},
		"a follow-up in error":                   {Given: []step{accepted, agreed, agreed, inError(follow)}, When: follows(follow, code.FollowUpReached), Err: work.ErrEntryInError},
		"a follow-up without a result":           {Given: []step{accepted, agreed}, When: follows(follow, ""), Err: work.ErrUnknownCode},
		"a follow-up for yesterday":              {Given: []step{accepted}, When: under(domain.Plan.AgreeFollowUp, domain.AgreeFollowUp{DueAt: worktest.Dawn.Add(-day)}), Err: domain.ErrDay},
		"nobody follows up what is at rest":      {Given: []step{accepted, agreed, lapsed}, When: follows(follow, code.FollowUpReached), Err: work.ErrResting},
		"nobody follows up what she may end":     {Given: []step{accepted, given, agreed, facts[3]}, When: follows(id("follow", 3), code.FollowUpReached), Err: work.ErrAsked},
		"nobody follows up what is closed to us": {Given: []step{accepted, agreed, closed, facts[7]}, When: follows(follow, code.FollowUpReached), Err: work.ErrEnded},
	})
}

// A follow-up that waits is due also after the plan was closed, and the plan stays in memory for it.
// It is due no more where her consent has ended, or where she wants no more.
func TestWhatIsDue(t *testing.T) {
	next := worktest.Dawn.Add(2 * day)
	came := under(func(p domain.Plan, by fact.By, cmd domain.RecordSession, _ domain.Rule) ([]fact.Event, error) {
		return p.RecordSession(by, cmd)
	}, domain.RecordSession{Kind: code.Telephone, Attendance: code.Attended, NextAt: next})
	all := []step{accepted, given, came, aimed, agreed}
	with := func(more ...step) []step { return append(append([]step{}, all...), more...) }
	for name, c := range map[string]struct {
		given  []step
		want   []code.PlanDuty
		closed bool
	}{
		"open":                             {all, []code.PlanDuty{code.DutyAppointment, code.DutyGoalReview, code.DutyFollowUp}, false},
		"she did not come, and has no new": {with(missed), []code.PlanDuty{code.DutyGoalReview, code.DutyFollowUp}, false},
		"at rest":                          {with(lapsed), []code.PlanDuty{code.DutyAppointment}, false},
		"asked":                            {with(facts[3]), []code.PlanDuty{code.DutyAppointment}, false},
		"closed":                           {with(closed), []code.PlanDuty{code.DutyFollowUp}, false},
		"closed, and followed up":          {with(closed, follows(id("follow", 5), code.FollowUpWantsNone)), nil, true},
		"closed, and the consent ended":    {with(closed, facts[7]), nil, true},
		"nothing was planned":              {[]step{accepted, given, met}, nil, false},
		"the session was entered in error": {with(inError(id("sess", 3))), []code.PlanDuty{code.DutyGoalReview, code.DutyFollowUp}, false},
	} {
		p := worktest.Play(t, worktest.Worker(), c.given...)
		var got []code.PlanDuty
		for _, d := range p.Duties() {
			got = append(got, d.Kind)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || p.Closed() != c.closed {
			t.Errorf("%s: closed %t (-want +got):\n%s", name, p.Closed(), diff)
		}
		if keys := domain.ByDuty.Keys(p); len(keys) > 0 != (len(c.want) > 0) {
			t.Errorf("%s: keys %q", name, keys)
		}
	}
}

// A group has a name of its own. Each plan has its own entry, and the name of a group is made of no
// entry.
func TestGroups(t *testing.T) {
	group := func(name string) step {
		return worktest.Do(domain.Plan.RecordSession, domain.RecordSession{Kind: code.Group, Attendance: code.Attended, Group: name})
	}
	first := worktest.Play(t, worktest.Worker(), accepted, group(""))
	name := first.Sessions[0].Group
	if len(name) != len("group_")+26 || name[6:] == first.Sessions[0].ID[5:] {
		t.Fatalf("the group %q, the entry %q", name, first.Sessions[0].ID)
	}
	second := worktest.Play(t, worktest.Worker(), accepted, group(name))
	if second.Sessions[0].Group != name {
		t.Errorf("another plan has %q", second.Sessions[0].Group)
	}
	alone := worktest.Play(t, worktest.Worker(), accepted, met)
	if alone.Sessions[0].Group != "" {
		t.Error("a session alone has a group")
	}
	anew := domain.Amend{Entry: because(first.Sessions[0].ID, code.Change), Session: &domain.RecordSession{Kind: code.Group, Attendance: code.NoShow}}
	if p := worktest.Play(t, worktest.Worker(), accepted, group(""), amends(anew)); p.Sessions[0].Group != name {
		t.Errorf("written anew it is of %q", p.Sessions[0].Group)
	}
}

// A caseload is counts and dates: of risk it says no more than of anything else that is due.
func TestCaseload(t *testing.T) {
	play := func(steps ...step) domain.Plan { return worktest.Play(t, worktest.Worker(), steps...) }
	second := func(s ...step) []step { return append([]step{accepted, facts[14]}, s...) }
	plans := []domain.Plan{
		play(accepted, given, high), play(accepted, given, aimed), play(accepted, given, lapsed), play(accepted, given, facts[3]),
		play(accepted, given, closed), play(accepted), play(second(agreed)...), play(second(agreed, closed)...),
	}
	got := domain.Caseload(plans, worktest.Dawn.Add(20*time.Minute))
	want := []domain.Load{
		{Worker: worktest.First, Open: 2, Resting: 1, Asked: 1, Due: 2, Late: 1, Oldest: worktest.Dawn, NextAt: worktest.Dawn.Add(14 * day)},
		{Worker: worktest.Second, Open: 1, Due: 2, Oldest: worktest.Dawn, NextAt: worktest.Dawn.Add(30 * day)},
	}
	if want[0].Worker > want[1].Worker {
		want[0], want[1] = want[1], want[0]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("caseload (-want +got):\n" + diff)
	}
}

// What nobody has stands in an order of which each place says why. No score and no type orders it.
func TestWaiting(t *testing.T) {
	plan := func(name string, urgency code.Urgency, after time.Duration) domain.Plan {
		p := worktest.Play(t, worktest.Worker(), accepted)
		p.Plan, p.Urgency, p.Since = name, urgency, worktest.Dawn.Add(after)
		return p
	}
	taken := worktest.Play(t, worktest.Worker(), accepted, given)
	got := domain.Waiting([]domain.Plan{
		plan("d", code.Standard, time.Hour), plan("b", code.Urgent, 3*time.Hour), taken, plan("c", code.Urgent, 4*time.Hour),
		plan("e", "", 2*time.Hour), plan("a", code.Emergency, 5*time.Hour), worktest.Play(t, worktest.Worker(), accepted, closed),
	})
	var order []string
	for i, turn := range got {
		order = append(order, turn.ID+" "+string(turn.Because))
		if turn.Place != i+1 {
			t.Errorf("%s has place %d", turn.ID, turn.Place)
		}
	}
	want := []string{"a first", "b less_urgent", "c came_later", "d less_urgent", "e came_later"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Error("order (-want +got):\n" + diff)
	}
	if p := worktest.Play(t, worktest.Worker(), accepted); p.Urgency != code.Urgent {
		t.Errorf("the plan is %q", p.Urgency)
	}
}

// A shelter's referral opens a plan as well, and says so in each event; one of another service is
// refused from then on.
func TestShelterPlan(t *testing.T) {
	takes := domain.Hears(work.In[domain.Plan](work.Work.OnAccepted))
	by := worktest.Worker()
	events, err := takes(domain.Plan{}, by, worktest.Accepted(code.SafeHouse, code.Identity))
	if err != nil || len(events) != 1 || events[0].Data.(psychosocialv1.PlanOpened).Service != code.SafeHouse {
		t.Fatal(events, err)
	}
	p := domain.Plan{}.Evolve(events[0])
	if _, err := takes(p, by, worktest.Accepted(code.Psychosocial, code.Identity)); err == nil {
		t.Error("a plan of a shelter takes another service")
	}
	if events, err := p.SetGoal(by, domain.SetGoal{Text: "x"}, rule); err != nil || events[0].Data.(psychosocialv1.PlanStarted).Service != code.SafeHouse {
		t.Error(events, err)
	}
	for _, other := range []code.Service{code.Police, code.LegalAssistance} {
		if events, err := takes(domain.Plan{}, by, worktest.Accepted(other, code.Identity)); len(events) > 0 || err != nil {
			t.Errorf("%s: %v %v", other, events, err)
		}
	}
	if diff := cmp.Diff(turn(worktest.AcceptedAt), worktest.Play(t, by, accepted).Work); diff != "" {
		t.Error("a plan of before names no service (-want +got):\n" + diff)
	}
}

// The safety plan has versions, and says how she has it.
func TestSafetyPlanVersions(t *testing.T) {
	shared := worktest.Do(domain.Plan.MakeSafetyPlan, domain.MakeSafetyPlan{Plan: "where she goes now", Shared: code.SafetyCopyKept})
	v := shown(worktest.Play(t, worktest.Worker(), accepted, planned, shared), worktest.Dawn).SafetyPlan
	if v.Version != 2 || v.Shared != code.SafetyCopyKept || len(v.Earlier) != 1 || v.Earlier[0].Plan != "where she goes" || v.Earlier[0].Version != 1 {
		t.Errorf("%+v", v)
	}
	rests := shown(worktest.Play(t, worktest.Worker(), accepted, planned, shared, lapsed), worktest.Dawn).SafetyPlan
	if rests.Plan != "" || rests.Shared != "" || len(rests.Earlier) > 0 || rests.At.IsZero() {
		t.Errorf("at rest: %+v", rests)
	}
	unknown := worktest.Do(domain.Plan.MakeSafetyPlan, domain.MakeSafetyPlan{Plan: "x", Shared: "posted"})
	if _, err := unknown(worktest.Play(t, worktest.Worker(), accepted), worktest.Worker()); err == nil {
		t.Error("an unknown way to share it is taken")
	}
}
