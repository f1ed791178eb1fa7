package chain

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/go-kit/kit/endpoint"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
)

type metrics struct {
	operations *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer) metrics {
	m := metrics{
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_operations_total",
			Help: "Operations by result: ok, cancelled by a caller that left, or the kind of the fault, but for a record that is set aside.",
		}, []string{"operation", "result"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "sanad_operation_seconds",
			Help:    "How long operations took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"operation"}),
	}
	reg.MustRegister(m.operations, m.seconds)
	return m
}

// observe measures and logs the operation. A success costs no allocation
// unless somebody looks.
func (c *Chain) observe(op Operation) endpoint.Middleware {
	results := c.metrics.operations.MustCurryWith(prometheus.Labels{"operation": op.ID})
	succeeded := results.WithLabelValues("ok")
	seconds := c.metrics.seconds.WithLabelValues(op.ID)
	return func(next endpoint.Endpoint) endpoint.Endpoint {
		return func(ctx context.Context, request any) (any, error) {
			start := c.clock()
			response, err := next(ctx, request)
			took := c.clock().Sub(start)
			observeSeconds(ctx, seconds, took)
			if err == nil {
				succeeded.Inc()
				c.log(ctx, op, slog.LevelDebug, "operation done", "ok", took)
				return response, nil
			}
			if ctx.Err() != nil && errors.Is(err, context.Canceled) {
				// The caller left, or the process stops: this is no defect.
				results.WithLabelValues("cancelled").Inc()
				return nil, err
			}
			f := fault.Of(err)
			if f.Code == fault.Quarantined {
				// One record is closed, of which there is a list and an alert of its own.
				// The operation works: this is no outage, and is asked for again and again.
				results.WithLabelValues(fault.Quarantined).Inc()
				return nil, err
			}
			kind := f.Kind
			results.WithLabelValues(kind.String()).Inc()
			switch kind {
			case fault.Internal:
				c.log(ctx, op, slog.LevelError, "operation failed", kind.String(), took, cause(err)...)
			case fault.Unavailable:
				c.log(ctx, op, slog.LevelWarn, "operation unavailable", kind.String(), took, cause(err)...)
			}
			return nil, err
		}
	}
}

// observeSeconds leaves the trace beside the measurement when there is one.
func observeSeconds(ctx context.Context, seconds prometheus.Observer, took time.Duration) {
	sc := trace.SpanContextFromContext(ctx)
	if exemplars, ok := seconds.(prometheus.ExemplarObserver); ok && sc.IsSampled() {
		exemplars.ObserveWithExemplar(took.Seconds(), prometheus.Labels{"trace_id": sc.TraceID().String()})
		return
	}
	seconds.Observe(took.Seconds())
}

// log names the agency and not the person.
func (c *Chain) log(ctx context.Context, op Operation, level slog.Level, message, result string, took time.Duration, more ...slog.Attr) {
	if !c.logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", op.ID),
		slog.String("result", result),
		slog.Float64("duration_ms", float64(took.Microseconds())/1000),
	}
	if p, err := identity.From(ctx); err == nil && !p.Anonymous() {
		attrs = append(attrs, slog.String("agency", p.Agency))
	}
	c.logger.LogAttrs(ctx, level, message, append(attrs, more...)...) //nolint:sloglint // every caller's is a constant
}

func cause(err error) []slog.Attr {
	if p, ok := errors.AsType[*panicked](err); ok {
		return []slog.Attr{slog.String("panic", p.kind), slog.String("stack", p.stack)}
	}
	return []slog.Attr{slog.Any("error", err)}
}
