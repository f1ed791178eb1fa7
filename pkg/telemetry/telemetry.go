// Package telemetry makes the traces, metrics and logs of a process. It refuses to
// record what is not allowed: a log attribute that is not on the list is redacted,
// and an error is recorded by its code and its type, never by its text.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"sync"

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

// Config says where logs, traces and metrics go.
type Config struct {
	// Service is the service.name of what the process itself does. Required.
	Service string
	// OTLPEndpoint is the URL of a collector (OTLP over HTTP): http or https. The
	// path is "/v1/traces" when the URL has none. Default: nothing is traced, and
	// tracing costs nothing.
	OTLPEndpoint string
	// Sample is the share of new traces that are recorded: 0 to 1. Default: 0. A
	// trace that a caller began is recorded when the caller records it.
	Sample float64
	// Writer gets the logs, one JSON object a line. Required.
	Writer io.Writer
	// Level is the lowest level that is logged. Default: Info.
	Level slog.Level
}

// Telemetry holds the tools for traces, metrics and logs of a process.
type Telemetry struct {
	// TracerProvider makes the spans of the process itself.
	TracerProvider trace.TracerProvider
	// Registry holds the metrics of the runtime and of the process already.
	Registry *prometheus.Registry
	Logger   *slog.Logger

	store *prometheus.HistogramVec
	// collector is nil when nothing is sent to one.
	collector *collector
}

// Tracing makes the spans of one of the services in the process, under its own
// service.name. Without a collector it is that of the process.
func (t *Telemetry) Tracing(service string) trace.TracerProvider {
	if t.collector == nil {
		return t.TracerProvider
	}
	return t.collector.of(service)
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
	// Nothing waits for spans, so spans that do not arrive are no error.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		t.Logger.Warn("spans did not reach the collector", slog.Any("error", err))
	}))
	t.collector = &collector{
		spans:    sdktrace.NewBatchSpanProcessor(exporter),
		sampler:  sdktrace.ParentBased(sdktrace.TraceIDRatioBased(cfg.Sample)),
		services: map[string]*sdktrace.TracerProvider{},
	}
	t.TracerProvider = t.collector.of(cfg.Service)
	return t, t.collector.shutdown, nil
}

// collector is where the spans of all services in the process go, over one
// connection and out of one queue, however many they are.
type collector struct {
	spans   sdktrace.SpanProcessor
	sampler sdktrace.Sampler

	mu       sync.Mutex
	services map[string]*sdktrace.TracerProvider
}

func (c *collector) of(service string) trace.TracerProvider {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.services[service] == nil {
		c.services[service] = sdktrace.NewTracerProvider(
			sdktrace.WithSpanProcessor(c.spans),
			sdktrace.WithSampler(c.sampler),
			sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", service))))
	}
	return c.services[service]
}

// shutdown sends what the queue still holds, of all services. The first
// provider ends the queue that they share; for the others nothing is left.
func (c *collector) shutdown(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs error
	for _, provider := range c.services {
		errs = errors.Join(errs, provider.Shutdown(ctx))
	}
	return errs
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
