package observe

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

const canary = "canary-51d0"

// watched shows one page, which asks once and fails, and gives what was observed of it.
func watched(t *testing.T) (*prometheus.Registry, tracetest.SpanStubs, http.Header) {
	t.Helper()
	registry, spans := prometheus.NewRegistry(), tracetest.NewInMemoryExporter()
	o := New(registry, sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans)))
	o.Sessions(func() int { return 2 })
	head := http.Header{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /desk/cases/{id}", func(w http.ResponseWriter, r *http.Request) {
		_, answered := o.Ask(r.Context(), api.Operation{ID: "getCase", Service: "intake", Path: "/v1/cases/{id}"}, head)
		answered(http.StatusNotFound)
		w.WriteHeader(http.StatusBadGateway)
	})
	r := httptest.NewRequest(http.MethodGet, "/desk/cases/"+canary+"?q="+canary, nil)
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	o.Pages(mux).ServeHTTP(httptest.NewRecorder(), r)
	_, answered := o.Ask(context.Background(), api.Operation{ID: "countReferrals", Service: "referral"}, http.Header{})
	answered(0)
	return registry, spans.GetSpans(), head
}

// deploy/metrics.txt has the metrics of the pages, and no other.
func TestMetrics(t *testing.T) {
	registry, _, _ := watched(t)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	live := map[string][]string{}
	for _, f := range families {
		labels := map[string]bool{}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = true
				if strings.Contains(l.GetValue(), canary) {
					t.Errorf("%s has the id of a record", f.GetName())
				}
			}
		}
		live[f.GetName()] = slices.Sorted(maps.Keys(labels))
	}
	text, err := os.ReadFile("../../../../deploy/metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); strings.HasPrefix(line, "sanad_desk_") {
			want[f[0]] = f[1:]
		}
	}
	if d := cmp.Diff(want, live, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("deploy/metrics.txt (-), and what is exported (+):\n%s", d)
	}
}

// Spans have the patterns of pages and the names of operations. The services join theirs,
// and what a browser says of a trace joins nothing.
func TestSpans(t *testing.T) {
	_, spans, head := watched(t)
	if len(spans) != 3 || spans[0].Name != "getCase" || spans[1].Name != "GET /desk/cases/{id}" || spans[2].Name != "countReferrals" {
		t.Fatalf("spans: %+v", spans)
	}
	page, ask := spans[1], spans[0]
	if page.Parent.IsValid() || page.SpanContext.TraceID().String() == "0af7651916cd43dd8448eb211c80319c" {
		t.Error("the browser's trace was joined")
	}
	if ask.Parent.SpanID() != page.SpanContext.SpanID() || !strings.Contains(head.Get("Traceparent"), ask.SpanContext.SpanID().String()) {
		t.Errorf("what the page asked is not a part of it: %v", head)
	}
	for _, s := range spans {
		for _, a := range s.Attributes {
			if strings.Contains(a.Value.String(), canary) {
				t.Errorf("%s: %s has the id of a record", s.Name, a.Key)
			}
		}
	}
}
