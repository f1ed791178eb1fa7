package edge

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/fault"
)

// problems is where each code is explained, on the instance that answers: a
// reference with the whole path, as RFC 9457 section 3.1.1 has it, because a service
// does not know by which name its callers reach it.
const problems = "/docs/problems#"

// statuses says what a fault is in HTTP.
var statuses = [...]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Malformed:       http.StatusBadRequest,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Contended:       http.StatusServiceUnavailable,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unsupported:     http.StatusUnsupportedMediaType,
	fault.RateLimited:     http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// problem is RFC 9457, with the members of our own that its section 3.2 allows.
type problem struct {
	Type   string        `json:"type"`
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Detail string        `json:"detail,omitempty"`
	Code   string        `json:"code"`
	Errors []fault.Field `json:"errors,omitempty"`
	Near   []string      `json:"near,omitempty"`
	// NotBefore is in the body alone: a header is what proxies log.
	NotBefore time.Time `json:"not_before,omitzero"`
	Current   any       `json:"current,omitempty"`
	TraceID   string    `json:"trace_id,omitempty"`
}

// Refuse writes a fault as a problem, for what is served beside the operations.
func Refuse(ctx context.Context, w http.ResponseWriter, err error) { writeProblem(ctx, err, w) }

// writeProblem writes a fault. Any other error becomes a 500 that says nothing
// more.
func writeProblem(ctx context.Context, err error, w http.ResponseWriter) {
	f := fault.Of(err)
	writeStatus(ctx, w, f, statuses[f.Kind])
}

func writeStatus(ctx context.Context, w http.ResponseWriter, f *fault.Error, status int) {
	body, err := json.Marshal(problem{
		Type: problems + f.Code, Title: http.StatusText(status), Status: status,
		Detail: f.Detail, Code: f.Code, Errors: f.Fields, Near: f.Near, NotBefore: f.NotBefore, Current: f.Current, TraceID: traceID(ctx),
	})
	if err != nil {
		// The present state could not be written; the rest can.
		stateless := *f
		stateless.Current = nil
		writeStatus(ctx, w, &stateless, status)
		return
	}
	tell(w, f.Code)
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	switch f.Kind {
	case fault.Unauthenticated:
		h.Set("WWW-Authenticate", "Bearer")
	case fault.RateLimited, fault.Contended, fault.Unavailable:
		h.Set("Retry-After", "1")
	}
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(f.RetryAfter/time.Second)))
	}
	if f.Current != nil && f.Version > 0 {
		h.Set("Etag", etag(f.Version))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func etag(version uint64) string { return `"` + strconv.FormatUint(version, 10) + `"` }

func extract(ctx context.Context, h http.Header) context.Context {
	return propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(h))
}

// traceID is the trace of the request's span, or the one that the caller sent.
func traceID(ctx context.Context) string {
	if sc := trace.SpanContextFromContext(ctx); sc.HasTraceID() {
		return sc.TraceID().String()
	}
	return ""
}
