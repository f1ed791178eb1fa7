package journal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/merkle/rfc6962"
	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"
)

// root is the root of a Merkle tree as RFC 6962, section 2.1, defines it.
func root(leaves [][]byte) []byte {
	switch n := len(leaves); n {
	case 0:
		return rfc6962.DefaultHasher.EmptyRoot()
	case 1:
		return rfc6962.DefaultHasher.HashLeaf(leaves[0])
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		return rfc6962.DefaultHasher.HashChildren(root(leaves[:k]), root(leaves[k:]))
	}
}

// TestNumbers holds the numbers of a lane to a model: a number is given to one
// commit at a time, how far the lane has come has nothing open before it, and the
// tree is that of the outcomes.
func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := numbers{tree: newTree()}
		given := map[uint64]bool{} // to commits under way
		free := map[uint64]bool{}
		known := map[uint64]outcome{}
		last := uint64(0)
		one := func(t *rapid.T) uint64 {
			if len(given) == 0 {
				t.Skip("none is under way")
			}
			return rapid.SampledFrom(slices.Sorted(maps.Keys(given))).Draw(t, "number")
		}
		check := func(t *rapid.T, r Reach) {
			want := uint64(0)
			var unusedThere spans
			var leaves [][]byte
			for known[want+1].state != open {
				want++
				if o := known[want]; o.state == unused {
					unusedThere = unusedThere.add(want)
					leaves = append(leaves, nil)
				} else {
					leaves = append(leaves, o.hash[:])
				}
			}
			if r.Number != want || r.Lane != 7 {
				t.Fatalf("lane %d has come to %d, not %d", r.Lane, r.Number, want)
			}
			if diff := cmp.Diff(unusedThere, r.Unused); diff != "" {
				t.Fatal(diff)
			}
			tree, err := treeOf(r.Number, r.Tree)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tree.GetRootHash(nil)
			if err != nil {
				t.Fatal(err)
			}
			if want > 0 && string(got) != string(root(leaves)) {
				t.Fatal("another tree")
			}
			for number := range uint64(len(leaves)) + 3 {
				want := known[number].state == unused && number <= want
				if n.gaveUp(number) != want {
					t.Fatalf("%d was given up: %v", number, !want)
				}
			}
			if n.open() != (len(given) > 0 || want < last) {
				t.Fatal("open")
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"take": func(t *rapid.T) {
				number := n.take()
				if given[number] || known[number].state != open {
					t.Fatalf("%d is given twice", number)
				}
				if !free[number] && (number != last+1 || len(free) > 0) {
					t.Fatalf("%d is given after %d", number, last)
				}
				delete(free, number)
				given[number], last = true, max(last, number)
			},
			"come back": func(t *rapid.T) {
				number := one(t)
				n.giveBack(number)
				delete(given, number)
				free[number] = true
			},
			"settle": func(t *rapid.T) {
				number := one(t)
				o := outcome{state: rapid.SampledFrom([]state{stored, unused}).Draw(t, "state")}
				if o.state == stored {
					o.hash = sha256.Sum256([]byte{byte(number)})
				}
				n.settle(number, o)
				delete(given, number)
				known[number] = o
				if rapid.Bool().Draw(t, "again") { // it was looked for, and found in doubt
					n.settle(number, o)
				}
			},
			"reach": func(t *rapid.T) {
				r := n.reach(7)
				for number := range free {
					known[number] = outcome{state: unused}
				}
				clear(free)
				check(t, r)
			},
		})
	})
}

// TestReach ends a lane as another process does: what is behind what was covered
// counts, what was covered and is not there is missing, and what is too far is not
// the lane's.
func TestReach(t *testing.T) {
	hashes := func(numbers ...uint64) map[uint64][sha256.Size]byte {
		m := map[uint64][sha256.Size]byte{}
		for _, n := range numbers {
			m[n] = sha256.Sum256([]byte{byte(n)})
		}
		return m
	}
	for name, tt := range map[string]struct {
		there   map[uint64][sha256.Size]byte
		covered *Reach
		number  uint64
		unused  spans
		missing uint64
	}{
		"nothing":                        {nil, nil, 0, nil, 0},
		"all of it":                      {hashes(1, 2, 3), nil, 3, nil, 0},
		"some not there":                 {hashes(1, 4), nil, 4, spans{{2, 3}}, 0},
		"covered and there":              {hashes(1, 2, 3), &Reach{Number: 2}, 3, nil, 0},
		"covered and missing":            {hashes(1, 3), &Reach{Number: 2}, 3, nil, 1},
		"covered and missing at the end": {hashes(1), &Reach{Number: 3}, 3, nil, 2},
		"covered as unused":              {hashes(1, 4), &Reach{Number: 3, Unused: spans{{2, 2}}}, 4, spans{{2, 2}}, 1},
		"far away":                       {hashes(1, 2+apart), nil, 1, nil, 0},
		"as far as may be":               {hashes(1, 1+apart), nil, 1 + apart, spans{{2, apart}}, 0},
		"without end":                    {hashes(1, 1<<62), nil, 1, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := &tallied{hashes: tt.there}
			r, missing := l.reach(3, tt.covered)
			if r.Number != tt.number || missing != tt.missing || r.Lane != 3 || (r.Tree == nil) != (missing > 0 || r.Number == 0) {
				t.Error(r.Number, missing, r.Lane)
			}
			if diff := cmp.Diff(tt.unused, r.Unused); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzKept holds that whatever a place outside the store gives back is refused unless
// the service signed it, and makes nothing panic.
func FuzzKept(f *testing.F) {
	s, public := signedCheckpoint()
	f.Add(s.keep())
	f.Add([]byte(`{"number":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ReadKept(text, "test", public)
		if err == nil && (c.number != uint64(s.id.(int64)) || c.hash != s.sum("test")) {
			t.Fatal("another checkpoint is accepted")
		}
	})
}

// FuzzStatement holds the same of what the store gives back.
func FuzzStatement(f *testing.F) {
	s, public := signedCheckpoint()
	raw, err := bson.Marshal(s.document())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte{5, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := readStatement(raw, placeCheckpoints, "test", public)
		if err == nil && (got.id != s.id || got.sum("test") != s.sum("test")) {
			t.Fatal("another statement is accepted")
		}
		if newLedger("test", public).take(raw) == nil {
			t.Fatal("a checkpoint is taken for a statement")
		}
		v := newVerifier(Verification{Service: "test", Report: func(Finding) {}})
		v.public, v.ledger.by = public, public
		v.key(raw)
		v.statement(raw)
		v.checkpoint(raw)
		v.begin([][]byte{raw})
		v.finish()
	})
}

func signedCheckpoint() (*statement, ed25519.PublicKey) {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	s := &statement{place: placeCheckpoints, id: int64(3), body: []byte(`{"lane":1,"lanes":[],"statements":0}`)}
	s.signature = ed25519.Sign(private, s.text("test"))
	return s, private.Public().(ed25519.PublicKey)
}
