package bustest

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/journal"
)

// Benchmark measures relay, reactions and the scan at the start; options reach
// the connection (an in-process server).
func Benchmark(b *testing.B, start func(testing.TB) (Server, []nats.Option)) {
	b.Run("Relay", func(b *testing.B) {
		srv, opts := start(b)
		benchmarkRelay(b, srv, opts)
	})
	b.Run("Reactions", func(b *testing.B) {
		srv, opts := start(b)
		benchmarkReactions(b, srv, opts)
	})
	b.Run("Begin", func(b *testing.B) {
		srv, opts := start(b)
		benchmarkBegin(b, srv, opts)
	})
	b.Run("Timers", func(b *testing.B) {
		srv, opts := start(b)
		benchmarkTimers(b, srv, opts)
	})
}

// runner is a bus without a test around it.
func runner(b *testing.B, srv Server, opts []nats.Option, service string, j *Journal, setup func(*bus.Bus)) (*bus.Bus, jetstream.JetStream, func()) {
	b.Helper()
	nc, err := bus.Connect(srv.URL(), bus.Steward, append(opts, srv.As(bus.Steward)...)...)
	if err != nil {
		b.Fatal(err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		b.Fatal(err)
	}
	s := bus.New(bus.Config{
		Service: service, Registerer: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
		TracerProvider: noop.NewTracerProvider(), Catalogue: catalogue, Schemas: api.Files, Replay: j.Replay,
	})
	if setup != nil {
		setup(s)
	}
	if err := s.Open(srv.URL(), append(opts, srv.As(service)...)...); err != nil {
		b.Fatal(err)
	}
	if err := s.Begin(b.Context()); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	var done sync.WaitGroup
	done.Go(func() { _ = s.Run(ctx) })
	for s.Ready() != nil {
		time.Sleep(time.Millisecond)
	}
	return s, js, func() {
		cancel()
		done.Wait()
		s.Close()
		nc.Close()
	}
}

func commits(n int) []*journal.Commit {
	j := NewJournal()
	for i := range n {
		id := record("case", i%5000)
		j.Append(id, caseOpened(id))
	}
	return j.commits
}

func await(b *testing.B, js jetstream.JetStream, msgs uint64) {
	b.Helper()
	for {
		s, err := js.Stream(b.Context(), bus.Events)
		if err != nil {
			b.Fatal(err)
		}
		if s.CachedInfo().State.Msgs >= msgs {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func benchmarkRelay(b *testing.B, srv Server, opts []nats.Option) {
	s, js, stop := runner(b, srv, opts, "intake", NewJournal(), nil)
	cs := commits(b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for i, c := range cs {
		if i%10_000 == 9999 {
			await(b, js, uint64(i-9000))
		}
		s.Offer(c)
	}
	await(b, js, uint64(b.N))
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	stop()
}

func benchmarkReactions(b *testing.B, srv Server, opts []nats.Option) {
	in, js, stopIn := runner(b, srv, opts, "intake", NewJournal(), nil)
	for i, c := range commits(b.N) {
		if i%10_000 == 9999 {
			await(b, js, uint64(i-9000))
		}
		in.Offer(c)
	}
	await(b, js, uint64(b.N))
	stopIn()
	var seen atomic.Int64
	all := make(chan struct{})
	b.ReportAllocs()
	b.ResetTimer()
	_, _, stop := runner(b, srv, opts, "legal-aid", NewJournal(), func(s *bus.Bus) {
		s.On(opened, func(context.Context, any) (any, error) {
			if seen.Add(1) == int64(b.N) {
				close(all)
			}
			return nil, nil
		})
	})
	<-all
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	stop()
}

func benchmarkBegin(b *testing.B, srv Server, opts []nats.Option) {
	const n = 100_000
	j := NewJournal()
	j.commits = commits(n)
	in, js, stop := runner(b, srv, opts, "intake", NewJournal(), nil)
	for i, c := range j.commits {
		if i%10_000 == 9999 {
			await(b, js, uint64(i-9000))
		}
		in.Offer(c)
	}
	await(b, js, n)
	stop()
	var begin, offer time.Duration
	b.ReportAllocs()
	for b.Loop() {
		s := bus.New(bus.Config{
			Service: "intake", Registerer: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
			TracerProvider: noop.NewTracerProvider(), Catalogue: catalogue, Schemas: api.Files, Replay: j.Replay,
		})
		if err := s.Open(srv.URL(), append(opts, srv.As("intake")...)...); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := s.Begin(b.Context()); err != nil {
			b.Fatal(err)
		}
		begin += time.Since(began)
		began = time.Now()
		for _, c := range j.commits {
			s.Offer(c)
		}
		offer += time.Since(began)
		s.Close()
	}
	b.ReportMetric(n*float64(b.N)/begin.Seconds(), "scanned/s")
	b.ReportMetric(n*float64(b.N)/offer.Seconds(), "offers/s")
}

func benchmarkTimers(b *testing.B, srv Server, opts []nats.Option) {
	s, js, stop := runner(b, srv, opts, "referral", NewJournal(), nil)
	at := []fact.Deadline{{Name: "response", At: time.Now().Add(5 * time.Minute)}}
	count := func(want uint64) {
		for {
			st, err := js.Stream(b.Context(), bus.Timers("referral"))
			if err != nil {
				b.Fatal(err)
			}
			if n := st.CachedInfo().State.Msgs; n == want || want == 0 && n <= 1 {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		s.Arm(record("ref", i), at)
	}
	count(uint64(b.N))
	armed := b.Elapsed()
	for i := range b.N {
		s.Arm(record("ref", i), nil)
	}
	count(0)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/armed.Seconds(), "armed/s")
	b.ReportMetric(float64(b.N)/(b.Elapsed()-armed).Seconds(), "cancelled/s")
	stop()
}
