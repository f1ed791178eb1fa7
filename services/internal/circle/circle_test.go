package circle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/worker"
)

var keep = circle.Keep(func(c staff.Circle) circle.Said { return legalaidv1.CircleNoted{Circle: c} })

// A copy ends as intake said last, in whatever order and how often it comes.
func TestACopyFollowsIntake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "facts")
		facts := make([]intakev1.CircleDrawn, n)
		for i := range facts {
			of := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"worker_a", "worker_b", "worker_c"}), rapid.ID).Draw(t, "workers")
			slices.Sort(of)
			facts[i].Circle = staff.Circle{Referral: "ref_1", Case: "case_1", Turn: i + 1, Open: rapid.Bool().Draw(t, "open"), Workers: of}
		}
		order := rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, "early")
		every := make([]int, n)
		for i := range every {
			every[i] = i
		}
		var c circle.Circle
		for _, i := range append(order, rapid.Permutation(every).Draw(t, "order")...) {
			events, err := keep(c, fact.By{}, facts[i])
			if err != nil {
				t.Fatalf("a fact was refused: %v", err)
			}
			for _, e := range events {
				c = c.Evolve(e)
			}
		}
		last := facts[n-1]
		if d := cmp.Diff(last.Circle, c.Circle); d != "" {
			t.Fatal(d)
		}
		for _, w := range []string{"worker_a", "worker_b", "worker_c"} {
			if got, want := c.Has(w), last.Open || slices.Contains(last.Workers, w); got != want {
				t.Fatalf("%s may: %t, want %t", w, got, want)
			}
		}
	})
}

// What does not agree with what is known changes nothing and is seen.
func TestACopyRefuses(t *testing.T) {
	c := circle.Circle{Circle: staff.Circle{Referral: "ref_1", Case: "case_1", Turn: 2, Workers: []string{"worker_a"}}}
	for name, says := range map[string]staff.Circle{
		"another case":           {Referral: "ref_1", Case: "case_2", Turn: 3},
		"the same turn, changed": {Referral: "ref_1", Case: "case_1", Turn: 2, Workers: []string{"worker_b"}},
	} {
		if events, err := keep(c, fact.By{}, intakev1.CircleDrawn{Circle: says}); !errors.Is(err, agree.Err) || events != nil {
			t.Errorf("%s: %v, %v", name, events, err)
		}
	}
	if c.Visible(fact.By{Principal: "ana", Roles: []string{"supervisor"}}) || c.Closed() {
		t.Error("a circle is shown, or closes")
	}
}

// Who is outside is on no register, and no name is near theirs. While that cannot be known,
// nobody is given the work.
func TestWhoIsOutsideIsNobody(t *testing.T) {
	in := circle.Circle{Circle: staff.Circle{Turn: 1, Workers: []string{"worker_a"}}}
	all := worker.Seen{Staff: look.Made(worker.Staff{Of: map[string]worker.Present{
		"ana": {Worker: staff.Worker{ID: "worker_a"}}, "anb": {Worker: staff.Worker{ID: "worker_b"}},
	}})}
	only := all.Only(look.Made(in.Has), nil)
	_, kin := only.Find("/worker", "anb")
	_, nobody := all.Find("/worker", "anc")
	if _, err := only.Find("/worker", "ana"); err != nil || !errors.Is(kin, worker.ErrUnknown) || !errors.Is(nobody, worker.ErrUnknown) {
		t.Errorf("%v, %v, %v", err, kin, nobody)
	}
	if _, err := all.Only(look.Made[func(string) bool](nil), nil).Find("/worker", "anb"); err != nil {
		t.Error(err)
	}
	away := errors.New("it cannot be read")
	if _, err := all.Only(look.Made[func(string) bool](nil), away).Find("/worker", "ana"); !errors.Is(err, away) {
		t.Error(err)
	}
}
