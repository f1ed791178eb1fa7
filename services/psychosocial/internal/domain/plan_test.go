package domain_test

import (
	"encoding/json"
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

type step = worktest.Step[domain.Plan]

var (
	facts = worktest.Facts[domain.Plan](code.Psychosocial)

	about   = turn(worktest.AcceptedAt)
	session = (fact.By{At: worktest.Dawn, Commit: worktest.Commit(2)}).ID("sess", 0)

	accepted = facts[0]
	lapsed   = facts[8]
	problem  = worktest.All[domain.Plan](work.Work.ContactProblem, work.ContactProblem{})
	ends     = worktest.All[domain.Plan](work.Work.AnswerEnding, work.AnswerEnding{Answer: code.EndWork})
	keeps    = worktest.All[domain.Plan](work.Work.AnswerEnding, work.AnswerEnding{Answer: code.KeepWork})
	given    = facts[13]
	met      = worktest.Do(domain.Plan.RecordSession, domain.RecordSession{Kind: code.Individual, Attendance: code.Attended, Notes: "what she said"})
	missed   = worktest.Do(domain.Plan.RecordSession, domain.RecordSession{Kind: code.Individual, Attendance: code.NoShow})
	planned  = worktest.Do(domain.Plan.MakeSafetyPlan, domain.MakeSafetyPlan{Plan: "where she goes"})
	reviewed = worktest.Do(domain.Plan.MakeSafetyPlan, domain.MakeSafetyPlan{Plan: "where she goes now"})
	closed   = worktest.All[domain.Plan](work.Work.Close, work.Close{Outcome: code.SurvivorEnded})
)

// begun is the first work of a round: the network is told that it has begun.
func begun(events []fact.Event) []fact.Event {
	return append(fact.Of(psychosocialv1.PlanStarted{Work: about}), events...)
}

// turn is the work as it stands at a turn of its referral.
func turn(n int) psychosocialv1.Work {
	return psychosocialv1.Work{
		Plan: domain.PlanID(worktest.Referral), Referral: worktest.Referral, Case: worktest.Case, Agency: worktest.Agency, Turn: n,
	}
}

func TestPlan(t *testing.T) {
	worktest.Check(t, map[string]worktest.Rule[domain.Plan]{
		"an accepted referral opens it": {
			When: accepted,
			Want: fact.With(
				psychosocialv1.PlanOpened{Work: about},
				work.ConsentOf(worktest.Accepted(code.Psychosocial, code.Identity, code.ForensicCertificate)),
			),
		},
		"session": {
			Given: []step{accepted},
			When:  met,
			Want: begun(fact.With(
				psychosocialv1.SessionRecorded{Work: about, Session: session, Kind: code.Individual, Attendance: code.Attended},
				domain.Held{HeldAt: worktest.Dawn, Notes: domain.Notes{Notes: "what she said"}},
			)),
		},
		"session from paper": {
			Given: []step{accepted},
			When:  metAt(worktest.Dawn.AddDate(0, -2, 0)),
			Want: begun(fact.With(
				psychosocialv1.SessionRecorded{Work: about, Session: session, Kind: code.Individual, Attendance: code.Attended},
				domain.Held{HeldAt: worktest.Dawn.AddDate(0, -2, 0)},
			)),
		},
		"session yet to come":        {Given: []step{accepted}, When: metAt(worktest.Dawn.Add(time.Hour)), Err: work.ErrDate},
		"session in a mistyped year": {Given: []step{accepted}, When: metAt(worktest.Dawn.AddDate(-900, 0, 0)), Err: work.ErrDate},
		"session of an unknown kind": {
			Given: []step{accepted},
			When:  worktest.Do(domain.Plan.RecordSession, domain.RecordSession{Kind: "seance", Attendance: code.Attended}),
			Err:   work.ErrUnknownCode,
		},
		"session without attendance": {
			Given: []step{accepted},
			When:  worktest.Do(domain.Plan.RecordSession, domain.RecordSession{Kind: code.Group}),
			Err:   work.ErrUnknownCode,
		},
		"a missed session tells nobody anything": {
			Given: []step{accepted},
			When:  missed,
			Want:  fact.With(psychosocialv1.SessionRecorded{Work: about, Session: session, Kind: code.Individual, Attendance: code.NoShow}, domain.Held{HeldAt: worktest.Dawn}),
		},
		"session at rest":          {Given: []step{accepted, lapsed}, When: met, Err: work.ErrResting},
		"session on a closed plan": {Given: []step{accepted, closed}, When: met, Err: work.ErrNotOpen},
		"session on an ended plan": {Given: []step{accepted, facts[2]}, When: met, Err: work.ErrEnded},
		"session on no plan":       {When: met, Err: work.ErrNotOpen},
		"safety plan": {
			Given: []step{accepted}, When: planned, Want: begun(fact.With(psychosocialv1.SafetyPlanned{Work: about, SafetyPlan: id("safe", 2)}, domain.Safety{Plan: "where she goes"})),
		},
		"safety plan reviewed": {
			Given: []step{accepted, planned}, When: reviewed, Want: fact.With(psychosocialv1.SafetyPlanned{Work: about, SafetyPlan: id("safe", 3)}, domain.Safety{Plan: "where she goes now"}),
		},
		"safety plan on a closed plan": {Given: []step{accepted, closed}, When: planned, Err: work.ErrNotOpen},
		"close": {
			Given: []step{accepted}, When: closed, Want: fact.Of(psychosocialv1.PlanClosed{Work: about, Outcome: code.SurvivorEnded}),
		},
		"the agency completes the referral itself": {Given: []step{accepted}, When: facts[1], Want: fact.Of(psychosocialv1.PlanEnded{Work: turn(worktest.EndedAt)})},
		"the consent is withdrawn":                 {Given: []step{accepted}, When: facts[3], Want: fact.Of(psychosocialv1.PlanEnded{Work: turn(worktest.WithdrawnAt), Erasure: code.DataClosed}, psychosocialv1.PlanEndingAsked{Work: turn(worktest.WithdrawnAt)})},
		"it is taken up again": {Given: []step{accepted, closed}, When: facts[4], Want: fact.With(
			psychosocialv1.PlanReopened{Work: turn(worktest.ReopenedAt), Categories: []code.Category{code.Identity}},
			work.ConsentAgain(worktest.Reopened(code.Psychosocial, worktest.ReopenedAt)),
		)},
		"the consent ends after it was closed": {Given: []step{accepted, closed}, When: facts[7], Want: fact.Of(psychosocialv1.PlanEnded{Work: turn(worktest.RecalledAt), Erasure: code.DataClosed})},
		"the consent runs out":                 {Given: []step{accepted}, When: lapsed, Want: fact.Of(psychosocialv1.PlanRested{Work: turn(worktest.LapsedAt)})},
		"she gives a new consent": {Given: []step{accepted, lapsed}, When: facts[9], Want: fact.With(
			psychosocialv1.PlanRenewed{Work: turn(worktest.RenewedAt), Replaces: fact.ID("cons", "worktest")},
			work.ConsentRenewed(worktest.Renewed(code.Psychosocial, worktest.RenewedAt, "worktest", "renewed")),
		)},
		"she was not reached": {Given: []step{accepted}, When: problem, Want: fact.Of(psychosocialv1.PlanContactProblem{Work: about})},
		"somebody has it": {Given: []step{accepted}, When: given, Want: fact.Of(
			psychosocialv1.PlanAssigned{Work: about, Worker: worktest.First, At: worktest.Dawn.Add(time.Hour)},
		)},
		"she says to her worker that it ends": {Given: []step{accepted, given, facts[3]}, When: ends, Want: fact.Of(
			psychosocialv1.PlanEndingAnswered{Work: turn(worktest.WithdrawnAt), Answer: code.EndWork},
		)},
		"work before she is asked": {Given: []step{accepted, given, facts[3]}, When: met, Err: work.ErrAsked},
		"kept work is closed, and nobody is told": {Given: []step{accepted, given, facts[3], keeps}, When: closed, Want: fact.Of(
			psychosocialv1.PlanKeptClosed{Work: turn(worktest.WithdrawnAt), Outcome: code.SurvivorEnded},
		)},
	})
}

// metAt is a session that the writer dates.
func metAt(at time.Time) step {
	return worktest.Do(domain.Plan.RecordSession, domain.RecordSession{Kind: code.Individual, Attendance: code.Attended, HeldAt: at})
}

// A session is shown when it took place, not when somebody wrote it down. One of before
// there were dates of the writer is shown at its commit.
func TestSessionFromPaper(t *testing.T) {
	held := worktest.Dawn.AddDate(0, -2, 0)
	if p := worktest.Play(t, worktest.Worker(), accepted, metAt(held)); !p.Sessions[0].At.Equal(held) {
		t.Errorf("held at %s, shown at %s", held, p.Sessions[0].At)
	}
	old := fact.Event{At: worktest.Dawn, Data: psychosocialv1.SessionRecorded{Work: about}, Private: domain.Held{Notes: domain.Notes{Notes: "old"}}}
	if p := worktest.Play(t, worktest.Worker(), accepted).Evolve(old); !p.Sessions[0].At.Equal(worktest.Dawn) {
		t.Errorf("an old session is shown at %s", p.Sessions[0].At)
	}
}

func TestGround(t *testing.T) { worktest.Ground(t, facts, met, closed) }

func TestForged(t *testing.T) { worktest.Forged(t, code.Psychosocial, facts, closed) }

func TestWords(t *testing.T) { worktest.Words(t, facts) }

// What an old journal says of another agency is read, and moves nothing.
func TestStill(t *testing.T) { worktest.Still(t, facts) }

func TestOrder(t *testing.T) { worktest.Order(t, facts) }

func TestAny(t *testing.T) {
	worktest.Any(t, facts, []step{met, planned, reviewed, closed, problem, low, high, aimed}, ends, keeps)
}

func TestOffered(t *testing.T) {
	worktest.Offered(t, facts, map[string]step{
		"recordSession": met, "makeSafetyPlan": planned, "answerInstrument": low, "setPlanGoal": aimed, "agreeFollowUp": agreed,
		"handleRisk": takes("ans_none"), "reviewPlanGoal": reviewsGoal("goal_none", code.GoalMet), "recordFollowUp": follows("follow_none", code.FollowUpReached), "closeSupportPlan": closed,
		"reportPlanContactProblem": problem, "answerPlanEnding": keeps,
		"amendSupportPlan": func(p domain.Plan, by fact.By) ([]fact.Event, error) {
			return p.Amend(by, domain.Amend{})
		},
	})
}

func TestUnknownCodesCannotBeRead(t *testing.T) {
	for body, into := range map[string]any{
		`{"kind":"seance"}`:           &domain.RecordSession{},
		`{"attendance":"maybe"}`:      &domain.RecordSession{},
		`{"outcome":"happily after"}`: &work.Close{},
	} {
		if json.Unmarshal([]byte(body), into) == nil {
			t.Errorf("%s was read", body)
		}
	}
}

func TestShows(t *testing.T) {
	worktest.Shows(t, func(s *domain.Plan) *work.Standing { return &s.Standing }, []string{"safety_plan"}, nil)
}

func TestView(t *testing.T) {
	p := worktest.Play(t, worktest.Worker(), accepted, met, planned, reviewed)
	got, err := json.Marshal(p.Content(fact.By{}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"` + about.Plan + `","referral":"` + about.Referral + `","status":"open","since":"2026-11-23T06:00:00Z","assigned":false,"case":"` + about.Case + `",` +
		`"consent":{"id":"` + p.Consent.ID + `","purpose":"service_delivery","categories":["identity","forensic_certificate"],"expires":"2026-11-24T06:00:00Z"},` +
		`"sessions":[{"id":"` + session + `","at":"2026-11-23T06:00:00Z","kind":"individual","attendance":"attended","notes":"what she said"}],` +
		`"safety_plan":{"id":"` + id("safe", 4) + `","at":"2026-11-23T06:00:00Z","plan":"where she goes now",` +
		`"version":2,"former_plans":[{"version":1,"at":"2026-11-23T06:00:00Z","plan":"where she goes"}]}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error("view (-want +got):\n" + diff)
	}
	if ended := worktest.Play(t, worktest.Worker(), accepted, facts[1]); ended.Content(fact.By{}).(domain.View).Consent != nil {
		t.Error("an ended plan still shows a consent")
	}
	shut := worktest.Play(t, worktest.Worker(), accepted, met, planned, closed, facts[7]).Content(fact.By{}).(domain.View)
	if len(shut.Sessions) > 0 || shut.SafetyPlan.ID != "" || !shut.SafetyPlan.At.IsZero() || shut.SafetyPlan.Plan != "" || shut.Consent != nil || shut.Outcome != "" {
		t.Errorf("a plan that is closed to readers shows %+v", shut)
	}
}
