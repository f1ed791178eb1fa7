package embedded_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/event"
)

// BenchmarkEventsAged measures what EVENTS costs the server, in memory and at
// its start, with 50,000 subjects and after nine in ten of them have aged out.
// The ratios count; the rest is the machine's.
func BenchmarkEventsAged(b *testing.B) {
	const subjects, events, openIn = 50_000, 5, 10
	for b.Loop() {
		dir, now := b.TempDir(), time.Now()
		s, js, leave := bare(b, dir)
		if _, err := js.CreateStream(b.Context(), bus.Streams(1)[0]); err != nil {
			b.Fatal(err)
		}
		later := now.Add(100 * 24 * time.Hour)
		say := func(record, n int, at time.Time, open bool) {
			name := fmt.Sprintf("ref_%026d", record)
			e := event.Envelope{
				ID: event.ID{Record: name, Version: uint64(n + 1)}.String(), Source: "/sanad/referral", Type: fmt.Sprintf("referral.event%d.v1", n), Subject: name, Time: at,
				Data: []byte(`{"referral":"` + name + `","service":"legal_assistance_service"}`),
			}
			msg := e.Msg(event.SubjectOf(e.Type, name))
			if open {
				msg.Header.Set(bus.HeaderOpen, later.Format(time.RFC3339))
				msg.Header.Set(nats.MsgIdHdr, e.ID+"+")
			}
			if _, err := js.PublishMsgAsync(msg); err != nil {
				b.Fatal(err)
			}
		}
		for record := range subjects / events {
			for n := range events {
				say(record, n, now, false)
			}
			if record%openIn == 0 {
				say(record, events-1, now, true)
			}
		}
		<-js.PublishAsyncComplete()
		say(subjects, 0, later, false)
		<-js.PublishAsyncComplete()
		leave()
		s.Shutdown()

		whole, start := cost(b, dir)
		s, js, leave = bare(b, dir)
		began := time.Now()
		taken, err := bus.TakeOut(b.Context(), js, bus.Ageing{
			Parts: []bus.Part{{Service: "referral"}}, Age: 90 * 24 * time.Hour, Now: later,
		})
		took := time.Since(began)
		if want := subjects / events * (openIn - 1) / openIn; err != nil || taken.Records != want {
			b.Fatalf("%+v, %v; want %d records", taken, err, want)
		}
		leave()
		s.Shutdown()
		rest, restart := cost(b, dir)
		b.ReportMetric(float64(whole)/float64(rest), "memory-ratio")
		b.ReportMetric(float64(whole)/subjects, "B/subject")
		b.ReportMetric(start.Seconds()/restart.Seconds(), "start-ratio")
		b.ReportMetric(float64(took.Microseconds())/float64(taken.Records), "µs/record-taken")
	}
}

// bare is a server without accounts.
func bare(b *testing.B, dir string) (*embedded.NATSServer, jetstream.JetStream, func()) {
	b.Helper()
	s, err := embedded.NATS(dir, "")
	if err != nil {
		b.Fatal(err)
	}
	nc, err := nats.Connect("", s.InProcess())
	if err != nil {
		b.Fatal(err)
	}
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(512))
	if err != nil {
		b.Fatal(err)
	}
	return s, js, nc.Close
}

// cost is what a server on a store holds in memory, and how long it takes to
// start.
func cost(b *testing.B, dir string) (heap uint64, start time.Duration) {
	b.Helper()
	before := held()
	began := time.Now()
	s, err := embedded.NATS(dir, "")
	if err != nil {
		b.Fatal(err)
	}
	start = time.Since(began)
	heap = held() - before
	s.Shutdown()
	return heap, start
}

func held() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
