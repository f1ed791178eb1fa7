package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/seal"
)

// tally is the smallest domain that can conflict: it counts to a limit.
type tally struct {
	N     int
	Names []string
	Shut  bool
}

// all is all tallies.
var all = image.List[tally]{Keys: func(tally) []string { return []string{fact.Key("x")} }}

type counted struct {
	Name string `json:"name"`
}

type shut struct{}

func (counted) EventType() string { return "test.counted.v1" }
func (shut) EventType() string    { return "test.shut.v1" }

var errFull = fault.New(fault.Conflict, "tally_full", "It is full.")

func (t tally) Evolve(e fact.Event) tally {
	switch d := e.Data.(type) {
	case counted:
		t.N++
		t.Names = append(slices.Clip(t.Names), d.Name)
	case shut:
		t.Shut = true
	}
	return t
}
func (t tally) Case() string               { return "" }
func (t tally) Visible(by fact.By) bool    { return by.System() || by.Agency == "a" }
func (t tally) Closed() bool               { return t.Shut }
func (t tally) Deadlines() []fact.Deadline { return nil }
func (t tally) View(fact.By) any           { return t.N }

func count(limit int, name string) record.Decide[tally] {
	return func(t tally, _ fact.By) ([]fact.Event, error) {
		if t.N >= limit {
			return nil, errFull
		}
		return fact.Of(counted{Name: name}), nil
	}
}

// replica is one process's view of the shared journal.
type replica struct {
	book    *record.Book
	tallies *record.Records[tally]
	offered []string
}

