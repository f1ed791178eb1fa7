package chain

import (
	"context"
	"sync"
	"time"

	"github.com/go-kit/kit/endpoint"
	"github.com/go-kit/kit/ratelimit"
	"golang.org/x/time/rate"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
)

// ErrRateLimited says that the caller asks more often than they may.
var ErrRateLimited = fault.New(fault.RateLimited, "rate_limited", "You ask too often. Try again a little later.")

// maxBuckets bounds how many callers are kept. When it is reached all are dropped,
// and every caller has the full burst again.
const maxBuckets = 4096

// limits bounds how often each agency may ask, and each address without a token.
// The two are apart, so that a flood on one does not reset the other.
type limits struct{ agencies, anonymous *buckets }

// buckets holds a limit for each of many.
type buckets struct {
	rate  int
	clock func() time.Time

	mu  sync.RWMutex
	all map[string]ratelimit.Allower
}

func newBuckets(perSecond int, clock func() time.Time) *buckets {
	return &buckets{rate: perSecond, clock: clock, all: make(map[string]ratelimit.Allower)}
}

func (b *buckets) of(who string) ratelimit.Allower {
	b.mu.RLock()
	limiter, ok := b.all[who]
	b.mu.RUnlock()
	if ok {
		return limiter
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if limiter, ok := b.all[who]; ok {
		return limiter
	}
	if len(b.all) >= maxBuckets {
		clear(b.all)
	}
	bucket := rate.NewLimiter(rate.Limit(b.rate), 2*b.rate)
	limiter = ratelimit.AllowerFunc(func() bool { return bucket.AllowN(b.clock(), 1) })
	b.all[who] = limiter
	return limiter
}

// limited bounds the caller's agency, or where they call from. The network
// itself is not bounded.
func (l limits) limited(next endpoint.Endpoint) endpoint.Endpoint {
	return func(ctx context.Context, request any) (any, error) {
		p, err := identity.From(ctx)
		if err != nil {
			return next(ctx, request)
		}
		limiter, who := l.agencies, p.Agency
		if p.Anonymous() {
			limiter, who = l.anonymous, p.Remote
		}
		if !limiter.of(who).Allow() {
			return nil, ErrRateLimited
		}
		return next(ctx, request)
	}
}
