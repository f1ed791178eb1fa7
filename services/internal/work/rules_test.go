package work_test

import (
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

// errand is work of no profession: its own events are those of all work.
type errand struct{ work.Work }

// told is an event of an errand.
type told struct{ work.Event }

func (told) EventType() string { return "errand.told.v1" }

func (e errand) AsWork() work.Work {
	e.Service = code.Psychosocial
	return e.Work
}

func (errand) Own(e work.Event) fact.Event { return fact.Event{Data: told{e}} }

func (e errand) Evolve(is fact.Event) errand {
	return errand{e.AsWork().After(is.Data.(told).Event, is.At)}
}

func (e errand) Visible(by fact.By) bool { return by.System() || by.Agency == e.Agency }

type step = worktest.Step[errand]

var (
	facts = worktest.Facts[errand](code.Psychosocial)

	accepted, completed, cancelled, withdrawn = facts[0], facts[1], facts[2], facts[3]
	reopened, recalled, lapsed, renewed       = facts[4], facts[7], facts[8], facts[9]
	given                                     = facts[13]

	closed  = worktest.All[errand](work.Work.Close, work.Close{Outcome: code.NeedsMet})
	problem = worktest.All[errand](work.Work.ContactProblem, work.ContactProblem{})
	ends    = worktest.All[errand](work.Work.AnswerEnding, work.AnswerEnding{Answer: code.EndWork})
	keeps   = worktest.All[errand](work.Work.AnswerEnding, work.AnswerEnding{Answer: code.KeepWork})
)

// done is something of a profession that is done to open work.
func done(e errand, _ fact.By) ([]fact.Event, error) {
	if err := e.MustBeOpen(); err != nil {
		return nil, err
	}
	return work.Begin(e, nil), nil
}

// at is what happens to the work at a turn of its referral.
func at(turn int, what ...work.What) (events []fact.Event) {
	for _, w := range what {
		events = append(events, fact.Event{Data: told{work.Event{
			Ground: work.Ground{Referral: worktest.Referral, Case: worktest.Case, Agency: worktest.Agency}, Turn: turn, What: w,
		}}})
	}
	return events
}

func TestRules(t *testing.T) {
	const first, end, again, recall = worktest.AcceptedAt, worktest.EndedAt, worktest.ReopenedAt, worktest.RecalledAt
	const laps, renew, withdrew = worktest.LapsedAt, worktest.RenewedAt, worktest.WithdrawnAt
	shut := work.End{Erasure: code.DataClosed}
	opening := work.Opening{Consent: work.ConsentOf(worktest.Accepted(code.Psychosocial, code.Identity, code.ForensicCertificate))}
	reopening := work.Reopening{Consent: work.ConsentAgain(worktest.Reopened(code.Psychosocial, again))}
	resumed := worktest.AcceptedAgain(code.Psychosocial)
	renewal := work.Renewal{
		Consent:  work.ConsentRenewed(worktest.Renewed(code.Psychosocial, renew, "worktest", "renewed")),
		Replaces: fact.ID("cons", "worktest"),
	}

	worktest.Check(t, map[string]worktest.Rule[errand]{
		"an accepted referral opens it":        {When: accepted, Want: at(first, opening)},
		"an acceptance after the end is noted": {Given: []step{completed}, When: accepted, Want: at(first, opening)},
		"an acceptance again":                  {Given: []step{accepted}, When: accepted},
		"a resumed referral takes it up again": {
			Given: []step{accepted, withdrawn}, When: facts[12], Want: at(resumed.Turn, work.Reopening{Consent: work.ConsentOf(resumed)}),
		},
		"it is taken up again":             {Given: []step{accepted, closed}, When: reopened, Want: at(again, reopening)},
		"it is taken up before it opens":   {When: reopened, Want: at(again, reopening)},
		"its first work":                   {Given: []step{accepted}, When: done, Want: at(first, work.Start{})},
		"its second work":                  {Given: []step{accepted, done}, When: done},
		"the first work of the next round": {Given: []step{accepted, done, completed, reopened}, When: done, Want: at(again, work.Start{})},
		"work at rest":                     {Given: []step{accepted, lapsed}, When: done, Err: work.ErrResting},
		"work on what is closed":           {Given: []step{accepted, closed}, When: done, Err: work.ErrNotOpen},
		"work on what has ended":           {Given: []step{accepted, cancelled}, When: done, Err: work.ErrEnded},
		"work on nothing":                  {When: done, Err: work.ErrNotOpen},

		"close":                                  {Given: []step{accepted}, When: closed, Want: at(first, work.Closing{Outcome: code.NeedsMet})},
		"close without an outcome":               {Given: []step{accepted}, When: worktest.All[errand](work.Work.Close, work.Close{}), Err: work.ErrUnknownCode},
		"close twice":                            {Given: []step{accepted, closed}, When: closed, Err: work.ErrNotOpen},
		"close at rest":                          {Given: []step{accepted, lapsed}, When: closed, Err: work.ErrResting},
		"end of a referral after its work ended": {Given: []step{accepted, closed}, When: cancelled},

		"the agency completes the referral itself": {Given: []step{accepted}, When: completed, Want: at(end, work.End{})},
		"the referral is cancelled":                {Given: []step{accepted}, When: cancelled, Want: at(end, work.End{})},

		"the consent is withdrawn":             {Given: []step{accepted}, When: withdrawn, Want: at(withdrew, shut, work.Question{})},
		"it ends before it opens":              {When: withdrawn, Want: at(withdrew, shut, work.Question{})},
		"the consent ends once":                {Given: []step{accepted, withdrawn}, When: withdrawn},
		"withdrawn after it was closed":        {Given: []step{accepted, closed}, When: withdrawn, Want: at(withdrew, shut)},
		"the consent ends after it was closed": {Given: []step{accepted, closed}, When: recalled, Want: at(recall, shut)},
		"the consent runs out":                 {Given: []step{accepted}, When: lapsed, Want: at(laps, work.Rest{})},
		"the consent of closed work runs out":  {Given: []step{accepted, closed}, When: lapsed},
		"she gives a new consent":              {Given: []step{accepted, lapsed}, When: renewed, Want: at(renew, renewal)},
		"somebody has it":                      {Given: []step{accepted}, When: given, Want: at(first, work.Assignment{Worker: worktest.First, At: worktest.Dawn.Add(time.Hour)})},
		"somebody has it already":              {Given: []step{accepted, given}, When: given},

		"she was not reached": {Given: []step{accepted}, When: problem, Want: at(first, work.Unreached{})},
		"not reached at rest": {Given: []step{accepted, lapsed}, When: problem, Err: work.ErrResting},

		"she says to her worker that it ends":      {Given: []step{accepted, given, withdrawn}, When: ends, Want: at(withdrew, work.Reply{Answer: code.EndWork})},
		"she says to her worker that it goes on":   {Given: []step{accepted, given, withdrawn}, When: keeps, Want: at(withdrew, work.Reply{Answer: code.KeepWork})},
		"she says it twice":                        {Given: []step{accepted, given, withdrawn, keeps}, When: ends, Err: work.ErrNotAsked},
		"nobody asked her":                         {Given: []step{accepted, given}, When: ends, Err: work.ErrNotAsked},
		"nobody asks about what its agency closed": {Given: []step{accepted, given, closed, withdrawn}, When: ends, Err: work.ErrNotAsked},
		"an answer that nobody gives": {
			Given: []step{accepted, given, withdrawn}, When: worktest.All[errand](work.Work.AnswerEnding, work.AnswerEnding{Answer: "perhaps"}), Err: work.ErrUnknownCode,
		},
		"work before she is asked":                {Given: []step{accepted, given, withdrawn}, When: done, Err: work.ErrAsked},
		"work after she ended it":                 {Given: []step{accepted, given, withdrawn, ends}, When: done, Err: work.ErrEnded},
		"kept work begins, and nobody is told":    {Given: []step{accepted, given, withdrawn, keeps}, When: done},
		"kept work is not told of":                {Given: []step{accepted, given, withdrawn, keeps}, When: problem, Err: work.ErrKept},
		"kept work is closed, and nobody is told": {Given: []step{accepted, given, withdrawn, keeps}, When: closed, Want: at(withdrew, work.KeptClosing{Outcome: code.NeedsMet})},
	})
}

// Work that goes on after it was closed does not say any more how it was closed.
func TestOpenWorkHasNoOutcome(t *testing.T) {
	for name, come := range map[string][]step{
		"taken up again":        {accepted, closed, completed, reopened},
		"on a new consent":      {accepted, closed, recalled, renewed},
		"on her own word":       {accepted, closed, recalled, given, withdrawn, keeps},
		"accepted once more":    {accepted, closed, withdrawn, facts[12]},
		"not yet, but to be so": {accepted},
	} {
		if e := worktest.Play(t, worktest.Worker(), come...); e.Status != work.Open || e.Outcome != "" {
			t.Errorf("%s: %s, %q", name, e.Status, e.Outcome)
		}
	}
	if e := worktest.Play(t, worktest.Worker(), accepted, closed, recalled); e.Outcome != code.NeedsMet {
		t.Errorf("closed, and then closed to readers: %q", e.Outcome)
	}
}

func TestGround(t *testing.T) { worktest.Ground(t, facts, done, closed) }

func TestForged(t *testing.T) { worktest.Forged(t, code.Psychosocial, facts, closed) }

func TestOrder(t *testing.T) { worktest.Order(t, facts) }

func TestAny(t *testing.T) { worktest.Any(t, facts, []step{done, closed, problem}, ends, keeps) }

func TestWords(t *testing.T) { worktest.Words(t, facts) }

// What an old journal says of another agency is read, and moves nothing.
func TestStill(t *testing.T) { worktest.Still(t, facts) }
