package store_test

import (
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

// ledger is what a store acknowledged, and what it may hold besides.
type ledger struct {
	mu           sync.Mutex
	acknowledged map[string]bool
	groups       [][]string // each was inserted at once
	deleted      map[string]bool
}

func newLedger() *ledger {
	return &ledger{acknowledged: map[string]bool{}, deleted: map[string]bool{}}
}

func (l *ledger) insert(s *store.Store, keys ...string) error {
	docs := make([]store.Document, len(keys))
	for i, k := range keys {
		docs[i] = document(k)
	}
	_, err := s.Insert(journal, docs, false)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.groups = append(l.groups, keys)
	if err == nil {
		for _, k := range keys {
			l.acknowledged[k] = true
		}
	}
	return err
}

func (l *ledger) remove(s *store.Store, key string) error {
	_, err := s.Delete(journal, [][]byte{[]byte(key)})
	l.deleted[key] = true // perhaps
	if err == nil {
		delete(l.acknowledged, key)
	}
	return err
}

// hold holds what there is against what was acknowledged.
func (l *ledger) hold(t *testing.T, s *store.Store, when string) {
	t.Helper()
	there := map[string]bool{}
	for _, key := range read(t, s, store.Part{}, 100) {
		if there[key] {
			t.Errorf("%s: %s is there twice", when, key)
		}
		there[key] = true
	}
	for key := range l.acknowledged {
		if !there[key] && !l.deleted[key] {
			t.Errorf("%s: %s was acknowledged and is gone", when, key)
		}
		if n, err := s.Count(journal, store.Part{Keys: [][]byte{[]byte(key)}}); err != nil || there[key] != (n == 1) {
			t.Errorf("%s: %s is found %d times by its key: %v", when, key, n, err)
		}
	}
	for _, group := range l.groups {
		group = slices.DeleteFunc(slices.Clone(group), func(key string) bool { return l.deleted[key] })
		n := 0
		for _, key := range group {
			if there[key] {
				n++
			}
		}
		if n != 0 && n != len(group) {
			t.Errorf("%s: of %d documents that were inserted at once %d are there", when, len(group), n)
		}
	}
}

// work does a little of everything. It goes on when something fails, as a
// service does.
func work(s *store.Store, l *ledger) error {
	var mu sync.Mutex
	errs := l.insert(s, "a", "b", "c")
	var tasks sync.WaitGroup
	for i := range 3 {
		tasks.Go(func() {
			err := l.insert(s, fmt.Sprint("d", i), fmt.Sprint("e", i))
			mu.Lock()
			defer mu.Unlock()
			errs = errors.Join(errs, err)
		})
	}
	tasks.Wait()
	_, err := s.Create(store.Name{Database: "office", Collection: "other"})
	return errors.Join(errs, err, l.remove(s, "b"), l.insert(s, "f"))
}

// TestEndsAtEveryStep ends the process at each step that it takes on the disk,
// from the making of the file to the close. Whatever the step, what was
// acknowledged is there, and what was inserted at once is there whole or not.
func TestEndsAtEveryStep(t *testing.T) {
	for _, powerCut := range []bool{false, true} {
		t.Run(map[bool]string{false: "kill -9", true: "power cut"}[powerCut], func(t *testing.T) {
			steps := 0
			for end := 1; end == 1 || end <= steps+1; end++ {
				dir := t.TempDir()
				d := &disk{end: end}
				l := newLedger()
				when := fmt.Sprint("ended at step ", end)
				if s, err := store.Open(dir, mount(t, d)); err == nil {
					_ = work(s, l)
					_ = s.Close() // of a process that has ended, nothing of this counts
				}
				if !d.ended() {
					if end < 20 {
						t.Fatalf("the whole work takes %d steps: too few to be true", d.steps)
					}
					break
				}
				steps = max(steps, d.steps)
				left := d.left(t, dir, powerCut)
				s, err := store.Open(left, store.Options{})
				if err != nil {
					t.Errorf("%s: %v", when, err)
					continue
				}
				l.hold(t, s, when)
				insert(t, s, "afterwards")
				shut(t, s)
			}
		})
	}
}

// TestFullDisk lets the disk be full from each step on. What is refused is not
// there, and when there is room again everything goes on without a restart.
func TestFullDisk(t *testing.T) {
	met := 0
	for full := 1; full < 1000; full++ {
		dir := t.TempDir()
		d := &disk{full: full}
		opts := mount(t, d)
		l := newLedger()
		s, err := store.Open(dir, opts)
		if err != nil {
			if !errors.Is(err, store.ErrFull) {
				t.Errorf("full at step %d: open says %v", full, err)
			}
			d.full = 0
			if s, err = store.Open(dir, opts); err != nil {
				t.Errorf("full at step %d, and room again: %v", full, err)
				continue
			}
		}
		before := d.steps
		err = work(s, l)
		if err != nil && !errors.Is(err, store.ErrFull) {
			t.Errorf("full at step %d: %v", full, err)
		}
		if err != nil {
			met++
		}
		l.hold(t, s, fmt.Sprint("full at step ", full))
		d.mu.Lock()
		d.full = 0
		d.mu.Unlock()
		if err := l.insert(s, "room again"); err != nil {
			t.Errorf("full at step %d, and room again: %v", full, err)
		}
		shut(t, s)
		l.hold(t, open(t, dir), fmt.Sprint("after it was full at step ", full))
		if full > before && err == nil {
			break
		}
	}
	if met < 5 {
		t.Errorf("the full disk was met %d times", met)
	}
}

// abandoned gives the files of a store that did not close, with so many
// documents, and those of the store as it was before the last one.
func abandoned(t *testing.T, n int) (dir, before string) {
	t.Helper()
	d := &disk{}
	dir = t.TempDir()
	s, err := store.Open(dir, mount(t, d))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	for i := range n {
		if i == n-1 {
			before = d.left(t, dir, false)
		}
		insert(t, s, fmt.Sprintf("key %04d", i))
	}
	return d.left(t, dir, false), before
}

// TestLoss takes away what a store had acknowledged. It must not start as if
// nothing had been there.
func TestLoss(t *testing.T) {
	const documents, log, mark = "documents.db", "documents.db-wal", "acknowledged"
	for name, take := range map[string]func(t *testing.T, dir, before string){
		"the log is gone":          func(t *testing.T, dir, _ string) { remove(t, dir, log) },
		"the file is gone":         func(t *testing.T, dir, _ string) { remove(t, dir, documents) },
		"file and log are gone":    func(t *testing.T, dir, _ string) { remove(t, dir, documents); remove(t, dir, log) },
		"the file is empty":        func(t *testing.T, dir, _ string) { cut(t, dir, documents, 0); remove(t, dir, log) },
		"the log is cut by a byte": func(t *testing.T, dir, _ string) { cut(t, dir, log, -1) },
		"the log is cut in half":   func(t *testing.T, dir, _ string) { cut(t, dir, log, -20_000) },
		"the log is of before":     func(t *testing.T, dir, before string) { restore(t, dir, before, log) },
		"file and log are of before": func(t *testing.T, dir, before string) {
			restore(t, dir, before, documents)
			restore(t, dir, before, log)
		},
		"a byte of the log's end":     func(t *testing.T, dir, _ string) { flip(t, filepath.Join(dir, log), -100) },
		"a byte of the log's begin":   func(t *testing.T, dir, _ string) { flip(t, filepath.Join(dir, log), 40) },
		"a byte of the log's preface": func(t *testing.T, dir, _ string) { flip(t, filepath.Join(dir, log), 17) },
	} {
		t.Run(name, func(t *testing.T) {
			dir, before := abandoned(t, 50)
			take(t, dir, before)
			traces := content(t, dir)
			for range 2 { // the first refusal must not cover the traces
				if s, err := store.Open(dir, store.Options{}); !errors.Is(err, store.ErrLost) {
					t.Errorf("open says %v", err)
					if err == nil {
						shut(t, s)
					}
				}
			}
			if diff := cmp.Diff(traces, content(t, dir)); diff != "" {
				t.Error("a refusal changed what is left")
			}
			// Who knows what they do goes on with what is left.
			if name == "the log is cut by a byte" {
				remove(t, dir, mark)
				if got := len(read(t, open(t, dir), store.Part{}, 100)); got != 49 {
					t.Errorf("%d documents are left", got)
				}
			}
		})
	}
	t.Run("nothing", func(t *testing.T) {
		dir, _ := abandoned(t, 50)
		if got := len(read(t, open(t, dir), store.Part{}, 100)); got != 50 {
			t.Errorf("%d documents", got)
		}
	})
	t.Run("half of the mark, as by a power cut", func(t *testing.T) {
		dir, _ := abandoned(t, 50)
		cut(t, dir, mark, -1)
		if got := len(read(t, open(t, dir), store.Part{}, 100)); got != 50 {
			t.Errorf("%d documents", got)
		}
	})
	t.Run("another's file", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, documents), []byte("This is not a database, and it is long enough to be read as one. "), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(dir, store.Options{}); !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrForeign) {
			t.Error(err)
		}
	})
}

