package bustest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
)

// Integrator is one that a Server lets in.
const Integrator = "desk"

func bell(t testing.TB, srv Server) *bus.Bell {
	t.Helper()
	nc, err := bus.Connect(srv.URL(), Integrator, srv.As(Integrator)...)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bus.NewBell(nc, Integrator, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// reads gives the consumers of the bell by which somebody reads.
func (s *Service) reads() (all []jetstream.ConsumerConfig) {
	stream, err := s.JS.Stream(s.t.Context(), bus.Events)
	if err != nil {
		return nil
	}
	for info := range stream.ListConsumers(s.t.Context()).Info() {
		if strings.HasPrefix(info.Name, Integrator+"-") && info.NumWaiting > 0 {
			all = append(all, info.Config)
		}
	}
	return all
}

// rings waits for a ring.
func (s *Service) rings(what string, ear <-chan struct{}) {
	s.t.Helper()
	s.eventually(s.t, what, func() bool { return len(ear) > 0 })
	<-ear
}

// A bell rings for those who may see what happened, and for nobody else: also where the
// event that is for them alone is not on the stream. It asks for no content, and reads
// while somebody listens.
func testBell(t *testing.T, srv Server) {
	s := start(t, srv, "referral", NewJournal())
	b := bell(t, srv)
	if got := s.reads(); len(got) > 0 {
		t.Errorf("nobody listens, and the bell reads: %+v", got)
	}
	alpha, beta, gamma := b.Listen(t.Context(), "alpha"), b.Listen(t.Context(), "beta"), b.Listen(t.Context(), "gamma")
	s.eventually(t, "the bell reads", func() bool { return len(s.reads()) == 1 })
	if c := s.reads()[0]; !c.HeadersOnly || c.DeliverPolicy != jetstream.DeliverNewPolicy || !c.MemoryStorage {
		t.Errorf("it reads by %+v", c)
	}
	s.Publish("ref_1", requested("ref_1"), offered("ref_1"))
	s.rings("who asks is told", alpha)
	s.rings("who is asked is told", beta)
	s.Publish("agency_alpha", registered("alpha", false))
	s.Publish("ref_2", requested("ref_2"))
	s.rings("the next", alpha)
	for name, ear := range map[string]<-chan struct{}{"alpha": alpha, "gamma": gamma} {
		if len(ear) > 0 {
			t.Errorf("it rings for %s, and nothing happened there", name)
		}
	}
	// One more listener of an agency, and one who goes.
	ctx, leave := context.WithCancel(t.Context())
	gone, second := b.Listen(ctx, "alpha"), b.Listen(t.Context(), "alpha")
	leave()
	s.eventually(t, "who goes hears no more", func() bool {
		s.Publish("ref_3", requested("ref_3"))
		s.rings("both are told", alpha)
		s.rings("both are told", second)
		quiet := len(gone) == 0
		for len(gone) > 0 {
			<-gone
		}
		return quiet
	})
	b.Close()
	for _, ear := range []<-chan struct{}{alpha, beta, gamma, second, b.Listen(t.Context(), "alpha")} {
		for range ear { // until it is closed
		}
	}
	if got := s.reads(); len(got) > 0 {
		t.Errorf("the bell is closed, and reads: %+v", got)
	}
}

// Ten thousand events are one ring for who does not look.
func testBellInAStorm(t *testing.T, srv Server) {
	s := start(t, srv, "referral", NewJournal())
	b := bell(t, srv)
	alpha, beta := b.Listen(t.Context(), "alpha"), b.Listen(t.Context(), "beta")
	s.eventually(t, "the bell reads", func() bool { return len(s.reads()) == 1 })
	for n := range 10_000 {
		s.Publish(refOf(n), requested("ref_1"))
	}
	s.Publish("ref_last", accepted("ref_last"))
	s.rings("the last is told", beta)
	if len(alpha) != 1 || cap(alpha) != 1 {
		t.Errorf("%d rings of %d wait", len(alpha), cap(alpha))
	}
}

func refOf(n int) string {
	digits := []byte("ref_00000")
	for i := len(digits) - 1; n > 0; i, n = i-1, n/10 {
		digits[i] = byte('0' + n%10)
	}
	return string(digits)
}

// While the bus is away nothing rings and nothing ends. When it is back everybody looks once,
// and the bell rings on.
func testBellOfABusThatWasAway(t *testing.T, srv Server) {
	s := start(t, srv, "referral", NewJournal())
	b := bell(t, srv)
	alpha, gamma := b.Listen(t.Context(), "alpha"), b.Listen(t.Context(), "gamma")
	s.eventually(t, "the bell reads", func() bool { return len(s.reads()) == 1 })
	srv.Stop(t)
	select {
	case _, open := <-alpha:
		t.Errorf("it rings, or is over: %t", open)
	default:
	}
	srv.Start(t)
	s.rings("something may have happened", gamma)
	for len(alpha) > 0 {
		<-alpha
	}
	s.Publish("ref_1", requested("ref_1"))
	s.rings("it rings again", alpha)
}

// A bell that is given content does not read it: it asks again for headers.
func testBellReadsNoContent(t *testing.T, srv Server) {
	s := start(t, srv, "referral", NewJournal())
	b := bell(t, srv)
	alpha, gamma := b.Listen(t.Context(), "alpha"), b.Listen(t.Context(), "gamma")
	s.eventually(t, "the bell reads", func() bool { return len(s.reads()) == 1 })
	first := s.reads()[0]
	changed := first
	changed.HeadersOnly = false
	if _, err := s.JS.UpdateConsumer(t.Context(), bus.Events, changed); err != nil {
		t.Fatal(err)
	}
	s.Publish("ref_1", requested("ref_1"))
	s.rings("the bell begins again", gamma)
	s.rings("so everybody looks", alpha)
	s.eventually(t, "it reads headers", func() bool {
		all := s.reads()
		return len(all) == 1 && all[0].HeadersOnly && all[0].Metadata["bell"] != first.Metadata["bell"]
	})
}

// Two processes have a bell each, of one key, and both ring, also when they begin at the same instant and take the
// same place: then one of them begins again.
func testBellsOfTwoProcesses(t *testing.T, srv Server) {
	s := start(t, srv, "referral", NewJournal())
	for range 8 {
		bells := [2]*bus.Bell{bell(t, srv), bell(t, srv)}
		var ears [2]<-chan struct{}
		var begin sync.WaitGroup
		for i, b := range bells {
			begin.Go(func() { ears[i] = b.Listen(t.Context(), "alpha") })
		}
		begin.Wait()
		s.eventually(t, "both read", func() bool {
			all := s.reads()
			return len(all) == 2 && all[0].Name != all[1].Name
		})
		s.Publish("ref_1", requested("ref_1"))
		for _, ear := range ears {
			s.rings("both are told", ear)
		}
		for _, b := range bells {
			b.Close()
		}
	}
}
