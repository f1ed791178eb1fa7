// Package bus carries what happened from one service to the others: it
// publishes what a journal holds, brings events to the endpoints that react to
// them, and wakes records at their deadlines.
//
// The journal is the truth, and the bus is a copy. When the bus has lost something,
// the service publishes it again from its journal: after a crash, after a lost
// tail, after a lost store. So the relay does not rely on acknowledgements: it
// reads its own events back from the bus. An event may arrive twice or out of
// order, and endpoints must handle both.
//
// A message is checked before an endpoint gets it: its subject agrees with its
// content, its identity is one of the network, its data keep the schema of the
// event. A message that fails goes to the dead letters with the reason. A message
// that only a newer release understands waits for that release.
//
// The package refuses to decide anything about the domain, to publish the private
// half of an event, and to make the answer to a command wait for NATS.
package bus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/kit/endpoint"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

// Config is what a bus needs. A field without a default is required.
type Config struct {
	// Service is the one name of the service: in subjects, and of its consumers.
	Service string
	// Conn is a connection made by Connect; JS is on it. Open sets both.
	Conn *nats.Conn
	JS   jetstream.JetStream
	// Agreed is by which rules the service works: a mode, a blank and a hash (Agree).
	// Default: it is compared with nothing.
	Agreed string
	// Replicas is how many servers hold each stream that the service makes again:
	// 1, 3 or 5. Default: 1.
	Replicas int
	// Registerer takes the metrics, and adds the label of the service.
	Registerer     prometheus.Registerer
	Logger         *slog.Logger
	TracerProvider trace.TracerProvider
	// Clock gives the time. Default: the wall clock.
	Clock func() time.Time
	// Catalogue decodes the events that arrive, and those of the service that
	// are addressed to agencies.
	Catalogue event.Catalogue
	// Schemas holds schema/<service>/<event>.v<major>.schema.json. What arrives is
	// checked against them.
	Schemas fs.FS
	// Commit reads one commit from the journal; nil is a commit that is not there.
	// It is called when a message of the service arrives that was not under way.
	// Default: such messages are not compared with the journal.
	Commit func(ctx context.Context, record string, version uint64) (*journal.Commit, error)
	// Made says whether the service can have made an identity, also one of a commit
	// that its journal lacks. Default: it can have made all.
	Made func(id event.ID) bool
	// Replay reads the whole journal, each record in order, so that the bus can be
	// filled again.
	Replay func(ctx context.Context, visit func(*journal.Commit) error) error
	// Age is how long EVENTS and AGENCIES hold the events of a closed record: LeastAge
	// at least. Default: for ever. Records is required with it.
	Age     time.Duration
	Records Records
	// Since has the bus do one thing only: publish what it lacks of what happened
	// from that instant on, also what has aged out. Default: the zero instant, and
	// the bus does all that it does.
	Since time.Time
	// Armed visits every deadline that there is at the start. Default: there are
	// none.
	Armed func(visit func(record string, deadlines []fact.Deadline))
}

// Bus is one service's part in the traffic.
type Bus struct {
	cfg     Config
	log     *slog.Logger
	tracer  trace.Tracer
	metrics *metrics
	health  health

	belonging belonging

	relay     *relay
	reactions reactions
	timers    *timers
	parked    *parked

	// rewind is where the consumers start anew, nil for where they stand.
	rewind *Positions

	// loose is how many of the consumers that should be bound are not.
	loose   atomic.Int32
	floors  floors
	running atomic.Bool
	// agreed is set once the network and the service had the same rules.
	agreed atomic.Bool
}

// floors is how far each consumer of the service has taken all, as last seen.
type floors struct {
	mu sync.Mutex
	of map[string]uint64 // by stream
}

func (f *floors) see(stream string, seq uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = map[string]uint64{}
	}
	f.of[stream] = seq
}

// New makes a bus. It opens nothing; Begin and Run do.
func New(cfg Config) *Bus {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	cfg.Replicas = max(cfg.Replicas, 1)
	b := &Bus{
		cfg:    cfg,
		log:    cfg.Logger,
		tracer: cfg.TracerProvider.Tracer("github.com/sanad-network/sanad/pkg/bus"),
		parked: &parked{clock: cfg.Clock, seen: map[place]time.Time{}},
	}
	b.metrics = newMetrics(cfg.Registerer, b.parked)
	b.relay = newRelay(b)
	b.timers = newTimers(b)
	b.reactions = reactions{judge: newJudge(cfg.Catalogue, cfg.Schemas), due: map[string]*reaction{}}
	b.gauge(cfg.Registerer)
	return b
}

