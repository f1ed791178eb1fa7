package edge

import (
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/fault"
)

// methods serves one path.
type methods struct {
	handlers map[string]http.Handler
	allow    string
	// operations names what a method is in the contract, if it is there.
	operations map[string]string
}

func newMethods() *methods {
	return &methods{handlers: make(map[string]http.Handler), operations: make(map[string]string)}
}

func (m *methods) add(method string, h http.Handler) {
	m.handlers[method] = h
	names := append(slices.Collect(maps.Keys(m.handlers)), http.MethodOptions)
	if m.handlers[http.MethodGet] != nil {
		names = append(names, http.MethodHead)
	}
	slices.Sort(names)
	m.allow = strings.Join(names, ", ")
}

// ServeHTTP picks the method. HEAD is a GET whose body net/http drops.
func (m *methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if h, ok := m.handlers[method]; ok {
		h.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Allow", m.allow)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	writeStatus(r.Context(), w, errMethodNotAllowed, http.StatusMethodNotAllowed)
}

// Join serves several sets of routes under one address. Two sets with one path
// panic, at start-up. A path that nobody serves is a 404 problem. The operations
// of a service are in its own spans; what else is answered is in those of tp.
func Join(tp trace.TracerProvider, routes ...map[string]http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, set := range routes {
		for pattern, h := range set {
			if _, ok := h.(*span); !ok {
				h = traced(tp, pattern, nil, h)
			}
			if strings.HasSuffix(pattern, "/") {
				pattern += "{$}" // this path alone, and not all below it
			}
			mux.Handle(pattern, h)
		}
	}
	nowhere := traced(tp, "", nil, refusal(errNotFound))
	mux.Handle("/", nowhere)
	return front{mux, nowhere, mux}
}

// Closed answers every request that the service is not ready and the caller should
// try again.
func Closed(tp trace.TracerProvider) http.Handler {
	closed := traced(tp, "", nil, refusal(errNotReady))
	return front{closed, closed, http.NewServeMux()}
}

func refusal(f *fault.Error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { writeProblem(r.Context(), f, w) })
}

// Headers of every answer. The slices are shared and never written to.
var (
	noStore = []string{"no-store"}
	noSniff = []string{"nosniff"}
)

// front is the first handler of all; nowhere answers a path that does not exist.
type front struct {
	next, nowhere http.Handler
	paths         *http.ServeMux
}

// ServeHTTP refuses a path that is not clean: the mux would redirect the caller to
// the clean one, and a redirect repeats what the caller sent. A path may end with a slash
// where it is served so.
func (f front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Cache-Control"], h["X-Content-Type-Options"] = noStore, noSniff
	if clean := path.Clean(r.URL.Path); r.URL.Path != clean && !f.served(r, clean+"/") {
		f.nowhere.ServeHTTP(w, r)
		return
	}
	f.next.ServeHTTP(w, r)
}

// served says whether a request is for a path that is served with a slash at its end.
func (f front) served(r *http.Request, path string) bool {
	if r.URL.Path != path {
		return false
	}
	_, pattern := f.paths.Handler(r)
	return strings.HasSuffix(pattern, "/{$}")
}
