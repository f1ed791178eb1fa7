package edge

import (
	"net/http"
	"slices"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// traced puts a server's span around every answer on a path, also around one that
// is refused before it reaches an operation. The span has the name of the operation
// of its method, if one is named.
//
// The path is the route's pattern, and empty where nobody serves it.
// OpenTelemetry's own handler would record the path and the address of the caller.
// The path names a record, and the caller may be a survivor.
//
// Where nothing is traced it returns the handler itself, and costs nothing.
func traced(tp trace.TracerProvider, path string, operations map[string]string, next http.Handler) http.Handler {
	if _, ok := tp.(noop.TracerProvider); ok {
		return next
	}
	return &span{
		tracer: tp.Tracer("github.com/sanad-network/sanad/pkg/edge"),
		path:   path, operations: operations, next: next,
	}
}

type span struct {
	tracer     trace.Tracer
	path       string
	operations map[string]string
	next       http.Handler
}

// known are the methods that a span may name. A caller may send any word as a
// method.
var known = []string{
	http.MethodGet, http.MethodPost, http.MethodHead, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace,
}

// ServeHTTP records the answer by OpenTelemetry's conventions for HTTP: a status of
// 5xx is an error of the service, any other is not.
func (s *span) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, attrs := s.asked(r.Method)
	ctx, span := s.tracer.Start(extract(r.Context(), r.Header), name,
		trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attrs...))
	defer span.End()
	a := &answered{ResponseWriter: w, status: http.StatusOK}
	s.next.ServeHTTP(a, r.WithContext(ctx))
	span.SetAttributes(attribute.Int("http.response.status_code", a.status))
	if a.status >= http.StatusInternalServerError {
		if a.code == "" {
			a.code = strconv.Itoa(a.status)
		}
		span.SetStatus(codes.Error, a.code)
	}
	if a.code != "" {
		span.SetAttributes(attribute.String("error.type", a.code))
	}
}

// asked gives a request the name of its span, and what is known of it before it
// is answered.
func (s *span) asked(method string) (name string, attrs []attribute.KeyValue) {
	served := method
	if method == http.MethodHead {
		served = http.MethodGet
	}
	name = method
	if !slices.Contains(known, method) {
		name, method = "HTTP", "_OTHER"
	}
	attrs = append(make([]attribute.KeyValue, 0, 2), attribute.String("http.request.method", method))
	if s.path == "" {
		return name, attrs
	}
	attrs = append(attrs, attribute.String("http.route", s.path))
	if operation, ok := s.operations[served]; ok {
		return operation, attrs
	}
	return name + " " + s.path, attrs
}

// answered keeps how an answer began.
type answered struct {
	http.ResponseWriter
	status int
	// code is that of the fault, empty for none.
	code  string
	wrote bool
}

// WriteHeader keeps the first status that is final.
func (a *answered) WriteHeader(status int) {
	if !a.wrote && status >= http.StatusOK {
		a.status, a.wrote = status, true
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write begins an answer of 200 if none began.
func (a *answered) Write(p []byte) (int, error) {
	a.wrote = true
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// tell puts the code of a fault on the span of the request, if there is one.
func tell(w http.ResponseWriter, code string) {
	if a, ok := w.(*answered); ok {
		a.code = code
	}
}
