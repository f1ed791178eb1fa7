package bustest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

func testStreams(t *testing.T, srv Server) {
	s := Open(t, srv, "intake", NewJournal())
	defer func() {
		s.Bus.Close()
		s.Conn.Close()
	}()
	states := func() []jetstream.StreamInfo {
		if err := bus.Declare(t.Context(), s.JS, 1, Parts()); err != nil {
			t.Fatal(err)
		}
		var infos []jetstream.StreamInfo
		for _, cfg := range bus.Streams(1, Parts()...) {
			st, err := s.JS.Stream(t.Context(), cfg.Name)
			if err != nil {
				t.Fatal(err)
			}
			info := *st.CachedInfo()
			infos = append(infos, jetstream.StreamInfo{Config: info.Config, Created: info.Created})
		}
		return infos
	}
	first := states()
	if diff := cmp.Diff(first, states()); diff != "" {
		t.Error("declared again, the streams changed:", diff)
	}
}

func record(prefix string, n int) string { return fmt.Sprintf("%s_%04d", prefix, n) }

func testRelay(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for n := range 250 {
				id := record("case", w*50+n%50)
				s.Publish(id, caseOpened(id), caseOpened(id))
			}
		})
	}
	writers.Wait()
	everything(t, srv, s, "intake")
	inOrder(t, srv, "intake")
}

// inOrder checks that the versions of each record lie on the bus in order.
func inOrder(t *testing.T, srv Server, service string) {
	t.Helper()
	last := map[string]uint64{}
	for _, m := range read(t, srv, bus.Events, event.Subject(service, "*", "*")) {
		id, ok := event.ParseID(m.header.Get("ce-id"))
		if !ok {
			t.Fatal("not an identity:", m.header.Get("ce-id"))
		}
		if id.Version < last[id.Record] {
			t.Errorf("%s: version %d after %d", id.Record, id.Version, last[id.Record])
		}
		last[id.Record] = id.Version
	}
}

func testEnvelopes(t *testing.T, srv Server) {
	s := start(t, srv, "referral", NewJournal())
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	c := s.Append("ref_1", accepted("ref_1"))
	c.Trace = parent
	s.Bus.Offer(c)
	everything(t, srv, s, "referral")
	m := read(t, srv, bus.Events, "sanad.events.referral.accepted.ref_1")[0]
	env, err := event.Parse(m.header, m.data)
	if err != nil {
		t.Fatal(err)
	}
	want := event.Envelope{
		ID: fmt.Sprintf("ref_1/1/0/%x", c.Hash[:8]), Source: "/sanad/referral", Type: "referral.accepted.v1", Subject: "ref_1",
		Time: c.At, Trace: parent, Data: c.Events[0].Data,
	}
	if diff := cmp.Diff(want, env); diff != "" {
		t.Error(diff)
	}
}

func testAgencies(t *testing.T, srv Server) {
	j := NewJournal()
	recorder := tracetest.NewSpanRecorder()
	s := start(t, srv, "referral", j, tracer(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))))
	s.Publish("agency_alpha", registered("alpha", true))
	s.Publish("agency_beta", registered("beta", true))
	c := s.Append("ref_1", accepted("ref_1"))
	c.Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	s.Bus.Offer(c)
	everything(t, srv, s, "referral")
	copies := func() []string { return ids(t, srv, bus.Agencies, "sanad.agencies.>") }
	id := c.EventID(0).String()
	want := []string{id + "@alpha", id + "@beta"}
	eventually(t, srv, "both agencies have their copy", func() bool { return slices.Equal(copies(), want) })
	for _, agency := range []string{"alpha", "beta"} {
		m := read(t, srv, bus.Agencies, "sanad.agencies."+agency+".accepted.ref_1")[0]
		env, err := event.Parse(m.header, m.data)
		if err != nil {
			t.Fatal(err)
		}
		if env.ID != id || env.Trace != "" {
			t.Errorf("the copy of %s: id %s, trace %q", agency, env.ID, env.Trace)
		}
	}
	if n := len(recorder.Ended()); n != 1 {
		t.Errorf("%d spans: the event has one, and the copies none", n)
	}
	// The copies are healed like the events.
	s.Stop()
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	s = start(t, srv, "referral", j)
	everything(t, srv, s, "referral")
	eventually(t, srv, "both copies are back", func() bool { return slices.Equal(copies(), want) })
}

