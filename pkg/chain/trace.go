package chain

import (
	"context"
	"strings"

	"github.com/go-kit/kit/endpoint"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/fault"
)

func isNoop(tp trace.TracerProvider) bool {
	_, ok := tp.(noop.TracerProvider)
	return ok
}

// Traced is a request that wants to know the trace that its work is in.
type Traced interface{ Traced(traceID string) }

// trace puts a span around the operation: a server's for HTTP, an inner one
// below the consumer's span for a delivery. Attributes are patterns and codes,
// never a path or an identifier.
func (c *Chain) trace(op Operation) endpoint.Middleware {
	if !c.traced {
		return func(next endpoint.Endpoint) endpoint.Endpoint { return next }
	}
	options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindInternal)}
	if method, pattern, ok := strings.Cut(op.Route, " "); ok {
		options = []trace.SpanStartOption{
			trace.WithSpanKind(trace.SpanKindServer),
			trace.WithAttributes(
				attribute.String("http.request.method", method),
				attribute.String("http.route", pattern)),
		}
	}
	return func(next endpoint.Endpoint) endpoint.Endpoint {
		return func(ctx context.Context, request any) (any, error) {
			ctx, span := c.tracer.Start(ctx, op.ID, options...)
			defer span.End()
			if t, ok := request.(Traced); ok {
				t.Traced(span.SpanContext().TraceID().String())
			}
			response, err := next(ctx, request)
			if err != nil {
				f := fault.Of(err)
				span.SetAttributes(attribute.String("error.type", f.Code))
				if ours(f.Kind) {
					span.SetStatus(codes.Error, f.Code)
				}
			}
			return response, err
		}
	}
}

// ours reports whether a fault is of this side, not of the caller's.
func ours(k fault.Kind) bool { return k == fault.Internal || k == fault.Unavailable }
