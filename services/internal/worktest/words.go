package worktest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Happens is one of each thing that happens to all work.
func Happens() []work.What {
	consent := work.ConsentOf(Accepted(code.Psychosocial, code.Identity))
	return []work.What{
		work.Opening{Consent: consent},
		work.Reopening{Consent: consent},
		work.Renewal{Consent: consent, Replaces: fact.ID("cons", "before")},
		work.Rest{},
		work.End{},
		work.End{Erasure: code.DataClosed},
		work.Assignment{Worker: Second, At: Dawn.Add(time.Hour)},
		work.Question{},
		work.Reply{Answer: code.KeepWork},
		work.Reply{Answer: code.EndWork},
		work.Start{},
		work.Unreached{},
		work.Closing{Outcome: code.NeedsMet},
		work.KeptClosing{Outcome: code.SurvivorEnded},
	}
}

// Words checks the words that a room has for what happens to all work: what it says in an
// event of its own it reads again, whole. Which event that is, the room's rules say.
func Words[S State[S]](t *testing.T, facts []Step[S]) {
	t.Helper()
	for name, s := range stages(t, facts) {
		ground := work.Ground{Referral: Referral, Case: Case, Agency: Agency}
		for _, what := range Happens() {
			is := work.Event{Ground: ground, Turn: late, What: what}
			own := s.Own(is)
			own.At = Dawn.Add(time.Minute)
			if diff := cmp.Diff(s.AsWork().After(is, own.At), s.Evolve(own).AsWork()); diff != "" {
				t.Errorf("work that is %s reads %T otherwise than it was said (-said +read):\n%s", name, what, diff)
			}
		}
	}
}

// Still checks that a journal from before facts were held against the work reads
// on: an event that names another agency, case and referral is taken, and what
// the work is stays.
func Still[S State[S]](t *testing.T, facts []Step[S]) {
	t.Helper()
	other := work.Ground{Referral: fact.ID("ref", "other"), Case: fact.ID("case", "other"), Agency: "somebody-else"}
	for name, s := range stages(t, facts) {
		for _, what := range Happens() {
			next := s.Evolve(s.Own(work.Event{Ground: other, Turn: late, What: what}))
			if diff := cmp.Diff(work.Ground{Referral: Referral, Case: Case, Agency: Agency}, next.AsWork().Ground); diff != "" {
				t.Errorf("%T moves work that is %s (-was +is):\n%s", what, name, diff)
			}
		}
	}
}

// stages are how far work may have come.
func stages[S State[S]](t *testing.T, facts []Step[S]) map[string]S {
	return map[string]S{
		"open":        Play(t, Worker(), facts[accepted]),
		"ended":       Play(t, Worker(), facts[accepted], facts[completed]),
		"asked":       Play(t, Worker(), facts[accepted], facts[assigned], facts[withdrawn]),
		"ended first": Play(t, Worker(), facts[withdrawn]),
		"closed":      Play(t, Worker(), facts[accepted], All[S](work.Work.Close, work.Close{Outcome: code.NeedsMet})),
	}
}
