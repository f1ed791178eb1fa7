package measure

import (
	"testing"

	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// A page looks at its own entries alone: ten times the directory allocates no
// more for it. What is allocated can be counted, and time cannot.
func TestAPageDoesNotGrowWithTheDirectory(t *testing.T) {
	allocations := func(services int) float64 {
		d, err := directoryOf(t.Context(), &recordtest.Journal{}, services)
		if err != nil {
			t.Fatal(err)
		}
		page, err := middle(t.Context(), d, services)
		if err != nil || page.TotalItems != services || page.Size != 50 {
			t.Fatalf("%+v %v", page.TotalItems, err)
		}
		return testing.AllocsPerRun(5, func() { _, _ = middle(t.Context(), d, services) })
	}
	few, many := allocations(200), allocations(2000)
	if many > few*1.1 {
		t.Errorf("%.0f allocations for a page of 200, %.0f of 2000", few, many)
	}
}
