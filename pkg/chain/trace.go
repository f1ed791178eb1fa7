package chain

import (
	"context"

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

// trace puts a span around what the network itself does, below the consumer's. What
// came by HTTP is in the span of its request, which edge begins earlier and ends
// later. A second span there would say the same.
func (c *Chain) trace(op Operation) endpoint.Middleware {
	if !c.traced || op.Permission != System {
		return func(next endpoint.Endpoint) endpoint.Endpoint { return next }
	}
	return func(next endpoint.Endpoint) endpoint.Endpoint {
		return func(ctx context.Context, request any) (any, error) {
			ctx, span := c.tracer.Start(ctx, op.ID)
			defer span.End()
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

// ours reports whether a fault is of the service and not of the caller.
func ours(k fault.Kind) bool { return k == fault.Internal || k == fault.Unavailable }
