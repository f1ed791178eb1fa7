package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
)

// inspectEvery is how often the bus is asked for what nobody declared.
const inspectEvery = 30 * time.Second

var (
	errForeign = errors.New("bus: somebody reads by a consumer that nobody declared")
	errWrite   = errors.New("bus: the bus does not store what it is told")
)

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

// lookForForeign looks at the consumers of the service's streams. Who the
// services are stands on the stream, where the steward wrote it.
func (b *Bus) lookForForeign(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	foreign := 0
	for _, name := range b.Part().streams() {
		s, err := b.cfg.JS.Stream(ctx, name)
		if err != nil {
			return fmt.Errorf("ask for stream %s: %w", name, err)
		}
		services := strings.Fields(s.CachedInfo().Config.Metadata[metaServices])
		if len(services) == 0 {
			continue // made by a service, which does not know the others
		}
		names := s.ConsumerNames(ctx)
		for n := range names.Name() {
			if !declaredConsumer(n, name, services) {
				foreign++
			}
		}
		if err := names.Err(); err != nil && !errors.Is(err, jetstream.ErrEndOfData) {
			return fmt.Errorf("ask for the consumers of %s: %w", name, err)
		}
	}
	if foreign == 0 {
		b.health.clear(troubleForeign)
		return nil
	}
	b.health.set(troubleForeign, errForeign)
	return nil
}

// declaredConsumer reports whether a consumer of a stream is one that this
// network declares.
func declaredConsumer(name, stream string, services []string) bool {
	for _, s := range services {
		if name == s {
			return stream == Events || stream == Timers(s)
		}
		for n := range watchers {
			if name == watcher(s, n+1) {
				return stream == Events || stream == Agencies
			}
		}
	}
	return stream == Events && guest.MatchString(name) || strings.HasPrefix(name, Steward+"-")
}

// probe publishes one message that is long overdue again, and this time waits
// for the answer: only that says why it is not stored.
func (r *relay) probe(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		msg := r.overdue()
		if msg == nil {
			r.bus.health.clear(troubleWrite)
			continue
		}
		if err := r.ask(ctx, msg); err != nil && ctx.Err() == nil {
			r.bus.health.set(troubleWrite, fmt.Errorf("%w: %w", errWrite, err))
			r.bus.log.Error("the bus does not store what it is told", slog.Any("error", err))
			r.fail(err)
		}
	}
}

func (r *relay) ask(ctx context.Context, msg *nats.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	_, err := r.bus.cfg.JS.PublishMsg(ctx, msg, jetstream.WithRetryAttempts(0))
	return err
}

// overdue is the oldest message under way that was sent again already and did
// not come back, or nil.
func (r *relay) overdue() *nats.Msg {
	r.mu.Lock()
	commit := r.late(r.bus.cfg.Clock().Add(-2 * patience))
	r.mu.Unlock()
	if commit == nil {
		return nil
	}
	for _, p := range commit.parcels {
		r.mu.Lock()
		missing := r.flights[p.key] == commit
		c := commit.commit
		r.mu.Unlock()
		if missing && c != nil {
			return r.message(c, p)
		}
	}
	return nil
}

// late is the first flight that has been under way since before an instant. The
// lock is held.
func (r *relay) late(since time.Time) *flight {
	if !r.open {
		return nil
	}
	for f := range r.order.all() {
		if f.left > 0 && f.first.Before(since) {
			return f
		}
	}
	return nil
}

// fail keeps what was last wrong, for whoever asks why nothing comes.
func (r *relay) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lastError = err
}

// because says what was last wrong, if anything was since all was well.
func (r *relay) because() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lastError == nil {
		return ""
	}
	return ", because: " + r.lastError.Error()
}

// troubleGauge exports what is wrong now.
type troubleGauge struct{ bus *Bus }

var troubleDesc = prometheus.NewDesc("sanad_bus_trouble", "What keeps events from flowing now, by kind: 1 or 0.", []string{"kind"}, nil)

// Describe names the metric.
func (troubleGauge) Describe(ch chan<- *prometheus.Desc) { ch <- troubleDesc }

// Collect tells each kind.
func (g troubleGauge) Collect(ch chan<- prometheus.Metric) {
	for _, t := range troubles {
		v := 0.0
		if g.bus.health.has(t) || t == troubleConsumer && g.bus.loose.Load() > 0 {
			v = 1
		}
		ch <- prometheus.MustNewConstMetric(troubleDesc, prometheus.GaugeValue, v, string(t))
	}
}