func openReplica(t *testing.T, db *mongo.Database, kek *seal.Keyset) *replica {
	t.Helper()
	keys, err := seal.Open(t.Context(), db.Collection("keys"), kek, "test")
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(t.Context(), journal.Config{
		Database: db, Keys: keys, Service: "test", Beside: true, Registerer: prometheus.NewRegistry(),
		Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(j.Close(context.WithoutCancel(t.Context())), keys.Close()); err != nil {
			t.Error(err)
		}
	})
	r := &replica{}
	r.book = record.NewBook(event.NewCatalogue(event.Type[counted](), event.Type[shut]()).ReadingBack(), time.Now)
	r.tallies = record.New(r.book, "tally", &all)
	var mu sync.Mutex
	offer := func(c *journal.Commit) {
		mu.Lock()
		defer mu.Unlock()
		r.offered = append(r.offered, c.ID())
	}
	if err := r.book.Open(t.Context(), j, offer, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	return r
}

func as(ctx context.Context, cause string, digest ...byte) context.Context {
	return record.With(ctx, record.Command{Op: "count", Cause: cause, Digest: digest, By: fact.By{Agency: "a", Principal: "p"}})
}

func newKeyset(t *testing.T) *seal.Keyset {
	t.Helper()
	kek, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	return kek
}

// One cause asked fifty times at once has one effect and one answer; once more
// after other changes it is answered with the record as it is then.
func TestOneCauseHasOneEffect(t *testing.T) {
	r := openReplica(t, database(t), newKeyset(t))
	var wg sync.WaitGroup
	answers := make([]record.Result[tally], 50)
	for i := range answers {
		wg.Go(func() {
			var err error
			if answers[i], err = r.tallies.Create(as(t.Context(), "key", 1), "tally_1", count(99, "first")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := r.tallies.Change(as(t.Context(), "other"), "tally_1", count(99, "second")); err != nil {
		t.Fatal(err)
	}
	late, err := r.tallies.Create(as(t.Context(), "key", 1), "tally_1", count(99, "first"))
	if err != nil || late.Version != 2 || !slices.Equal(late.State.Names, []string{"first", "second"}) {
		t.Fatalf("late: %+v, %v", late, err)
	}
	want := record.Result[tally]{ID: "tally_1", State: tally{N: 1, Names: []string{"first"}}, Version: 1}
	want.At = answers[0].At
	for _, got := range answers {
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("answer (-want +got):\n%s", d)
		}
	}
	if _, err := r.tallies.Create(as(t.Context(), "key", 2), "tally_1", count(99, "first")); !errors.Is(err, record.ErrKeyReused) {
		t.Errorf("the key with another request: %v", err)
	}
}

// What another replica has changed, a fresh read knows and offers, also when
// nobody told of it; a plain one does not.
func TestFreshReadsWhatOthersWrote(t *testing.T) {
	db, kek := database(t), newKeyset(t)
	one, other := openReplica(t, db, kek), openReplica(t, db, kek)
	for i := range 3 {
		if _, err := one.tallies.Execute(as(t.Context(), fmt.Sprint("key", i)), "tally_1", count(9, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := other.tallies.Get(t.Context(), "tally_1"); err != nil || got.Version != 0 {
		t.Fatalf("version %d before anybody looked: %v", got.Version, err)
	}
	want, err := one.tallies.Get(t.Context(), "tally_1")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := other.tallies.Fresh(t.Context(), "1")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want.State, got.Value()); d != "" {
			t.Errorf("fresh (-want +got):\n%s", d)
		}
	}
	if len(other.offered) != 3 {
		t.Errorf("%d commits were offered, want 3", len(other.offered))
	}
	if got, err := other.tallies.Fresh(t.Context(), "tally_2"); err != nil || got.Value().N != 0 {
		t.Errorf("of nothing: %+v, %v", got.Value(), err)
	}
}

// Three replicas on one journal count to a limit together: no count is lost,
// none goes over, and each sees the same in the end.
func TestReplicasAgree(t *testing.T) {
	const limit = 40
	db, kek := database(t), newKeyset(t)
	replicas := []*replica{openReplica(t, db, kek), openReplica(t, db, kek), openReplica(t, db, kek)}
	var wg sync.WaitGroup
	var mu sync.Mutex
	wins := 0
	for i := range 60 {
		wg.Go(func() {
			r := replicas[i%len(replicas)]
			for {
				_, err := r.tallies.Execute(as(t.Context(), fmt.Sprint("key", i)), "tally_1", count(limit, fmt.Sprint(i)))
				switch {
				case errors.Is(err, record.ErrContended):
					continue // as a client does
				case err == nil:
					mu.Lock()
					wins++
					mu.Unlock()
				case !errors.Is(err, errFull):
					t.Error(err)
				}
				return
			}
		})
	}
	wg.Wait()
	if wins != limit {
		t.Errorf("%d of %d commands won", wins, limit)
	}
	for _, r := range append(replicas, openReplica(t, db, kek)) {
		if err := r.book.Follow(t.Context(), "tally_1", limit); err != nil {
			t.Fatal(err)
		}
		got, err := r.tallies.Get(t.Context(), "tally_1")
		if err != nil {
			t.Fatal(err)
		}
		if got.Version != limit || got.State.N != limit {
			t.Errorf("a replica ends at version %d with %d", got.Version, got.State.N)
		}
	}
}

func TestRefusalsLeaveNothingBehind(t *testing.T) {
	r := openReplica(t, database(t), newKeyset(t))
	ctx := as(t.Context(), "made")
	if _, err := r.tallies.Change(ctx, "tally_1", count(9, "x")); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a change of nothing: %v", err)
	}
	if _, err := r.tallies.Create(ctx, "tally_1", count(1, "x")); err != nil {
		t.Fatal(err)
	}
	_, err := r.tallies.Change(as(t.Context(), "more"), "tally_1", count(1, "y"))
	if f := fault.Of(err); !errors.Is(err, errFull) || f.Current != 1 || f.Version != 1 {
		t.Errorf("a refusal shows %v at version %d, want the present state", f.Current, f.Version)
	}
	if _, err := r.tallies.Create(as(t.Context(), "again"), "tally_1", count(9, "z")); !errors.Is(err, record.ErrExists) {
		t.Errorf("created twice: %v", err)
	}
	stranger := record.With(t.Context(), record.Command{Cause: "s", By: fact.By{Agency: "b"}})
	if _, err := r.tallies.Change(stranger, "tally_1", count(9, "z")); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a stranger is told %v", err)
	}
	stale := record.With(t.Context(), record.Command{Cause: "t", Expect: 7, By: fact.By{Agency: "a"}})
	if _, err := r.tallies.Change(stale, "tally_1", count(9, "z")); !errors.Is(err, record.ErrStale) {
		t.Errorf("a stale version is told %v", err)
	}
	if _, err := r.tallies.Put(stale, "tally_1", count(9, "z")); !errors.Is(err, record.ErrStale) {
		t.Errorf("a stale version that is put is told %v", err)
	}
	if _, err := r.tallies.Put(stale, "tally_2", count(9, "z")); !errors.Is(err, record.ErrStale) {
		t.Errorf("a version of nothing is told %v", err)
	}
	if d := cmp.Diff([]string{"tally_1/1"}, r.offered); d != "" {
		t.Errorf("commits (-want +got):\n%s", d)
	}
}

// A closed record leaves memory and comes back whole when it is asked for.
func TestShedRecordsAreReadBack(t *testing.T) {
	r := openReplica(t, database(t), newKeyset(t))
	for i := range 3 {
		if _, err := r.tallies.Execute(as(t.Context(), fmt.Sprint(i)), "tally_1", count(9, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	unclosed := func() (records []string) {
		r.book.Unclosed(func(id string, changed time.Time) {
			if time.Since(changed) > time.Hour {
				t.Errorf("%s changed at %s", id, changed)
			}
			records = append(records, id)
		})
		return records
	}
	if got := unclosed(); !slices.Equal(got, []string{"tally_1"}) || !r.book.IsOpen("tally_1") || r.book.IsOpen("tally_2") || r.book.IsOpen("canary_1") {
		t.Errorf("open are %v", got)
	}
	end := func(tally, fact.By) ([]fact.Event, error) { return fact.Of(shut{}), nil }
	if _, err := r.tallies.Execute(as(t.Context(), "end"), "tally_1", end); err != nil {
		t.Fatal(err)
	}
	if got := unclosed(); len(got) > 0 || r.book.IsOpen("tally_1") {
		t.Errorf("closed, and open are %v", got)
	}
	if n := r.book.Shed(time.Now().Add(time.Hour)); n != 1 {
		t.Fatalf("shed %d records", n)
	}
	if got := unclosed(); len(got) > 0 || r.book.IsOpen("tally_1") {
		t.Errorf("shed, and open are %v", got)
	}
	page, _, err := r.tallies.Page(t.Context(), all.Of(), "", 10)
	if err != nil {
		t.Fatal(err)
	}
	want := tally{N: 3, Names: []string{"0", "1", "2"}, Shut: true}
	if len(page) != 1 || page[0].Version != 4 || !cmp.Equal(want, page[0].State) {
		t.Errorf("read back as %+v", page)
	}
	again, err := r.tallies.Execute(as(t.Context(), "1"), "tally_1", count(9, "1"))
	if err != nil || again.Version != 4 || again.State.N != 3 {
		t.Errorf("a late repetition is answered with %+v, %v", again, err)
	}
}
