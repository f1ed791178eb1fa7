package journaltest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/journal"
)

// work is what a process does from its start to its end. It tells what was
// acknowledged, and stops at the first thing that fails.
type work struct {
	mu      sync.Mutex
	commits []*journal.Commit
	erased  bool
	passed  bool
}

func (d *work) do(t testing.TB, p *process) error {
	ctx := context.WithoutCancel(t.Context())
	for n := range 3 {
		c := Commit(fmt.Sprint("ref_1", n), 1, [32]byte{})
		if err := p.Append(ctx, c); err != nil {
			return err
		}
		d.note(func() { d.commits = append(d.commits, c) })
	}
	if err := p.Cover(ctx); err != nil {
		return err
	}
	if _, err := p.Erase(ctx, "case_ref_10", "her_wish"); err != nil {
		return err
	}
	d.note(func() { d.erased = true })
	if err := p.PassOver(ctx, "ref_11", 1, "wrong"); err != nil {
		return err
	}
	d.note(func() { d.passed = true })
	c := Commit("ref_13", 1, [32]byte{})
	if err := p.Append(ctx, c); err != nil {
		return err
	}
	d.note(func() { d.commits = append(d.commits, c) })
	return p.stop()
}

func (d *work) note(what func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	what()
}

// steps cuts a process off at each of its writes: the write itself is lost, or its
// answer is; and for good, as when the process is killed, or once. Whatever it was
// at, the next process begins, finds nothing wrong, and has what was acknowledged.
func steps(all *testing.T, open Open) {
	if testing.Short() {
		all.Skip("it takes a while")
	}
	for name, how := range map[string]struct{ answerOnly, once bool }{
		"killed before": {}, "killed behind": {answerOnly: true},
		"lost once": {once: true}, "answer lost once": {answerOnly: true, once: true},
	} {
		all.Run(name, func(t *testing.T) {
			t.Parallel() // they mostly wait
			for n, done := 1, false; !done; n++ {
				t.Run(fmt.Sprint(n), func(t *testing.T) {
					done = step(t, all, open, &wire{cutAt: n, answerOnly: how.answerOnly, once: how.once})
				})
			}
		})
	}
}

// step reports whether the work was done before the wire was cut. Processes that are
// dead then are cleaned up with all: they take a while to know it.
func step(t, all *testing.T, open Open, w *wire) (done bool) {
	db, keyset := open(t), newKeyset(t)
	// A life before, so that there is a lane to end.
	var before wire
	dead := mustBegin(all, before.connect(all, open, db), keyset, soon)
	earlier := chainOf(t, &dead.Fixture, "ref_0", 2)
	before.kill()
	dead.abandon()

	var d work
	own := w.connect(all, open, db)
	ended := make(chan error, 1)
	go func() {
		p, err := begin(all, own, keyset, soon)
		if err == nil {
			if err = d.do(t, p); err != nil {
				_ = p.stop()
			}
		}
		ended <- err
	}()
	select {
	case err := <-ended:
		t.Log(err)
	case <-w.gone:
		all.Cleanup(func() { <-ended })
	}
	writes := w.written()
	at := "none"
	if len(writes) >= w.cutAt {
		at = writes[w.cutAt-1]
	}
	t.Log("cut at", at)
	d.mu.Lock()
	defer d.mu.Unlock()

	next := mustBegin(t, db, keyset, soon)
	read := replay(t, &next.Fixture)
	if diff := cmp.Diff(earlier, read["ref_0"]); diff != "" {
		t.Error(diff)
	}
	for i, c := range d.commits {
		got := read[c.Record]
		if len(got) != 1 || got[0].Hash != c.Hash {
			t.Errorf("%s was acknowledged, and is not there", c.ID())
			continue
		}
		if i == 1 && d.passed != got[0].Void && d.passed {
			t.Error("a commit that was passed over counts")
		}
		if i == 0 && d.erased && len(got[0].Events) > 0 {
			t.Error("what was erased can be read")
		}
		if i > 1 && (got[0].Void || got[0].Broken != "" || len(got[0].Events) == 0) {
			t.Errorf("%s was acknowledged, and does not count", c.ID())
		}
	}
	if err := next.Err(); err != nil {
		t.Error("trouble:", err)
	}
	cover(t, next)
	sound(t, next)
	next.mustStop(t)
	sound(t, next)
	return len(writes) < w.cutAt
}
