package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

var journal = store.Name{Database: "office", Collection: "journal"}

func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	return s
}

func shut(t testing.TB, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error("close:", err)
	}
}

// document is one whose body tells its key.
func document(key string) store.Document {
	return store.Document{Key: []byte(key), Body: []byte("body of " + key)}
}

func insert(t testing.TB, s *store.Store, keys ...string) {
	t.Helper()
	docs := make([]store.Document, len(keys))
	for i, k := range keys {
		docs[i] = document(k)
	}
	if refused, err := s.Insert(journal, docs, false); err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
}

// read gives all bodies of a part, a number of them at a time.
func read(t testing.TB, s *store.Store, p store.Part, at int) (bodies []string) {
	t.Helper()
	place, done := store.Place{}, false
	for !done {
		n := 0
		var err error
		place, done, err = s.Read(journal, p, place, func(body []byte) bool {
			if n == at {
				return false
			}
			n++
			bodies = append(bodies, string(body[len("body of "):]))
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return bodies
}

func TestParts(t *testing.T) {
	s := open(t, t.TempDir())
	insert(t, s, "b", "d", "a", "c", "e", "bb")
	b := func(s string) []byte { return []byte(s) }
	for name, test := range map[string]struct {
		part store.Part
		want []string
	}{
		"all, as they came":   {store.Part{}, []string{"b", "d", "a", "c", "e", "bb"}},
		"all, the last first": {store.Part{Reverse: true}, []string{"bb", "e", "c", "a", "d", "b"}},
		"a range":             {store.Part{From: b("b"), To: b("d")}, []string{"b", "bb", "c"}},
		"a range backwards":   {store.Part{From: b("b"), To: b("d"), Reverse: true}, []string{"c", "bb", "b"}},
		"all by key":          {store.Part{From: b(""), To: b("\xff")}, []string{"a", "b", "bb", "c", "d", "e"}},
		"an empty range":      {store.Part{From: b("x"), To: b("z")}, nil},
		"some keys":           {store.Part{Keys: [][]byte{b("e"), b("x"), b("a")}}, []string{"e", "a"}},
		"no keys":             {store.Part{Keys: [][]byte{}}, nil},
	} {
		for _, at := range []int{1, 2, 100} {
			if diff := cmp.Diff(test.want, read(t, s, test.part, at)); diff != "" {
				t.Errorf("%s, %d at a time (-want +got):\n%s", name, at, diff)
			}
		}
		if n, err := s.Count(journal, test.part); err != nil || n != int64(len(test.want)) {
			t.Errorf("%s: counted %d, %v", name, n, err)
		}
	}
	nothing := store.Name{Database: "office", Collection: "none"}
	if _, done, err := s.Read(nothing, store.Part{}, store.Place{}, nil); !done || err != nil {
		t.Error("a collection that is not there:", done, err)
	}
}

func TestAKeyIsTakenOnce(t *testing.T) {
	s := open(t, t.TempDir())
	insert(t, s, "a", "b")
	batch := []store.Document{document("c"), document("a"), document("d"), document("b"), document("d")}
	refused, err := s.Insert(journal, batch, false)
	if diff := cmp.Diff([]int{1, 3, 4}, refused); diff != "" || err != nil {
		t.Error(diff, err)
	}
	refused, err = s.Insert(journal, []store.Document{document("e"), document("a"), document("f")}, true)
	if diff := cmp.Diff([]int{1}, refused); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d", "e"}, read(t, s, store.Part{}, 100)); diff != "" {
		t.Error(diff)
	}
}

func TestDeleteAndDrop(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	insert(t, s, "a", "b", "c")
	if n, err := s.Delete(journal, [][]byte{[]byte("c"), []byte("x")}); n != 1 || err != nil {
		t.Error(n, err)
	}
	if n, err := s.Delete(store.Name{Database: "office", Collection: "none"}, [][]byte{[]byte("a")}); n != 0 || err != nil {
		t.Error(n, err)
	}
	other := store.Name{Database: "office", Collection: "other"}
	for _, want := range []bool{true, false} {
		if made, err := s.Create(other); made != want || err != nil {
			t.Error(made, err)
		}
	}
	// The last documents are deleted, and that is no loss.
	shut(t, s)
	s = open(t, dir)
	if diff := cmp.Diff([]store.Name{journal, other}, s.Names()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a", "b"}, read(t, s, store.Part{}, 100)); diff != "" {
		t.Error(diff)
	}
	for _, want := range []bool{true, false} {
		if was, err := s.Drop(journal, other); was != want || err != nil {
			t.Error(was, err)
		}
	}
	if s.Has(journal) || len(read(t, s, store.Part{}, 100)) > 0 {
		t.Error("still there")
	}
	insert(t, s, "c")
	shut(t, s)
	if got := read(t, open(t, dir), store.Part{}, 100); !slices.Equal(got, []string{"c"}) {
		t.Error(got)
	}
}

// TestManyWrite lets many write at once and read meanwhile.
func TestManyWrite(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	const writers, each = 64, 50
	var tasks sync.WaitGroup
	for w := range writers {
		tasks.Go(func() {
			for i := range each {
				key := fmt.Sprint(w, "/", i)
				if refused, err := s.Insert(journal, []store.Document{document(key), document("everybody's")}, false); err != nil || len(refused) > 1 {
					t.Error(refused, err)
				}
				n, err := s.Count(journal, store.Part{Keys: [][]byte{[]byte(key)}})
				if err != nil || n != 1 {
					t.Error("what was acknowledged is not there:", n, err)
				}
			}
		})
	}
	tasks.Wait()
	if n, err := s.Count(journal, store.Part{}); err != nil || n != writers*each+1 || s.Written() != n {
		t.Error(n, s.Written(), err)
	}
	shut(t, s)
	if n, err := open(t, dir).Count(journal, store.Part{}); err != nil || n != writers*each+1 {
		t.Error(n, err)
	}
}

func TestClosed(t *testing.T) {
	s := open(t, t.TempDir())
	insert(t, s, "a")
	shut(t, s)
	if _, err := s.Insert(journal, []store.Document{document("b")}, false); !errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
	if _, err := s.Count(journal, store.Part{}); !errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	if _, err := store.Open(dir, store.Options{}); !errors.Is(err, store.ErrInUse) {
		t.Error(err)
	}
}

// What is stored is for nobody else on the machine.
func TestFilesAreTheOwners(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	insert(t, s, "a")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm()&0o077 != 0 && filepath.Ext(e.Name()) != ".db-shm" {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
	}
	if len(entries) < 4 {
		t.Errorf("%d files", len(entries))
	}
}

// What is deleted is in no file any more when the store is closed: of a data key
// that is erased nothing may be left.
func TestDeletedIsGone(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	canary := bytes.Repeat([]byte("canary-7f3a9c51 "), 600) // more than a page
	for i := range 40 {
		insert(t, s, fmt.Sprint("kept ", i))
		docs := []store.Document{{Key: fmt.Append(nil, "short ", i), Body: canary[:100]}, {Key: fmt.Append(nil, "long ", i), Body: canary}}
		if refused, err := s.Insert(journal, docs, true); err != nil || len(refused) > 0 {
			t.Fatal(refused, err)
		}
	}
	holds := func() bool {
		found := false
		for _, name := range []string{"documents.db", "documents.db-wal"} {
			content, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			found = found || bytes.Contains(content, canary[:32])
		}
		return found
	}
	if !holds() {
		t.Fatal("the search does not find what is there")
	}
	for i := range 40 {
		if n, err := s.Delete(journal, [][]byte{fmt.Append(nil, "short ", i), fmt.Append(nil, "long ", i)}); n != 2 || err != nil {
			t.Error(n, err)
		}
	}
	shut(t, s)
	if holds() {
		t.Error("what was deleted is still in a file")
	}
	if got := read(t, open(t, dir), store.Part{}, 100); len(got) != 40 {
		t.Errorf("%d documents are left", len(got))
	}
}
