package bustest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
)

// count is what a service counts under a metric's name and one of its labels.
func (s *Service) count(t testing.TB, name, label string) float64 {
	t.Helper()
	families, err := s.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && (label == "" || m.GetLabel()[0].GetValue() == label) {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	t.Fatalf("%s{%s} is not told", name, label)
	return 0
}

// reader is a service that reacts to two events and notes what it gets.
func reader(t testing.TB, srv Server) (*Service, *log) {
	t.Helper()
	got := new(log)
	note := func(_ context.Context, request any) (any, error) {
		d := request.(bus.Delivery)
		got.add(d.Type + " " + d.Subject)
		return nil, nil
	}
	s := Open(t, srv, "legal-aid", NewJournal(), Setup(func(b *bus.Bus) {
		b.On(opened, note)
		b.On(closed, note)
	}))
	return s, got
}

var closed = intakev1.CaseClosed{}.EventType()

// tamper has the steward change a consumer behind its service's back.
func tamper(t testing.TB, s *Service, change func(*jetstream.ConsumerConfig)) {
	t.Helper()
	c, err := s.JS.Consumer(t.Context(), bus.Events, "legal-aid")
	if err != nil {
		t.Fatal(err)
	}
	cfg := c.CachedInfo().Config
	change(&cfg)
	if _, err := s.JS.UpdateConsumer(t.Context(), bus.Events, cfg); err != nil {
		t.Fatal(err)
	}
}

// deaf takes one event out of a consumer's filter.
func deaf(cfg *jetstream.ConsumerConfig) {
	cfg.FilterSubjects, cfg.FilterSubject = nil, event.SubjectOf(opened, "*")
}

// A consumer that somebody made deaf to an event is put right, and the event
// arrives: also one that passed meanwhile.
func testConsumerChanged(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	out, got := reader(t, srv)
	out.Run()
	eventually(t, srv, "it reacts", func() bool { return out.Bus.Ready() == nil })
	tamper(t, out, deaf)
	in.Publish("case_1", intakev1.CaseClosed{Case: fact.ID("case", "case_1"), Reason: code.CloseNeedsMet})
	in.Publish("case_2", caseOpened("case_2")) // moves the place of the deaf consumer
	eventually(t, srv, "what passed it by arrives", func() bool { return slices.Contains(got.lines(), closed+" case_1") })
	if n := out.count(t, "sanad_bus_repairs_total", "consumer_changed"); n < 1 {
		t.Errorf("%.0f repairs are counted", n)
	}
	eventually(t, srv, "ready again", func() bool { return out.Bus.Ready() == nil })
}

// It is the same when the service was away: then its place is not known, and
// everything is read again, whatever the changed consumer has passed over.
func testConsumerChangedWhileAway(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	out, _ := reader(t, srv)
	out.Run()
	eventually(t, srv, "it reacts", func() bool { return out.Bus.Ready() == nil })
	steward := out.JS
	out.cancelAndWait()
	s := &Service{JS: steward}
	tamper(t, s, deaf)
	in.Publish("case_1", intakev1.CaseClosed{Case: fact.ID("case", "case_1"), Reason: code.CloseNeedsMet})
	in.Publish("case_2", caseOpened("case_2"))
	published(t, in, "intake", 2)
	c, err := steward.Consumer(t.Context(), bus.Events, "legal-aid")
	if err != nil {
		t.Fatal(err)
	}
	msg, err := c.Next()
	if err != nil {
		t.Fatal(err)
	}
	if err := msg.DoubleAck(t.Context()); err != nil {
		t.Fatal(err)
	}
	out.Stop()
	again, got := reader(t, srv)
	again.Run()
	eventually(t, srv, "everything arrives", func() bool {
		return slices.Contains(got.lines(), closed+" case_1") && slices.Contains(got.lines(), opened+" case_2")
	})
}

// A consumer that somebody paused goes on, and one that is gone is made again
// where it was.
func testConsumerPausedAndDeleted(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	out, got := reader(t, srv)
	out.Run()
	in.Publish("case_1", caseOpened("case_1"))
	eventually(t, srv, "the first arrives", func() bool { return len(got.lines()) == 1 })
	if _, err := out.JS.PauseConsumer(t.Context(), bus.Events, "legal-aid", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	in.Publish("case_2", caseOpened("case_2"))
	eventually(t, srv, "the second arrives", func() bool { return len(got.lines()) == 2 })
	if n := out.count(t, "sanad_bus_repairs_total", "consumer_paused"); n != 1 {
		t.Errorf("%.0f pauses are counted", n)
	}
	settled(t, out, "legal-aid")
	eventually(t, srv, "ready again", func() bool { return out.Bus.Ready() == nil })
	if err := out.JS.DeleteConsumer(t.Context(), bus.Events, "legal-aid"); err != nil {
		t.Fatal(err)
	}
	in.Publish("case_3", caseOpened("case_3"))
	eventually(t, srv, "the third arrives", func() bool { return slices.Contains(got.lines(), opened+" case_3") })
}

// A consumer that a newer release has declared is left as it is.
func testConsumerOfANewerRelease(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	out, _ := reader(t, srv)
	out.Run()
	eventually(t, srv, "it reacts", func() bool { return out.Bus.Ready() == nil })
	newer := func(cfg *jetstream.ConsumerConfig) {
		cfg.MaxAckPending = 100
		bus.Stamp(cfg, bus.Release+1)
	}
	tamper(t, out, newer)
	out.Stop()
	out, got := reader(t, srv)
	out.Run()
	in.Publish("case_1", caseOpened("case_1"))
	eventually(t, srv, "it arrives", func() bool { return len(got.lines()) == 1 })
	c, err := out.JS.Consumer(t.Context(), bus.Events, "legal-aid")
	if err != nil {
		t.Fatal(err)
	}
	if n := c.CachedInfo().Config.MaxAckPending; n != 100 {
		t.Errorf("an older release set the newer one's consumer back: %d", n)
	}
	if n := out.count(t, "sanad_bus_repairs_total", "consumer_changed"); n != 0 {
		t.Errorf("%.0f repairs", n)
	}
}

// No service works with a stream that is not as declared, and the bus is not the
// one that it should be, until the steward has put it right. One that a newer
// release declared is.
func testStreamChanged(t *testing.T, srv Server) {
	j := NewJournal()
	in := start(t, srv, "intake", j)
	out, _ := reader(t, srv)
	out.Run()
	eventually(t, srv, "they run", func() bool { return in.Bus.Ready() == nil && out.Bus.Ready() == nil })
	s, err := in.JS.Stream(t.Context(), bus.Events)
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.CachedInfo().Config
	cfg.MaxMsgsPerSubject = 1
	if _, err := in.JS.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	eventually(t, srv, "it is noticed", func() bool { return in.Bus.Sound() != nil })
	if err := in.Bus.Ready(); err == nil || !strings.Contains(err.Error(), bus.Events) {
		t.Errorf("ready says %v", err)
	}
	eventually(t, srv, "nobody reads it", func() bool { return out.count(t, "sanad_bus_trouble", "consumer_missing") == 1 })
	if n := in.count(t, "sanad_bus_trouble", "stream_changed"); n != 1 {
		t.Errorf("the trouble is told as %.0f", n)
	}
	if err := bus.Declare(t.Context(), in.JS, 1, Parts()); err != nil {
		t.Fatal(err)
	}
	eventually(t, srv, "it is put right", func() bool { return in.Bus.Sound() == nil && in.Bus.Ready() == nil && out.Bus.Ready() == nil })
	in.Publish("case_1", caseOpened("case_1"))
	everything(t, srv, in, "intake")
}

// cancelAndWait stops the bus and keeps the test's own connection.
func (s *Service) cancelAndWait() {
	s.cancel()
	if err := <-s.stopped; err != nil {
		s.t.Error(err)
	}
	s.stopped <- nil
	s.Bus.Close()
}
