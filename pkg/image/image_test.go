package image_test

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
)

// card is a record with a place in a list by owner and rank.
type card struct {
	Owner string
	Rank  string
	Done  bool
}

var byOwner = image.List[card]{Keys: func(c card) []string {
	if c.Owner == "" {
		return nil
	}
	return []string{fact.Key(c.Owner, c.Rank)}
}}

func table() *image.Table[card] {
	return image.New(func(c card) bool { return c.Done }, &byOwner)
}

func put(t *image.Table[card], id string, c card, changed time.Time) {
	was := t.Get(id)
	t.Put(id, was, image.Row[card]{State: c, Version: was.Version + 1, Changed: changed})
}

// Whatever the order of changes, the pages of a list put together are exactly
// its records in order, at any page size.
func TestPagesTellTheWholeListInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := table()
		model := map[string]card{}
		owners := []string{"", "a", "ab", "b"}
		for range rapid.IntRange(0, 60).Draw(t, "changes") {
			id := fmt.Sprint("r", rapid.IntRange(0, 20).Draw(t, "id"))
			c := card{Owner: rapid.SampledFrom(owners).Draw(t, "owner"), Rank: fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "rank"))}
			model[id] = c
			put(tab, id, c, time.Time{})
		}
		for _, owner := range owners[1:] {
			var want []string
			for id, c := range model {
				if c.Owner == owner {
					want = append(want, id)
				}
			}
			slices.SortFunc(want, func(x, y string) int {
				return cmp.Or(cmp.Compare(model[x].Rank, model[y].Rank), cmp.Compare(x, y))
			})
			var got []string
			limit := rapid.IntRange(1, 7).Draw(t, "limit")
			for cursor, first := "", true; first || cursor != ""; first = false {
				ids, next, err := tab.Page(byOwner.Of(owner), cursor, limit)
				if err != nil {
					t.Fatal(err)
				}
				if len(ids) > limit {
					t.Fatalf("page of %d with a limit of %d", len(ids), limit)
				}
				got, cursor = append(got, ids...), next
			}
			if d := gocmp.Diff(want, got); d != "" {
				t.Fatalf("list of %q (-want +got):\n%s", owner, d)
			}
			if d := gocmp.Diff(want, tab.Find(byOwner.Of(owner))); d != "" {
				t.Fatalf("find %q (-want +got):\n%s", owner, d)
			}
		}
	})
}

func TestCursorNamesAPlaceAndNotAPage(t *testing.T) {
	tab := table()
	for _, rank := range []string{"1", "2", "4", "5"} {
		put(tab, "r"+rank, card{Owner: "a", Rank: rank}, time.Time{})
	}
	first, next, err := tab.Page(byOwner.Of("a"), "", 2)
	if err != nil {
		t.Fatal(err)
	}
	put(tab, "r3", card{Owner: "a", Rank: "3"}, time.Time{}) // comes in behind the cursor
	put(tab, "r2", card{}, time.Time{})                      // the cursor's own record leaves
	second, _, err := tab.Page(byOwner.Of("a"), next, 9)
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff([][]string{{"r1", "r2"}, {"r3", "r4", "r5"}}, [][]string{first, second}); d != "" {
		t.Errorf("pages (-want +got):\n%s", d)
	}
}

