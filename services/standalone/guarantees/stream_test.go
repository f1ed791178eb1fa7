package guarantees_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// connect reaches the bus as the steward, who may look at everything; leave ends
// that.
func connect(t testing.TB, at network.Bus) (js jetstream.JetStream, leave func()) {
	t.Helper()
	return as(t, at, bus.Steward)
}

// as reaches the bus with the seed of a service, or of the steward.
func as(t testing.TB, at network.Bus, identity string) (js jetstream.JetStream, leave func()) {
	t.Helper()
	nc, err := at.Connect(identity)
	if err != nil {
		t.Fatal(err)
	}
	if js, err = jetstream.New(nc, jetstream.WithDefaultTimeout(patience.Stall)); err != nil {
		t.Fatal(err)
	}
	return js, nc.Close
}

// stored reads every message that a stream holds now.
func stored(t testing.TB, at network.Bus, stream string) []*nats.Msg {
	t.Helper()
	var read atomic.Int64
	ctx, cancel := patience.Context(t.Context(), t, "what "+stream+" holds", func() string { return fmt.Sprint(read.Load(), " messages") })
	defer cancel()
	js, leave := connect(t, at)
	defer leave()
	s, err := js.Stream(ctx, stream)
	if err != nil {
		t.Fatal(err)
	}
	n := s.CachedInfo().State.Msgs
	if n == 0 {
		return nil
	}
	if s.CachedInfo().Config.Retention != jetstream.LimitsPolicy {
		return each(ctx, t, s, &read)
	}
	c, err := js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Messages()
	if err != nil {
		t.Fatal(err)
	}
	defer next.Stop()
	var msgs []*nats.Msg
	for uint64(len(msgs)) < n {
		m, err := next.Next(jetstream.NextContext(ctx))
		if err != nil {
			t.Fatalf("%d of %d messages read: %v", len(msgs), n, errors.Join(context.Cause(ctx), err))
		}
		read.Add(1)
		msgs = append(msgs, &nats.Msg{Subject: m.Subject(), Header: m.Headers(), Data: m.Data()})
	}
	return msgs
}

// each reads a stream that no consumer may read without taking from it.
func each(ctx context.Context, t testing.TB, s jetstream.Stream, read *atomic.Int64) []*nats.Msg {
	t.Helper()
	var msgs []*nats.Msg
	for seq := s.CachedInfo().State.FirstSeq; seq <= s.CachedInfo().State.LastSeq; seq++ {
		m, err := s.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		read.Add(1)
		msgs = append(msgs, &nats.Msg{Subject: m.Subject, Header: m.Header, Data: m.Data})
	}
	return msgs
}

// ids are the distinct events among messages, sorted.
func ids(msgs []*nats.Msg) []string {
	var all []string
	for _, m := range msgs {
		all = append(all, m.Header.Get("ce-id"))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// records are the paths of every record that the events tell of, each with the
// agency and role that may read it.
func (w *world) records(msgs []*nats.Msg) map[string]string {
	views := map[string]string{}
	cast := map[string]string{
		"case": "citizen-service-office caseworker /v1/cases/",
		"mat":  "legal-aid-clinic lawyer /v1/matters/",
		"plan": "counselling-centre counsellor /v1/support-plans/",
		"exam": "forensic-clinic examiner /v1/examinations/",
		"ref":  "citizen-service-office caseworker /v1/referrals/",
	}
	for _, m := range msgs {
		record := m.Subject[strings.LastIndex(m.Subject, ".")+1:]
		prefix, _, _ := strings.Cut(record, "_")
		who, known := cast[prefix]
		if _, done := views[record]; !known || done {
			continue
		}
		parts := strings.Fields(who)
		a, err := w.desk(parts[0], parts[1]).Do(w.t.Context(), "GET", parts[2]+record, nil, nil)
		if err != nil {
			w.t.Fatal(err)
		}
		views[record] = a.Header.Get("ETag") + " " + string(a.Body)
	}
	return views
}
