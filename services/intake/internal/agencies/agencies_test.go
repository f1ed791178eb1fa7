package agencies

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
)

const name = "law-society"

func hears(t interface{ Fatalf(string, ...any) }, a Agency, suspended bool, turn int) Agency {
	events, err := a.OnRegistered(fact.By{}, referralv1.AgencyRegistered{Agency: name, Turn: turn})
	if suspended {
		events, err = a.OnSuspended(fact.By{}, referralv1.AgencySuspended{Agency: name, Turn: turn})
	}
	if err != nil {
		t.Fatalf("a fact was refused: %v", err)
	}
	for _, e := range events {
		a = a.Evolve(e)
	}
	return a
}

// The last turn counts, in whatever order and how often facts come.
func TestTheLastTurnCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		says := rapid.SliceOfN(rapid.Bool(), 1, 8).Draw(t, "suspended")
		var order []int
		for i := range says {
			order = append(order, i)
		}
		order = append(rapid.SliceOf(rapid.SampledFrom(order)).Draw(t, "early"), rapid.Permutation(order).Draw(t, "order")...)
		var a Agency
		for _, i := range order {
			a = hears(t, a, says[i], i+1)
		}
		if want := (Agency{Name: name, Suspended: says[len(says)-1], turn: len(says)}); a != want {
			t.Fatalf("the copy is %+v, want %+v", a, want)
		}
	})
}

// What was said before there were turns counts in its order, until a turn came.
func TestBeforeThereWereTurns(t *testing.T) {
	a := hears(t, Agency{}, false, 0)
	if a = hears(t, a, true, 0); !a.Suspended {
		t.Error("an old suspension is passed over")
	}
	if a = hears(t, a, false, 3); a.Suspended {
		t.Error("a new registration is passed over")
	}
	if a = hears(t, a, true, 0); a.Suspended || !a.Exists() {
		t.Error("an old suspension that comes again counts")
	}
}

// One turn says one thing.
func TestATurnThatSaysTwo(t *testing.T) {
	a := hears(t, Agency{}, false, 1)
	if events, err := a.OnSuspended(fact.By{}, referralv1.AgencySuspended{Agency: name, Turn: 1}); !errors.Is(err, agree.Err) || events != nil {
		t.Errorf("%v, %v", events, err)
	}
}

func TestNobodySeesACopy(t *testing.T) {
	a := hears(t, Agency{}, false, 1)
	if a.Visible(fact.By{Principal: "x", Agency: name}) || !a.Visible(fact.By{}) || a.Case() != "" || a.Closed() {
		t.Error("a copy is shown, belongs to a case, or closes")
	}
}
