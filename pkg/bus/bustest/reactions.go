package bustest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/patience"
)

const opened = "intake.case_opened.v1"

// log notes what an endpoint was given.
type log struct {
	mu   sync.Mutex
	seen []string
}

func (l *log) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, line)
}

func (l *log) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.seen)
}

// on reacts to cases that were opened.
func on(f func(context.Context, bus.Delivery) error) option {
	return Setup(func(b *bus.Bus) {
		b.On(opened, func(ctx context.Context, request any) (any, error) {
			return nil, f(ctx, request.(bus.Delivery))
		})
	})
}

// unacknowledged counts the deliveries that the bus waits for or has yet to make.
func unacknowledged(t testing.TB, js jetstream.JetStream, service string) int {
	c, err := js.Consumer(t.Context(), bus.Events, service)
	if err != nil {
		return -1
	}
	info := c.CachedInfo()
	return info.NumAckPending + int(info.NumPending)
}

func settled(t testing.TB, s *Service, service string) {
	t.Helper()
	s.eventually(t, "every delivery is settled", func() bool { return unacknowledged(t, s.JS, service) == 0 })
}

func testReactions(t *testing.T, srv Server) {
	j := NewJournal()
	in := start(t, srv, "intake", j)
	var got log
	reader := func() *Service {
		return start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
			if d.Data.(intakev1.CaseOpened).Case != fact.ID("case", d.Subject) || d.Attempt < 1 {
				return errors.New("not what was published")
			}
			got.add(d.ID)
			return nil
		}))
	}
	out := reader()
	for n := range 500 {
		id := record("case", n)
		in.Publish(id, caseOpened(id), intakev1.CaseClosed{Case: id})
	}
	eventually(t, srv, "all arrive", func() bool { return len(got.lines()) >= 500 })
	settled(t, out, "legal-aid")
	var want []string
	for _, id := range j.ids() {
		if strings.HasSuffix(place(id), "/0") {
			want = append(want, id)
		}
	}
	if lines := got.lines(); !slices.Equal(slices.Sorted(slices.Values(lines)), want) {
		t.Errorf("%d deliveries, want each of %d once", len(lines), len(want))
	}
	// What was acknowledged does not come again.
	out.Stop()
	reader()
	in.Publish("case_new", caseOpened("case_new"))
	eventually(t, srv, "the new one arrives", func() bool { return slices.Contains(places(got.lines()), "case_new/1/0") })
	if n := len(got.lines()); n != 501 {
		t.Errorf("%d deliveries, want 501", n)
	}
}

func testTryAgain(t *testing.T, srv Server) {
	faults := []error{
		fault.New(fault.Unavailable, "away", ""),
		fault.New(fault.Contended, "raced", ""),
		errors.New("unforeseen"),
	}
	var got log
	out := start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
		got.add(fmt.Sprint(place(d.ID), " ", d.Attempt))
		if d.Attempt <= len(faults) {
			return faults[d.Attempt-1]
		}
		return nil
	}))
	in := start(t, srv, "intake", NewJournal())
	in.Publish("case_1", caseOpened("case_1"))
	want := []string{"case_1/1/0 1", "case_1/1/0 2", "case_1/1/0 3", "case_1/1/0 4"}
	eventually(t, srv, "the fourth attempt", func() bool { return slices.Equal(got.lines(), want) })
	settled(t, out, "legal-aid")
	if dead := read(t, srv, bus.DeadLetters, "sanad.deadletters.>"); len(dead) != 0 {
		t.Errorf("%d dead letters, want none", len(dead))
	}
}

// deadLetters waits for n dead letters.
func deadLetters(t testing.TB, srv Server, n int) []message {
	t.Helper()
	var dead []message
	eventually(t, srv, fmt.Sprintf("%d dead letters", n), func() bool {
		dead = read(t, srv, bus.DeadLetters, "sanad.deadletters.>")
		return len(dead) >= n
	})
	return dead
}

func testGiveUp(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	in.Publish("case_1", caseOpened("case_1"))
	published(t, in, "intake", 1)
	// Nine attempts before this service ever runs, as under a newer release.
	cfg := jetstream.ConsumerConfig{
		Durable: "legal-aid", FilterSubjects: []string{event.SubjectOf(opened, "*")}, AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: 10 * time.Second, MaxAckPending: 100, MaxWaiting: 100, MaxDeliver: -1, InactiveThreshold: time.Hour,
	}
	bus.Stamp(&cfg, bus.Release+1)
	c, err := in.JS.CreateOrUpdateConsumer(t.Context(), bus.Events, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for range 9 {
		msg, err := c.Next(jetstream.FetchMaxWait(patience.Stall))
		if err != nil {
			t.Fatal(err)
		}
		if err := msg.Nak(); err != nil {
			t.Fatal(err)
		}
	}
	var attempts atomic.Int64
	out := start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
		attempts.Store(int64(d.Attempt))
		return errors.New("still unforeseen")
	}))
	dead := deadLetters(t, srv, 1)
	if reason, n := dead[0].header.Get(bus.HeaderReason), dead[0].header.Get(bus.HeaderAttempts); reason != "internal" || n != "10" {
		t.Errorf("reason %s after %s attempts", reason, n)
	}
	settled(t, out, "legal-aid")
	if attempts.Load() != 10 {
		t.Errorf("the endpoint saw attempt %d last, want 10", attempts.Load())
	}
}

