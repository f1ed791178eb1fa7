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

	// back is where it starts anew, once: the journal knows of what was done up to
	// there alone. Nil for where it stands.
	back  *uint64
	begun bool

	// place is how far it had been acknowledged when it was last seen as it is
	// declared, on the stream of that instant; zero when it never was.
	place struct {
		created time.Time
		seq     uint64
		known   bool
	}
}

func (c *consumer) config(service string) jetstream.ConsumerConfig {
	cfg := jetstream.ConsumerConfig{
		Durable:        service,
		FilterSubjects: c.filters,
		DeliverPolicy:  jetstream.DeliverAllPolicy,
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        ackWait,
		MaxAckPending:  maxAckPending,
		MaxWaiting:     512,
		// How often is often enough depends on what went wrong: see verdicts.
		MaxDeliver: -1,
	}
	if heard(c.stream) {
		cfg.InactiveThreshold = idle
	}
	Stamp(&cfg, Release)
	return cfg
}

// behind is the configuration of a consumer that is made again: behind the place at
// which it was last as declared, or from the first message when that place is not
// known. The changed consumer is not used: what comes twice does no harm, and what
// is passed over would never be read.
func (c *consumer) behind(service string, stream *jetstream.StreamInfo) jetstream.ConsumerConfig {
	cfg := c.config(service)
	if c.place.known && c.place.seq > 0 && c.place.created.Equal(stream.Created) && c.place.seq <= stream.State.LastSeq {
		cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, c.place.seq+1
	}
	return cfg
}

// consume keeps a consumer bound until ctx is done, and returns when no
// delivery is under way any more.
func (b *Bus) consume(ctx context.Context, c *consumer) {
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
		b.log.Warn("a consumer is to be bound again", slog.String("bus_stream", c.stream), slog.Any("error", err))
		rest = sleep(ctx, rest)
	}
	defer time.AfterFunc(drainDeliveries, stop).Stop()
	lanes.close()
}

// bind binds a consumer until ctx is done or something breaks.
func (b *Bus) bind(ctx context.Context, c *consumer, lanes *lanes) error {
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
			// Another replica, or the next start, may have it at once.
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
		switch _, fit, err := b.look(ctx, c); {
		case errors.Is(err, errChanged), errors.Is(err, ErrNetwork):
			return err
		case err == nil && fit != fitting:
			return fit.err()
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

// findConsumer finds the durable consumer as it is declared, or makes it so.
func (b *Bus) findConsumer(ctx context.Context, c *consumer) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	stream, err := b.findStream(ctx, c.stream)
	if err != nil {
		return nil, err
	}
	if !c.begun {
		c.begun, c.back = true, b.rewind.start(c.stream, stream.CachedInfo().Created)
	}
	durable, fit, err := b.look(ctx, c)
	if err != nil {
		return nil, err
	}
	if fit == fitting && (c.back == nil || *c.back >= c.place.seq) {
		return durable, nil
	}
	if c.back != nil {
		// Also one that is not as declared: what is made again starts there.
		fit, c.place.seq = max(fit, rewound), min(c.place.seq, *c.back)
		c.place.known, c.back = c.place.known && c.place.seq > 0, nil
	}
	if fit == paused {
		if _, err := b.cfg.JS.ResumeConsumer(ctx, c.stream, b.cfg.Service); err != nil {
			return nil, fmt.Errorf("resume the consumer on %s: %w", c.stream, err)
		}
		b.repaired(fit, c.stream)
		durable, fit, err = b.look(ctx, c)
		if err != nil || fit == fitting {
			return durable, err
		}
	}
	if info := durableInfo(durable); fit == older && consumerShape(info) == consumerShape(c.config(b.cfg.Service)) {
		// It reads what it should: it only needs a newer stamp, and keeps its
		// place.
		Stamp(&info, Release)
		if durable, err = b.cfg.JS.UpdateConsumer(ctx, c.stream, info); err != nil {
			return nil, fmt.Errorf("stamp the consumer on %s: %w", c.stream, err)
		}
		return durable, nil
	}
	if fit == ahead {
		// What takes the place of the lost tail would be passed over.
		c.place.known = false
	}
	if fit != missing {
		if err := b.cfg.JS.DeleteConsumer(ctx, c.stream, b.cfg.Service); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, fmt.Errorf("delete the consumer on %s: %w", c.stream, err)
		}
	}
	durable, err = b.cfg.JS.CreateConsumer(ctx, c.stream, c.behind(b.cfg.Service, stream.CachedInfo()))
	if err != nil {
		return nil, fmt.Errorf("make the consumer on %s: %w", c.stream, err)
	}
	c.back = nil
	if fit != missing || c.place.known {
		b.repaired(fit, c.stream)
	}
	return durable, nil
}

