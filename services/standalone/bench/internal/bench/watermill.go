package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ThreeDotsLabs/watermill"
	wmnats "github.com/ThreeDotsLabs/watermill-nats/v2/pkg/nats"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"
)

// mill is the same flow as an engineer would write it with Watermill, who also
// knows that on these stores only inserts are safe: an HTTP handler inserts a
// document and publishes, a handler of a Watermill router inserts a document
// in the second service and acknowledges.
//
// What it leaves out is in its favour: tokens, schemas, sealing, rules, metrics,
// logs, timers, the router's middleware, and anything that would publish again
// after a crash between the insert and the publication. A run ends with the
// second insert and not, as Sanad's, with an event after it.
type mill struct {
	*stores
	*orders
	like   sample
	router *message.Router
	pub    message.Publisher
	done   *arrivals[int64]
}

const millTopic = "sanad.events.intake.service_requested.mill"

func openWatermill(ctx context.Context, dir string, like sample, tuned bool) (_ flow, err error) {
	s, err := openStores(ctx, dir)
	if err != nil {
		return nil, err
	}
	m := &mill{stores: s, like: like, done: newArrivals[int64]()}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.close())
		}
	}()
	publisher := wmnats.PublisherConfig{URL: s.bus.ClientURL()}
	subscriber := wmnats.SubscriberConfig{URL: s.bus.ClientURL()}
	if tuned {
		publisher.NatsOptions = []nats.Option{s.bus.InProcess()}
		subscriber.NatsOptions = publisher.NatsOptions
		subscriber.SubscribersCount = 16
		subscriber.QueueGroupPrefix = "referral"
		subscriber.JetStream = wmnats.JetStreamConfig{DurablePrefix: "referral", AckAsync: true}
	}
	pub, err := wmnats.NewPublisher(publisher, watermill.NopLogger{})
	if err != nil {
		return nil, fmt.Errorf("publisher: %w", err)
	}
	m.pub = pub
	sub, err := wmnats.NewSubscriber(subscriber, watermill.NopLogger{})
	if err != nil {
		return nil, fmt.Errorf("subscriber: %w", err)
	}
	// The router closes the subscriber.
	if m.router, err = message.NewRouter(message.RouterConfig{}, watermill.NopLogger{}); err != nil {
		return nil, fmt.Errorf("router: %w", err)
	}
	m.router.AddConsumerHandler("referral", millTopic, sub, m.receive)
	failed := make(chan error, 1)
	go func() { failed <- m.router.Run(context.WithoutCancel(ctx)) }()
	select {
	case err := <-failed:
		return nil, fmt.Errorf("router: %w", err)
	case <-m.router.Running():
	}
	m.orders, err = takeOrders(ctx, m.done, m.accept)
	return m, err
}

// accept is the handler of the first service.
func (m *mill) accept(ctx context.Context, o order) error {
	if _, err := m.journal("intake").InsertOne(ctx, copyOf(m.like.first, o.ID)); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	payload, err := json.Marshal(o.padded(m.like.event, millEnvelope))
	if err != nil {
		return err
	}
	return m.pub.Publish(millTopic, message.NewMessage(watermill.NewUUID(), payload))
}

// millEnvelope is about what Watermill's header takes.
const millEnvelope = 150

// receive is the handler of the second service.
func (m *mill) receive(msg *message.Message) error {
	var o order
	if err := json.Unmarshal(msg.Payload, &o); err != nil {
		return err
	}
	if _, err := m.journal("referral").InsertOne(msg.Context(), copyOf(m.like.second, o.ID)); err != nil {
		return err
	}
	m.done.arrived(o.ID)
	return nil
}

func (m *mill) close() error {
	var errs error
	if m.orders != nil {
		errs = m.orders.close()
	}
	if m.router != nil {
		errs = errors.Join(errs, m.router.Close())
	}
	if m.pub != nil {
		errs = errors.Join(errs, m.pub.Close())
	}
	return errors.Join(errs, m.stores.close())
}
