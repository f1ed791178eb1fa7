package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// ackWait is how long a delivery may take before the bus makes another. It
	// is also how long what a killed process had fetched must wait.
	ackWait = 10 * time.Second
	// maxAckPending bounds the deliveries that the bus waits for.
	maxAckPending = 4096
	// fetchAhead bounds the deliveries that lie in the process unread.
	fetchAhead = 512
	// reactionLanes and dueLanes bound the deliveries under way at once: as many
	// as one insert into the journal holds well.
	reactionLanes = 256
	dueLanes      = 64
)

// consumer is one durable consumer of the service.
type consumer struct {
	stream  string
	filters []string
	lanes   int
	deliver func(context.Context, jetstream.Msg)
}

func (c consumer) config(service string) jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable:        service,
		FilterSubjects: c.filters,
		DeliverPolicy:  jetstream.DeliverAllPolicy,
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        ackWait,
		MaxAckPending:  maxAckPending,
		// How often is often enough depends on what went wrong: see verdicts.
		MaxDeliver: -1,
	}
}

// consume keeps a consumer bound until ctx is done, and returns when no
// delivery is under way any more.
func (b *Bus) consume(ctx context.Context, c consumer) {
	lasting, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	lanes := newLanes(lasting, c.lanes, c.deliver)
	for rest := retryFirst; waitConnected(ctx, b.cfg.Conn) == nil; {
		began := time.Now()
		err := b.bind(ctx, c, lanes)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) > retryLast {
			rest = retryFirst
		}
		b.log.Warn("a consumer is to be bound again", slog.String("stream", c.stream), slog.Any("error", err))
		rest = sleep(ctx, rest)
	}
	defer time.AfterFunc(drainDeliveries, stop).Stop()
	lanes.close()
}

// bind binds a consumer until ctx is done or something breaks.
func (b *Bus) bind(ctx context.Context, c consumer, lanes *lanes) error {
	up := b.cfg.Conn.StatusChanged(nats.CONNECTED, nats.CLOSED)
	defer b.cfg.Conn.RemoveStatusListener(up)
	durable, err := b.findConsumer(ctx, c)
	if err != nil {
		return err
	}
	failure := make(chan error, 1)
	var closing atomic.Bool
	consume, err := durable.Consume(func(msg jetstream.Msg) {
		if closing.Load() || !lanes.put(ctx, msg) {
			// Somebody else, or the next start, may have it at once.
			_ = msg.Nak()
		}
	}, jetstream.PullMaxMessages(fetchAhead), jetstream.PullExpiry(10*time.Second),
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
			select {
			case failure <- err:
			default:
			}
		}))
	if err != nil {
		return fmt.Errorf("consume: %w", err)
	}
	b.loose.Add(-1)
	defer b.loose.Add(1)
	defer func() {
		closing.Store(true)
		b.unbind(consume)
	}()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-failure:
			return fmt.Errorf("consume: %w", err)
		case <-look.C:
		case <-up:
		}
		if _, err := b.look(ctx, c, durable); errors.Is(err, errLost) {
			return err
		}
	}
}

// unbind lets what was fetched go back to the bus.
func (b *Bus) unbind(consume jetstream.ConsumeContext) {
	if b.cfg.Conn.IsConnected() {
		consume.Drain()
	} else {
		consume.Stop()
	}
	select {
	case <-consume.Closed():
	case <-time.After(asking):
	}
}

// findConsumer finds or makes the durable consumer. One that is ahead of its
// stream, which has lost its tail, would pass over what takes the tail's place:
// it begins anew, and endpoints see again what they have seen.
func (b *Bus) findConsumer(ctx context.Context, c consumer) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	if _, err := findStream(ctx, b.cfg, c.stream); err != nil {
		return nil, err
	}
	durable, err := b.cfg.JS.CreateOrUpdateConsumer(ctx, c.stream, c.config(b.cfg.Service))
	if err != nil {
		return nil, fmt.Errorf("find the consumer on %s: %w", c.stream, err)
	}
	ahead, err := b.look(ctx, c, durable)
	if err != nil && !ahead {
		return nil, err
	}
	if !ahead {
		return durable, nil
	}
	b.log.Warn("a consumer was ahead of its stream and begins anew", slog.String("stream", c.stream))
	if err := b.cfg.JS.DeleteConsumer(ctx, c.stream, b.cfg.Service); err != nil {
		return nil, fmt.Errorf("delete the consumer on %s: %w", c.stream, err)
	}
	durable, err = b.cfg.JS.CreateOrUpdateConsumer(ctx, c.stream, c.config(b.cfg.Service))
	if err != nil {
		return nil, fmt.Errorf("make the consumer on %s: %w", c.stream, err)
	}
	return durable, nil
}

// look reports errLost when a consumer is gone, or ahead of its stream.
func (b *Bus) look(ctx context.Context, c consumer, durable jetstream.Consumer) (ahead bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	info, err := durable.Info(ctx)
	if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
		return false, errLost
	}
	if err != nil {
		return false, fmt.Errorf("ask for the consumer: %w", err)
	}
	stream, err := b.cfg.JS.Stream(ctx, c.stream)
	if err != nil {
		return false, fmt.Errorf("ask for the stream: %w", err)
	}
	if info.Delivered.Stream > stream.CachedInfo().State.LastSeq {
		return true, errLost
	}
	return false, nil
}

// streamOf is the stream that a message is about: the last token of its subject.
func streamOf(subject string) string {
	return subject[strings.LastIndexByte(subject, '.')+1:]
}