// An agency gets copies from its registration with a feed to that without one,
// before and after a restart.
func testFeeds(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "referral", j)
	copies := func() []string { return places(ids(t, srv, bus.Agencies, "sanad.agencies.>")) }
	s.Publish("agency_alpha", registered("alpha", false))
	s.Publish("ref_1", accepted("ref_1"))
	everything(t, srv, s, "referral")
	s.Publish("agency_alpha", registered("alpha", true))
	s.Publish("ref_2", accepted("ref_2"))
	eventually(t, srv, "the copy is there", func() bool { return slices.Equal(copies(), []string{"ref_2/1/0@alpha"}) })
	s.Stop()
	// Appended, and the process died before it was offered.
	s.Append("ref_3", accepted("ref_3"))
	s = start(t, srv, "referral", j)
	eventually(t, srv, "and the next", func() bool {
		return slices.Equal(copies(), []string{"ref_2/1/0@alpha", "ref_3/1/0@alpha"})
	})
	everything(t, srv, s, "referral")
	s.Publish("agency_alpha", registered("alpha", false))
	s.Publish("ref_4", accepted("ref_4"))
	everything(t, srv, s, "referral")
	eventually(t, srv, "the relay is at rest", func() bool { return s.Bus.Ready() == nil })
	if got := copies(); len(got) != 2 {
		t.Errorf("copies that nobody wants: %v", got)
	}
}

// What is confined to its addressees is told to them when they have a feed, and
// to nobody else. A commit that has nothing to tell is not waited for.
func testConfined(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "referral", j)
	copies := func() []string { return places(ids(t, srv, bus.Agencies, "sanad.agencies.*.offered.*")) }
	lie := func(what string, events, copied []string) {
		t.Helper()
		eventually(t, srv, what, func() bool {
			return s.pending(t) == 0 && slices.Equal(places(ids(t, srv, bus.Events, "sanad.events.>")), events) &&
				slices.Equal(copies(), copied)
		})
	}
	s.Publish("ref_1", requested("ref_1"), offered("ref_1"))
	s.Publish("ref_2", offered("ref_2"))
	lie("nobody has a feed", []string{"ref_1/1/0"}, nil)
	s.Stop()
	// Appended, and the process died before it was offered.
	s.Append("ref_3", offered("ref_3"))
	s = start(t, srv, "referral", j)
	lie("nothing to tell after a restart", []string{"ref_1/1/0"}, nil)

	s.Publish("agency_beta", registered("beta", true))
	s.Publish("ref_4", requested("ref_4"), offered("ref_4"))
	events := []string{"agency_beta/1/0", "ref_1/1/0", "ref_4/1/0"}
	lie("the agency has a feed", events, []string{"ref_4/1/1@beta"})
	s.Stop()
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	s = start(t, srv, "referral", j)
	eventually(t, srv, "healed", func() bool {
		return s.pending(t) == 0 && slices.Equal(places(ids(t, srv, bus.Events, "sanad.events.>")), events) &&
			slices.Contains(copies(), "ref_4/1/1@beta")
	})
}

func testRestart(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	for n := range 500 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	s.Stop()
	s = start(t, srv, "intake", j)
	s.Publish("case_new", caseOpened("case_new"))
	everything(t, srv, s, "intake")
}

func testCrash(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	for n := range 100 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	// Appended, and the process died before it was offered.
	for n := range 100 {
		s.Append(record("case", n+50), caseOpened(record("case", n+50)))
	}
	s.Stop()
	s = start(t, srv, "intake", j)
	everything(t, srv, s, "intake")
}

func testBeginWithoutBus(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	for n := range 100 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	s.Stop()
	srv.Stop(t)
	s = start(t, srv, "intake", j)
	if s.Bus.Ready() == nil {
		t.Error("ready without a bus")
	}
	for n := range 100 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	srv.Start(t)
	everything(t, srv, s, "intake")
}

func testStoreDeletedWhileStopped(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	for n := range 2000 {
		id := record("case", n%100)
		s.Publish(id, caseOpened(id))
	}
	published(t, s, "intake", 2000)
	s.Stop()
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	s = start(t, srv, "intake", j)
	everything(t, srv, s, "intake")
	inOrder(t, srv, "intake")
}

