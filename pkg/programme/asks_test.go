package programme_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

// A door asks everything once: what the programme puts first in front, and no question is lost by it.
func TestADoorAsksEverythingOnce(t *testing.T) {
	all := slices.Sorted(slices.Values(code.FirstAsks))
	shipped := programmetest.Shipped().Base()
	for _, c := range code.Channels {
		asks := shipped.AsksOf(c)
		if diff := cmp.Diff(all, slices.Sorted(slices.Values(asks))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c, diff)
		}
		// Danger, or how to reach her and her language, comes before every fact.
		facts := slices.IndexFunc(asks, func(a code.FirstAsk) bool {
			return a == code.AskHappened || a == code.AskIncident || a == code.AskNarrative
		})
		if slices.Index(asks, code.AskDanger) > facts {
			t.Errorf("%s asks for facts before danger: %v", c, asks)
		}
	}
	said := programme.Programme{Asks: map[code.Channel][]code.FirstAsk{code.Court: {code.AskNeeds}}}
	if got := said.AsksOf(code.Court); got[0] != code.AskNeeds || got[1] != code.AskDanger {
		t.Errorf("%v", got)
	}
	if got := said.AsksOf(code.Hotline); got[0] != code.AskDanger || got[1] != code.AskContact {
		t.Errorf("%v", got)
	}
}