func testDeadLetters(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	published := func(id string) { in.Publish(id, caseOpened(id)) }
	codes := map[string]fault.Kind{
		"case_invalid": fault.Invalid, "case_conflict": fault.Conflict, "case_missing": fault.NotFound,
		"case_forbidden": fault.Forbidden, "case_stale": fault.Stale,
	}
	out := start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
		if kind, ok := codes[d.Subject]; ok {
			return fault.New(kind, "refused_"+kind.String(), "")
		}
		return nil
	}))
	want := map[string]string{
		"case_garbage": "malformed_event", "case_other": "incomplete_event", "case_alien": "misplaced_event",
	}
	for id, kind := range codes {
		published(id)
		want[id] = "refused_" + kind.String()
	}
	published("case_fine")
	// What no service of ours publishes, by its own hand.
	intake := as(t, srv, "intake")
	at := event.SubjectOf(opened, "case_garbage")
	if _, err := intake.PublishMsg(t.Context(), &nats.Msg{Subject: at, Data: []byte("garbage")}); err != nil {
		t.Fatal(err)
	}
	env := event.Envelope{
		ID: "case_other/1/0", Source: "/sanad/intake", Type: opened, Subject: "case_other", Time: time.Now(),
		Data: []byte(`{"channel":"smoke_signal"}`),
	}
	if _, err := intake.PublishMsg(t.Context(), env.Msg(event.SubjectOf(opened, "case_other"))); err != nil {
		t.Fatal(err)
	}
	env.ID, env.Subject, env.Type = "case_alien/1/0", "case_alien", "intake.something_new.v1"
	if _, err := intake.PublishMsg(t.Context(), env.Msg(event.SubjectOf(opened, "case_alien"))); err != nil {
		t.Fatal(err)
	}

	got := map[string]string{}
	for _, m := range deadLetters(t, srv, len(want)) {
		subject := m.header.Get(bus.HeaderSubject)
		id := subject[strings.LastIndexByte(subject, '.')+1:]
		got[id] = m.header.Get(bus.HeaderReason)
		if m.subject != "sanad.deadletters.legal-aid.events.intake.case_opened."+id || subject != event.SubjectOf(opened, id) {
			t.Errorf("%s lies at %s", subject, m.subject)
		}
		if m.header.Get(bus.HeaderConsumer) != "legal-aid" || m.header.Get(bus.HeaderAttempts) != "1" {
			t.Errorf("%s: consumer %s, attempts %s", id, m.header.Get(bus.HeaderConsumer), m.header.Get(bus.HeaderAttempts))
		}
		if _, ours := codes[id]; ours {
			if e, err := event.Parse(m.header, m.data); err != nil || e.Subject != id {
				t.Errorf("%s: the dead letter is not the event any more: %v", id, err)
			}
		}
	}
	for id, code := range want {
		if got[id] != code {
			t.Errorf("%s: reason %q, want %q", id, got[id], code)
		}
	}
	if len(got) != len(want) {
		t.Errorf("dead letters %v", got)
	}
	settled(t, out, "legal-aid")
}

func testOrder(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	var (
		mu     sync.Mutex
		last   = map[string]uint64{}
		inside = map[string]bool{}
		total  int
		most   int
	)
	out := start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
		id, _ := event.ParseID(d.ID)
		version := id.Version
		mu.Lock()
		if inside[d.Subject] {
			t.Errorf("%s: two deliveries at once", d.Subject)
		}
		if version != last[d.Subject]+1 {
			t.Errorf("%s: version %d after %d", d.Subject, version, last[d.Subject])
		}
		inside[d.Subject] = true
		most = max(most, len(inside))
		mu.Unlock()
		runtime.Gosched() // so that lanes meet
		mu.Lock()
		defer mu.Unlock()
		delete(inside, d.Subject)
		last[d.Subject] = version
		total++
		return nil
	}))
	for n := range 2000 {
		id := record("case", n%50)
		in.Publish(id, caseOpened(id))
	}
	eventually(t, srv, "all arrive", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return total == 2000
	})
	settled(t, out, "legal-aid")
	if most < 2 {
		t.Error("records were not delivered side by side")
	}
}