func testStoreDeletedWhileRunning(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	var got log
	reader := start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
		got.add(d.ID)
		return nil
	}))
	for n := range 1000 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	published(t, s, "intake", 1000)
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	s.Publish("case_new", caseOpened("case_new"))
	everything(t, srv, s, "intake")
	arrives(t, s, &got, s.ids())
	settled(t, reader, "legal-aid")
}

func testStreamDeletedWhileRunning(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	for n := range 100 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	published(t, s, "intake", 100)
	if err := s.JS.DeleteStream(t.Context(), bus.Events); err != nil {
		t.Fatal(err)
	}
	everything(t, srv, s, "intake")
}

func testLostTail(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	other := start(t, srv, "referral", NewJournal())
	var got log
	reader := start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
		got.add(d.ID)
		return nil
	}))
	for n := range 100 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	published(t, s, "intake", 100)
	srv.Stop(t)
	srv.Save(t)
	srv.Start(t)
	for n := range 100 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	published(t, s, "intake", 200)
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	// Others fill the places of what was lost.
	for n := range 300 {
		other.Publish(record("ref", n), accepted(record("ref", n)))
	}
	everything(t, srv, s, "intake")
	everything(t, srv, other, "referral")
	arrives(t, s, &got, s.ids())
	settled(t, reader, "legal-aid")
	// What took the tail's place is not passed over.
	s.Publish("case_new", caseOpened("case_new"))
	arrives(t, s, &got, s.ids())
}

// arrives waits until each of these events was delivered once or more.
func arrives(t testing.TB, s *Service, got *log, want []string) {
	t.Helper()
	s.eventually(t, "every event arrives", func() bool {
		lines := got.lines()
		slices.Sort(lines)
		return slices.Equal(slices.Compact(lines), want)
	})
}

func testAwayUnderLoad(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	var (
		load    sync.WaitGroup
		done    atomic.Bool
		offered atomic.Int64
	)
	for w := range 4 {
		load.Go(func() {
			for n := 0; !done.Load(); n++ {
				id := record("case", w*100+n%100)
				s.Publish(id, caseOpened(id))
				if offered.Add(1) > 8000 {
					return
				}
				if n%50 == 0 {
					// Not faster than the test can stop and start a server.
					_ = s.Conn.FlushTimeout(1e6)
				}
			}
		})
	}
	for range 3 {
		before := offered.Load()
		eventually(t, srv, "load", func() bool { return offered.Load() > before+500 || offered.Load() > 8000 })
		srv.Stop(t)
		srv.Start(t)
	}
	done.Store(true)
	load.Wait()
	everything(t, srv, s, "intake")
}

func testAwayBeyondMemory(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	s.Publish("case_first", caseOpened("case_first"))
	published(t, s, "intake", 1)
	srv.Stop(t)
	for n := range 25_000 {
		id := record("case", n%1000)
		s.Publish(id, caseOpened(id))
	}
	srv.Start(t)
	published(t, s, "intake", 25_001)
	// Reading all one by one is slow; the count tells that none is there twice.
	eventually(t, srv, "the relay is at rest", func() bool { return s.Bus.Ready() == nil })
	st, err := s.JS.Stream(t.Context(), bus.Events)
	if err != nil {
		t.Fatal(err)
	}
	if got := st.CachedInfo().State.Msgs; got != 25_001 {
		t.Errorf("the bus holds %d events, want 25001", got)
	}
}

func testReplicas(t *testing.T, srv Server) {
	j := NewJournal()
	var (
		mu   sync.Mutex
		told []string
	)
	one := start(t, srv, "intake", j)
	two := start(t, srv, "intake", j, Setup(func(b *bus.Bus) {
		b.OnForeign(func(record string, version uint64) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, fmt.Sprint(record, "/", version))
		})
	}))
	eventually(t, srv, "both run", func() bool { return one.Bus.Ready() == nil && two.Bus.Ready() == nil })
	one.Publish("case_1", caseOpened("case_1"), caseOpened("case_1"))
	one.Publish("case_1", caseOpened("case_1"))
	eventually(t, srv, "the other replica is told", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(told, " ") == "case_1/1 case_1/2"
	})
	// Offered here too, after it came back: nothing is published twice, and
	// nothing waits.
	if err := j.Replay(t.Context(), func(c *journal.Commit) error { two.Bus.Offer(c); return nil }); err != nil {
		t.Fatal(err)
	}
	two.Publish("case_2", caseOpened("case_2"))
	everything(t, srv, one, "intake")
}