// A cursor of another part, or an invented one, is refused: a page from there would leave out
// records and say nothing of it.
func TestCursorOfAnotherPart(t *testing.T) {
	tab := table()
	for i := range 10 {
		put(tab, fmt.Sprint("a", i), card{Owner: "a", Rank: fmt.Sprint(i)}, time.Time{})
		put(tab, fmt.Sprint("b", i), card{Owner: "b", Rank: fmt.Sprint(i)}, time.Time{})
	}
	_, next, err := tab.Page(byOwner.Of("b"), "", 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, cursor := range []string{next, "abc", "200", "!", base64.RawURLEncoding.EncodeToString([]byte("3\x00a3"))} {
		ids, _, err := tab.Page(byOwner.Of("a"), cursor, 50)
		if f := (*fault.Error)(nil); !errors.As(err, &f) || f.Code != "cursor_invalid" || ids != nil {
			t.Errorf("%q gave %v, %v", cursor, ids, err)
		}
	}
}

// A cursor of another list, or an invented one, opens no other prefix.
func FuzzCursorStaysUnderItsPrefix(f *testing.F) {
	tab := table()
	for i := range 10 {
		put(tab, fmt.Sprint("a", i), card{Owner: "a", Rank: fmt.Sprint(i)}, time.Time{})
		put(tab, fmt.Sprint("b", i), card{Owner: "b", Rank: fmt.Sprint(i)}, time.Time{})
	}
	f.Add("")
	f.Add("!")
	f.Add(base64.RawURLEncoding.EncodeToString([]byte("b\x003\x00b3")))
	_, next, _ := tab.Page(byOwner.Of("a"), "", 3)
	f.Add(next)
	honest, _ := base64.RawURLEncoding.DecodeString(next)
	f.Add(base64.RawURLEncoding.EncodeToString(append(honest[:6:6], "b\x003\x00b3"...)))
	f.Fuzz(func(t *testing.T, cursor string) {
		ids, _, err := tab.Page(byOwner.Of("a"), cursor, 50)
		if err != nil {
			return
		}
		for _, id := range ids {
			if id[0] != 'a' {
				t.Errorf("cursor %q gave %s of another owner", cursor, id)
			}
		}
	})
}

func TestShedKeepsTheStubAndItsPlace(t *testing.T) {
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tab := table()
	put(tab, "open", card{Owner: "a", Rank: "1"}, day)
	put(tab, "old", card{Owner: "a", Rank: "2", Done: true}, day)
	put(tab, "new", card{Owner: "a", Rank: "3", Done: true}, day.AddDate(0, 0, 9))
	put(tab, "old", card{Owner: "a", Rank: "2", Done: true}, day)

	if n := tab.Shed(day.AddDate(0, 0, 5)); n != 1 {
		t.Fatalf("shed %d, want the old one only", n)
	}
	row := tab.Get("old")
	if d := gocmp.Diff(image.Row[card]{Version: 2, Shed: true}, row); d != "" {
		t.Errorf("the stub (-want +got):\n%s", d)
	}
	if d := gocmp.Diff([]string{"open", "old", "new"}, tab.Find(byOwner.Of("a"))); d != "" {
		t.Errorf("list (-want +got):\n%s", d)
	}
	full := image.Row[card]{State: card{Owner: "a", Rank: "2", Done: true}, Version: 2, Changed: day, Effects: []image.Effect{{At: 2}}}
	tab.Restore("old", image.Row[card]{State: card{Rank: "wrong"}, Version: 1})
	if !tab.Get("old").Shed {
		t.Error("a state of another version was taken")
	}
	tab.Restore("old", full)
	if d := gocmp.Diff(full, tab.Get("old")); d != "" {
		t.Errorf("restored (-want +got):\n%s", d)
	}
	put(tab, "old", card{Owner: "b", Rank: "2"}, day) // opened again
	if tab.Shed(day.AddDate(1, 0, 0)) != 1 || tab.Get("old").Shed {
		t.Error("an open record was shed")
	}
}

// A page costs the same in a long list as in a short one.
func BenchmarkPage(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		tab := table()
		for i := range n {
			put(tab, fmt.Sprintf("r%06d", i), card{Owner: "a", Rank: fmt.Sprintf("%06d", i)}, time.Time{})
		}
		_, mid, err := tab.Page(byOwner.Of("a"), "", n/2)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, _, err := tab.Page(byOwner.Of("a"), mid, 50); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A span is what walking the whole list would give.
func TestSpan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"", "a", "ab", "b", "\u00ff"})
		all := &image.List[[]string]{Keys: func(s []string) []string { return []string{fact.Key(s...)} }}
		tbl := image.New(func([]string) bool { return false }, all)
		n := rapid.IntRange(0, 30).Draw(t, "n")
		rows := map[string][]string{}
		for i := range n {
			id := fmt.Sprintf("id%02d", i)
			rows[id] = []string{word.Draw(t, "first"), word.Draw(t, "second")}
			tbl.Put(id, image.Row[[]string]{}, image.Row[[]string]{State: rows[id], Version: 1})
		}
		under, from := word.Draw(t, "under"), word.Draw(t, "from")
		var want []string
		for _, id := range tbl.Find(all.Of(under)) {
			if rows[id][1] >= from {
				want = append(want, id)
			}
		}
		offset, limit := rapid.IntRange(0, 12).Draw(t, "offset"), rapid.IntRange(0, 12).Draw(t, "limit")
		ids, total := tbl.Span(all.Of(under), from, offset, limit)
		if total != len(want) {
			t.Fatalf("%d in all, want %d", total, len(want))
		}
		if want := want[min(offset, len(want)):min(offset+limit, len(want))]; !slices.Equal(want, ids) {
			t.Fatalf("%v, want %v", ids, want)
		}
		if _, total := tbl.Span(all.Of(), "", 0, 1); total != n {
			t.Fatalf("%d under nothing, want %d", total, n)
		}
	})
}