// TestFlippedBytes changes a byte here and there in a file. It is told, or it
// changes nothing of what is read.
func TestFlippedBytes(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	var want []string
	for i := range 200 {
		key := fmt.Sprintf("key %04d", i*7919%1000)
		insert(t, s, key)
		want = append(want, key)
	}
	shut(t, s)
	path := filepath.Join(dir, "documents.db")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	told, found, all := 0, 0, 0
	for at := int64(0); at < info.Size(); at += 397 {
		flip(t, path, at)
		all++
		s, err := store.Open(dir, store.Options{})
		checked := err
		if err == nil {
			err = readAll(s, want)
			checked = s.Check()
			_ = s.Close()
		}
		if checked != nil {
			found++
		}
		if errors.Is(err, store.ErrDamaged) || errors.Is(err, store.ErrForeign) || errors.Is(err, store.ErrLost) {
			told++
		} else if err != nil {
			t.Errorf("byte %d: %v", at, err)
		}
		flip(t, path, at)
	}
	// One page is the index of the collections' names, which nobody reads.
	if told < all*8/10 {
		t.Errorf("of %d flipped bytes %d were told", all, told)
	}
	if found != all {
		t.Errorf("of %d flipped bytes a check found %d", all, found)
	}
	s = open(t, dir)
	if err := s.Check(); err != nil {
		t.Error("everything put back, and a check says:", err)
	}
	if got := read(t, s, store.Part{}, 100); !slices.Equal(got, want) {
		t.Error("the test has not put everything back")
	}
}

