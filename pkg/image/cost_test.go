package image

import (
	"fmt"
	"testing"

	"github.com/sanad-network/sanad/api/fact"
)

// A page compares as often in a long list as in a short one: it goes down the
// tree once, from a cursor too, and then reads what it gives.
func TestPageCostsTheSame(t *testing.T) {
	type card string
	const limit = 50
	looked := 0
	visited := func(n int) (worst int) {
		byOwner := &List[card]{
			Counted: 1, Keys: func(c card) []string { return []string{fact.Key("a", string(c)), fact.Key("b", string(c))} },
		}
		tab := New(func(card) bool { return false }, byOwner)
		o := tab.lists[byOwner].order
		compare := o.compare
		o.compare = func(p place, k key) int {
			looked++
			return compare(p, k)
		}
		for i := range n {
			tab.Put(fmt.Sprintf("r%06d", i), Row[card]{}, Row[card]{State: card(fmt.Sprintf("%06d", i)), Version: 1})
		}
		cursor := ""
		for page := range 10 {
			looked = 0
			ids, next, err := tab.Page(byOwner.Of("b"), cursor, limit)
			if err != nil || len(ids) != limit {
				t.Fatalf("page %d of %d records: %d, %v", page, n, len(ids), err)
			}
			worst = max(worst, looked)
			cursor = next
		}
		looked = 0
		if tab.Count(byOwner.Of("a")) != n || looked > 0 {
			t.Errorf("to count %d took %d looks", n, looked)
		}
		return worst
	}
	few, many := visited(1_000), visited(100_000)
	// A tree a hundred times as large is a few steps deeper.
	if few == 0 || many > 3*few {
		t.Errorf("a page from 1,000 records compares %d times, one from 100,000 %d times", few, many)
	}
	t.Logf("a page of %d compares %d times in 1,000 records, %d times in 100,000", limit, few, many)
}
