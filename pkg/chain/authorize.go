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

// authorized lets in who holds the permission. What the network itself does
// has no caller; edge never serves it. What is public is done by somebody
// anonymous, whoever they are: no token widens what it shows. Where a token is
// welcome, whoever is there comes in, as who they are.
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
