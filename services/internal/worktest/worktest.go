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
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
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
	work.Room
	Evolve(fact.Event) S
	Exists() bool
	Closed() bool
	Visible(fact.By) bool
	MustBeOpen() error
	MayDoDuties() error
}

// Step is a command or a fact, ready to be decided.
type Step[S any] func(S, fact.By) ([]fact.Event, error)

// Do makes a step of a method and its command or fact.
func Do[S, C any](decide func(S, fact.By, C) ([]fact.Event, error), c C) Step[S] {
	return func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, c) }
}

// All makes a step of a rule for all work and its command or fact.
func All[S work.Room, C any](rule func(work.Work, C) ([]work.Event, error), c C) Step[S] {
	return Do(work.In[S](rule), c)
}

// The turns of the referral, as it was accepted, ended, taken up again, ended once
// more, which is when a consent of hers ended as well, taken up once more, lapsed,
// renewed, withdrawn, and accepted on one more consent.
const (
	AcceptedAt = 2 + iota
	EndedAt
	ReopenedAt
	EndedAgainAt
	ReopenedAgainAt
	LapsedAt
	RenewedAt
	WithdrawnAt
	AcceptedAgainAt

	RecalledAt = EndedAgainAt
)

// Place is the country and the programme of the case.
var Place = referralv1.Place{Country: "GT", Programme: "alpha"}

// Accepted is the acceptance of the referral, for a service.
func Accepted(service code.Service, categories ...code.Category) referralv1.Accepted {
	return referralv1.Accepted{
		Loop: loop(service, AcceptedAt), Place: Place, Urgency: code.Urgent, Consent: fact.ID("cons", "worktest"),
		Purpose: code.ServiceDelivery, Categories: categories, ConsentExpires: Expiry,
	}
}

// Completed says that the agency finished the referral itself.
func Completed(service code.Service) referralv1.Completed {
	return referralv1.Completed{Loop: loop(service, EndedAt), Outcome: code.NeedsMet}
}

// CompletedAgain finishes it in the second round.
func CompletedAgain(service code.Service) referralv1.Completed {
	return referralv1.Completed{Loop: loop(service, EndedAgainAt), Outcome: code.NeedsMet, Round: ReopenedAt}
}

// Cancelled calls the referral off.
func Cancelled(service code.Service) referralv1.Cancelled {
	return referralv1.Cancelled{Loop: loop(service, EndedAt), By: "front-desk", Reason: code.NoLongerNeeded}
}

// Reopened takes the referral up again, with a turn.
func Reopened(service code.Service, turn int) referralv1.Reopened {
	return referralv1.Reopened{
		Loop: loop(service, turn), Place: Place, Consent: fact.ID("cons", "worktest"),
		Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: Expiry, Urgency: code.Urgent,
	}
}

// AcceptedAgain is the acceptance after her desk resumed the referral.
func AcceptedAgain(service code.Service) referralv1.Accepted {
	e := Accepted(service, code.Identity)
	e.Turn, e.Consent = AcceptedAgainAt, fact.ID("cons", "again")
	return e
}

// Lapsed says that the consent ran out.
func Lapsed(service code.Service) referralv1.Lapsed {
	return referralv1.Lapsed{Loop: loop(service, LapsedAt), Consent: fact.ID("cons", "worktest")}
}

// Renewed puts a consent in the place of another, at a turn.
func Renewed(service code.Service, turn int, replaces, consent string) referralv1.Renewed {
	return referralv1.Renewed{
		Loop: loop(service, turn), Place: Place, Agency: Agency, Replaces: fact.ID("cons", replaces), Consent: fact.ID("cons", consent),
		Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: Expiry.Add(24 * time.Hour), Status: code.InService, Urgency: code.Urgent,
	}
}

// Two workers of the referral's recipient.
var (
	First  = worker.ID(Agency, Worker().Principal)
	Second = worker.ID(Agency, "worker-2")
)

// Assigned gives the referral to a worker at a turn, some time after dawn.
func Assigned(service code.Service, turn int, to string, after time.Duration) referralv1.Assigned {
	return referralv1.Assigned{Loop: loop(service, turn), Worker: to, At: Dawn.Add(after)}
}

// Withdrawn takes the consent away.
func Withdrawn(service code.Service) referralv1.Withdrawn {
	return referralv1.Withdrawn{Loop: loop(service, WithdrawnAt), Consent: fact.ID("cons", "worktest")}
}

// Recalled takes the consent away when the referral has ended.
func Recalled(service code.Service) referralv1.Recalled {
	return referralv1.Recalled{Loop: loop(service, RecalledAt), Consent: fact.ID("cons", "worktest")}
}

