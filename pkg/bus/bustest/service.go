package bustest

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/patience"
)

// Journal is a journal in memory: what a service's bus is healed from.
type Journal struct {
	mu      sync.Mutex
	commits []*journal.Commit
	last    map[string]uint64
}

// NewJournal makes an empty journal.
func NewJournal() *Journal { return &Journal{last: map[string]uint64{}} }

// Append writes the next version of a record.
func (j *Journal) Append(record string, events ...fact.Data) *journal.Commit {
	c := &journal.Commit{Record: record, At: time.Now().UTC().Truncate(time.Millisecond)}
	for _, e := range fact.Of(events...) {
		r, err := catalogue.Encode(e)
		if err != nil {
			panic(err)
		}
		c.Events = append(c.Events, r)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last[record]++
	c.Version = j.last[record]
	// As the nonce of a box does, chance makes each hash another one.
	_, _ = rand.Read(c.Hash[:])
	c.Tail = event.TailOf(c.Hash)
	j.commits = append(j.commits, c)
	return c
}

// Commit reads one commit.
func (j *Journal) Commit(_ context.Context, record string, version uint64) (*journal.Commit, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range j.commits {
		if c.Record == record && c.Version == version {
			return c, nil
		}
	}
	return nil, nil //nolint:nilnil // there is none
}

// Replay visits all commits.
func (j *Journal) Replay(ctx context.Context, visit func(*journal.Commit) error) error {
	j.mu.Lock()
	commits := slices.Clone(j.commits)
	j.mu.Unlock()
	for _, c := range commits {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(c); err != nil {
			return err
		}
	}
	return nil
}

// ids lists the identities of all events, sorted.
func (j *Journal) ids() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var ids []string
	for _, c := range j.commits {
		for i := range c.Events {
			ids = append(ids, c.EventID(i).String())
		}
	}
	slices.Sort(ids)
	return ids
}

var catalogue = event.NewCatalogue(
	event.Type[intakev1.CaseOpened](), event.Type[intakev1.ServiceRequested](), event.Type[intakev1.CaseClosed](),
	event.Type[intakev1.CircleDrawn](),
	event.Type[referralv1.AgencyRegistered](), event.Type[referralv1.Requested](), event.Type[referralv1.Offered](), event.Type[referralv1.Accepted](),
	event.Type[referralv1.Cancelled](),
	event.Type[intakev1.WorkerNoted](),
)

// caseOpened is an event of intake. The case in it is of the form that events ask
// for, which is longer than a test likes to write.
func caseOpened(id string) fact.Data {
	return intakev1.CaseOpened{Case: fact.ID("case", id), Agency: "alpha", Channel: code.Hotline, Country: "KG", Programme: "core"}
}

// registered is an event with which an agency asks for its events, or for none.
func registered(agency string, feed bool) fact.Data {
	return referralv1.AgencyRegistered{Agency: agency, Country: "KG", Services: []code.Service{code.LegalAssistance}, Feed: feed}
}

// accepted is an event of referral that two agencies may see.
func accepted(referral string) fact.Data {
	return referralv1.Accepted{Loop: referralv1.Loop{
		Referral: referral, Case: fact.ID("case", "case_1"), Sender: "alpha", Recipient: "beta", Service: code.LegalAssistance,
	}, Urgency: code.Standard, Consent: fact.ID("cons", "1"), Purpose: code.ServiceDelivery, Categories: []code.Category{code.Contact}, ConsentExpires: due}
}

// due is an instant that events have to name, whatever it is.
var due = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// requested and offered are events of referral: the one is for the services, the
// other for the agency that is asked.
func requested(referral string) fact.Data {
	return referralv1.Requested{Loop: referralv1.Loop{
		Referral: referral, Case: fact.ID("case", "case_1"), Sender: "alpha", Recipient: "beta", Service: code.LegalAssistance,
	}, Urgency: code.Standard, Purpose: code.ServiceDelivery, Due: due}
}

func offered(referral string) fact.Data {
	return referralv1.Offered{
		Referral: referral, Sender: "alpha", Agency: "beta", Service: code.LegalAssistance, Urgency: code.Standard, Mode: code.Directed, Due: due,
	}
}

// Service is one service's bus with its journal, as a process holds them. JS is
// the test's own way to the bus, as the steward: how long that waits for an
// answer is no part of what is tested.
type Service struct {
	t    testing.TB
	srv  Server
	Bus  *bus.Bus
	Conn *nats.Conn
	JS   jetstream.JetStream
	*Journal

	metrics *prometheus.Registry
	cancel  context.CancelFunc
	stopped chan error
}

type settings struct {
	bus.Config
	setup func(*bus.Bus)
}

type option func(*settings)

// Setup is called with the bus before it begins.
func Setup(f func(*bus.Bus)) option { return func(s *settings) { s.setup = f } }

func armed(f func(func(string, []fact.Deadline))) option {
	return func(s *settings) { s.Armed = f }
}

func tracer(tp trace.TracerProvider) option {
	return func(s *settings) { s.TracerProvider = tp }
}

