package image_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

var byRank = image.List[card]{Keys: func(c card) []string { return []string{fact.Key(c.Rank)} }}

// A part holds what is found in it, and a part of several lists what is found in
// each of them.
func TestAPartHoldsWhatIsFoundInIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := image.New(func(card) bool { return false }, &byOwner, &byRank)
		cards := map[string]card{}
		for i := range rapid.IntRange(0, 20).Draw(t, "cards") {
			id := fmt.Sprint("r", i)
			cards[id] = card{
				Owner: rapid.SampledFrom([]string{"", "a", "ab"}).Draw(t, "owner"), Rank: rapid.SampledFrom([]string{"1", "11", "2"}).Draw(t, "rank"),
			}
			put(tab, id, cards[id], time.Time{})
		}
		owned, ranked := byOwner.Of("a"), byRank.Of("1")
		both := owned.And(ranked)
		for id, c := range cards {
			isOwned, isRanked := slices.Contains(tab.Find(owned), id), slices.Contains(tab.Find(ranked), id)
			if owned.Holds(c) != isOwned || ranked.Holds(c) != isRanked || both.Holds(c) != (isOwned && isRanked) {
				t.Fatalf("%+v: found %t, %t; held %t, %t, both %t", c, isOwned, isRanked, owned.Holds(c), ranked.Holds(c), both.Holds(c))
			}
			if isOwned && both.Keeps(c) != isRanked {
				t.Fatalf("%+v: kept %t", c, both.Keeps(c))
			}
		}
	})
}

// To ask for a list that the records do not keep is a defect, and says so.
func TestAListThatIsNotKept(t *testing.T) {
	tab := table()
	if !tab.Lists(byOwner.Of("a")) || tab.Lists(byRank.Of("1")) {
		t.Error("it keeps the one, and not the other")
	}
	defer func() {
		if recover() == nil {
			t.Error("nothing was said")
		}
	}()
	tab.Find(byRank.Of("1"))
}
