package bench

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/bus"
)

// floor does what no design on these stores can do without: it inserts a
// document for the first service, publishes, and inserts a document for the
// second, each in the cheapest way known. There is no HTTP, no JSON, no rule
// and no seal.
type floor struct {
	*stores
	like          sample
	first, second *writer
	received      jetstream.ConsumeContext
	ends          *arrivals[int64]
	runs          atomic.Int64
}

const floorSubject = "sanad.events.intake.service_requested.floor"

func openFloor(ctx context.Context, dir string, like sample) (flow, error) {
	s, err := openStores(ctx, dir)
	if err != nil {
		return nil, err
	}
	f := &floor{
		stores: s, like: like, ends: newArrivals[int64](),
		first: newWriter(s.journal("intake")), second: newWriter(s.journal("referral")),
	}
	consumer, err := s.js.CreateConsumer(ctx, bus.Events, jetstream.ConsumerConfig{
		Durable: "floor", AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 4096,
	})
	if err == nil {
		f.received, err = consumer.Consume(f.receive, jetstream.PullMaxMessages(256))
	}
	if err != nil {
		return nil, fmt.Errorf("consume: %w", err)
	}
	return f, nil
}

// prepare has nothing to do: the floor asks for nothing.
func (f *floor) prepare(context.Context, int) error { return nil }

func (f *floor) run(ctx context.Context) (time.Time, error) {
	n := f.runs.Add(1)
	end := f.ends.expect(n)
	if err := f.first.store(copyOf(f.like.first, n)); err != nil {
		return time.Time{}, fmt.Errorf("insert: %w", err)
	}
	event := make([]byte, max(8, f.like.event))
	binary.BigEndian.PutUint64(event, uint64(n))
	if _, err := f.js.PublishAsync(floorSubject, event); err != nil {
		return time.Time{}, fmt.Errorf("publish: %w", err)
	}
	return await(ctx, end)
}

// receive hands the message to the second writer and takes the next: what
// arrives while it inserts becomes one batch.
func (f *floor) receive(msg jetstream.Msg) {
	n := int64(binary.BigEndian.Uint64(msg.Data()))
	f.second.insert(copyOf(f.like.second, n), func(err error) {
		if err == nil {
			f.ends.arrived(n)
			_ = msg.Ack() // not acknowledged, it comes again
		}
	})
}

func (f *floor) close() error {
	f.received.Stop()
	<-f.received.Closed()
	f.first.close()
	f.second.close()
	return f.stores.close()
}

// writer inserts what has gathered while the insert before was under way.
type writer struct {
	collection *mongo.Collection
	queue      chan insertion
	done       sync.WaitGroup
}

type insertion struct {
	document bson.Raw
	stored   func(error)
}

// writerBatch bounds one insertMany.
const writerBatch = 512

func newWriter(c *mongo.Collection) *writer {
	w := &writer{collection: c, queue: make(chan insertion, 2*writerBatch)}
	w.done.Go(w.write)
	return w
}

func (w *writer) insert(document bson.Raw, stored func(error)) {
	w.queue <- insertion{document, stored}
}

// store returns when the document is on the disk.
func (w *writer) store(document bson.Raw) error {
	stored := make(chan error, 1)
	w.insert(document, func(err error) { stored <- err })
	return <-stored
}

func (w *writer) write() {
	unordered := options.InsertMany().SetOrdered(false)
	for i := range w.queue {
		// Whoever was just answered comes back first: larger batches.
		runtime.Gosched()
		batch := []insertion{i}
		for len(batch) < writerBatch && len(w.queue) > 0 {
			batch = append(batch, <-w.queue)
		}
		documents := make([]any, len(batch))
		for i, b := range batch {
			documents[i] = b.document
		}
		_, err := w.collection.InsertMany(context.Background(), documents, unordered)
		for _, b := range batch {
			b.stored(err)
		}
	}
}

func (w *writer) close() {
	close(w.queue)
	w.done.Wait()
}
