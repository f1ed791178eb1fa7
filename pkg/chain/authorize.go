package chain

import (
	"context"

	"github.com/go-kit/kit/endpoint"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
)

// ErrForbidden says that none of the caller's roles holds the permission.
var ErrForbidden = fault.New(fault.Forbidden, "forbidden", "Your roles do not allow this operation.")

// authorized refuses a caller who does not hold the permission. What the network
// itself does has no caller, and edge never serves it. A public operation treats
// every caller as anonymous: no token shows more. Where a token is optional, a
// caller with one is who the token names.
func authorized(op Operation) endpoint.Middleware {
	return func(next endpoint.Endpoint) endpoint.Endpoint {
		if op.Permission == System {
			return next
		}
		return func(ctx context.Context, request any) (any, error) {
			p, err := identity.From(ctx)
			if err != nil {
				return nil, err
			}
			if op.Permission == access.Welcome {
				return next(ctx, request)
			}
			if p.Anonymous() != (op.Permission == access.Public) {
				return nil, identity.ErrUnauthenticated
			}
			if !p.Anonymous() && !access.May(p.Roles, op.Permission) {
				return nil, ErrForbidden
			}
			return next(ctx, request)
		}
	}
}
