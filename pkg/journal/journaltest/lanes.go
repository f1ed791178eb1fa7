package journaltest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/journal"
)

// asks is how many looks for statements a start makes that waits for nobody, and a
// few more.
const asks = 10

// held has a second process refused while the first goes on, and begin at once when
// the first has stopped.
func held(t *testing.T, open Open) {
	db, keyset := open(t), newKeyset(t)
	first := mustBegin(t, db, keyset)
	c := chainOf(t, &first.Fixture, "ref_1", 1)[0]
	for range 2 {
		_, err := begin(t, db, keyset)
		refused := &journal.HeldError{}
		host, _ := os.Hostname()
		if !errors.As(err, &refused) || refused.By.PID != os.Getpid() || refused.By.Host != host {
			t.Fatal("a second process:", err)
		}
		for _, word := range []string{fmt.Sprint(os.Getpid()), host, "stop it first"} {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%q is not said: %v", word, err)
			}
		}
		next := Commit("ref_1", c.Version+1, c.Hash)
		if err := first.Append(t.Context(), next); err != nil {
			t.Fatal("the holder goes on:", err)
		}
		c = next
	}
	first.mustStop(t)
	var w wire
	second := mustBegin(t, w.connect(t, open, db), keyset)
	if n := w.asked(); n > asks {
		t.Error("after a stop in order the next process looked", n, "times")
	}
	if got := replay(t, &second.Fixture)["ref_1"]; len(got) != 3 {
		t.Error(len(got), "commits")
	}
	sound(t, second)
}

// sound fails when something is found in a journal, beside what is expected.
func sound(t testing.TB, p *process, want ...string) {
	t.Helper()
	found, _ := verify(t, &p.Fixture)
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%s/%d %s", f.What, f.Version, f.Problem))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("verify (-want +got):\n", diff)
	}
}

// died has the next process wait for one that is dead, and take over.
func died(t *testing.T, open Open) {
	var dead, next wire
	db, keyset := open(t), newKeyset(t)
	first := mustBegin(t, dead.connect(t, open, db), keyset)
	commits := chainOf(t, &first.Fixture, "ref_1", 3)
	dead.kill()
	first.abandon()
	second := mustBegin(t, next.connect(t, open, db), keyset)
	if n := next.asked(); n <= asks {
		t.Error("a process that may live was not waited for:", n)
	}
	if diff := cmp.Diff(commits, replay(t, &second.Fixture)["ref_1"]); diff != "" {
		t.Error(diff)
	}
	if err := second.Append(t.Context(), Commit("ref_1", 4, commits[2].Hash)); err != nil {
		t.Error(err)
	}
	cover(t, second)
	sound(t, second)
}

