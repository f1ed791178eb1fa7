package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/bus/bustest"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/event"
	waiting "github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// What happened before identities had tails is known on the bus by three parts. A
// program that publishes it again must not give it another name: all that it
// brought about would be brought about again.
func TestEventsOfBeforeKeepTheirIdentities(t *testing.T) {
	live := service.Config{Mode: service.Live, Programmes: signed(t)} // as all that was before there were modes
	for name := range before {
		t.Run(name, func(t *testing.T) {
			set := settings{data: filepath.Join(t.TempDir(), "var")}
			if err := migrated(t.Context(), set, []string{unpack(t, name)}, &strings.Builder{}); err != nil {
				t.Fatal(err)
			}
			store := filepath.Join(set.data, "nats")
			old := identities(t, store, "")
			if len(old) < 30 {
				t.Fatalf("only %d events before", len(old))
			}
			for _, id := range old {
				if parsed, ok := event.ParseID(id); !ok || parsed.Tail != 0 {
					t.Fatalf("%s is not of before", id)
				}
			}
			// What a killed network left undone is done, and what came due meanwhile.
			openedOn(t, set.data, live, func(n *network.Network) error { rests(t, n, len(old)); return nil })
			all := identities(t, store, network.KeysDir(set.data))
			for _, id := range old {
				if !slices.Contains(all, id) {
					t.Errorf("%s is gone", id)
				}
			}
			commits := counted(t, set)
			if err := os.RemoveAll(store); err != nil {
				t.Fatal(err)
			}
			openedOn(t, set.data, live, func(n *network.Network) error { rests(t, n, len(all)); return nil })
			if d := cmp.Diff(all, identities(t, store, network.KeysDir(set.data))); d != "" {
				t.Errorf("filled again, the bus holds others (-before +after):\n%s", d)
			}
			if d := cmp.Diff(commits, counted(t, set)); d != "" {
				t.Errorf("told again, events had an effect again (-before +after):\n%s", d)
			}
		})
	}
}

func counted(t *testing.T, set settings) string {
	t.Helper()
	var out strings.Builder
	if err := verify(t.Context(), set, nil, &out); err != nil {
		t.Fatal(err)
	}
	return commitsIn(out.String())
}

// commitsIn are the lines of verify, with the number of commits alone.
func commitsIn(said string) string {
	return strings.Join(regexp.MustCompile(`(?m)^[a-z-]+: \d+ commits checked`).FindAllString(said, -1), "\n") + "\n"
}

// rests waits until a network has told so many events and reacted to all of them.
func rests(t *testing.T, n *network.Network, events int) {
	t.Helper()
	nc, err := n.Bus.Connect(bus.Steward)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(waiting.Stall))
	if err != nil {
		t.Fatal(err)
	}
	// Also one that was declared before there were checkpoints.
	for _, name := range network.Services {
		if _, err := js.Stream(t.Context(), bus.Checkpoints(name)); err != nil {
			t.Errorf("the checkpoints of %s: %v", name, err)
		}
	}
	var last uint64
	waiting.Until(t, "the network rests", func() bool {
		s, err := js.Stream(t.Context(), "EVENTS")
		if err != nil {
			return false
		}
		was := last
		if last = s.CachedInfo().State.LastSeq; last < uint64(events) || last != was {
			return false
		}
		return settledOn(t.Context(), js, "EVENTS") == len(network.Services) && settledOn(t.Context(), js, bus.Timers("referral")) > 0
	}, bustest.Moves(func() (*nats.Conn, error) { return n.Bus.Connect(bus.Steward) }))
	if s, err := js.Stream(t.Context(), "DEADLETTERS"); err != nil || s.CachedInfo().State.Msgs > 0 {
		t.Errorf("dead letters: %+v, %v", s.CachedInfo().State, err)
	}
}

// settledOn counts the consumers of a stream that have settled all of it; -1 when
// one has not.
func settledOn(ctx context.Context, js jetstream.JetStream, stream string) (n int) {
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return -1
	}
	for c := range s.ListConsumers(ctx).Info() {
		if c.Config.Durable == "" {
			continue
		}
		if c.NumPending > 0 || c.NumAckPending > 0 {
			return -1
		}
		n++
	}
	return n
}

// stayed are the events that were told before and stay in their rooms now: a journal has
// them, and a bus that is filled again does not.
var stayed = []string{
	"advice_given", "protection_order_applied", "protection_order_decided", "certificate_noted", "certificate_filed",
	"session_recorded", "safety_planned", "examination_recorded", "exhibit_collected",
}

// identities are those of all events in the store of a bus that is stopped, and that
// are told still; one of before has no keys.
func identities(t *testing.T, store, keys string) []string {
	t.Helper()
	var (
		srv     *embedded.NATSServer
		connect func() (*nats.Conn, error)
		err     error
	)
	if keys == "" {
		srv, err = embedded.NATS(store, "127.0.0.1:0")
		connect = func() (*nats.Conn, error) { return nats.Connect(srv.ClientURL()) }
	} else {
		var at network.Bus
		at, srv, err = network.StartBus(keys, store, "127.0.0.1:0")
		connect = func() (*nats.Conn, error) { return at.Connect(bus.Steward) }
	}
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Shutdown()
	nc, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(waiting.Stall))
	if err != nil {
		t.Fatal(err)
	}
	s, err := js.Stream(t.Context(), "EVENTS")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		msg, err := s.GetMsg(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		if _, name := event.Split(strings.TrimPrefix(msg.Header.Get("ce-type"), "sanad.")); slices.Contains(stayed, name) {
			continue // told once, and never again
		}
		all = append(all, msg.Header.Get("ce-id"))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
