package journaltest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
)

func conflict(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	first := chainOf(t, f, "ref_1", 1)[0]
	other := Commit("ref_1", 1, [sha256.Size]byte{})
	other.Op = "declineReferral"
	replica := Reopen(t, db, f.Keyset)
	for _, j := range []*Fixture{f, replica} {
		if err := j.Append(t.Context(), other); !errors.Is(err, journal.ErrConflict) {
			t.Error("a taken version:", err)
		}
	}
	tail, err := replica.Tail(t.Context(), "ref_1", 1)
	if err != nil || len(tail) != 1 || tail[0].Hash != first.Hash {
		t.Error("who came first is there:", tail, err)
	}
	next := Commit("ref_1", 2, first.Hash)
	if err := replica.Append(t.Context(), next); err != nil {
		t.Error("the next version:", err)
	}
}

// named appends under names that no record has. A record is part of a subject, so
// that one with a dot or a star in it would be received where it must not.
func named(t *testing.T, open Open) {
	f := New(t, open(t))
	for _, record := range []string{"", "ref", "ref_", "_1", "ref_a.b", "ref_*", "ref_>", "ref_a b", "ref_a/1", "ref_A", "ref_1_2", "ref_\u00e9"} {
		err := f.Append(t.Context(), Commit(record, 1, [sha256.Size]byte{}))
		if err == nil || fault.Of(err).Kind != fault.Internal {
			t.Errorf("%q: %v", record, err)
		}
	}
	if got := replay(t, f); len(got) > 0 {
		t.Errorf("stored all the same: %v", got)
	}
	for _, record := range []string{"case_00001", "agency_legal-clinic", "svc_0190f3a0-7c1b-7000-8000-0123456789ab"} {
		if c := chainOf(t, f, record, 1)[0]; c.EventID(0).Tail == 0 {
			t.Errorf("%s: the identities of its events have no tail", record)
		}
	}
}

// duplicateFailsAlone appends many at once, so that what is refused travels
// with what is not.
func duplicateFailsAlone(t *testing.T, open Open) {
	f := New(t, open(t))
	const commits = 150
	for n := 0; n < commits; n += 10 {
		chainOf(t, f, fmt.Sprint("ref_", n), 1)
	}
	var tasks sync.WaitGroup
	for n := range commits {
		tasks.Go(func() {
			c := Commit(fmt.Sprint("ref_", n), 1, [sha256.Size]byte{})
			err := f.Append(t.Context(), c)
			if taken := n%10 == 0; taken != errors.Is(err, journal.ErrConflict) || !taken && err != nil {
				t.Errorf("commit %d: %v", n, err)
			}
		})
	}
	tasks.Wait()
	if got := replay(t, f); len(got) != commits {
		t.Errorf("%d records instead of %d", len(got), commits)
	}
	if findings := findings(t, f); len(findings) > 0 {
		t.Error(findings)
	}
}

func oneWinnerEach(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	replicas := []*Fixture{f, Reopen(t, db, f.Keyset)}
	const writers, records = 16, 100
	var winners [records]atomic.Pointer[journal.Commit]
	var tasks sync.WaitGroup
	for w := range writers {
		tasks.Go(func() {
			for s := range records {
				c := Commit(fmt.Sprint("ref_", s), 1, [sha256.Size]byte{})
				c.Actor.Principal = fmt.Sprint("writer ", w)
				switch err := replicas[w%len(replicas)].Append(t.Context(), c); {
				case err == nil:
					if !winners[s].CompareAndSwap(nil, c) {
						t.Errorf("two win record %d", s)
					}
				case !errors.Is(err, journal.ErrConflict):
					t.Errorf("record %d: %v", s, err)
				}
			}
		})
	}
	tasks.Wait()
	got := replay(t, f)
	for s := range records {
		record := fmt.Sprint("ref_", s)
		winner := winners[s].Load()
		if winner == nil || len(got[record]) != 1 || got[record][0].Hash != winner.Hash {
			t.Errorf("record %d: the winner is not what is stored", s)
		}
	}
}

