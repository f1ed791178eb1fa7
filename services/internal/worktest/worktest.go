// Package worktest holds what the tests of matters, support plans and
// examinations share: the facts of one referral, and the properties that all
// work has. It is for tests only, and knows no rule of a profession.
package worktest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// One referral and the agencies around it.
var (
	Case     = fact.ID("case", "worktest")
	Referral = fact.ID("ref", "worktest")
	Dawn     = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	// Expiry is when the survivor's consent runs out.
	Expiry = Dawn.Add(24 * time.Hour)
)

// Agency is the referral's recipient.
const Agency = "haya-centre"

// Worker is somebody of the referral's recipient, in the morning.
func Worker() fact.By {
	return fact.By{Principal: "worker-1", Agency: Agency, At: Dawn}
}

// State is what all work has.
type State[S any] interface {
	Evolve(fact.Event) S
	Exists() bool
	Closed() bool
	Visible(fact.By) bool
	MustBeOpen() error
}

// Step is a command or a fact, ready to be decided.
type Step[S any] func(S, fact.By) ([]fact.Event, error)

// Do makes a step of a method and its command or fact.
func Do[S, C any](decide func(S, fact.By, C) ([]fact.Event, error), c C) Step[S] {
	return func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, c) }
}

// Accepted is the acceptance of the referral, for a service.
func Accepted(service code.Service, categories ...code.Category) referralv1.Accepted {
	return referralv1.Accepted{
		Loop: loop(service), Urgency: code.Urgent, Consent: fact.ID("cons", "worktest"),
		Purpose: code.ServiceDelivery, Categories: categories, ConsentExpires: Expiry,
	}
}

// Completed says that the agency finished the referral itself.
func Completed(service code.Service) referralv1.Completed {
	return referralv1.Completed{Loop: loop(service), Outcome: code.NeedsMet}
}

// Cancelled calls the referral off.
func Cancelled(service code.Service) referralv1.Cancelled {
	return referralv1.Cancelled{Loop: loop(service), By: "front-desk", Reason: code.NoLongerNeeded}
}

// Withdrawn takes the consent away.
func Withdrawn(service code.Service) referralv1.Withdrawn {
	return referralv1.Withdrawn{Loop: loop(service), Consent: fact.ID("cons", "worktest")}
}

func loop(service code.Service) referralv1.Loop {
	return referralv1.Loop{Referral: Referral, Case: Case, Sender: "front-desk", Recipient: Agency, Service: service}
}

// Commit names the nth commit of the work, from which identifiers derive.
func Commit(n int) string { return "work_worktest/" + strconv.Itoa(n) }

// Play takes steps one after another, none of which may be refused.
func Play[S State[S]](tb testing.TB, by fact.By, steps ...Step[S]) S {
	tb.Helper()
	var s S
	for n, step := range steps {
		by.Commit = Commit(n + 1)
		events, err := step(s, by)
		if err != nil {
			tb.Fatalf("step %d refused: %v", n+1, err)
		}
		s = Fold(s, at(by.At, events)...)
	}
	return s
}

// Rule is one line of a table: given what has happened, when somebody wants
// something, then this happens or this is why not.
type Rule[S any] struct {
	Given []Step[S]
	When  Step[S]
	// At is the instant of When; zero is the morning.
	At   time.Time
	Want []fact.Event
	Err  error
}

// Check tries each rule of a table.
func Check[S State[S]](t *testing.T, rules map[string]Rule[S]) {
	t.Helper()
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			s := Play(t, Worker(), rule.Given...)
			by := Worker()
			by.Commit = Commit(len(rule.Given) + 1)
			if !rule.At.IsZero() {
				by.At = rule.At
			}
			got, err := rule.When(s, by)
			if !errors.Is(err, rule.Err) {
				t.Fatalf("refusal: got %v, want %v", err, rule.Err)
			}
			if diff := cmp.Diff(rule.Want, got); diff != "" {
				t.Error("events (-want +got):\n" + diff)
			}
		})
	}
}

// Fold evolves a state by events.
func Fold[S State[S]](s S, events ...fact.Event) S {
	for _, e := range events {
		s = s.Evolve(e)
	}
	return s
}

func at(t time.Time, events []fact.Event) []fact.Event {
	events = slices.Clone(events)
	for i := range events {
		events[i].At = t
	}
	return events
}

