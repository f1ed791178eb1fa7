package edge

import (
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
)

// methods serves one path.
type methods struct {
	handlers map[string]http.Handler
	allow    string
}

func newMethods() *methods { return &methods{handlers: make(map[string]http.Handler)} }

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
// panic, at start-up. A path that nobody serves is a 404 problem.
func Join(routes ...map[string]http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, set := range routes {
		for pattern, h := range set {
			mux.Handle(pattern, h)
		}
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { writeProblem(r.Context(), errNotFound, w) })
	return front{mux}
}

// Closed tells whoever asks to come again, whatever they ask for: the service is
// not ready.
func Closed() http.Handler {
	return front{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { writeProblem(r.Context(), errNotReady, w) })}
}

// Headers of every answer. The slices are shared and never written to.
var (
	noStore = []string{"no-store"}
	noSniff = []string{"nosniff"}
)

type front struct{ next http.Handler }

// ServeHTTP refuses a path that is not clean: the mux would send the caller to
// another one, and a redirect repeats what was sent.
func (f front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Cache-Control"], h["X-Content-Type-Options"] = noStore, noSniff
	if r.URL.Path != path.Clean(r.URL.Path) {
		writeProblem(r.Context(), errNotFound, w)
		return
	}
	f.next.ServeHTTP(w, r)
}
