package worktest

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/work"
)

// told makes a fact of each type of what it says about the referral.
func told[S work.Room](service code.Service) map[string]func(referralv1.Loop) Step[S] {
	return map[string]func(referralv1.Loop) Step[S]{
		"accepted": func(l referralv1.Loop) Step[S] {
			e := Accepted(service, code.Identity)
			e.Loop = l
			return All[S](work.Work.OnAccepted, e)
		},
		"completed": func(l referralv1.Loop) Step[S] {
			return All[S](work.Work.OnCompleted, referralv1.Completed{Loop: l, Outcome: code.NeedsMet, Round: l.Turn})
		},
		"cancelled": func(l referralv1.Loop) Step[S] {
			return All[S](work.Work.OnCancelled, referralv1.Cancelled{Loop: l, By: "front-desk", Reason: code.NoLongerNeeded, Round: l.Turn})
		},
		"reopened": func(l referralv1.Loop) Step[S] {
			e := Reopened(service, l.Turn)
			e.Loop = l
			return All[S](work.Work.OnReopened, e)
		},
		"withdrawn": func(l referralv1.Loop) Step[S] {
			return All[S](work.Work.OnWithdrawn, referralv1.Withdrawn{Loop: l, Consent: fact.ID("cons", "worktest")})
		},
		"assigned": func(l referralv1.Loop) Step[S] {
			e := Assigned(service, l.Turn, First, 0)
			e.Loop = l
			return All[S](work.Work.OnAssigned, e)
		},
		"lapsed": func(l referralv1.Loop) Step[S] {
			return All[S](work.Work.OnLapsed, referralv1.Lapsed{Loop: l, Consent: fact.ID("cons", "worktest")})
		},
		"renewed": func(l referralv1.Loop) Step[S] {
			e := Renewed(service, l.Turn, "worktest", "renewed")
			e.Loop = l
			return All[S](work.Work.OnRenewed, e)
		},
		"recalled": func(l referralv1.Loop) Step[S] {
			return All[S](work.Work.OnRecalled, referralv1.Recalled{Loop: l, Consent: fact.ID("cons", "worktest")})
		},
	}
}

// lies are what a fact can say of a referral that is not so.
var lies = map[string]func(*referralv1.Loop){
	"another referral":  func(l *referralv1.Loop) { l.Referral = fact.ID("ref", "other") },
	"another case":      func(l *referralv1.Loop) { l.Case = fact.ID("case", "other") },
	"no case":           func(l *referralv1.Loop) { l.Case = "" },
	"another recipient": func(l *referralv1.Loop) { l.Recipient = "somebody-else" },
	"its sender":        func(l *referralv1.Loop) { l.Recipient = l.Sender },
	"no recipient":      func(l *referralv1.Loop) { l.Recipient = "" },
	"another service":   func(l *referralv1.Loop) { l.Service = code.Livelihoods },
}

// late is a turn that is later than all others.
const late = 100

// Forged checks what facts can do to work that do not agree with what it is:
// nothing, whatever they say, whenever they come and whatever they come between.
// Facts are those of Facts, in that order; shut closes open work.
func Forged[S State[S]](t *testing.T, service code.Service, facts []Step[S], shut Step[S]) {
	kinds := told[S](service)
	for name, given := range map[string][]Step[S]{
		"open":             {facts[accepted]},
		"closed":           {facts[accepted], shut},
		"ended":            {facts[accepted], facts[completed]},
		"ended first":      {facts[cancelled]},
		"taken up again":   {facts[accepted], facts[completed], facts[reopened]},
		"taken up, first":  {facts[reopened]},
		"without consent":  {facts[accepted], facts[withdrawn]},
		"withdrawn, first": {facts[recalled]},
		"closed, recalled": {facts[accepted], shut, facts[recalled]},
		"resting":          {facts[accepted], facts[lapsed]},
		"resting, first":   {facts[lapsed]},
		"given first":      {facts[assigned]},
		"asked about":      {facts[accepted], facts[assigned], facts[withdrawn]},
		"renewed":          {facts[accepted], facts[lapsed], facts[renewed]},
	} {
		s := Play(t, Worker(), given...)
		for kind, tell := range kinds {
			for lie, of := range lies {
				l := loop(service, late)
				of(&l)
				if events, err := tell(l)(s, fact.By{At: Dawn}); !errors.Is(err, agree.Err) || len(events) > 0 {
					t.Errorf("%s work hears that the referral is %s, with %s: %v, %v", name, kind, lie, events, err)
				}
			}
		}
	}
	unheard(t, service, kinds)
	rapid.Check(t, func(t *rapid.T) { between(t, service, kinds, facts) })
}

// unheard checks the facts of which nothing is to be refused yet: what is told of
// another service, or of a referral that nobody took, makes no work. An acceptance
// by nobody is none.
func unheard[S State[S]](t *testing.T, service code.Service, kinds map[string]func(referralv1.Loop) Step[S]) {
	t.Helper()
	for kind, tell := range kinds {
		for lie, want := range map[string]error{"another service": nil, "no recipient": nil} {
			if lie == "no recipient" && (kind == "accepted" || kind == "reopened" || kind == "renewed") {
				want = agree.Err
			}
			l := loop(service, late)
			lies[lie](&l)
			var none S
			if events, err := tell(l)(none, fact.By{At: Dawn}); !errors.Is(err, want) || len(events) > 0 {
				t.Errorf("no work hears that a referral is %s, with %s: %v, %v", kind, lie, events, err)
			}
		}
	}
}

// between checks that the true facts of a referral, doubled and in any order,
// leave the same with forged ones between them as alone. The first is true: who
// is heard first is believed, and it is the bus that lets nobody speak in
// another's name.
func between[S State[S]](t *rapid.T, service code.Service, kinds map[string]func(referralv1.Loop) Step[S], facts []Step[S]) {
	forgery := rapid.Custom(func(t *rapid.T) Step[S] {
		l := loop(service, rapid.IntRange(0, late).Draw(t, "turn"))
		for _, lie := range rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(lies))), 1, 3, rapid.ID).Draw(t, "lies") {
			lies[lie](&l)
		}
		if l == loop(service, l.Turn) {
			t.Fatal("nothing was forged")
		}
		return kinds[rapid.SampledFrom(slices.Sorted(maps.Keys(kinds))).Draw(t, "kind")](l)
	})
	heard := rapid.SliceOfN(rapid.SampledFrom(facts), 1, 2*len(facts)).Draw(t, "facts")
	var alone, among S
	for _, step := range heard {
		events, err := step(alone, fact.By{At: Dawn})
		if err != nil {
			t.Fatalf("a true fact was refused: %v", err)
		}
		alone = Fold(alone, at(Dawn, events)...)

		events, err = step(among, fact.By{At: Dawn})
		if err != nil {
			t.Fatalf("a true fact was refused after forged ones: %v", err)
		}
		among = Fold(among, at(Dawn, events)...)
		for _, forged := range rapid.SliceOfN(forgery, 0, 3).Draw(t, "forged") {
			events, err := forged(among, fact.By{At: Dawn})
			if !errors.Is(err, agree.Err) {
				t.Fatalf("a forged fact is not refused: %v", err)
			}
			among = Fold(among, at(Dawn, events)...)
		}
	}
	if diff := cmp.Diff(alone, among); diff != "" {
		t.Fatal("forged facts leave a trace:\n" + diff)
	}
}