// oneCallerLeaves holds that a commit whose caller left is either stored and
// acknowledged, or neither, and that the others do not notice.
func oneCallerLeaves(t *testing.T, open Open) {
	f := New(t, open(t))
	const commits = 64
	var acknowledged [commits]bool
	var tasks sync.WaitGroup
	for n := range commits {
		tasks.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if n%2 == 0 {
				go cancel()
			}
			err := f.Append(ctx, Commit(fmt.Sprint("ref_", n), 1, [sha256.Size]byte{}))
			acknowledged[n] = err == nil
			if err != nil && (n%2 == 1 || !errors.Is(err, context.Canceled)) {
				t.Errorf("commit %d: %v", n, err)
			}
		})
	}
	tasks.Wait()
	got := replay(t, f)
	for n, there := range acknowledged {
		if there != (len(got[fmt.Sprint("ref_", n)]) == 1) {
			t.Errorf("commit %d: acknowledged %v, stored %v", n, there, !there)
		}
	}
}

// madeIdentities holds that a service knows the identities that it made, and no
// others.
func madeIdentities(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	id := chainOf(t, f, "ref_1", 2)[1].EventID(1)
	for name, other := range map[string]*Fixture{"the same process": f, "another process": Reopen(t, db, f.Keyset)} {
		if !other.Made(id) {
			t.Errorf("%s does not know its identity", name)
		}
		forged := []event.ID{
			{Record: "ref_2", Version: id.Version, Index: id.Index, Tail: id.Tail},
			{Record: id.Record, Version: id.Version + 1, Index: id.Index, Tail: id.Tail},
			{Record: id.Record, Version: id.Version, Index: id.Index, Tail: id.Tail ^ 1},
			{Record: id.Record, Version: id.Version, Index: id.Index, Tail: id.Tail ^ 1<<40},
			{Record: id.Record, Version: id.Version, Index: id.Index},
		}
		for _, f := range forged {
			if other.Made(f) {
				t.Errorf("%s takes %s for its own", name, f)
			}
		}
	}
	if New(t, open(t)).Made(id) {
		t.Error("another network knows it")
	}
	again := replay(t, f)["ref_1"][1]
	if again.EventID(1) != id {
		t.Errorf("it reads %s, and was %s", again.EventID(1), id)
	}
}

func closeDrains(t *testing.T, open Open) {
	f := New(t, open(t))
	const commits = 100
	var stored atomic.Int64
	var tasks, started sync.WaitGroup
	for n := range commits {
		started.Add(1)
		tasks.Go(func() {
			started.Done()
			switch err := f.Append(t.Context(), Commit(fmt.Sprint("ref_", n), 1, [sha256.Size]byte{})); {
			case err == nil:
				stored.Add(1)
			case !errors.Is(err, journal.ErrUnavailable):
				t.Error(err)
			}
		})
	}
	started.Wait()
	if err := f.Close(t.Context()); err != nil {
		t.Error(err)
	}
	tasks.Wait()
	if got := replay(t, f); len(got) != int(stored.Load()) {
		t.Errorf("%d acknowledged, %d stored", stored.Load(), len(got))
	}
	if err := f.Append(t.Context(), Commit("ref_late", 1, [sha256.Size]byte{})); !errors.Is(err, journal.ErrUnavailable) {
		t.Error("append after close:", err)
	}
}

func refusesImpossibleIDs(t *testing.T, open Open) {
	f := New(t, open(t))
	for _, c := range []*journal.Commit{
		Commit("", 1, [sha256.Size]byte{}), Commit("ref_1", 0, [sha256.Size]byte{}), Commit("ref/1", 1, [sha256.Size]byte{}),
	} {
		if err := f.Append(t.Context(), c); err == nil {
			t.Errorf("%q is appended", c.ID())
		}
	}
}

func metrics(t *testing.T, open Open) {
	f := New(t, open(t))
	chainOf(t, f, "ref_1", 3)
	if err := f.Append(t.Context(), Commit("ref_1", 1, [sha256.Size]byte{})); !errors.Is(err, journal.ErrConflict) {
		t.Error(err)
	}
	for name, want := range map[string]int{
		"sanad_journal_commits_total": 1, "sanad_journal_conflicts_total": 1,
		"sanad_journal_batch_commits": 1, "sanad_journal_append_seconds": 1,
	} {
		if got, err := testutil.GatherAndCount(f.Registry, name); err != nil || got != want {
			t.Errorf("%s: %d series, %v", name, got, err)
		}
	}
}