func testDrain(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	var (
		entered = make(chan struct{}, 1000)
		release = make(chan struct{})
		ended   atomic.Int64
	)
	out := start(t, srv, "legal-aid", NewJournal(), on(func(ctx context.Context, _ bus.Delivery) error {
		entered <- struct{}{}
		<-release
		if ctx.Err() == nil {
			ended.Add(1)
		}
		return nil
	}))
	eventually(t, srv, "it reacts", func() bool { return out.Bus.Ready() == nil })
	durable := givenBack(t, out, "legal-aid")
	for n := range 600 {
		in.Publish(record("case", n), caseOpened(record("case", n)))
	}
	for range 256 {
		<-entered
	}
	out.cancel()
	select {
	case <-out.stopped:
		t.Error("stopped while deliveries were under way")
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	if err := <-out.stopped; err != nil {
		t.Error(err)
	}
	out.stopped <- nil
	out.Stop()
	if n := ended.Load(); n != 256 {
		t.Errorf("%d deliveries ended undisturbed, want 256", n)
	}
	// The rest went back: the next start need not wait for it.
	for n := range 600 - 256 {
		msg, err := durable.Next(jetstream.FetchMaxWait(patience.Stall))
		if err != nil {
			t.Fatalf("%d of the rest: %v", n, err)
		}
		if err := msg.Ack(); err != nil {
			t.Fatal(err)
		}
	}
}

// givenBack has the bus deliver again what is given back, and nothing that
// only took long, as a newer release might declare it. It gives the consumer over
// a connection of its own.
func givenBack(t testing.TB, s *Service, service string) jetstream.Consumer {
	t.Helper()
	nc, err := steward(s.srv)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(patience.Stall))
	if err != nil {
		t.Fatal(err)
	}
	c, err := js.Consumer(t.Context(), bus.Events, service)
	if err != nil {
		t.Fatal(err)
	}
	cfg := c.CachedInfo().Config
	cfg.AckWait = 24 * time.Hour
	bus.Stamp(&cfg, bus.Release+1)
	if c, err = js.UpdateConsumer(t.Context(), bus.Events, cfg); err != nil {
		t.Fatal(err)
	}
	return c
}

func testTrace(t *testing.T, srv Server) {
	recorder := tracetest.NewSpanRecorder()
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	in := start(t, srv, "intake", NewJournal())
	inner := make(chan trace.SpanContext, 1)
	start(t, srv, "legal-aid", NewJournal(), tracer(tp), on(func(ctx context.Context, _ bus.Delivery) error {
		inner <- trace.SpanContextFromContext(ctx)
		return nil
	}))
	c := in.Append("case_1", caseOpened("case_1"))
	c.Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	in.Bus.Offer(c)
	got := <-inner
	eventually(t, srv, "the span ends", func() bool { return len(recorder.Ended()) == 1 })
	span := recorder.Ended()[0]
	const (
		traceID  = "4bf92f3577b34da6a3ce929d0e0e4736"
		parentID = "00f067aa0ba902b7"
	)
	switch {
	case span.Name() != "process sanad.events.intake.case_opened":
		t.Error("name:", span.Name())
	case span.SpanKind() != trace.SpanKindConsumer:
		t.Error("kind:", span.SpanKind())
	case span.SpanContext().TraceID().String() != traceID || span.Parent().SpanID().String() != parentID:
		t.Error("not a child of what caused the event")
	case len(span.Links()) != 1 || span.Links()[0].SpanContext.SpanID().String() != parentID:
		t.Error("not linked to what caused the event")
	case got.SpanID() != span.SpanContext().SpanID():
		t.Error("the endpoint runs in another span")
	}
	for _, a := range span.Attributes() {
		if strings.Contains(a.Value.String(), "case_1") {
			t.Error("an attribute names a record:", a.Key)
		}
	}
}

func testReady(t *testing.T, srv Server) {
	s := Open(t, srv, "legal-aid", NewJournal(), on(func(context.Context, bus.Delivery) error { return nil }))
	if s.Bus.Ready() == nil {
		t.Error("ready before it runs")
	}
	s.Run()
	eventually(t, srv, "ready", func() bool { return s.Bus.Ready() == nil })
	srv.Stop(t)
	eventually(t, srv, "not ready without a bus", func() bool { return s.Bus.Ready() != nil })
	srv.Restore(t)
	srv.Start(t)
	eventually(t, srv, "ready again, on an empty bus", func() bool {
		return s.Bus.Ready() == nil && unacknowledged(t, s.JS, "legal-aid") == 0
	})
	s.Stop()
	if s.Bus.Ready() == nil {
		t.Error("ready after it stopped")
	}
}
