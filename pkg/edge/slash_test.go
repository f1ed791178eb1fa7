package edge

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/trace/noop"
)

// A path is served with a slash at its end where a route has one, and only there; all
// below it is not served with it.
func TestASlashAtTheEnd(t *testing.T) {
	here := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	h := Join(noop.NewTracerProvider(), map[string]http.Handler{"/a": here, "/a/": here, "/b": here, "/a/{id}": here})
	for path, want := range map[string]int{
		"/a": 204, "/a/": 204, "/a/1": 204, "/b": 204,
		"/b/": 404, "/a//": 404, "//a/": 404, "/a/1/": 404, "/a/./": 404, "/a/1/2": 404, "/": 404,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.URL.Path = path
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}
