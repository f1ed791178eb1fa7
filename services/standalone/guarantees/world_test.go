package guarantees_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/pkg/telemetry/telemetrytest"
	agreement "github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// world is a running network that a test may stop and start again.
type world struct {
	*network.Network
	t      testing.TB
	config network.Config
	wit    *witness
	logs   *lines
	tracer trace.TracerProvider
	// collector is where spans are sent to, nil for nowhere.
	collector *telemetrytest.Collector
	http      *http.Client
	stop      func()
	// unwatched is set by a test that itself puts on the bus what is no event.
	unwatched bool
	// other is the desk in the language of tests, once one is needed.
	other *disguise
}

// lines collects what the process logs.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write appends a line.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) all() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.buf.Bytes())
}

// begin makes a network in a folder of the test's own and starts it.
func begin(t testing.TB, options ...func(*world)) *world {
	t.Helper()
	wit, err := theWitness()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, wit: wit, logs: &lines{}, config: network.Config{
		TrustFund: true,
		Dir:       t.TempDir(),
		NATSAddr:  "127.0.0.1:0",
		ReadBack:  true,
		Service: service.Config{
			Mode:     service.Training,
			HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", NATSReplicas: 1, TraceSample: 1, RatePerSecond: 1_000_000, AnonymousPerSecond: 1_000_000,
		},
	}}
	for _, option := range options {
		option(w)
	}
	pool := http.DefaultTransport.(*http.Transport).Clone()
	pool.MaxIdleConnsPerHost = 128
	w.http = &http.Client{Transport: wit.Transport(pool, t), Timeout: answer}
	w.start()
	t.Cleanup(func() {
		w.stop()
		pool.CloseIdleConnections()
	})
	return w
}

func (w *world) start() {
	w.t.Helper()
	told := telemetry.Config{Service: "standalone", Writer: w.logs}
	if w.collector != nil {
		told.OTLPEndpoint, told.Sample = w.collector.URL, 1
	}
	tel, flush, err := telemetry.New(w.t.Context(), told)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.tracer != nil {
		tel.TracerProvider = w.tracer
	}
	w.config.Telemetry = tel
	if w.Network, err = network.Open(w.t.Context(), w.config); err != nil {
		w.t.Fatalf("start: %v\n%s", err, w.logs.all())
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	stopped := make(chan error, 1)
	go func() { stopped <- w.Run(ctx) }()
	if !w.unwatched {
		w.watch() // whatever a test is about, its events are judged
	}
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-stopped, flush(context.Background())); err != nil {
			w.t.Errorf("stop: %v\n%s", err, w.logs.all())
		}
	})
}

// in is the network for one part of a test. The parts share it: each keeps to records of its own.
func (w *world) in(t testing.TB) *world {
	one := *w
	one.t = t
	return &one
}

// restart stops the network in order and starts it again on the same data.
// Between the two, change may do what it likes to that data.
func (w *world) restart(change func(dir string)) {
	w.t.Helper()
	w.stop()
	if change != nil {
		change(w.config.Dir)
	}
	w.start()
}

// desk seats somebody whose every request and answer is witnessed.
func (w *world) desk(agency, role string, also ...string) office.Desk {
	w.t.Helper()
	return w.deskOf(network.Seat(agency, role, also...))
}

// deskOf is desk for a person whose token says more.
func (w *world) deskOf(p identity.Principal) office.Desk {
	w.t.Helper()
	d, err := w.DeskOf(p)
	if err != nil {
		w.t.Fatal(err)
	}
	d.HTTP = w.http
	return d
}

// running is the network as it is now: another start, other addresses.
func (w *world) running() running {
	return running{bus: w.Bus, admins: []string{w.Admin.String()}}
}

func (w *world) idle() { w.t.Helper(); w.running().idle(w.t) }

// sees waits until a desk reads what is expected.
func (w *world) sees(d office.Desk, path string, out any, expected func() bool) {
	w.t.Helper()
	ctx, cancel := patience.Context(w.t.Context(), w.t, "what is expected of "+path, w.running().moves)
	defer cancel()
	if err := d.Until(ctx, path, out, expected); err != nil {
		w.t.Fatal(err)
	}
}

// cast seats the agencies of the journey.
func (w *world) cast() journey.Cast {
	w.t.Helper()
	desks := map[string]office.Desk{}
	for _, r := range journey.Roles {
		desks[r.Agency] = w.desk(r.Agency, r.Role, r.Also...)
	}
	return func(agency string) office.Desk { return desks[agency] }
}

// play registers the agencies and plays one journey.
func (w *world) play(ctx context.Context) journey.Story {
	w.t.Helper()
	ctx, cancel := patience.Context(ctx, w.t, "the journey", w.running().moves)
	defer cancel()
	if err := journey.Register(ctx, w.cast()); err != nil {
		w.t.Fatalf("%v\n%s", err, w.logs.all())
	}
	story, err := journey.Play(ctx, w.cast(), func(string, string, time.Duration) {})
	if err != nil {
		w.t.Fatalf("%v\n%s", err, w.logs.all())
	}
	return story
}

// watch judges every event that passes from now on, and keeps it.
func (w *world) watch() *watched {
	w.t.Helper()
	nc, err := w.Bus.Connect(bus.Steward)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(nc.Close)
	seen := &watched{}
	if _, err := nc.Subscribe("sanad.events.>", func(m *nats.Msg) {
		e, err := event.Parse(m.Header, m.Data)
		if err == nil {
			err = w.wit.Event(e)
		}
		if err != nil {
			w.t.Errorf("event on %s: %v", m.Subject, err)
		}
		seen.add(e)
	}); err != nil {
		w.t.Fatal(err)
	}
	// Records that were made from the same fact agree: of what the network says
	// itself nothing is refused as somebody else's.
	if _, err := nc.Subscribe("sanad.deadletters.>", func(m *nats.Msg) {
		if m.Header.Get(bus.HeaderReason) == agreement.Err.Code {
			w.t.Errorf("a fact does not agree with its record: %s: %s", m.Subject, m.Data)
		}
	}); err != nil {
		w.t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		w.t.Fatal(err)
	}
	return seen
}

// seenEvent is an event that passed.
type seenEvent = event.Envelope

// watched is what passed on the bus.
type watched struct {
	mu     sync.Mutex
	events []seenEvent
}

func (s *watched) add(e seenEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
}

// until waits for an event that is as asked for.
func (s *watched) until(t testing.TB, is func(seenEvent) bool) {
	t.Helper()
	patience.Until(t, "an event", func() bool { return s.count(is) > 0 }, func() string { return fmt.Sprint(s.types()) })
}

// types counts the events by type.
func (s *watched) types() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := map[string]int{}
	for _, e := range s.events {
		n[e.Type]++
	}
	return n
}

// streams lists the records that events were about.
func (s *watched) records() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, e := range s.events {
		ids = append(ids, e.Subject)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// count tells how many events are as asked for.
func (s *watched) count(is func(seenEvent) bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, e := range s.events {
		if is(e) {
			n++
		}
	}
	return n
}

// busStore is where the embedded bus keeps its streams.
func busStore(dir string) string { return filepath.Join(dir, "nats") }
