package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// bellFilter is where events are that agencies may see: a referral's.
	bellFilter = "sanad.events.referral.>"
	// bellEars bounds who listens at once. Who comes later hears nothing.
	bellEars = 20_000
	// bellIdle is how long the server keeps the consumer of a bell that is gone.
	bellIdle = time.Minute
	// bellLinger is how long the bell reads on when nobody listens any more: the page of a
	// person who goes to the next one is away for a moment.
	bellLinger = 15 * time.Second
	// bellWait is how long the bell waits until it tries to read again.
	bellWait = time.Second
	// bellLook is how long the bell waits until it looks again whether its place is read.
	bellLook = 50 * time.Millisecond
	// bellMark is the mark of a consumer by which a bell knows its own.
	bellMark = "bell"
	// bellAhead is how many messages are on their way at once.
	bellAhead = 1024
	// bellBeat is how often the server says that it is there. After two beats without a
	// word the bell begins again.
	bellBeat = 3 * time.Second
)

// Pages is the integrator that rings for the pages of a network.
const Pages = "desk"

var (
	errBody      = errors.New("bus: a bell gets headers, and this message has content")
	errBellNames = errors.New("bus: all places of the bell are taken")
)

// Bell rings for an agency when something happened that it may see. It is an integrator,
// and reads of each message for whom it is: the consumer is one of headers, so the server
// sends no content, and a message that has some is not read at all. It says nothing of
// what happened. It keeps nothing: what happened while nobody listened rings for nobody.
//
// The server cannot refuse content to an integrator, whose key is good for whole messages.
// That the desk asks for none is a promise of this type, which its tests hold.
type Bell struct {
	conn *nats.Conn
	js   jetstream.JetStream
	name string
	log  *slog.Logger

	mu     sync.Mutex
	ears   map[string]map[chan struct{}]bool
	count  int
	stop   context.CancelFunc // of who reads; nil when nobody does
	linger *time.Timer
	closed bool
	wg     sync.WaitGroup
}

// NewBell makes a bell for an integrator that is connected, and takes the connection over.
// Nothing is read until somebody listens. Nil is no logger.
func NewBell(nc *nats.Conn, integrator string, logger *slog.Logger) (*Bell, error) {
	js, err := jetstream.NewWithAPIPrefix(nc, IntegratorAPI)
	if err != nil {
		return nil, err
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Bell{conn: nc, js: js, name: integrator, log: logger, ears: map[string]map[chan struct{}]bool{}}, nil
}

// OpenBell connects as the integrator Pages, by the seed in a file, and makes a bell. ca is a
// file with the authorities (PEM) that sign the certificate of the bus; empty: those of the
// system. The bus need not be there.
func OpenBell(url, seedFile, ca string, logger *slog.Logger) (*Bell, error) {
	as, err := As(seedFile)
	if err != nil {
		return nil, err
	}
	options := []nats.Option{as}
	if ca != "" {
		options = append(options, nats.RootCAs(ca))
	}
	nc, err := Connect(url, Pages, options...)
	if err != nil {
		return nil, err
	}
	b, err := NewBell(nc, Pages, logger)
	if err != nil {
		nc.Close()
	}
	return b, err
}

// Listen gives a channel that gets a value when there is news for an agency, until ctx is
// done or the bell is closed, which closes the channel. Much news is one value until that is
// taken. A bell with too many listeners gives nil, which never rings.
func (b *Bell) Listen(ctx context.Context, agency string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	ear := make(chan struct{}, 1)
	if b.closed {
		close(ear)
		return ear
	}
	if b.count >= bellEars {
		return nil
	}
	if b.ears[agency] == nil {
		b.ears[agency] = map[chan struct{}]bool{}
	}
	b.ears[agency][ear] = true
	b.count++
	if b.linger != nil {
		b.linger.Stop()
		b.linger = nil
	}
	if b.stop == nil {
		reading, stop := context.WithCancel(context.WithoutCancel(ctx))
		b.stop = stop
		b.wg.Go(func() { b.read(reading) })
	}
	context.AfterFunc(ctx, func() { b.leave(agency, ear) })
	return ear
}

func (b *Bell) leave(agency string, ear chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ears[agency][ear] {
		return // the bell was closed
	}
	delete(b.ears[agency], ear)
	if len(b.ears[agency]) == 0 {
		delete(b.ears, agency)
	}
	if b.count--; b.count == 0 {
		b.linger = time.AfterFunc(bellLinger, b.rest)
	}
}

// rest stops reading while nobody listens.
func (b *Bell) rest() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.count == 0 && b.stop != nil {
		b.stop()
		b.stop = nil
	}
}

