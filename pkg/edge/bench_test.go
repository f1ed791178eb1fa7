package edge_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace/noop"
)

// discard is a response writer that keeps nothing.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }

func benchmark(b *testing.B, method, target, body string, status int) {
	g := newGarden(b, noop.NewTracerProvider())
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		r := g.request(method, target, body)
		w := &discard{}
		for pb.Next() {
			r.Body = readCloser{strings.NewReader(body)}
			w.header = make(http.Header)
			g.router.ServeHTTP(w, r)
			if w.status != status {
				b.Fatalf("status %d", w.status)
			}
		}
	})
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func BenchmarkPost(b *testing.B) { benchmark(b, "POST", "/v1/plants", plant, 201) }
func BenchmarkGet(b *testing.B)  { benchmark(b, "GET", "/v1/plants/plant_0001", "", 200) }
func BenchmarkList(b *testing.B) { benchmark(b, "GET", "/v1/plants?status=seed&limit=10", "", 200) }
func BenchmarkRefused(b *testing.B) {
	benchmark(b, "POST", "/v1/plants", strings.Replace(plant, "seed", "sprout", 1), 422)
}

// BenchmarkServed is the same command over loopback TCP, 64 clients at once,
// client and server in one process.
func BenchmarkServed(b *testing.B) {
	g := newGarden(b, noop.NewTracerProvider())
	server := httptest.NewServer(g.router)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, _ := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/v1/plants", strings.NewReader(plant))
			r.Header = g.request(http.MethodPost, "/v1/plants", "").Header
			resp, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusCreated {
				b.Errorf("status %d", resp.StatusCode)
			}
		}
	})
}
