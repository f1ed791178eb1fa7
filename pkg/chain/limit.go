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

// ErrRateLimited says that the agency asks more often than it may.
var ErrRateLimited = fault.New(fault.RateLimited, "rate_limited", "Your agency asks too often. Try again a little later.")

const (
	defaultRate = 2000
	// maxAgencies bounds what is remembered. When it is reached everything is
	// forgotten, and every agency has its full burst again.
	maxAgencies = 4096
)

// limits bounds how often each agency may ask.
type limits struct {
	rate  int
	clock func() time.Time

	mu       sync.RWMutex
	agencies map[string]ratelimit.Allower
}

func newLimits(perSecond int, clock func() time.Time) *limits {
	if perSecond == 0 {
		perSecond = defaultRate
	}
	return &limits{rate: perSecond, clock: clock, agencies: make(map[string]ratelimit.Allower)}
}

func (l *limits) of(agency string) ratelimit.Allower {
	l.mu.RLock()
	limiter, ok := l.agencies[agency]
	l.mu.RUnlock()
	if ok {
		return limiter
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if limiter, ok := l.agencies[agency]; ok {
		return limiter
	}
	if len(l.agencies) >= maxAgencies {
		clear(l.agencies)
	}
	bucket := rate.NewLimiter(rate.Limit(l.rate), 2*l.rate)
	limiter = ratelimit.AllowerFunc(func() bool { return bucket.AllowN(l.clock(), 1) })
	l.agencies[agency] = limiter
	return limiter
}

// limited bounds the caller's agency. The network itself has none.
func (l *limits) limited(next endpoint.Endpoint) endpoint.Endpoint {
	return func(ctx context.Context, request any) (any, error) {
		p, err := identity.From(ctx)
		if err != nil {
			return next(ctx, request)
		}
		if !l.of(p.Agency).Allow() {
			return nil, ErrRateLimited
		}
		return next(ctx, request)
	}
}