// Close ends all that listens, and leaves the bus.
func (b *Bell) Close() {
	b.mu.Lock()
	b.closed = true
	for _, ears := range b.ears {
		for ear := range ears {
			close(ear)
		}
	}
	b.ears, b.count = nil, 0
	if b.linger != nil {
		b.linger.Stop()
	}
	if b.stop != nil {
		b.stop()
	}
	b.mu.Unlock()
	b.wg.Wait()
	b.conn.Close()
}

// ring tells who listens for these agencies; none is all who listen.
func (b *Bell) ring(agencies ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(agencies) == 0 {
		for _, ears := range b.ears {
			for ear := range ears {
				poke(ear)
			}
		}
		return
	}
	for _, agency := range agencies {
		for ear := range b.ears[agency] {
			poke(ear)
		}
	}
}

// read rings for what comes, until ctx is done. While the bus is away it waits. When it
// reads again it rings for all: something may have happened meanwhile.
func (b *Bell) read(ctx context.Context) {
	said, again := "", false
	for ctx.Err() == nil {
		began := false
		err := b.follow(ctx, func() {
			began = true
			if again {
				b.ring()
			}
			again, said = true, ""
		})
		if ctx.Err() != nil {
			return
		}
		// Once, and not for each try.
		if err != nil && !began && err.Error() != said {
			said = err.Error()
			b.log.Warn("the bell of the pages does not ring; open pages look again by themselves", slog.String("error", said))
		}
		again = true
		select {
		case <-ctx.Done():
		case <-time.After(bellWait):
		}
	}
}

// follow reads by a consumer of its own until that ends.
func (b *Bell) follow(ctx context.Context, begun func()) error {
	c, err := b.consumer(ctx)
	if err != nil {
		return err
	}
	defer b.giveUp(ctx, c)
	messages, err := c.Messages(jetstream.PullMaxMessages(bellAhead), jetstream.PullHeartbeat(bellBeat))
	if err != nil {
		return err
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, messages.Stop)()
	looking, looked := context.WithCancel(ctx)
	var look sync.WaitGroup
	defer look.Wait()
	defer looked()
	look.Go(func() {
		if !b.holds(looking, c) {
			messages.Stop()
		}
	})
	begun()
	for {
		m, err := messages.Next()
		if err != nil {
			return err
		}
		if len(m.Data()) > 0 {
			return errBody
		}
		if agencies := toldIn(m.Headers()); len(agencies) > 0 {
			b.ring(agencies...)
		}
	}
}

// holds looks until the consumer of this bell is read. False: another process found it before it was
// read, took it for one that nobody reads, and made its own in that place. Both would read by that one, and each would
// hear half. Later that cannot be: who finds a consumer that is read goes to the next place.
func (b *Bell) holds(ctx context.Context, c jetstream.Consumer) bool {
	for ctx.Err() == nil {
		now, err := b.js.Consumer(ctx, Events, c.CachedInfo().Name)
		switch {
		case err != nil:
			return ctx.Err() != nil
		case !same(now, c):
			return false
		case now.CachedInfo().NumWaiting > 0:
			return true
		}
		select {
		case <-ctx.Done():
		case <-time.After(bellLook):
		}
	}
	return true
}

// same says whether two are one consumer, and not one in the place of another.
func same(a, b jetstream.Consumer) bool {
	return a.CachedInfo().Config.Metadata[bellMark] == b.CachedInfo().Config.Metadata[bellMark]
}

// giveUp deletes the consumer of this bell, if it is still there; else the server lets it go.
func (b *Bell) giveUp(ctx context.Context, c jetstream.Consumer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bellWait)
	defer cancel()
	name := c.CachedInfo().Name
	if now, err := b.js.Consumer(ctx, Events, name); err == nil && same(now, c) {
		_ = b.js.DeleteConsumer(ctx, Events, name)
	}
}

// consumer makes the consumer: of headers, from now on, in memory. It takes the first place
// of the integrator's in which nobody reads.
func (b *Bell) consumer(ctx context.Context) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	for n := range integratorConsumers {
		name := IntegratorConsumer(b.name, n+1)
		there, err := b.js.Consumer(ctx, Events, name)
		switch {
		case err == nil && there.CachedInfo().NumWaiting > 0:
			continue // another process reads
		case err == nil:
			err = b.js.DeleteConsumer(ctx, Events, name)
		}
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, err
		}
		c, err := b.js.CreateConsumer(ctx, Events, jetstream.ConsumerConfig{
			Name:           name,
			FilterSubjects: []string{bellFilter},
			DeliverPolicy:  jetstream.DeliverNewPolicy,
			AckPolicy:      jetstream.AckNonePolicy,
			HeadersOnly:    true,
			MemoryStorage:  true,
			Replicas:       1,
			// So that two processes do not take one consumer for their own.
			Metadata:          map[string]string{bellMark: rand.Text()},
			InactiveThreshold: bellIdle,
		})
		if errors.Is(err, jetstream.ErrConsumerExists) {
			continue // another process was quicker
		}
		return c, err
	}
	return nil, errBellNames
}