func durableInfo(c jetstream.Consumer) jetstream.ConsumerConfig {
	if c == nil {
		return jetstream.ConsumerConfig{}
	}
	return c.CachedInfo().Config
}

// fit says how what is there compares with what is declared.
type fit int

const (
	fitting fit = iota
	missing
	paused
	changed
	ahead
	// older is as an older release declared it, which reads other events than this
	// one.
	older
	// rewound is behind the place up to which the journal knows what was done.
	rewound
)

func (f fit) repair() repair {
	return map[fit]repair{missing: repairMissing, paused: repairPaused, changed: repairChanged, ahead: repairAhead}[f]
}

func (f fit) err() error {
	if f == missing || f == ahead {
		return errLost
	}
	return errTampered // older: a service of that release runs beside this one
}

var errTampered = errors.New("bus: a consumer was changed or paused by somebody else")

func (b *Bus) repaired(f fit, stream string) {
	if f == rewound {
		b.log.Warn("what the service had read since the backup of its database is read again", slog.String("bus_stream", stream))
		return
	}
	if f == older {
		b.log.Info("a consumer was declared again, and all events are read again", slog.String("bus_stream", stream))
		return
	}
	b.metrics.repairs.WithLabelValues(string(f.repair())).Inc()
	b.log.Warn("a consumer was put right", slog.String("bus_stream", stream), slog.String("code", string(f.repair())))
}

// look compares a consumer with its declaration and with its stream, and keeps
// the place of one that fits.
func (b *Bus) look(ctx context.Context, c *consumer) (jetstream.Consumer, fit, error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	durable, err := b.cfg.JS.Consumer(ctx, c.stream, b.cfg.Service)
	if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, missing, nil
	}
	if err != nil {
		return nil, missing, fmt.Errorf("ask for the consumer: %w", err)
	}
	stream, err := b.cfg.JS.Stream(ctx, c.stream)
	if err != nil {
		return nil, missing, fmt.Errorf("ask for the stream: %w", err)
	}
	if err := b.asDeclared(ctx, stream.CachedInfo()); err != nil {
		return nil, missing, err
	}
	info := durable.CachedInfo()
	b.metrics.pending.WithLabelValues(c.stream).Set(float64(info.NumPending) + float64(info.NumAckPending))
	declared := c.config(b.cfg.Service)
	switch {
	case byOlder(info.Config.Metadata, consumerShape(info.Config)):
		return durable, older, nil
	case !mine(info.Config.Metadata, consumerShape(info.Config), consumerShape(declared)):
		return durable, changed, nil
	case info.Delivered.Stream > stream.CachedInfo().State.LastSeq:
		return durable, ahead, nil
	case info.Paused:
		return durable, paused, nil
	}
	c.place.created, c.place.seq, c.place.known = stream.CachedInfo().Created, info.AckFloor.Stream, true
	b.floors.see(c.stream, c.place.seq)
	return durable, fitting, nil
}

// recordOf is the record that a message is about: the last token of its subject.
func recordOf(subject string) string {
	return subject[strings.LastIndexByte(subject, '.')+1:]
}