func loop(service code.Service, turn int) referralv1.Loop {
	return referralv1.Loop{Referral: Referral, Case: Case, Sender: "front-desk", Recipient: Agency, Service: service, Turn: turn}
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
// over refuses every command, and to what lost its consent nothing is done before she
// says so; what rests or is asked about takes the duties alone; replay gives the same state.
func Any[S State[S]](t *testing.T, facts, commands []Step[S], duties ...Step[S]) {
	t.Helper()
	// Mostly commands on open work, or few runs would get beyond the gate.
	facts = slices.Concat(facts, slices.Repeat(facts[:1], len(facts)))
	steps := slices.Concat(facts, slices.Repeat(commands, 4), slices.Repeat(duties, 4))
	ordinary := len(steps) - 4*len(duties)
	rapid.Check(t, func(t *rapid.T) {
		var s S
		var journal []fact.Event
		consentEnded, regained := false, false
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
			case i >= ordinary && was.MayDoDuties() != nil && err == nil:
				t.Fatal("a duty was done on work that is over")
			case command && i < ordinary && was.MustBeOpen() != nil && err == nil:
				t.Fatal("a command went through on work that is not open")
			case s.AsWork().Status == work.Open && s.AsWork().Outcome != "":
				t.Fatal("open work says how it was closed")
			case command && was.Closed() && len(events) > 0:
				t.Fatal("something was done to work that is over")
			case consentEnded && !regained && command && i < ordinary && len(events) > 0:
				t.Fatal("something was done to work that lost its consent")
			}
			consentEnded = consentEnded || i == withdrawn
			regained = regained || i == acceptedAgain || i >= ordinary && consentEnded && s.MustBeOpen() == nil
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

// Where in Facts some of them are.
const (
	accepted = iota
	completed
	cancelled
	withdrawn
	reopened
	completedAgain
	reopenedAgain
	recalled
	lapsed
	renewed
	replaced
	replacedAgain
	acceptedAgain
	assigned
	assignedOn
	assignedBack
)

// Facts are all facts that a referral can tell to work of its service.
func Facts[S work.Room](service code.Service) []Step[S] {
	return []Step[S]{
		All[S](work.Work.OnAccepted, Accepted(service, code.Identity, code.ForensicCertificate)),
		All[S](work.Work.OnCompleted, Completed(service)),
		All[S](work.Work.OnCancelled, Cancelled(service)),
		All[S](work.Work.OnWithdrawn, Withdrawn(service)),
		All[S](work.Work.OnReopened, Reopened(service, ReopenedAt)),
		All[S](work.Work.OnCompleted, CompletedAgain(service)),
		All[S](work.Work.OnReopened, Reopened(service, ReopenedAgainAt)),
		All[S](work.Work.OnRecalled, Recalled(service)),
		All[S](work.Work.OnLapsed, Lapsed(service)),
		All[S](work.Work.OnRenewed, Renewed(service, RenewedAt, "worktest", "renewed")),
		All[S](work.Work.OnRenewed, Renewed(service, ReopenedAt, "worktest", "second")),
		All[S](work.Work.OnRenewed, Renewed(service, ReopenedAt, "second", "third")),
		All[S](work.Work.OnAccepted, AcceptedAgain(service)),
		All[S](work.Work.OnAssigned, Assigned(service, AcceptedAt, First, time.Hour)),
		All[S](work.Work.OnAssigned, Assigned(service, AcceptedAt, Second, 2*time.Hour)),
		All[S](work.Work.OnAssigned, Assigned(service, ReopenedAt, First, 0)),
	}
}

// Ground checks what all work owes to the referral that it stands on. Facts
// are those of Facts, in that order; shut closes open work, and command is
// something that can be done on open work at any time.
func Ground[S State[S]](t *testing.T, facts []Step[S], command, shut Step[S]) {
	t.Helper()
	s := Play(t, Worker(), facts[accepted])
	if !s.Visible(Worker()) || !s.Visible(fact.By{}) {
		t.Error("the work hides from its own agency or from the network")
	}
	if s.Visible(fact.By{Agency: "front-desk"}) {
		t.Error("the sender of the referral sees the work")
	}
	if _, ended := consentEnded(s); ended {
		t.Error("open work stands on a consent that has ended")
	}
	for _, end := range []int{withdrawn, lapsed} {
		if at, ended := consentEnded(Play(t, Worker(), facts[accepted], facts[end])); !ended || !at.Equal(Dawn) {
			t.Errorf("the consent of the work ended at %s, %t", at, ended)
		}
	}
	for name, c := range map[string]struct {
		come []int
		want error
	}{
		"completed":                        {[]int{accepted, completed}, work.ErrEnded},
		"cancelled":                        {[]int{accepted, cancelled}, work.ErrEnded},
		"withdrawn":                        {[]int{accepted, withdrawn}, work.ErrEnded},
		"completed before it was accepted": {[]int{completed, accepted}, work.ErrEnded},
		"cancelled before it was accepted": {[]int{cancelled, accepted}, work.ErrEnded},
		"withdrawn before it was accepted": {[]int{withdrawn, accepted}, work.ErrEnded},

		"completed and taken up again":         {[]int{accepted, completed, reopened}, nil},
		"cancelled and taken up again":         {[]int{accepted, cancelled, reopened}, nil},
		"taken up before it was completed":     {[]int{accepted, reopened, completed}, nil},
		"taken up before it was accepted":      {[]int{reopened, completed, accepted}, nil},
		"completed once more":                  {[]int{accepted, completed, reopened, completedAgain}, work.ErrEnded},
		"completed once more, before taken up": {[]int{accepted, completed, completedAgain, reopened}, work.ErrEnded},
		"taken up once more, the first of all": {[]int{reopenedAgain, accepted, completed, reopened, completedAgain}, nil},
		"withdrawn, and then late to taken up": {[]int{accepted, withdrawn, completed, reopened}, work.ErrEnded},
		"withdrawn, and late to rest":          {[]int{accepted, withdrawn, lapsed}, work.ErrEnded},
		"withdrawn, and late to renewed":       {[]int{accepted, withdrawn, renewed}, work.ErrEnded},
		"withdrawn, and accepted once more":    {[]int{accepted, withdrawn, acceptedAgain}, nil},
		"accepted once more, before withdrawn": {[]int{accepted, acceptedAgain, withdrawn}, nil},
		"recalled after it was completed":      {[]int{accepted, completed, recalled}, work.ErrEnded},
		"recalled, and late to taken up":       {[]int{accepted, completed, recalled, reopened}, work.ErrEnded},
		"recalled, and taken up once more":     {[]int{accepted, completed, recalled, reopenedAgain}, nil},
		"taken up once more, before recalled":  {[]int{accepted, reopenedAgain, recalled}, nil},

		"withdrawn, and somebody has it":           {[]int{accepted, assigned, withdrawn}, work.ErrAsked},
		"withdrawn, before it is known who has it": {[]int{withdrawn, assigned, accepted}, work.ErrAsked},
		"withdrawn at rest, and somebody has it":   {[]int{accepted, assigned, lapsed, withdrawn}, work.ErrAsked},
		"closed, withdrawn, and somebody had it":   {[]int{accepted, assigned, -1, withdrawn}, work.ErrEnded},
		"recalled, and somebody had it":            {[]int{accepted, assigned, completed, recalled}, work.ErrEnded},

		"lapsed":                                {[]int{accepted, lapsed}, work.ErrResting},
		"lapsed before it was accepted":         {[]int{lapsed, accepted}, work.ErrResting},
		"lapsed, and renewed":                   {[]int{accepted, lapsed, renewed}, nil},
		"renewed before it lapsed":              {[]int{accepted, renewed, lapsed}, nil},
		"renewed, the first of all":             {[]int{renewed, lapsed, accepted}, nil},
		"lapsed, and withdrawn":                 {[]int{accepted, lapsed, withdrawn}, work.ErrEnded},
		"lapsed, and cancelled too late":        {[]int{accepted, lapsed, cancelled}, work.ErrResting},
		"closed, and lapsed":                    {[]int{accepted, -1, lapsed}, work.ErrNotOpen},
		"closed, and renewed":                   {[]int{accepted, -1, lapsed, renewed}, work.ErrNotOpen},
		"closed by its agency":                  {[]int{accepted, -1, completed}, work.ErrNotOpen},
		"closed, and taken up again":            {[]int{accepted, -1, completed, reopened}, nil},
		"closed, and taken up before completed": {[]int{accepted, -1, reopened, completed}, nil},
		"closed, and completed once more first": {[]int{accepted, -1, completed, completedAgain, reopened}, work.ErrEnded},
		"closed in the second round":            {[]int{accepted, completed, reopened, -1, completed, completedAgain}, work.ErrNotOpen},
		"closed, and recalled":                  {[]int{accepted, -1, completed, recalled}, work.ErrEnded},
	} {
		steps := make([]Step[S], len(c.come))
		for i, n := range c.come {
			if steps[i] = shut; n >= 0 {
				steps[i] = facts[n]
			}
		}
		if _, err := command(Play(t, Worker(), steps...), Worker()); !errors.Is(err, c.want) {
			t.Errorf("%s: a command gives %v, not %v", name, err, c.want)
		}
	}
}

// consentEnded is what the work says of its consent to a request that comes again.
func consentEnded(s any) (time.Time, bool) {
	c, ok := s.(record.Consented)
	if !ok {
		return time.Time{}, false
	}
	at := c.ConsentEnded(Worker())
	return at, !at.IsZero()
}
