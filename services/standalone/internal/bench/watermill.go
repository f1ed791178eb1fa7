package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	wmnats "github.com/ThreeDotsLabs/watermill-nats/v2/pkg/nats"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/services/standalone/internal/office"
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
	like   sample
	router *message.Router
	// own are connections and servers beside the stores.
	own  []func() error
	pub  message.Publisher
	wire *wire
	ends *arrivals[int64]
	runs atomic.Int64
}

// order is both the request and the event.
type order struct {
	ID        int64  `json:"id"`
	Recipient string `json:"recipient"`
	Service   string `json:"service"`
	Urgency   string `json:"urgency"`
	// Rest makes the event as large as Sanad's.
	Rest string `json:"rest,omitempty"`
}

const millTopic = "sanad.events.intake.service_requested.mill"

func openWatermill(ctx context.Context, dir string, like sample, tuned bool) (_ flow, err error) {
	s, err := openStores(ctx, dir)
	if err != nil {
		return nil, err
	}
	m := &mill{stores: s, like: like, ends: newArrivals[int64]()}
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
	m.pub, m.own = pub, append(m.own, pub.Close)
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
	return m, m.serve(ctx)
}

// serve starts the first service.
func (m *mill) serve(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/cases/{id}/requests", m.request)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }()
	m.own = append(m.own, server.Close)
	m.wire = newWire(office.Desk{Base: "http://" + l.Addr().String()})
	return nil
}

// request is the handler of the first service.
func (m *mill) request(w http.ResponseWriter, r *http.Request) {
	var o order
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&o); err != nil {
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	if o.ID == 0 || o.Recipient == "" || o.Service == "" || (o.Urgency != "urgent" && o.Urgency != "routine") {
		http.Error(w, "invalid", http.StatusUnprocessableEntity)
		return
	}
	if _, err := m.journal("intake").InsertOne(r.Context(), copyOf(m.like.first, o.ID)); err != nil {
		http.Error(w, "not stored", http.StatusServiceUnavailable)
		return
	}
	o.Rest = strings.Repeat("x", max(0, m.like.event-millOverhead))
	payload, err := json.Marshal(o)
	if err == nil {
		err = m.pub.Publish(millTopic, message.NewMessage(watermill.NewUUID(), payload))
	}
	if err != nil {
		http.Error(w, "not published", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(o)
}

// millOverhead is about what an order without Rest and Watermill's header take.
const millOverhead = 260

// receive is the handler of the second service.
func (m *mill) receive(msg *message.Message) error {
	var o order
	if err := json.Unmarshal(msg.Payload, &o); err != nil {
		return err
	}
	if _, err := m.journal("referral").InsertOne(msg.Context(), copyOf(m.like.second, o.ID)); err != nil {
		return err
	}
	m.ends.arrived(o.ID)
	return nil
}

// prepare has nothing to do: there are no rules that ask for a consent.
func (m *mill) prepare(context.Context, int) error { return nil }

func (m *mill) run(ctx context.Context) (time.Time, error) {
	n := m.runs.Add(1)
	end := m.ends.expect(n)
	o := order{ID: n, Recipient: offers[0].agency, Service: offers[0].service, Urgency: "urgent"}
	if _, err := m.wire.post(ctx, "/v1/cases/1/requests", o); err != nil {
		return time.Time{}, err
	}
	return await(ctx, end)
}

func (m *mill) close() error {
	var errs error
	if m.router != nil {
		errs = m.router.Close()
	}
	for _, stop := range m.own {
		errs = errors.Join(errs, stop())
	}
	return errors.Join(errs, m.stores.close())
}
