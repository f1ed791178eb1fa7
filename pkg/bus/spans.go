package bus

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

// told is the age of a commit beyond which its publication has no span any more. A
// bus that lost everything is filled again from the whole journal. Traces of last
// year have no use, and they would overload the collector.
const told = time.Hour

// spans makes the span of a message's publication: a child of what made the
// event, and the parent of what reacts to it. A message has one, however often
// it is published.
type spans struct {
	tracer trace.Tracer // nil: nothing is traced
	kinds  map[string]kind
	// had are the latest messages that have their span.
	had seen
}

// kind is what the spans of a type of event have in common.
type kind struct {
	name    string
	options []trace.SpanStartOption
}

func newSpans(tp trace.TracerProvider, tracer trace.Tracer, service string, catalogue event.Catalogue) spans {
	if _, ok := tp.(noop.TracerProvider); ok {
		return spans{}
	}
	s := spans{tracer: tracer, kinds: map[string]kind{}, had: newSeen()}
	for _, typ := range catalogue.Types() {
		owner, name := event.Split(typ)
		if owner != service {
			continue
		}
		template := event.Subject(service, name, "{record}")
		s.kinds[typ] = kind{
			name: "send " + strings.TrimSuffix(template, ".{record}"),
			options: []trace.SpanStartOption{
				trace.WithSpanKind(trace.SpanKindProducer),
				trace.WithAttributes(
					attribute.String("messaging.system", "nats"),
					attribute.String("messaging.operation.type", "send"),
					attribute.String("messaging.operation.name", "send"),
					attribute.String("messaging.destination.template", template),
				),
			},
		}
	}
	return s
}

// begin gives a message its span, nil when it has none: nobody records the trace
// of its commit, or it is an agency's copy, which is in no trace. The lock of the
// relay is held.
func (s *spans) begin(c *journal.Commit, p parcel, now time.Time) trace.Span {
	if s.tracer == nil || !sampled(c.Trace) || p.to.outside || now.Sub(c.At) > told || s.had.has(p.key, p.tail) {
		return nil
	}
	s.had.add(p.key, p.tail)
	k := s.kinds[c.Events[p.index].Type]
	_, span := s.tracer.Start( //nolint:spancheck // ends with what is begun here: the publication
		propagation.TraceContext{}.Extract(context.Background(), traceparent(c.Trace)), k.name, k.options...)
	return span //nolint:spancheck // as above
}

// end ends the span of a message that was sent, or that the bus was not there to
// take.
func end(span trace.Span, err error) {
	if span == nil {
		return
	}
	if err != nil {
		span.SetStatus(codes.Error, "unavailable")
		span.SetAttributes(attribute.String("error.type", "unavailable"))
	}
	span.End()
}

// cause is what a message says that led to it: its publication, or else what
// made the event.
func cause(c *journal.Commit, span trace.Span) string {
	if span == nil || !span.SpanContext().IsValid() {
		return c.Trace
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(trace.ContextWithSpan(context.Background(), span), carrier)
	return carrier[event.HeaderTrace]
}

// sampled reads the last bit of a traceparent, in which its flags end. It is called
// for every message, so it must cost nothing for a message that is in no trace.
func sampled(traceparent string) bool {
	n := len(traceparent)
	return n > 0 && strings.IndexByte("13579bdf", traceparent[n-1]) >= 0
}
