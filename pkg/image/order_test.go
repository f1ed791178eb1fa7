package image

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/fact"
)

// Whatever comes and goes, by the handful or by the thousand, the places are
// those of a sorted slice, and nothing is kept of those that are gone.
func TestOrderIsASortedSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := newOrder(func(row uint32) string { return fmt.Sprintf("%06d", row) }, true)
		model := []key{}
		unders := []string{"", fact.Key("a"), fact.Key("a", "b"), fact.Key("ab")}
		for range rapid.IntRange(1, 8).Draw(t, "bursts") {
			under := rapid.SampledFrom(unders).Draw(t, "under")
			first, n := rapid.IntRange(0, 3000).Draw(t, "first"), rapid.IntRange(1, 1500).Draw(t, "n")
			gone, backwards := rapid.Bool().Draw(t, "gone"), rapid.Bool().Draw(t, "backwards")
			for i := range n {
				if backwards {
					i = n - 1 - i
				}
				row := first + i
				k := key{under, int64(row % 7), fmt.Sprintf("%06d", row)}
				at, there := slices.BinarySearchFunc(model, k, compareKeys)
				if gone {
					if o.delete(k) != there {
						t.Fatalf("delete %v", k)
					}
					if there {
						model = slices.Delete(model, at, at+1)
					}
				} else {
					if o.set(k, uint32(row)) == there {
						t.Fatalf("set %v", k)
					}
					if !there {
						model = slices.Insert(model, at, k)
					}
				}
			}
		}
		got := model[:0:0]
		o.skip(0, func(p place) bool {
			got = append(got, key{o.texts[p.under], p.at, fmt.Sprintf("%06d", p.row)})
			return true
		})
		if d := gocmp.Diff(model, got, gocmp.AllowUnexported(key{})); d != "" {
			t.Fatalf("(-want +got):\n%s", d)
		}
		used := map[string]bool{}
		for _, k := range model {
			used[k.under] = true
		}
		if o.len != len(model) || len(o.texts)-len(o.unused) != len(used) {
			t.Fatalf("%d places under %d texts, want %d under %d", o.len, len(o.texts)-len(o.unused), len(model), len(used))
		}
		room := 0
		for i, b := range o.blocks {
			room += cap(b)
			if len(b) == 0 || len(b) > blockSize {
				t.Fatalf("block %d has %d places", i, len(b))
			}
		}
		if most := o.len + 3*step*max(1, 4*o.len/blockSize); room > most && o.len > 0 {
			t.Fatalf("room for %d places, want at most %d for %d", room, most, o.len)
		}
		if len(model) > 0 {
			i := rapid.IntRange(0, len(model)-1).Draw(t, "rank")
			if r := o.rank(model[i]); r != i {
				t.Fatalf("rank %d, want %d", r, i)
			}
		}
	})
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.under, b.under), cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id))
}

// A place reads as the key that it was made of.
func TestWordsOfAKey(t *testing.T) {
	for _, timed := range []bool{false, true} {
		testWords(t, newOrder(func(uint32) string { return "r" }, timed))
	}
}

func testWords(t *testing.T, o *order) {
	t.Helper()
	for _, text := range []string{
		"", fact.Key(""), fact.Key("a"), fact.Key("a", ""), fact.Key("a", "4000000000000000x"), fact.Key("4000018f0a1b2c3d"),
		fact.Key("a", "4000018f0a1b2c3d"), fact.Key("a", "3fffc77cedd32800"), fact.Key("a", "40000g8f0a1b2c3d"),
	} {
		o.set(o.parse(text, "r"), 0)
		if got := o.words(o.blocks[0][0]); got != text {
			t.Errorf("%q reads as %q", text, got)
		}
		if !o.delete(o.parse(text, "r")) {
			t.Errorf("%q is not found", text)
		}
	}
}