// paused stops a process at each step of an append and lets it go on when another
// has taken over. It acknowledges nothing. What it stored late counts for nothing.
func paused(t *testing.T, open Open) {
	for name, tt := range map[string]struct {
		command, collection string
		answered, lost      bool
		late                bool
	}{
		"before its look":                {command: "find", collection: "statements"},
		"before the answer to its look":  {command: "find", collection: "statements", answered: true},
		"between look and insert":        {command: "insert", collection: "journal", late: true},
		"between insert and its answer":  {command: "insert", collection: "journal", answered: true},
		"between insert and no answer":   {command: "insert", collection: "journal", answered: true, lost: true},
		"while it makes a checkpoint":    {command: "insert", collection: "checkpoints"},
		"when its checkpoint is on disk": {command: "insert", collection: "checkpoints", answered: true},
	} {
		t.Run(name, func(t *testing.T) {
			var w wire
			db, keyset := open(t), newKeyset(t)
			first := mustBegin(t, w.connect(t, open, db), keyset)
			var before *journal.Commit
			if tt.command == "insert" { // and otherwise the look is that of the first append
				before = chainOf(t, &first.Fixture, "ref_0", 1)[0]
			}
			p := w.pauseAt(tt.command, tt.collection, tt.answered, tt.lost)
			slow := Commit("ref_1", 1, [32]byte{})
			acknowledged := make(chan error, 2)
			var tasks sync.WaitGroup
			tasks.Go(func() {
				if tt.collection == "checkpoints" {
					acknowledged <- first.PassOver(t.Context(), before.Record, before.Version, "wrong")
					return
				}
				if tt.command == "find" && tt.answered {
					// What it reads when it wakes is from before the claim.
					acknowledged <- first.Hold(t.Context())
					return
				}
				acknowledged <- first.Append(t.Context(), slow)
			})
			<-p.begun
			second := mustBegin(t, db, keyset)
			other := chainOf(t, &second.Fixture, "ref_2", 2)
			tasks.Go(func() { acknowledged <- first.Append(t.Context(), Commit("ref_3", 1, [32]byte{})) })
			close(p.over)
			tasks.Wait()
			for range 2 {
				if err := <-acknowledged; !errors.Is(err, journal.ErrUnavailable) {
					t.Error("it acknowledges behind a newer lane:", err)
				}
			}
			select {
			case <-first.Lost():
			default:
				t.Error("it does not know that it was replaced")
			}
			if err := first.stop(); err != nil {
				t.Error("it does not stop:", err)
			}
			cover(t, second)
			var want []string
			if tt.late {
				want = []string{"ref_1/1 it was stored after its lane had ended, and counts for nothing"}
			}
			sound(t, second, want...)

			there, err := second.At(t.Context(), "ref_1", 1)
			switch {
			case err != nil:
				t.Fatal(err)
			case tt.late && (there == nil || !there.Void || len(there.Events) > 0):
				t.Error("what was stored late counts:", there)
			case tt.late:
				if err := second.Append(t.Context(), slow); !errors.Is(err, journal.ErrConflict) {
					t.Error("its version is taken:", err)
				}
				if err := second.Append(t.Context(), Commit("ref_1", 2, there.Hash)); err != nil {
					t.Error("the version behind it:", err)
				}
			case there != nil && there.Void:
				t.Error("what was stored in time does not count")
			}
			second.mustStop(t)
			third := mustBegin(t, db, keyset)
			read := replay(t, &third.Fixture)
			if diff := cmp.Diff(other, read["ref_2"]); diff != "" {
				t.Error(diff)
			}
			if got := third.Err(); tt.late != (got != nil && strings.Contains(got.Error(), string(journal.TroubleLate))) {
				t.Error("trouble:", got)
			}
			if got := read["ref_1"]; tt.late && (len(got) != 2 || !got[0].Void || got[1].Void || got[1].Broken != "") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// newcomers has two processes want the journal of a dead one: one gets it.
func newcomers(t *testing.T, open Open) {
	var dead wire
	db, keyset := open(t), newKeyset(t)
	first := mustBegin(t, dead.connect(t, open, db), keyset)
	chainOf(t, &first.Fixture, "ref_1", 1)
	dead.kill()
	first.abandon()
	const n = 3
	got := make([]*process, n)
	errs := make([]error, n)
	var tasks sync.WaitGroup
	for i := range n {
		tasks.Go(func() { got[i], errs[i] = begin(t, db, keyset) })
	}
	tasks.Wait()
	winners := slices.DeleteFunc(got, func(p *process) bool { return p == nil })
	for _, err := range errs {
		if refused := (&journal.HeldError{}); err != nil && !errors.As(err, &refused) {
			t.Error(err)
		}
	}
	if len(winners) != 1 {
		t.Fatal(len(winners), "processes took the journal:", errs)
	}
	chainOf(t, &winners[0].Fixture, "ref_2", 1)
	cover(t, winners[0])
	sound(t, winners[0])
}

// lateClaim has a process begin between another's reading of the statements and its
// claim: the other must not take the journal without having waited.
func lateClaim(t *testing.T, open Open) {
	var w wire
	db, keyset := open(t), newKeyset(t)
	mustBegin(t, db, keyset).mustStop(t)
	p := w.pauseAt("insert", "statements", false, false)
	slow := make(chan error, 1)
	go func() {
		_, err := begin(t, w.connect(t, open, db), keyset)
		slow <- err
	}()
	<-p.begun
	fast := mustBegin(t, db, keyset)
	chainOf(t, &fast.Fixture, "ref_1", 1)
	close(p.over)
	if refused := (&journal.HeldError{}); !errors.As(<-slow, &refused) {
		t.Error("the slower one was not refused")
	}
	chainOf(t, &fast.Fixture, "ref_2", 1)
	cover(t, fast)
	sound(t, fast)
}

// carried has what a checkpoint covers of a dead process removed, after another
// process has made checkpoints and died: the next one still knows how far it went.
func carried(t *testing.T, open Open) {
	db, keyset := open(t), newKeyset(t)
	for n := range 2 {
		var w wire
		p := mustBegin(t, w.connect(t, open, db), keyset, soon)
		if n == 0 {
			chainOf(t, &p.Fixture, "ref_1", 3)
		}
		cover(t, p)
		w.kill()
		p.abandon()
	}
	last := mustBegin(t, db, keyset, soon)
	remove(t, last, "ref_1/3")
	if got := replay(t, &last.Fixture)["ref_1"]; len(got) != 2 {
		t.Error(len(got), "commits")
	}
	if err := last.Err(); err == nil || !strings.Contains(err.Error(), string(journal.TroubleMissing)) {
		t.Error("trouble:", err)
	}
	cover(t, last)
	sound(t, last, "lane 1/0 commits are missing: numbers 3 to 3")
}

// slowKeeping has a claim come while a checkpoint waits for the place outside the
// store in which it is kept: the holder refuses it all the same, and goes on.
func slowKeeping(t *testing.T, open Open) {
	db, keyset := open(t), newKeyset(t)
	waiting, over := make(chan struct{}), make(chan struct{})
	var once sync.Once
	holder := mustBegin(t, db, keyset, func(cfg *journal.Config) {
		cfg.Every = time.Millisecond
		cfg.Keep = func(context.Context, []byte) {
			once.Do(func() { close(waiting) })
			<-over
		}
	})
	defer close(over)
	chainOf(t, &holder.Fixture, "ref_1", 1)
	<-waiting
	_, err := begin(t, db, keyset)
	if held := (&journal.HeldError{}); !errors.As(err, &held) {
		t.Error("a second process:", err)
	}
	chainOf(t, &holder.Fixture, "ref_2", 1)
}
