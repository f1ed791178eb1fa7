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

// replay reads everything, by record.
func replay(t testing.TB, f *Fixture) map[string][]*journal.Commit {
	t.Helper()
	got := map[string][]*journal.Commit{}
	err := f.Replay(t.Context(), func(c *journal.Commit) error {
		got[c.Record] = append(got[c.Record], c)
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
	for _, record := range []string{"case_1", "ref_1", "agency_legal-clinic"} {
		want[record] = chainOf(t, f, record, 5)
	}
	// The least that a commit can be: no owner, no cause, no events.
	bare := &journal.Commit{Record: "ref_2", Version: 1, At: want["ref_1"][0].At, Op: "x"}
	// And one larger than any that a form makes.
	large := Commit("ref_3", 1, [sha256.Size]byte{})
	large.Events[0].Data = []byte(`"` + strings.Repeat("x", 50_000) + `"`)
	for _, c := range []*journal.Commit{bare, large} {
		if err := f.Append(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		want[c.Record] = []*journal.Commit{c}
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
	const records, versions = 5, 7
	for s := range records {
		chainOf(t, f, fmt.Sprint("ref_", s), versions)
	}
	docs := documents(t, f)
	slices.Reverse(docs)
	store(t, f, "backwards", docs...)
	got := replay(t, f.in(t, "backwards"))
	for s := range records {
		for i, c := range got[fmt.Sprint("ref_", s)] {
			if c.Version != uint64(i+1) {
				t.Fatalf("%s comes at place %d", c.ID(), i+1)
			}
		}
	}
	if len(got) != records {
		t.Errorf("%d records", len(got))
	}

	missing := docs[len(docs)/2]
	store(t, f, "gap", slices.DeleteFunc(slices.Clone(docs), func(d bson.D) bool { return idOf(d) == idOf(missing) })...)
	var broken []string
	for _, commits := range replay(t, f.in(t, "gap")) {
		for i, c := range commits {
			if c.Broken != "" {
				broken = append(broken, c.ID()+" "+string(c.Broken))
			}
			if c.Broken != "" && i != len(commits)-1 {
				t.Errorf("what follows %s counts", c.ID())
			}
		}
	}
	if diff := cmp.Diff([]string{idOf(missing) + " missing"}, broken); diff != "" {
		t.Error(diff)
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
	for _, record := range []string{"ref_1", "ref_2"} {
		c := Commit(record, 1, [sha256.Size]byte{})
		c.Owner = "case_1"
		if err := f.Append(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	docs := documents(t, f)
	moved := with(docs[0], "commit", field(docs[1], "commit"))
	store(t, f, "moved", moved)
	g := f.in(t, "moved")
	tail, err := g.Tail(t.Context(), "ref_1", 1)
	if err != nil || len(tail) != 1 || tail[0].Broken != journal.ReasonUnreadable || len(tail[0].Events) > 0 {
		t.Error("a box opens in another document:", tail, err)
	}
	if got := replay(t, g)["ref_1"]; len(got) != 1 || got[0].Broken != journal.ReasonUnreadable {
		t.Error("a box opens in another document in replay")
	}
}

func erasedKey(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	erased := chainOf(t, f, "ref_1", 2)
	kept := chainOf(t, f, "ref_2", 2)
	if n, err := f.Erase(t.Context(), erased[0].Owner, "her_wish"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	again := Reopen(t, db, f.Keyset)
	got := replay(t, again)
	if diff := cmp.Diff(kept, got["ref_2"]); diff != "" {
		t.Error(diff)
	}
	for i, c := range got["ref_1"] {
		if c.Version != uint64(i+1) || c.Hash != erased[i].Hash || c.Op != "" || len(c.Events) > 0 || c.Broken != "" {
			t.Errorf("an erased commit reads %+v", c.ID())
		}
	}
	if len(got["ref_1"]) != 2 {
		t.Error("erased commits keep their place")
	}
	if findings := findings(t, again); len(findings) > 0 {
		t.Error("an erasure is no loss:", findings)
	}
}

// lostKey holds that a key which is gone without a word is a loss, and no erasure.
func lostKey(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	lost := chainOf(t, f, "ref_1", 2)
	chainOf(t, f, "ref_2", 2)
	if _, err := db.Collection("keys").DeleteOne(t.Context(), bson.D{{Key: "_id", Value: lost[0].Key}}); err != nil {
		t.Fatal(err)
	}
	again := Reopen(t, db, f.Keyset)
	got := replay(t, again)
	if c := got["ref_1"]; len(c) == 0 || c[0].Broken != journal.ReasonKeyLost {
		t.Error("a lost key is taken for an erasure")
	}
	if c := got["ref_2"]; len(c) != 2 || c[1].Broken != "" {
		t.Error("others suffer from it")
	}
	if found := findings(t, again); len(found) != 2 || found[0].What != "ref_1" {
		t.Error(found)
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
