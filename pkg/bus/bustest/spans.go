package bustest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

const (
	theTrace  = "4bf92f3577b34da6a3ce929d0e0e4736"
	theCommit = "00f067aa0ba902b7"
)

// A message that is published in a trace has one span, between what made the
// event and what reacts to it, however often it is published.
func testPublications(t *testing.T, srv Server) {
	recorder := tracetest.NewSpanRecorder()
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	of := func(kind trace.SpanKind) (found []sdktrace.ReadOnlySpan) {
		for _, s := range recorder.Ended() {
			if s.SpanKind() == kind {
				found = append(found, s)
			}
		}
		return found
	}
	in := start(t, srv, "intake", NewJournal(), tracer(tp))
	start(t, srv, "legal-aid", NewJournal(), tracer(tp), on(func(context.Context, bus.Delivery) error { return nil }))
	c := in.Append("case_1", caseOpened("case_1"), caseOpened("case_1"))
	c.Trace = "00-" + theTrace + "-" + theCommit + "-01"
	in.Bus.Offer(c)
	eventually(t, srv, "both reactions end", func() bool { return len(of(trace.SpanKindConsumer)) == 2 })
	published := of(trace.SpanKindProducer)
	if len(published) != 2 {
		t.Fatalf("%d publications of two events", len(published))
	}
	byID := map[trace.SpanID]bool{}
	for _, s := range published {
		byID[s.SpanContext().SpanID()] = true
		if s.Name() != "send sanad.events.intake.case_opened" || s.SpanContext().TraceID().String() != theTrace || s.Parent().SpanID().String() != theCommit {
			t.Errorf("%s in %s below %s", s.Name(), s.SpanContext().TraceID(), s.Parent().SpanID())
		}
		if diff := cmp.Diff([]attribute.KeyValue{
			attribute.String("messaging.system", "nats"),
			attribute.String("messaging.operation.type", "send"),
			attribute.String("messaging.operation.name", "send"),
			attribute.String("messaging.destination.template", "sanad.events.intake.case_opened.{record}"),
		}, s.Attributes(), cmp.Comparer(func(a, b attribute.KeyValue) bool { return a == b })); diff != "" {
			t.Error(diff)
		}
	}
	for _, s := range of(trace.SpanKindConsumer) {
		if !byID[s.Parent().SpanID()] || len(s.Links()) != 1 || s.Links()[0].SpanContext.SpanID() != s.Parent().SpanID() {
			t.Errorf("%s is below %s, with the links %v", s.Name(), s.Parent().SpanID(), s.Links())
		}
		delete(byID, s.Parent().SpanID())
	}

	// The bus loses all, and is healed: no further span, and the same trace.
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	everything(t, srv, in, "intake")
	// In no trace, in one that nobody records, or of long ago: none either.
	unrecorded := strings.TrimSuffix(c.Trace, "1") + "0"
	for id, old := range map[string]journal.Commit{
		"case_2": {At: c.At}, "case_3": {At: c.At, Trace: unrecorded}, "case_4": {At: c.At.Add(-2 * time.Hour), Trace: c.Trace},
	} {
		c := in.Append(id, caseOpened(id))
		c.At, c.Trace = old.At, old.Trace
		in.Bus.Offer(c)
	}
	everything(t, srv, in, "intake")
	if n := len(of(trace.SpanKindProducer)); n != 2 {
		t.Errorf("%d publications after the bus was healed", n)
	}
	for _, m := range read(t, srv, bus.Events, "sanad.events.>") {
		id, said := m.subject[strings.LastIndexByte(m.subject, '.')+1:], m.header.Get(event.HeaderTrace)
		if want := map[string]string{"case_1": c.Trace, "case_2": "", "case_3": unrecorded, "case_4": c.Trace}[id]; said != want {
			t.Errorf("%s says the trace %q, want %q", id, said, want)
		}
	}
}

// What is published again because it did not come back names the publication
// that has the span.
func testPublishedAgain(t *testing.T, srv Server) {
	recorder := tracetest.NewSpanRecorder()
	s := start(t, srv, "intake", NewJournal(), tracer(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))))
	s.Publish("case_0", caseOpened("case_0"))
	everything(t, srv, s, "intake")
	// Nothing comes back: the stream does not take the subject any more.
	st, err := s.JS.Stream(t.Context(), bus.Events)
	if err != nil {
		t.Fatal(err)
	}
	cfg := st.CachedInfo().Config
	subjects := cfg.Subjects
	cfg.Subjects = []string{"sanad.nothing.>"}
	if _, err := s.JS.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	lost, err := s.Conn.SubscribeSync("sanad.events.>")
	if err != nil {
		t.Fatal(err)
	}
	c := s.Append("case_1", caseOpened("case_1"))
	c.Trace = "00-" + theTrace + "-" + theCommit + "-01"
	s.Bus.Offer(c)
	first, err := lost.NextMsgWithContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, err := lost.NextMsgWithContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Subjects = subjects
	if _, err := s.JS.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	everything(t, srv, s, "intake")
	spans := recorder.Ended()
	if len(spans) != 1 {
		t.Fatalf("%d publications of one event", len(spans))
	}
	want := "00-" + theTrace + "-" + spans[0].SpanContext().SpanID().String() + "-01"
	for _, m := range []string{first.Header.Get(event.HeaderTrace), second.Header.Get(event.HeaderTrace), read(t, srv, bus.Events, "sanad.events.intake.case_opened.case_1")[0].header.Get(event.HeaderTrace)} {
		if m != want {
			t.Errorf("a message names %s, want %s", m, want)
		}
	}
}
