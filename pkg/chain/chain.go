// Package chain surrounds every operation, from HTTP and from the bus: the work is
// traced, measured and logged, a panic is caught, the caller is authorised and
// rate-limited. It is written once, as go-kit middleware, so that no transport can
// leave it out. It refuses to know HTTP or NATS.
package chain

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/go-kit/kit/endpoint"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/access"
)

// System is the permission of what the network itself does: reactions and
// deadlines. No person holds it.
const System access.Permission = "system"

// Operation is one thing that can be asked of a service.
type Operation struct {
	// ID is the operationId of the contract, or the name of a reaction. It is
	// the span's name and the metric's label.
	ID string
	// Permission is what the caller must hold.
	Permission access.Permission
}

// Config is what a chain needs. A field without a default is required.
type Config struct {
	TracerProvider trace.TracerProvider
	Registerer     prometheus.Registerer
	Logger         *slog.Logger
	// Clock gives the time. Default: the wall clock.
	Clock func() time.Time
	// RatePerSecond is how many operations one agency may ask for in a second. It
	// may ask for twice as many at once. Default: 2,000.
	RatePerSecond int
	// AnonymousPerSecond is how many operations one address may ask for in a
	// second without a token. It may ask for twice as many at once. Default: 5.
	AnonymousPerSecond int
}

// Chain surrounds operations.
type Chain struct {
	tracer  trace.Tracer
	traced  bool
	metrics metrics
	logger  *slog.Logger
	clock   func() time.Time
	limits  limits
}

// New makes a chain and registers its metrics.
func New(cfg Config) *Chain {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	return &Chain{
		tracer:  cfg.TracerProvider.Tracer("github.com/sanad-network/sanad/pkg/chain"),
		traced:  !isNoop(cfg.TracerProvider),
		metrics: newMetrics(cfg.Registerer),
		logger:  cfg.Logger,
		clock:   cfg.Clock,
		limits: limits{
			agencies:  newBuckets(cmp.Or(cfg.RatePerSecond, 2000), cfg.Clock),
			anonymous: newBuckets(cmp.Or(cfg.AnonymousPerSecond, 5), cfg.Clock),
		},
	}
}

// Around surrounds an endpoint. An operation without an ID or with a
// permission that nobody can hold panics, at start-up.
//
// The recovery stands below the observers: a panic is traced, counted and
// logged as the defect that it is.
func (c *Chain) Around(op Operation, next endpoint.Endpoint) endpoint.Endpoint {
	switch {
	case op.ID == "":
		panic("chain: an operation without an ID")
	case op.Permission != System && op.Permission != access.Public && op.Permission != access.Welcome && len(access.Holders(op.Permission)) == 0:
		panic("chain: nobody can hold the permission of operation " + op.ID)
	}
	return endpoint.Chain(
		c.trace(op),
		c.observe(op),
		recovered,
		authorized(op),
		c.limits.limited,
	)(next)
}
