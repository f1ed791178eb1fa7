package journaltest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
)

// replay reads everything, by stream.
func replay(t testing.TB, f *Fixture) map[string][]*journal.Commit {
	t.Helper()
	got := map[string][]*journal.Commit{}
	err := f.Replay(t.Context(), func(c *journal.Commit) error {
		got[c.Stream] = append(got[c.Stream], c)
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func roundTrip(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	want := map[string][]*journal.Commit{}
	for _, stream := range []string{"case_1", "ref_1", "agency_legal-clinic"} {
		want[stream] = chainOf(t, f, stream, 5)
	}
	// The least that a commit can be: no owner, no cause, no events.
	bare := &journal.Commit{Stream: "ref_2", Version: 1, At: want["ref_1"][0].At, Op: "x"}
	// And one larger than any that a form makes.
	large := Commit("ref_3", 1, [sha256.Size]byte{})
	large.Events[0].Data = []byte(`"` + strings.Repeat("x", 50_000) + `"`)
	for _, c := range []*journal.Commit{bare, large} {
		if err := f.Append(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		want[c.Stream] = []*journal.Commit{c}
	}
	if diff := cmp.Diff(want, replay(t, f)); diff != "" {
		t.Errorf("replay in the same process (-appended +read):\n%s", diff)
	}
	again := Reopen(t, db, f.Keyset)
	if diff := cmp.Diff(want, replay(t, again)); diff != "" {
		t.Errorf("replay in another process (-appended +read):\n%s", diff)
	}
	for _, from := range []uint64{0, 1, 3, 5, 6, 99} {
		got, err := again.Tail(t.Context(), "ref_1", from)
		if err != nil {
			t.Fatal(err)
		}
		tail := want["ref_1"][min(max(from, 1)-1, 5):]
		if diff := cmp.Diff(slices.Clip(tail), got, cmp.Transformer("nil", func(c []*journal.Commit) []*journal.Commit {
			return append([]*journal.Commit{}, c...)
		})); diff != "" {
			t.Errorf("tail from %d (-appended +read):\n%s", from, diff)
		}
	}
}

func tailOfNothing(t *testing.T, open Open) {
	f := New(t, open(t))
	if commits, err := f.Tail(t.Context(), "ref_none", 1); err != nil || len(commits) > 0 {
		t.Error(commits, err)
	}
	if got := replay(t, f); len(got) > 0 {
		t.Error(got)
	}
}

func replayRestoresOrder(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	const streams, versions = 5, 7
	for s := range streams {
		chainOf(t, f, fmt.Sprint("ref_", s), versions)
	}
	docs := documents(t, f)
	slices.Reverse(docs)
	store(t, f, "backwards", docs...)
	got := replay(t, f.in(t, "backwards"))
	for s := range streams {
		for i, c := range got[fmt.Sprint("ref_", s)] {
			if c.Version != uint64(i+1) {
				t.Fatalf("%s comes at place %d", c.ID(), i+1)
			}
		}
	}
	if len(got) != streams {
		t.Errorf("%d streams", len(got))
	}

	missing := docs[len(docs)/2]
	store(t, f, "gap", slices.DeleteFunc(slices.Clone(docs), func(d bson.D) bool { return idOf(d) == idOf(missing) })...)
	err := f.in(t, "gap").Replay(t.Context(), func(*journal.Commit) error { return nil }, nil)
	if err == nil || !strings.Contains(err.Error(), idOf(missing)) {
		t.Errorf("%s is missing, and replay says: %v", idOf(missing), err)
	}
}

func replayStops(t *testing.T, open Open) {
	f := New(t, open(t))
	for s := range 3 {
		chainOf(t, f, fmt.Sprint("ref_", s), 3)
	}
	enough := errors.New("enough")
	n := 0
	err := f.Replay(t.Context(), func(*journal.Commit) error {
		if n++; n == 4 {
			return enough
		}
		return nil
	}, nil)
	if !errors.Is(err, enough) || n != 4 {
		t.Error(n, err)
	}
}

func replayReportsProgress(t *testing.T, open Open) {
	f := New(t, open(t))
	chainOf(t, f, "ref_1", 3)
	var last int64
	err := f.Replay(t.Context(), func(*journal.Commit) error { return nil }, func(done, total int64) {
		if done <= last || total != 0 && done > total {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || last != 3 {
		t.Error(last, err)
	}
}

func boxOpensInItsDocumentOnly(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	// The same owner, so that it is not the key that refuses.
	for _, stream := range []string{"ref_1", "ref_2"} {
		c := Commit(stream, 1, [sha256.Size]byte{})
		c.Owner = "case_1"
		if err := f.Append(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	docs := documents(t, f)
	moved := with(docs[0], "commit", field(docs[1], "commit"))
	store(t, f, "moved", moved)
	g := f.in(t, "moved")
	if _, err := g.Tail(t.Context(), "ref_1", 1); err == nil {
		t.Error("a box opens in another document")
	}
	if err := g.Replay(t.Context(), func(*journal.Commit) error { return nil }, nil); err == nil {
		t.Error("a box opens in another document in replay")
	}
}

func erasedKey(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	erased := chainOf(t, f, "ref_1", 2)
	kept := chainOf(t, f, "ref_2", 2)
	if _, err := db.Collection("keys").DeleteOne(t.Context(), bson.D{{Key: "_id", Value: erased[0].Key}}); err != nil {
		t.Fatal(err)
	}
	again := Reopen(t, db, f.Keyset)
	got := replay(t, again)
	if diff := cmp.Diff(kept, got["ref_2"]); diff != "" {
		t.Error(diff)
	}
	for i, c := range got["ref_1"] {
		if c.Version != uint64(i+1) || c.Hash != erased[i].Hash || c.Op != "" || len(c.Events) > 0 {
			t.Errorf("an erased commit reads %+v", c.ID())
		}
	}
	if len(got["ref_1"]) != 2 {
		t.Error("erased commits keep their place")
	}
	if findings := findings(t, again); len(findings) > 0 {
		t.Error("chains verify without keys:", findings)
	}
}

func otherKeyset(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	chainOf(t, f, "ref_1", 1)
	other, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(t.Context(), db.Collection("keys"), other, "test"); err == nil {
		t.Error("keys open with another keyset")
	}
	if _, err := seal.Open(t.Context(), db.Collection("keys"), f.Keyset, "other"); err == nil {
		t.Error("keys open for another service")
	}
}
