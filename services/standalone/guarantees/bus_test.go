package guarantees_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// Every event delivered again, in any order, changes nothing.
func TestRedeliveryChangesNothing(t *testing.T) {
	w := begin(t)
	for range 3 {
		w.play(t.Context())
	}
	w.idle()
	before := stored(t, w.Bus, "EVENTS")
	views := w.records(before)

	forgetful(t, w.Bus)
	said := map[string]jetstream.JetStream{}
	for _, name := range network.With(true) {
		js, leave := as(t, w.Bus, name)
		defer leave()
		said[name] = js
	}
	for range 2 {
		for _, i := range rand.Perm(len(before)) {
			again := &nats.Msg{Subject: before[i].Subject, Header: before[i].Header, Data: before[i].Data}
			w.running().until(t, "the bus takes a message again", func() bool {
				ack, err := said[strings.Split(again.Subject, ".")[2]].PublishMsg(t.Context(), again)
				if err != nil {
					t.Fatal(err)
				}
				return !ack.Duplicate
			})
		}
	}
	w.idle()
	after := stored(t, w.Bus, "EVENTS")
	if len(after) != 3*len(before) {
		t.Errorf("%d messages after, want three times %d: something new was published", len(after), len(before))
	}
	if d := cmp.Diff(ids(before), ids(after)); d != "" {
		t.Errorf("events (-before +after):\n%s", d)
	}
	if d := cmp.Diff(views, w.records(before)); d != "" {
		t.Errorf("records (-before +after):\n%s", d)
	}
	if dead := stored(t, w.Bus, "DEADLETTERS"); len(dead) > 0 {
		t.Errorf("%d dead letters, the first from %s", len(dead), dead[0].Subject)
	}
}

// forgetful has the bus drop an identity as soon as it may, as a newer release
// might declare it. A message without its identity would be refused.
func forgetful(t *testing.T, at network.Bus) {
	t.Helper()
	js, leave := connect(t, at)
	defer leave()
	s, err := js.Stream(t.Context(), "EVENTS")
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.CachedInfo().Config
	cfg.Duplicates = 100 * time.Millisecond
	bus.StampStream(&cfg, bus.Release+1)
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
}

// The bus loses everything while the network is stopped: the journals fill it
// again, and the services end where they were.
func TestBusIsFilledAgain(t *testing.T) {
	w := begin(t)
	w.play(t.Context())
	w.play(t.Context())
	w.idle()
	before := stored(t, w.Bus, "EVENTS")
	views := w.records(before)
	w.restart(func(dir string) {
		if err := os.RemoveAll(busStore(dir)); err != nil {
			t.Fatal(err)
		}
	})
	w.running().until(t, "the bus is filled again", func() bool {
		return len(ids(stored(t, w.Bus, "EVENTS"))) >= len(ids(before))
	})
	w.idle()
	if d := cmp.Diff(ids(before), ids(stored(t, w.Bus, "EVENTS"))); d != "" {
		t.Errorf("events (-before +after):\n%s", d)
	}
	if d := cmp.Diff(views, w.records(before)); d != "" {
		t.Errorf("records (-before +after):\n%s", d)
	}
}

// The bus is away for a minute under load: front desks go on, and everything
// arrives later.
func TestBusAway(t *testing.T) {
	away := time.Minute
	if testing.Short() {
		away = 5 * time.Second
	}
	dir, keys := filepath.Join(t.TempDir(), "bus"), filepath.Join(t.TempDir(), "keys")
	at, server, err := network.StartBus(keys, dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { server.Shutdown() }()
	w := begin(t, func(w *world) { w.config.Service.NATSURL, w.config.Keys = at.URL, keys })
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front, counsellor := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor")
	openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service") // intake has heard of the agency

	server.Shutdown()
	var mu sync.Mutex
	var asked []string
	var slowest atomic.Int64
	load, stop := context.WithTimeout(t.Context(), away)
	defer stop()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for load.Err() == nil {
				began := time.Now()
				id := openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service")
				referral := request(t.Context(), t, front, id, journey.Counselling, "psychosocial_service")
				if took := time.Since(began); took > time.Duration(slowest.Load()) {
					slowest.Store(int64(took))
				}
				mu.Lock()
				asked = append(asked, referral)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if _, server, err = network.StartBus(keys, dir, at.URL[len("nats://"):]); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for _, referral := range asked {
		w.offered(counsellor, referral)
	}
	w.idle()
	got := map[string]bool{}
	for _, m := range stored(t, w.Bus, "EVENTS") {
		got[m.Subject] = true
	}
	for _, referral := range asked {
		if s := fmt.Sprint("sanad.events.referral.requested.", referral); !got[s] {
			t.Fatalf("no event on %s", s)
		}
	}
	t.Logf("%d referrals asked for in %s without the bus, the slowest in %s; all arrived %s after it came back",
		len(asked), away, time.Duration(slowest.Load()), time.Since(began))
}
