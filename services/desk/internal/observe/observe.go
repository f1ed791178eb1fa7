// Package observe counts and times what the desk does: its pages by their patterns, and
// what it asks of the services by operation. It refuses to know more of a request: an
// address names a record, and who asks may be a survivor's worker whom somebody looks for.
package observe

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// nowhere is the page of an address that no page has. Callers may make up any.
const nowhere = "none"

// Observer holds the metrics and the tracer.
type Observer struct {
	registerer prometheus.Registerer
	pages      *prometheus.HistogramVec
	asks       *prometheus.CounterVec
	tracer     trace.Tracer
}

// New makes an observer. Nil is no metrics, and no spans.
func New(registerer prometheus.Registerer, tracing trace.TracerProvider) *Observer {
	if tracing == nil {
		tracing = noop.NewTracerProvider()
	}
	o := &Observer{
		registerer: registerer,
		pages: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sanad_desk_page_seconds", Help: "How long pages of the desk took, until the last byte.",
			Buckets: []float64{.005, .01, .02, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"page", "status"}),
		asks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_desk_requests_total", Help: "What the desk asked of the services; status none where no answer came.",
		}, []string{"operation", "status"}),
		tracer: tracing.Tracer("github.com/sanad-network/sanad/services/desk/internal/observe"),
	}
	if registerer != nil {
		registerer.MustRegister(o.pages, o.asks)
	}
	return o
}

// Sessions has the number of browsers that are signed in among the metrics.
func (o *Observer) Sessions(count func() int) {
	if o.registerer != nil {
		o.registerer.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sanad_desk_sessions", Help: "How many browsers are signed in.",
		}, func() float64 { return float64(count()) }))
	}
}

// Pages stands around the pages. What a browser says of its own traces is not taken: it
// would join the visits of a person.
func (o *Observer) Pages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		ctx, span := o.tracer.Start(r.Context(), "page", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		r = r.WithContext(ctx)
		a := &answer{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(a, r)
		page := r.Pattern
		if page == "" {
			page = nowhere
		}
		o.pages.WithLabelValues(page, strconv.Itoa(a.status)).Observe(time.Since(began).Seconds())
		span.SetName(page)
		span.SetAttributes(attribute.String("http.route", page), attribute.Int("http.response.status_code", a.status))
		if a.status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, strconv.Itoa(a.status))
		}
	})
}

// Ask is an api.Watch: the services join their spans to those of the page.
func (o *Observer) Ask(ctx context.Context, op api.Operation, head http.Header) (context.Context, func(status int)) {
	//nolint:spancheck // the function that is returned ends it
	ctx, span := o.tracer.Start(ctx, op.ID, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("peer.service", op.Service)))
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(head))
	return ctx, func(status int) { //nolint:spancheck // as above
		label := nowhere
		if status != 0 {
			label = strconv.Itoa(status)
			span.SetAttributes(attribute.Int("http.response.status_code", status))
		}
		if status == 0 || status >= http.StatusBadRequest {
			span.SetStatus(codes.Error, label)
		}
		o.asks.WithLabelValues(op.ID, label).Inc()
		span.End()
	}
}

// answer keeps the status.
type answer struct {
	http.ResponseWriter
	status int
	wrote  bool
}

// WriteHeader keeps the first status that is final.
func (a *answer) WriteHeader(status int) {
	if !a.wrote && status >= http.StatusOK {
		a.status, a.wrote = status, true
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write begins an answer of 200 if none began.
func (a *answer) Write(p []byte) (int, error) {
	a.wrote = true
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
