package edge_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/pkg/telemetry/telemetrytest"
)

// Every answer is in one span, which says how: also where no operation was asked,
// and where the answer came before the service was ready. What was asked for is
// told by its pattern alone.
func TestEveryAnswerIsInASpan(t *testing.T) {
	const canary = "canary-Aigul-0700123456"
	collector := telemetrytest.New(t)
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "process", OTLPEndpoint: collector.URL, Sample: 1, Writer: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	g := newGarden(t, tel.Tracing("garden"))
	docs := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "docs") })
	broken := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	open := edge.Join(tel.TracerProvider, g.router.Routes(), map[string]http.Handler{"/docs": docs, "/broken": broken})
	closed := edge.Closed(tel.TracerProvider)

	refused := func(f *fault.Error) func() {
		return func() {
			g.get = func(context.Context, edge.Request[nothing]) (edge.Response, error) { return edge.Response{}, f }
		}
	}
	fine := func() {
		g.get = func(context.Context, edge.Request[nothing]) (edge.Response, error) {
			return edge.Response{Body: 1}, nil
		}
	}
	often := func() {
		for range 10 {
			g.do(g.request("GET", "/v1/weather", ""))
		}
	}
	type answer struct {
		Service, Name, Method, Route, Code, Error, Status string
		Failed                                            bool
	}
	plants, one := "/v1/plants", "/v1/plants/{id}"
	name, want := map[string]string{}, map[string]answer{}
	for i, c := range []struct {
		name    string
		handler http.Handler
		before  func()
		request *http.Request
		want    answer
	}{
		{"read", open, fine, g.request("GET", "/v1/plants/plant_0001", ""), answer{"garden", "getPlant", "GET", one, "200", "", "", false}},
		{"its head", open, fine, g.request("HEAD", "/v1/plants/plant_0001", ""), answer{"garden", "getPlant", "HEAD", one, "200", "", "", false}},
		{"made", open, nil, g.request("POST", plants, plant), answer{"garden", "addPlant", "POST", plants, "201", "", "", false}},
		{"preflight", open, nil, g.request("OPTIONS", plants, ""), answer{"garden", "OPTIONS " + plants, "OPTIONS", plants, "204", "", "", false}},
		{"no token", open, nil, g.request("GET", plants, "", "Authorization", ""), answer{"garden", "listPlants", "GET", plants, "401", "unauthenticated", "", false}},
		{"not allowed", open, nil, g.request("POST", "/v1/plants/plant_0001/water", ""), answer{"garden", "waterPlant", "POST", "/v1/plants/{id}/water", "403", "forbidden", "", false}},
		{"no such record", open, refused(fault.New(fault.NotFound, "not_found", canary)), g.request("GET", "/v1/plants/plant_0001", ""), answer{"garden", "getPlant", "GET", one, "404", "not_found", "", false}},
		{"no such path", open, nil, g.request("GET", "/v1/"+canary, ""), answer{"process", "GET", "GET", "", "404", "not_found", "", false}},
		{"no clean path", open, nil, g.request("GET", "/v1//"+canary, ""), answer{"process", "GET", "GET", "", "404", "not_found", "", false}},
		{"no such method", open, nil, g.request("DELETE", "/v1/plants/"+canary, ""), answer{"garden", "DELETE " + one, "DELETE", one, "405", "method_not_allowed", "", false}},
		{"no method at all", open, nil, g.request("CANARY", "/v1/plants/"+canary, ""), answer{"garden", "HTTP " + one, "_OTHER", one, "405", "method_not_allowed", "", false}},
		{"a conflict", open, refused(fault.New(fault.Conflict, "case_not_open", canary)), g.request("GET", "/v1/plants/plant_0001", ""), answer{"garden", "getPlant", "GET", one, "409", "case_not_open", "", false}},
		{"against the contract", open, fine, g.request("GET", "/v1/plants/plant_0001?q="+canary, ""), answer{"garden", "getPlant", "GET", one, "422", "invalid", "", false}},
		{"too often", open, often, g.request("GET", "/v1/weather", ""), answer{"garden", "getWeather", "GET", "/v1/weather", "429", "rate_limited", "", false}},
		{"a defect", open, func() { g.get = func(context.Context, edge.Request[nothing]) (edge.Response, error) { panic(canary) } }, g.request("GET", "/v1/plants/plant_0001", ""), answer{"garden", "getPlant", "GET", one, "500", "internal", "internal", true}},
		{"a lost race", open, refused(fault.New(fault.Contended, "contended", canary)), g.request("GET", "/v1/plants/plant_0001", ""), answer{"garden", "getPlant", "GET", one, "503", "contended", "contended", true}},
		{"an outage", open, refused(identity.ErrKeysUnavailable), g.request("GET", "/v1/plants/plant_0001", ""), answer{"garden", "getPlant", "GET", one, "503", "keys_unavailable", "keys_unavailable", true}},
		{"not ready", closed, nil, g.request("GET", "/v1/plants/"+canary, ""), answer{"process", "GET", "GET", "", "503", "not_ready", "not_ready", true}},
		{"beside the services", open, nil, g.request("GET", "/docs", ""), answer{"process", "GET /docs", "GET", "/docs", "200", "", "", false}},
		{"without a word", open, nil, g.request("GET", "/broken", ""), answer{"process", "GET /broken", "GET", "/broken", "500", "500", "500", true}},
	} {
		c.request.Header.Set("User-Agent", canary)
		id := fmt.Sprintf("%032x", i+1)
		c.request.Header.Set("Traceparent", "00-"+id+"-b7ad6b7169203331-01")
		if c.before != nil {
			c.before()
		}
		c.handler.ServeHTTP(httptest.NewRecorder(), c.request)
		name[id], want[id] = c.name, c.want
	}
	if err := flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]answer{}
	for _, s := range collector.Spans() {
		if strings.Contains(s.Text, "anary") || strings.Contains(s.Text, "plant_0001") || strings.Contains(s.Text, "192.0.2.1") {
			t.Errorf("a span says %s", s.Text)
		}
		if name[s.Trace] == "" {
			continue // what a case asked before
		}
		if _, twice := got[s.Trace]; twice || s.Kind != "SERVER" || s.Parent != "b7ad6b7169203331" {
			t.Errorf("%s: a second span, or not the request's: %s", name[s.Trace], s.Text)
		}
		got[s.Trace] = answer{
			s.Service, s.Name, s.Attributes["http.request.method"], s.Attributes["http.route"],
			s.Attributes["http.response.status_code"], s.Attributes["error.type"], s.Status, s.Failed,
		}
	}
	for id, want := range want {
		if diff := cmp.Diff(want, got[id]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name[id], diff)
		}
	}
}

