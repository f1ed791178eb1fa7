// Package telemetrytest is the other end of tracing: a collector in the process
// of a test, which takes spans by OTLP as a real one does and tells what it got.
// It refuses what is not OTLP.
package telemetrytest

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	collectorv1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Span is one span as it arrived.
type Span struct {
	// Service is the service.name of its resource.
	Service string
	Name    string
	// Kind is SERVER, CLIENT, PRODUCER, CONSUMER or INTERNAL.
	Kind string
	// Trace, ID and Parent are in hex; a root has no parent.
	Trace, ID, Parent string
	// Links are the spans it is linked to.
	Links      []string
	Attributes map[string]string
	// Failed says that its status is error, and Status what is said of it.
	Failed bool
	Status string
	// Text is all that was sent of it, with its resource.
	Text string
}

// Collector takes spans.
type Collector struct {
	// URL is where it is, without a path.
	URL string

	mu    sync.Mutex
	paths []string
	spans []Span
}

// New starts a collector that ends with the test.
func New(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := c.take(r); err != nil {
			t.Errorf("collector: %v", err)
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	t.Cleanup(server.Close)
	c.URL = server.URL
	return c
}

// Paths lists where spans were sent to, in order.
func (c *Collector) Paths() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.paths...)
}

// Spans lists what arrived, in order.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

func (c *Collector) take(r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	var sent collectorv1.ExportTraceServiceRequest
	if err := proto.Unmarshal(body, &sent); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = append(c.paths, r.URL.Path)
	for _, from := range sent.GetResourceSpans() {
		resource := attributes(from.GetResource().GetAttributes())
		for _, scope := range from.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				span := Span{
					Service: resource["service.name"], Name: s.GetName(),
					Kind:  s.GetKind().String()[len("SPAN_KIND_"):],
					Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()), Parent: hex.EncodeToString(s.GetParentSpanId()),
					Attributes: attributes(s.GetAttributes()),
					Failed:     s.GetStatus().GetCode() == tracev1.Status_STATUS_CODE_ERROR, Status: s.GetStatus().GetMessage(),
					Text: from.GetResource().String() + " " + scope.GetScope().String() + " " + s.String(),
				}
				for _, l := range s.GetLinks() {
					span.Links = append(span.Links, hex.EncodeToString(l.GetSpanId()))
				}
				c.spans = append(c.spans, span)
			}
		}
	}
	return nil
}

func attributes(sent []*commonv1.KeyValue) map[string]string {
	m := make(map[string]string, len(sent))
	for _, a := range sent {
		switch v := a.GetValue().GetValue().(type) {
		case *commonv1.AnyValue_StringValue:
			m[a.GetKey()] = v.StringValue
		case *commonv1.AnyValue_IntValue:
			m[a.GetKey()] = strconv.FormatInt(v.IntValue, 10)
		default:
			m[a.GetKey()] = a.GetValue().String()
		}
	}
	return m
}
