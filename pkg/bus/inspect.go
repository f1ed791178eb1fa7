package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// inspectEvery is how often the bus is asked for what nobody declared.
const inspectEvery = 30 * time.Second

var errForeign = errors.New("bus: somebody reads by a consumer that nobody declared")

// inspect looks for what no service would miss and an operator should know.
func (b *Bus) inspect(ctx context.Context) {
	tick := time.NewTicker(inspectEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := b.lookForForeign(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("the bus cannot be inspected", slog.Any("error", err))
		}
	}
}

// guest is the name of an integrator's consumer: only its account can make one.
var guest = regexp.MustCompile(`^[a-z0-9-]+-[1-9]$`)

// lookForForeign looks at the service's streams, also at those that are seldom
// asked for, and at who reads them. Who the services are stands on the stream,
// where the steward wrote it.
func (b *Bus) lookForForeign(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	for _, name := range b.Part().streams() {
		s, err := b.cfg.JS.Stream(ctx, name)
		if err != nil {
			return fmt.Errorf("ask for stream %s: %w", name, err)
		}
		_ = b.asDeclared(ctx, s.CachedInfo()) // told by the health
		services := strings.Fields(s.CachedInfo().Config.Metadata[metaServices])
		if len(services) == 0 {
			continue // made by a service, which does not know the others
		}
		names, foreign := s.ConsumerNames(ctx), false
		for n := range names.Name() {
			foreign = foreign || !declaredConsumer(n, name, services)
		}
		if err := names.Err(); err != nil && !errors.Is(err, jetstream.ErrEndOfData) {
			return fmt.Errorf("ask for the consumers of %s: %w", name, err)
		}
		if foreign {
			b.health.set(troubleForeign, name, fmt.Errorf("%w: %s", errForeign, name))
		} else {
			b.health.clear(troubleForeign, name)
		}
	}
	return nil
}

// declaredConsumer reports whether a consumer of a stream is one that this
// network declares.
func declaredConsumer(name, stream string, services []string) bool {
	for _, s := range services {
		if name == s {
			return heard(stream) || stream == Timers(s)
		}
		for n := range watchers {
			if name == watcher(s, n+1) {
				return heard(stream) || stream == Agencies
			}
		}
	}
	return stream == Events && guest.MatchString(name) || strings.HasPrefix(name, Steward+"-")
}