// Any checks what holds of work in any sequence of facts and commands: facts
// are never refused and count once; what is refused changes nothing; what is
// over stays as it is and refuses every command; replay gives the same state.
func Any[S State[S]](t *testing.T, facts, commands []Step[S]) {
	t.Helper()
	// Mostly commands on open work, or few runs would get beyond the gate.
	facts = slices.Concat(facts, slices.Repeat(facts[:1], len(facts)))
	steps := slices.Concat(facts, slices.Repeat(commands, 4))
	rapid.Check(t, func(t *rapid.T) {
		var s S
		var journal []fact.Event
		for n := range rapid.IntRange(1, 30).Draw(t, "steps") {
			by := Worker()
			by.At, by.Commit = Dawn.Add(time.Duration(n)*2*time.Hour), Commit(n+1)
			i := rapid.IntRange(0, len(steps)-1).Draw(t, "step")
			step, command := steps[i], i >= len(facts)

			was, before := s, fmt.Sprintf("%+v", s)
			events, err := step(s, by)
			for _, e := range at(by.At, events) {
				journal = append(journal, e)
				s = s.Evolve(e)
			}
			switch {
			case fmt.Sprintf("%+v", was) != before:
				t.Fatal("a state that others may hold was changed")
			case !command && err != nil:
				t.Fatalf("a fact was refused: %v", err)
			case err != nil && len(events) > 0:
				t.Fatal("refused, and yet something happened")
			case command && was.MustBeOpen() != nil && err == nil:
				t.Fatal("a command went through on work that is not open")
			case was.Closed() && len(events) > 0:
				t.Fatal("something happened to work that is over")
			}
			if !command {
				if again, _ := step(s, by); len(again) > 0 {
					t.Fatal("a fact counted twice")
				}
			}
		}
		var replayed S
		if diff := cmp.Diff(s, Fold(replayed, journal...)); diff != "" {
			t.Fatal("replay gives another state:\n" + diff)
		}
	})
}

// Order checks that facts may come in any order, and again: the work ends up
// the same.
func Order[S State[S]](t *testing.T, facts []Step[S]) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		came := rapid.SliceOfN(rapid.IntRange(0, len(facts)-1), 1, len(facts)).Draw(t, "facts")
		again := rapid.SliceOf(rapid.SampledFrom(came)).Draw(t, "again")
		take := func(order []int) (s S) {
			for _, i := range order {
				by := fact.By{At: Dawn}
				events, err := facts[i](s, by)
				if err != nil {
					t.Fatalf("a fact was refused: %v", err)
				}
				s = Fold(s, at(by.At, events)...)
			}
			return s
		}
		shuffled := rapid.Permutation(slices.Concat(came, again)).Draw(t, "order")
		if diff := cmp.Diff(take(came), take(shuffled)); diff != "" {
			t.Fatal("another order gives another state:\n" + diff)
		}
	})
}

// Facts are all facts that a referral can tell to work of a service, those of
// other services too.
func Facts[S any](
	service code.Service,
	accepted func(S, fact.By, referralv1.Accepted) ([]fact.Event, error),
	completed func(S, fact.By, referralv1.Completed) ([]fact.Event, error),
	cancelled func(S, fact.By, referralv1.Cancelled) ([]fact.Event, error),
	withdrawn func(S, fact.By, referralv1.Withdrawn) ([]fact.Event, error),
) []Step[S] {
	return []Step[S]{
		Do(accepted, Accepted(service, code.Identity, code.ForensicCertificate)),
		Do(completed, Completed(service)),
		Do(cancelled, Cancelled(service)),
		Do(withdrawn, Withdrawn(service)),
		Do(accepted, Accepted(code.Livelihoods)),
		Do(completed, Completed(code.Livelihoods)),
		Do(cancelled, Cancelled(code.Livelihoods)),
		Do(withdrawn, Withdrawn(code.Livelihoods)),
	}
}

// Ground checks what all work owes to the referral that it stands on. Facts
// are those of Facts, in that order.
func Ground[S State[S]](t *testing.T, facts []Step[S], command Step[S]) {
	t.Helper()
	accepted, completed, cancelled, withdrawn, others := facts[0], facts[1], facts[2], facts[3], facts[4:]
	if Play(t, Worker(), others...).Exists() {
		t.Error("a referral to another service makes work")
	}
	s := Play(t, Worker(), accepted)
	if !s.Visible(Worker()) || !s.Visible(fact.By{}) {
		t.Error("the work hides from its own agency or from the network")
	}
	if s.Visible(fact.By{Agency: "front-desk"}) {
		t.Error("the sender of the referral sees the work")
	}
	for name, steps := range map[string][]Step[S]{
		"completed":                        {accepted, completed},
		"cancelled":                        {accepted, cancelled},
		"withdrawn":                        {accepted, withdrawn},
		"completed before it was accepted": {completed, accepted},
		"cancelled before it was accepted": {cancelled, accepted},
		"withdrawn before it was accepted": {withdrawn, accepted},
	} {
		_, err := command(Play(t, Worker(), steps...), Worker())
		if !errors.Is(err, work.ErrEnded) {
			t.Errorf("%s: a command gives %v, not %v", name, err, work.ErrEnded)
		}
	}
}