// Open connects a service, begins and replays its journal, as a start does.
func Open(t testing.TB, srv Server, name string, j *Journal, options ...option) *Service {
	t.Helper()
	metrics := prometheus.NewRegistry()
	cfg := settings{Config: bus.Config{
		Service: name, Registerer: metrics, Logger: listen(t, srv),
		TracerProvider: noop.NewTracerProvider(), Catalogue: catalogue, Schemas: api.Files, Replay: j.Replay, Commit: j.Commit,
	}}
	for _, o := range options {
		o(&cfg)
	}
	s := &Service{t: t, srv: srv, Bus: bus.New(cfg.Config), Journal: j, metrics: metrics, stopped: make(chan error, 1)}
	if err := s.Bus.Open(srv.URL(), srv.As(name)...); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.Conn, err = bus.Connect(srv.URL(), bus.Steward, srv.As(bus.Steward)...); err != nil {
		t.Fatal(err)
	}
	if s.JS, err = jetstream.New(s.Conn, jetstream.WithDefaultTimeout(patience.Stall)); err != nil {
		t.Fatal(err)
	}
	if cfg.setup != nil {
		cfg.setup(s.Bus)
	}
	if err := s.Bus.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := j.Replay(t.Context(), func(c *journal.Commit) error { s.Bus.Offer(c); return nil }); err != nil {
		t.Fatal(err)
	}
	return s
}

// as is a way to the bus for a holder of an identity's seed.
func as(t testing.TB, srv Server, identity string) jetstream.JetStream {
	t.Helper()
	nc, err := bus.Connect(srv.URL(), identity, srv.As(identity)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(patience.Stall))
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// Run runs the bus until Stop or the end of the test.
func (s *Service) Run() *Service {
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	s.cancel = cancel
	go func() { s.stopped <- s.Bus.Run(ctx) }()
	s.t.Cleanup(s.Stop)
	return s
}

// Stop drains the bus and closes its connection.
func (s *Service) Stop() {
	if s.cancel == nil {
		return
	}
	s.cancel()
	s.cancel = nil
	if err := <-s.stopped; err != nil {
		s.t.Error("run:", err)
	}
	s.Bus.Close()
	s.Conn.Close()
}

// pending is how many commits the relay says are not on the bus.
func (s *Service) pending(t testing.TB) float64 { return s.measured(t, "sanad_relay_pending_commits") }

// measured is the value of a metric without labels.
func (s *Service) measured(t testing.TB, name string) float64 {
	t.Helper()
	families, err := s.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue() + f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	t.Fatal("nobody measures " + name)
	return 0
}

// Publish appends and offers.
func (s *Service) Publish(record string, events ...fact.Data) {
	s.Bus.Offer(s.Append(record, events...))
}

// start opens a service and runs it.
func start(t testing.TB, srv Server, name string, j *Journal, options ...option) *Service {
	t.Helper()
	return Open(t, srv, name, j, options...).Run()
}

// message is what lies on a stream.
type message struct {
	subject string
	header  nats.Header
	data    []byte
}

// looking is a way to the bus of the steward's, for one look: tests look often.
func looking(t testing.TB, srv Server) (js jetstream.JetStream, leave func()) {
	t.Helper()
	nc, err := steward(srv)
	if err != nil {
		t.Fatal(err)
	}
	if js, err = jetstream.New(nc, jetstream.WithDefaultTimeout(patience.Stall)); err != nil {
		t.Fatal(err)
	}
	return js, nc.Close
}

// read reads all messages of a subject, over a connection of its own.
func read(t testing.TB, srv Server, stream, subject string) []message {
	t.Helper()
	js, leave := looking(t, srv)
	defer leave()
	s, err := js.Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	var messages []message
	last := s.CachedInfo().State.LastSeq
	for seq := s.CachedInfo().State.FirstSeq; seq <= last; {
		msg, err := s.GetMsg(t.Context(), max(seq, 1), jetstream.WithGetMsgSubject(subject))
		if err != nil {
			break
		}
		messages = append(messages, message{subject: msg.Subject, header: msg.Header, data: msg.Data})
		seq = msg.Sequence + 1
	}
	return messages
}

// ids lists the Nats-Msg-Ids of a subject, sorted, each as often as it is there.
func ids(t testing.TB, srv Server, stream, subject string) []string {
	t.Helper()
	var ids []string
	for _, m := range read(t, srv, stream, subject) {
		ids = append(ids, m.header.Get(nats.MsgIdHdr))
	}
	slices.Sort(ids)
	return ids
}

// place is a Nats-Msg-Id without the tail, which chance makes.
func place(msgID string) string {
	id, agency, copied := strings.Cut(msgID, "@")
	id, _ = event.CutTail(id)
	if copied {
		id += "@" + agency
	}
	return id
}

// places are ids without their tails.
func places(ids []string) []string {
	var all []string
	for _, id := range ids {
		all = append(all, place(id))
	}
	return all
}

// published waits until the bus holds at least n events of a service.
func published(t testing.TB, s *Service, service string, n int) {
	t.Helper()
	s.eventually(t, fmt.Sprintf("%d events of %s are on the bus", n, service), func() bool {
		st, err := s.JS.Stream(t.Context(), bus.Events)
		if err != nil {
			return false
		}
		info, err := st.Info(t.Context(), jetstream.WithSubjectFilter(event.Subject(service, "*", "*")))
		if err != nil {
			return false
		}
		total := 0
		for _, k := range info.State.Subjects {
			total += int(k)
		}
		return total >= n
	})
}

// everything waits until the bus holds all of a journal, and checks that it
// holds each event once.
func everything(t testing.TB, srv Server, s *Service, service string) {
	t.Helper()
	want := s.ids()
	published(t, s, service, len(want))
	got := ids(t, srv, bus.Events, event.Subject(service, "*", "*"))
	if !slices.Equal(got, want) {
		t.Errorf("the bus holds %d events, %d different ones; the journal %d", len(got), len(slices.Compact(got)), len(want))
	}
}
