package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
)

// bare is the same reads and writes as a careful engineer writes them by hand,
// with the standard library and the clients of the two stores: an HTTP handler
// inserts a document and publishes an event, a durable consumer inserts a
// document in the second service and publishes an event of that. Documents that
// come at the same time go into the database together, as Sanad's do; an event
// has an identifier, so that it is on the bus once; what was not stored or not
// published is not acknowledged.
//
// What it leaves out is what Sanad adds: tokens, contracts, rules, sealing,
// lists, timers, metrics, logs, and anything that would publish again after a
// crash between the insert and the publication. A run ends as Sanad's, when the
// second event is seen on the bus.
type bare struct {
	*stores
	*orders
	like          sample
	first, second *writer
	received      jetstream.ConsumeContext
	working       sync.WaitGroup
	watch         *nats.Conn
}

const (
	bareRequested = "sanad.events.intake.service_requested."
	bareReferred  = "sanad.events.referral.requested."
	// bareHeader is the header of its events, without the identifier.
	bareHeader = "NATS/1.0\r\nNats-Msg-Id: \r\n\r\n"
)

func openBare(ctx context.Context, dir string, like sample) (_ flow, err error) {
	b := &bare{like: like}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	if b.stores, err = openStores(ctx, dir); err != nil {
		return nil, err
	}
	b.first, b.second = newWriter(b.journal("intake")), newWriter(b.journal("referral"))
	consumer, err := b.js.CreateConsumer(ctx, bus.Events, jetstream.ConsumerConfig{
		Durable: "bare", FilterSubject: bareRequested + "*", AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 4096,
	})
	if err == nil {
		// Each in a goroutine of its own: what arrives together is stored together.
		b.received, err = consumer.Consume(func(msg jetstream.Msg) {
			b.working.Go(func() { b.receive(msg) })
		}, jetstream.PullMaxMessages(256))
	}
	if err != nil {
		return nil, fmt.Errorf("consume: %w", err)
	}
	ends := newArrivals[int64]()
	if err = b.look(ends); err != nil {
		return nil, fmt.Errorf("watch the bus: %w", err)
	}
	b.orders, err = takeOrders(ctx, ends, b.accept)
	return b, err
}

// look watches the second events come out, on a connection of its own, as it is
// done for Sanad.
func (b *bare) look(ends *arrivals[int64]) (err error) {
	if b.watch, err = nats.Connect(b.bus.ClientURL(), b.bus.InProcess()); err != nil {
		return err
	}
	if _, err = b.watch.Subscribe(bareReferred+"*", func(m *nats.Msg) {
		if n, err := strconv.ParseInt(strings.TrimPrefix(m.Subject, bareReferred), 10, 64); err == nil {
			ends.arrived(n)
		}
	}); err != nil {
		return err
	}
	return b.watch.FlushTimeout(patience)
}

// accept is the handler of the first service.
func (b *bare) accept(ctx context.Context, o order) error {
	if err := b.first.store(copyOf(b.like.first, o.ID)); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return b.publish(ctx, bareRequested, o, b.like.event)
}

// receive is the handler of the second service. What it does not acknowledge
// comes again.
func (b *bare) receive(msg jetstream.Msg) {
	var o order
	if err := json.Unmarshal(msg.Data(), &o); err != nil {
		_ = msg.Term()
		return
	}
	if b.second.store(copyOf(b.like.second, o.ID)) != nil {
		return
	}
	if b.publish(context.Background(), bareReferred, o, b.like.outcome) == nil {
		_ = msg.Ack()
	}
}

// publish returns when the bus has the event.
func (b *bare) publish(ctx context.Context, subject string, o order, size int) error {
	subject += strconv.FormatInt(o.ID, 10)
	payload, err := json.Marshal(o.padded(size, 2*len(subject)+len(bareHeader)))
	if err != nil {
		return err
	}
	ack, err := b.js.PublishAsync(subject, payload, jetstream.WithMsgID(subject))
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	select {
	case <-ack.Ok():
		return nil
	case err := <-ack.Err():
		return fmt.Errorf("publish: %w", err)
	case <-ctx.Done():
		return fmt.Errorf("publish: %w", context.Cause(ctx))
	}
}

func (b *bare) close() error {
	var errs error
	if b.orders != nil {
		errs = b.orders.close()
	}
	if b.received != nil {
		b.received.Stop()
		<-b.received.Closed()
	}
	b.working.Wait()
	if b.watch != nil {
		b.watch.Close()
	}
	if b.first != nil {
		b.first.close()
		b.second.close()
	}
	if b.stores == nil {
		return errs
	}
	return errors.Join(errs, b.stores.close())
}
