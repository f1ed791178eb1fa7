package bus

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/go-kit/kit/endpoint"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/schema"
)

// Delivery is the request that an endpoint of On gets.
type Delivery struct {
	event.Envelope
	// Data is the envelope's data, decoded. It keeps the event's schema.
	Data fact.Data
	// Attempt counts deliveries of the same message, from 1.
	Attempt int
}

// reaction is an endpoint with what is measured of it.
type reaction struct {
	endpoint endpoint.Endpoint
	// label is the event's name in metrics, span the span's.
	label   string
	span    string
	options []trace.SpanStartOption
	seconds prometheus.Observer
	results *prometheus.CounterVec
	// ok is the result that nearly all have.
	ok prometheus.Counter
	// quiet says that neither spans nor counts say that it happened.
	quiet bool
	// schema and version are those of the event, nil and 0 for a deadline.
	schema  *schema.Schema
	version uint64
}

type reactions struct {
	judge
	due map[string]*reaction
}

func (b *Bus) addReaction(typ string, e endpoint.Endpoint) {
	service, name := event.Split(typ)
	switch {
	case !b.cfg.Catalogue.Has(typ):
		panic("bus: the catalogue lacks " + typ)
	case isConfined(b.cfg.Catalogue, typ):
		panic("bus: services are not told of " + typ)
	case b.reactions.events[typ] != nil:
		panic("bus: two reactions to " + typ)
	}
	r := b.newReaction(typ, event.Subject(service, name, "{record}"), e)
	r.quiet = toldOn(b.cfg.Catalogue, typ) == Inside
	if err := b.reactions.add(typ, r); err != nil {
		panic("bus: cannot judge " + typ + ": " + err.Error())
	}
}

func (b *Bus) newReaction(label, template string, e endpoint.Endpoint) *reaction {
	b.metrics.expect(label)
	results := b.metrics.reactions.MustCurryWith(prometheus.Labels{"event": label})
	return &reaction{
		endpoint: e,
		label:    label,
		span:     "process " + strings.TrimSuffix(template, ".{record}"),
		options: []trace.SpanStartOption{
			trace.WithSpanKind(trace.SpanKindConsumer),
			// OpenTelemetry's messaging conventions. The destination is the
			// template: a subject names a record.
			trace.WithAttributes(
				attribute.String("messaging.system", "nats"),
				attribute.String("messaging.operation.type", "process"),
				attribute.String("messaging.operation.name", "process"),
				attribute.String("messaging.destination.template", template),
				attribute.String("messaging.consumer.group.name", b.cfg.Service),
			),
		},
		seconds: b.metrics.seconds.WithLabelValues(label),
		results: results,
		ok:      results.WithLabelValues("ok"),
	}
}

// traceparent reads a W3C trace context out of a single header.
type traceparent string

// Get gives the header.
func (t traceparent) Get(key string) string {
	if key == event.HeaderTrace {
		return string(t)
	}
	return ""
}

// Set does nothing: it is read only.
func (traceparent) Set(string, string) {}

// Keys names the header.
func (traceparent) Keys() []string { return []string{event.HeaderTrace} }

// react calls the endpoint within a span that is a child of what caused the
// message, and linked to it.
func (b *Bus) react(ctx context.Context, r *reaction, cause string, request any) error {
	if r.quiet {
		_, err := r.endpoint(ctx, request)
		return err
	}
	options := r.options
	if cause != "" {
		ctx = propagation.TraceContext{}.Extract(ctx, traceparent(cause))
		options = append(slices.Clip(options), trace.WithLinks(trace.LinkFromContext(ctx)))
	}
	ctx, span := b.tracer.Start(ctx, r.span, options...)
	defer span.End()
	began := time.Now()
	_, err := r.endpoint(ctx, request)
	r.seconds.Observe(time.Since(began).Seconds())
	if err == nil {
		r.ok.Inc()
		return nil
	}
	f := fault.Of(err)
	r.results.WithLabelValues(f.Kind.String()).Inc()
	span.SetStatus(codes.Error, f.Code)
	span.SetAttributes(attribute.String("error.type", f.Code))
	return err
}

// deliverEvent brings a message of a destination to its endpoint.
func (b *Bus) deliverEvent(ctx context.Context, at *destination, msg jetstream.Msg) {
	d := delivery{bus: b, msg: msg, attempt: attempt(msg), label: "unknown"}
	m, refused := b.reactions.judge.judgeAt(at, msg.Subject(), msg.Headers(), msg.Data())
	if m.reaction != nil {
		d.label = m.reaction.label
	}
	switch refused {
	case nil:
		d.settle(ctx, b.react(ctx, m.reaction, m.Trace, Delivery{Envelope: m.Envelope, Data: m.data, Attempt: d.attempt}))
	case newerVersion, newerCode:
		d.park(refused)
	default:
		d.bury(ctx, refused)
	}
}

func attempt(msg jetstream.Msg) int {
	meta, err := msg.Metadata()
	if err != nil {
		return 1
	}
	return int(meta.NumDelivered)
}

// consumers lists what Run has to bind.
func (b *Bus) consumers() []*consumer {
	cs := b.Part().durables()
	for _, c := range cs {
		b.metrics.pending.WithLabelValues(c.stream) // it is there before the bus is
		if heard(c.stream) {
			d := destinedTo(c.stream)
			c.deliver = func(ctx context.Context, msg jetstream.Msg) { b.deliverEvent(ctx, d, msg) }
			c.lanes = reactionLanes
		} else {
			c.deliver, c.lanes = b.deliverDue, dueLanes
		}
	}
	return cs
}
