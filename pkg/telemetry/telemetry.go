// Package telemetry makes what a process tells about itself: traces, metrics
// and logs. It refuses to say more than it was allowed to: a log attribute that
// is not on the list is redacted, an error is told by its code and its type and
// never by its text.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Config says where what is told goes.
type Config struct {
	// Service is the service.name of traces.
	Service string
	// OTLPEndpoint is the URL of a collector (OTLP over HTTP), of which a path
	// may be left out; without it nothing is traced and tracing costs nothing.
	OTLPEndpoint string
	// Sample is the share of new traces that are recorded, 0 to 1. A trace that
	// a caller began is recorded when the caller records it.
	Sample float64
	// Writer takes the logs, one JSON object a line.
	Writer io.Writer
	// Level is the least level that is logged; the zero value is Info.
	Level slog.Level
}

// Telemetry is what a process tells about itself with.
type Telemetry struct {
	TracerProvider trace.TracerProvider
	// Registry holds the metrics of the runtime and of the process already.
	Registry *prometheus.Registry
	Logger   *slog.Logger

	store *prometheus.HistogramVec
}

// New makes it. The function flushes what is still held, within its context.
func New(ctx context.Context, cfg Config) (*Telemetry, func(context.Context) error, error) {
	t := &Telemetry{
		TracerProvider: noop.NewTracerProvider(),
		Registry:       prometheus.NewRegistry(),
		Logger:         NewLogger(cfg.Writer, cfg.Level),
	}
	t.Registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	t.store = newStoreSeconds(t.Registry)
	if cfg.OTLPEndpoint == "" {
		return t, func(context.Context) error { return nil }, nil
	}
	endpoint, err := tracesURL(cfg.OTLPEndpoint)
	if err != nil {
		return nil, nil, fmt.Errorf("trace exporter: %w", err)
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint))
	if err != nil {
		return nil, nil, fmt.Errorf("trace exporter: %w", err)
	}
	// Spans that do not arrive are missed only when somebody looks for them.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		t.Logger.Warn("spans did not reach the collector", slog.Any("error", err))
	}))
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(cfg.Sample))),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", cfg.Service))))
	t.TracerProvider = provider
	return t, provider.Shutdown, nil
}

var errEndpoint = errors.New("the endpoint of the collector must be http://host:port or https://host:port")

// tracesURL is where a collector takes traces: at /v1/traces, unless the URL
// says otherwise (OTLP 1.0, "OTLP/HTTP Request").
func tracesURL(endpoint string) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", errEndpoint // the parser's own words repeat the value
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/traces"
	}
	return u.String(), nil
}
