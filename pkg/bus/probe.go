package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

var errWrite = errors.New("bus: the bus does not store what is published")

// probe publishes one message again that is long overdue, and this time waits for
// the answer, which says why the message is not stored.
func (r *relay) probe(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		msg, stream := r.overdue()
		if msg == nil {
			r.bus.health.clear(troubleWrite, "")
			continue
		}
		if err := r.ask(ctx, msg, stream); err != nil && ctx.Err() == nil {
			r.bus.health.set(troubleWrite, "", fmt.Errorf("%w: %w", errWrite, shown(err)))
			r.bus.log.Error("the bus does not store what is published", slog.Any("error", err))
			r.fail(err)
		}
	}
}

func (r *relay) ask(ctx context.Context, msg *nats.Msg, stream string) error {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	_, err := r.bus.cfg.JS.PublishMsg(ctx, msg, jetstream.WithExpectStream(stream), jetstream.WithRetryAttempts(0))
	return err
}

// overdue is the oldest message under way that was sent again already and did
// not come back, and the stream that it is for; nil when there is none.
func (r *relay) overdue() (msg *nats.Msg, stream string) {
	r.mu.Lock()
	f := r.late(r.bus.cfg.Clock().Add(-2 * patience))
	r.mu.Unlock()
	if f == nil {
		return nil, ""
	}
	for _, p := range f.parcels {
		r.mu.Lock()
		missing, c := r.flights[p.key] == f, f.commit
		r.mu.Unlock()
		if missing && c != nil {
			return r.message(c, p), p.to.stream
		}
	}
	return nil, ""
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

// fail keeps what was last wrong, for the readiness page.
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
	return ", because: " + shown(r.lastError).Error()
}
