package chain

import (
	"context"
	"fmt"
	"runtime"

	"github.com/go-kit/kit/endpoint"
)

// panicked is what became of a panic: the type of its value and where it was
// raised. The value itself may hold anything, and is dropped.
type panicked struct{ kind, stack string }

func (p *panicked) Error() string { return "panic of " + p.kind }

const maxStack = 16 << 10

func recovered(next endpoint.Endpoint) endpoint.Endpoint {
	return func(ctx context.Context, request any) (response any, err error) {
		defer func() {
			if value := recover(); value != nil {
				stack := make([]byte, maxStack)
				stack = stack[:runtime.Stack(stack, false)]
				response, err = nil, &panicked{kind: fmt.Sprintf("%T", value), stack: string(stack)}
			}
		}()
		return next(ctx, request)
	}
}
