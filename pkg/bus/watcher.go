package bus

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

var errWatchers = errors.New("bus: all places of the service's watchers are taken")

// makeWatcher makes the consumer by which the relay watches its own messages
// come back, from a place on. It is what jetstream's ordered consumer is made of,
// without its own way to begin again: only the session knows whether the mark
// still holds.
//
// Its name is the first that no other process of the service reads by.
func (b *Bus) makeWatcher(ctx context.Context, w *watched, from uint64) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	for n := range watchers {
		name := watcher(b.cfg.Service, n+1)
		there, err := b.cfg.JS.Consumer(ctx, w.stream, name)
		switch {
		case err == nil && there.CachedInfo().NumWaiting > 0:
			continue // another process reads
		case err == nil:
			err = b.cfg.JS.DeleteConsumer(ctx, w.stream, name)
		}
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, err
		}
		c, err := b.cfg.JS.CreateConsumer(ctx, w.stream, jetstream.ConsumerConfig{
			Name:              name,
			FilterSubjects:    w.filters,
			DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
			OptStartSeq:       from,
			AckPolicy:         jetstream.AckNonePolicy,
			HeadersOnly:       true,
			MemoryStorage:     true,
			Replicas:          1,
			InactiveThreshold: time.Minute,
		})
		if errors.Is(err, jetstream.ErrConsumerExists) {
			continue // another process was quicker
		}
		return c, err
	}
	return nil, errWatchers
}
