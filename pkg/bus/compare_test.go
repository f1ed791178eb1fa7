package bus

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/event"
)

// What was noted and is beyond what is held is lost: all of it, each once and in
// order, as long as not too much is noted; from then on the last of each record,
// so that no record that lost something is passed over.
func TestComparison(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(0, 12).Draw(t, "most")
		ids := rapid.SliceOf(rapid.Custom(func(t *rapid.T) event.ID {
			return event.ID{
				Record:  "ref_" + strconv.Itoa(rapid.IntRange(1, 4).Draw(t, "record")),
				Version: rapid.Uint64Range(1, 5).Draw(t, "version"), Index: rapid.IntRange(0, 2).Draw(t, "index"),
				Tail: rapid.Uint64Range(0, 2).Draw(t, "tail"),
			}
		})).Draw(t, "ids")
		held := map[string]uint64{}
		for n := range 4 {
			held["ref_"+strconv.Itoa(n+1)] = rapid.Uint64Range(0, 5).Draw(t, "held")
		}
		c := &comparison{most: most, noted: map[string][]note{}}
		overflows := 0
		for _, id := range ids {
			if c.add(id) {
				overflows++
			}
		}
		kept := 0
		for _, notes := range c.noted {
			kept += len(notes)
		}
		if kept > max(most, 4) || overflows != min(1, max(0, len(ids)-most)) {
			t.Fatalf("of %d with room for %d, %d are kept, and that is told %d times", len(ids), most, kept, overflows)
		}
		newest := map[string]event.ID{}
		for _, id := range ids {
			if last, known := newest[id.Record]; !known || compareIDs(id, last) > 0 {
				newest[id.Record] = id
			}
		}
		if overflows > 0 {
			ids = slices.Collect(maps.Values(newest))
		}
		ids = slices.DeleteFunc(ids, func(id event.ID) bool { return id.Version <= held[id.Record] })
		want := slices.Compact(slices.SortedFunc(slices.Values(ids), compareIDs))
		got := c.lost(c.noted, func(record string) uint64 { return held[record] })
		if d := cmp.Diff(want, got); d != "" && len(want)+len(got) > 0 {
			t.Fatalf("lost (-want +got):\n%s", d)
		}
	})
}

// The notes of a scan that broke off are not those of the next.
func TestComparisonBeginsAnew(t *testing.T) {
	t.Parallel()
	var none *comparison
	none.begin()
	if none.open() {
		t.Error("nothing is compared, and open")
	}
	c := &comparison{most: 1, noted: map[string][]note{}}
	for v := range uint64(3) {
		c.add(event.ID{Record: "ref_1", Version: v + 1})
	}
	c.whole = true
	if c.begin(); c.full || c.whole || len(c.noted) > 0 || c.add(event.ID{Record: "ref_1", Version: 1}) {
		t.Errorf("begun anew, it holds %+v", c)
	}
}