// Begin reads which of the service's events are on the bus already, so that Offer
// knows what is missing. Call it before the journal is replayed. A bus that cannot
// be reached is no error: the relay publishes what is missing later. A bus of
// another network is an error: ErrNetwork.
func (b *Bus) Begin(ctx context.Context) error { return b.relay.begin(ctx) }

// Offer hands a commit to the relay, which publishes what of it is not on the
// bus. It never waits for the network. Offer every commit, in replay and after
// each append, per record in order.
func (b *Bus) Offer(c *journal.Commit) { b.relay.offer(c) }

// OnForeign sets what is called for commits that came back and were not offered
// here: another replica appended them. It may be called for commits that are known,
// too. Set it before Run.
func (b *Bus) OnForeign(follow func(record string, version uint64)) { b.relay.follow = follow }

// Arm makes the deadlines of a record those that are given: new and changed ones
// are armed, others cancelled. The bus gets a deadline when it is near. Arm never
// waits for the network.
func (b *Bus) Arm(record string, deadlines []fact.Deadline) { b.timers.arm(record, deadlines) }

// On makes an endpoint react to a type of event. Its request is a Delivery. It
// panics when the catalogue cannot decode the type, when there is no schema of it,
// when services are not told of it, or when something reacts to it already: all
// are mistakes in the program. Call it before Run.
func (b *Bus) On(eventType string, e endpoint.Endpoint) { b.addReaction(eventType, e) }

// OnDue makes an endpoint react to deadlines of a name. Its request is a Due.
// Call it before Run; a name taken twice panics.
func (b *Bus) OnDue(name string, e endpoint.Endpoint) { b.addDue(name, e) }

// How long each step of stopping may take.
const (
	drainDeliveries = 10 * time.Second
	drainRelay      = 5 * time.Second
)

// Run relays, reacts and wakes until ctx is done. Then it takes no new delivery,
// waits for those under way, and gives the relay a moment to publish what they
// appended. What is not published in time is published after the next start.
func (b *Bus) Run(ctx context.Context) error {
	lasting, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var outlet, inlet sync.WaitGroup
	outlet.Go(func() { b.relay.run(lasting) })
	if !b.cfg.Since.IsZero() {
		<-ctx.Done()
		stop()
		outlet.Wait()
		return nil
	}
	outlet.Go(func() { b.inspect(lasting) })
	if len(b.reactions.due) > 0 {
		outlet.Go(func() { b.timers.run(lasting) })
	} else {
		b.timers.remembered() // there are none
	}
	for _, c := range b.consumers() {
		b.loose.Add(1)
		inlet.Go(func() { b.consume(ctx, c) })
	}
	b.running.Store(true)
	<-ctx.Done()
	b.running.Store(false)
	inlet.Wait()
	b.relay.flush(lasting, drainRelay)
	stop()
	outlet.Wait()
	return nil
}

// stale is the age of an unpublished commit beyond which the relay is behind.
const stale = time.Minute

// What Ready reports.
var (
	errStopped      = errors.New("bus: not running")
	errDisconnected = errors.New("bus: not connected")
	errLoose        = errors.New("bus: a consumer is not bound")
	errBehind       = errors.New("bus: the relay is behind")
)

// Ready says what keeps events from flowing, nil when nothing does.
func (b *Bus) Ready() error {
	n, oldest := b.relay.waiting()
	switch {
	case !b.running.Load():
		return errStopped
	case !b.cfg.Conn.IsConnected():
		return errDisconnected
	}
	err := b.health.err()
	if b.loose.Load() > 0 {
		err = errors.Join(err, errLoose)
	}
	if !oldest.IsZero() && b.cfg.Clock().Sub(oldest) > stale {
		err = errors.Join(err, fmt.Errorf("%w by more than %s, %d commits wait%s", errBehind, stale, n, b.relay.because()))
	}
	return err
}

// Sound says whether the bus is as it is declared. A service must not work with one
// that is not.
func (b *Bus) Sound() error {
	if b.health.has(troubleNetwork) {
		return ErrNetwork
	}
	if b.health.has(troubleMode) {
		return ErrMode
	}
	if b.health.has(troubleRules) {
		return errRules
	}
	if b.health.has(troubleStream) {
		return errChanged
	}
	return nil
}