var errOther = errors.New("something else was read than was written")

// readAll reads everything in both ways, and says what went wrong.
func readAll(s *store.Store, want []string) error {
	var got []string
	_, _, err := s.Read(journal, store.Part{}, store.Place{}, func(body []byte) bool {
		got = append(got, string(body))
		return true
	})
	for i, key := range want {
		if err == nil && (len(got) != len(want) || got[i] != "body of "+key) {
			return errOther
		}
		n, e := s.Count(journal, store.Part{Keys: [][]byte{[]byte(key)}})
		err = errors.Join(err, e)
		if err == nil && n != 1 {
			return errOther
		}
	}
	return err
}

// TestNoDescriptors lets no file be opened for a while.
func TestNoDescriptors(t *testing.T) {
	d := &disk{}
	s, err := store.Open(t.TempDir(), mount(t, d))
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, s)
	insert(t, s, "a")
	d.mu.Lock()
	d.end = d.steps // nothing more can be written, nor opened
	d.mu.Unlock()
	for range 3 {
		if _, err := s.Insert(journal, []store.Document{document("b")}, false); err == nil {
			t.Error("acknowledged without a file")
		}
	}
	d.mu.Lock()
	d.end = 0
	d.mu.Unlock()
	insert(t, s, "b")
	if got := read(t, s, store.Part{}, 10); !slices.Equal(got, []string{"a", "b"}) {
		t.Error(got)
	}
}

// content is what lies in a directory, without what is memory.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); name != "lock" && filepath.Ext(name) != ".db-shm" {
			raw, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if len(raw) > 0 { // SQLite makes an empty log, which says nothing
				all[name] = string(raw)
			}
		}
	}
	return all
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// cut shortens a file to a size, or by one when it is negative.
func cut(t *testing.T, dir, name string, size int64) {
	t.Helper()
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err == nil {
		if size < 0 {
			size += info.Size()
		}
		err = os.Truncate(path, size)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func restore(t *testing.T, dir, before, name string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(before, name))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name), content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// flip changes a byte of a file, counted from its end when negative.
func flip(t *testing.T, path string, at int64) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err == nil {
		if at < 0 {
			at += int64(len(content))
		}
		content[at] ^= 0x10
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