// A problem names the trace that its span is in.
func TestProblemsNameTheirTrace(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	g := newGarden(t, sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)))
	const sent = "0af7651916cd43dd8448eb211c80319c"
	r := g.request("GET", "/v1/plants/plant_0001?x=1", "", "Traceparent", "00-"+sent+"-b7ad6b7169203331-01")
	if p := requireProblem(t, g.do(r), 422, "invalid"); p.TraceID != sent {
		t.Errorf("trace %q of a request in a trace", p.TraceID)
	}
	for _, r := range []*http.Request{g.request("GET", "/v1/plants?x=1", "", "Authorization", ""), g.request("GET", "/v1/nowhere", "")} {
		resp := g.do(r)
		var p problem
		if err := json.NewDecoder(resp.Body).Decode(&p); err != nil {
			t.Fatal(err)
		}
		ended := spans.Ended()
		if got := ended[len(ended)-1].SpanContext().TraceID().String(); p.TraceID != got {
			t.Errorf("problem names trace %q, the span is in %q", p.TraceID, got)
		}
	}
	if n := len(spans.Ended()); n != 3 {
		t.Errorf("%d spans of three requests", n)
	}
}

// What an operation does is below the span of its request; where nothing is
// traced here, it is still in the trace of the caller, who may trace it.
func TestOperationsAreBelowTheirRequest(t *testing.T) {
	const sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	within := func(tp trace.TracerProvider) (inside trace.SpanContext) {
		g := newGarden(t, tp)
		g.get = func(ctx context.Context, _ edge.Request[nothing]) (edge.Response, error) {
			inside = trace.SpanContextFromContext(ctx)
			return edge.Response{}, nil
		}
		g.do(g.request("GET", "/v1/plants/plant_0001", "", "Traceparent", sent))
		return inside
	}
	spans := tracetest.NewSpanRecorder()
	if got, want := within(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))), spans.Ended()[0].SpanContext(); got.SpanID() != want.SpanID() {
		t.Errorf("works in span %s, its request is %s", got.SpanID(), want.SpanID())
	}
	if got := within(noop.NewTracerProvider()); !got.IsSampled() || got.SpanID().String() != "b7ad6b7169203331" {
		t.Errorf("untraced here, it works in span %s", got.SpanID())
	}
}
