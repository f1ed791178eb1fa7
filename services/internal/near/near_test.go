package near_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/services/internal/near"
)

func TestTo(t *testing.T) {
	names := []string{"north-centre", "north-center", "south-centre", "legal-clinic", "lawyer-1", "lawyer-2", "lawyer-3", "lawyer-4", "юрист-1"}
	for word, want := range map[string][]string{
		"nroth-centre":   {"north-centre", "north-center", "south-centre"},
		"legal-clnic":    {"legal-clinic"},
		"lawyer-9":       {"lawyer-1", "lawyer-2", "lawyer-3"},
		"police-station": {},
		"юрист-7":        {"юрист-1"},
		"":               {},
	} {
		if d := cmp.Diff(want, near.To(word, names)); d != "" {
			t.Errorf("near %q (-want +got):\n%s", word, d)
		}
	}
}

// One slip of the hand leads back to the name, whatever it is and wherever the slip.
func TestOneSlipIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z0-9-]{3,40}`).Draw(t, "name")
		at := rapid.IntRange(0, len(name)-1).Draw(t, "at")
		word := name[:at] + name[at+1:]
		if !slices.Contains(near.To(word, []string{name}), name) {
			t.Fatalf("%q is not near %q", name, word)
		}
	})
}
