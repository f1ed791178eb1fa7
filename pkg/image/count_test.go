package image_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// Whatever comes and goes, the counts are the lengths of the lists.
func TestCountsAreLengths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byOwner := &image.List[card]{
			Counted: 1,
			Keys: func(c card) []string {
				if c.Done {
					return nil
				}
				return []string{fact.Key(c.Owner, c.Rank), fact.Key("all", c.Rank)}
			},
		}
		tab := image.New(func(card) bool { return false }, byOwner)
		owners := []string{"a", "ab", "b"}
		for range rapid.IntRange(0, 60).Draw(t, "changes") {
			put(tab, fmt.Sprint("r", rapid.IntRange(0, 9).Draw(t, "id")), card{
				Owner: rapid.SampledFrom(owners).Draw(t, "owner"), Rank: fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "rank")),
				Done: rapid.Bool().Draw(t, "done"),
			}, time.Time{})
		}
		for _, owner := range append(owners, "all", "nobody") {
			if got, want := tab.Count(byOwner.Of(owner)), len(tab.Find(byOwner.Of(owner))); got != want {
				t.Fatalf("%q: counted %d, there are %d", owner, got, want)
			}
		}
	})
}
