package journaltest

import (
	"fmt"
	"maps"
	"strconv"
	"sync"
	"testing"
)

// acknowledged is what writers were told is stored.
type acknowledged struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (a *acknowledged) add(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ids[id] = true
}

func (a *acknowledged) now() map[string]bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.ids)
}

// beside holds that a look at what others write sees all that they were told is
// stored when it began, however many write and look, also those that come later.
func beside(t *testing.T, open Open) {
	db := open(t)
	const writers, each = 8, 40
	acked := &acknowledged{ids: map[string]bool{}}
	var done sync.WaitGroup
	write := func(f *Fixture, name string) {
		for w := range writers {
			done.Go(func() {
				for i := range each {
					c := Commit(fmt.Sprintf("ref_%s-%d-%d", name, w, i), 1, [32]byte{})
					if err := f.Append(t.Context(), c); err != nil {
						t.Error(err)
						return
					}
					acked.add(c.ID())
				}
			})
		}
	}
	one := New(t, db)
	other := Reopen(t, db, one.Keyset) // of a process that has not written yet
	old := Commit("ref_old", 1, [32]byte{})
	if err := one.Append(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	met := 0
	if err := other.Others(t.Context(), func(string, uint64) error { met++; return nil }); err != nil || met != 1 {
		t.Fatalf("%d commits of the older process were seen, want 1: %v", met, err)
	}
	looker := Reopen(t, db, one.Keyset)
	replay(t, looker)
	buried(t, looker, other)
	write(one, "one")
	write(other, "other")
	seen := map[string]bool{}
	visits := 0
	look := func() {
		want := acked.now()
		if err := looker.Others(t.Context(), func(name string, version uint64) error {
			visits++
			seen[name+"/"+strconv.FormatUint(version, 10)] = true
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for id := range want {
			if !seen[id] {
				t.Fatalf("%s was acknowledged, and the look did not see it", id)
			}
		}
	}
	for range 3 {
		look()
	}
	write(Reopen(t, db, one.Keyset), "late")
	ended := make(chan struct{})
	go func() { done.Wait(); close(ended) }()
	for running := true; running; {
		look()
		select {
		case <-ended:
			running = false
		default:
		}
	}
	look()
	if len(seen) != 3*writers*each {
		t.Errorf("%d commits were seen, want %d", len(seen), 3*writers*each)
	}
	if seen[old.ID()] {
		t.Error("what the replay had read was visited again")
	}
	if visits > 2*len(seen) {
		t.Errorf("%d visits for %d commits: looks read again what was read", visits, len(seen))
	}
	if sole, err := looker.Sole(t.Context()); sole || err != nil {
		t.Errorf("sole: %t, %v", sole, err)
	}
}

// buried holds that what another process wrote is seen under all that the process
// that looks has appended since.
func buried(t *testing.T, looker, other *Fixture) {
	t.Helper()
	ignore := func(string, uint64) error { return nil }
	if err := looker.Others(t.Context(), ignore); err != nil {
		t.Fatal(err)
	}
	under := Commit("ref_under", 1, [32]byte{})
	if err := other.Append(t.Context(), under); err != nil {
		t.Fatal(err)
	}
	const own, writers = 4_200, 200 // more than a reading from the end passes over
	var done sync.WaitGroup
	for w := range writers {
		done.Go(func() {
			for i := range own / writers {
				if err := looker.Append(t.Context(), Commit(fmt.Sprintf("ref_own-%d-%d", w, i), 1, [32]byte{})); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	done.Wait()
	var seen []string
	if err := looker.Others(t.Context(), func(record string, _ uint64) error { seen = append(seen, record); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0] != under.Record {
		t.Fatalf("under %d commits of its own the look saw %v", own, seen)
	}
}
