package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/bus/bustest"
	"github.com/sanad-network/sanad/pkg/credential"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/patience"
)

// TestBus runs the bus's suite on the embedded server.
func TestBus(t *testing.T) {
	bustest.Run(t, func(t testing.TB) bustest.Server { return newServer(t) })
}

// server is an embedded NATS server that keeps its address over restarts.
type server struct {
	t                  testing.TB
	store, saved, addr string
	seeds              credential.Folder
	accounts           string
	nats               *embedded.NATSServer
}

func newServer(t testing.TB) *server {
	t.Helper()
	s := &server{t: t, store: t.TempDir(), addr: "127.0.0.1:0", seeds: credential.In(t.TempDir())}
	s.accounts = accounts(t, s.seeds, bustest.Parts())
	s.Start(t)
	t.Cleanup(func() { s.Stop(t) })
	nc, err := bus.Connect(s.URL(), bus.Steward, s.As(bus.Steward)...)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(patience.Stall))
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Declare(context.WithoutCancel(t.Context()), js, 1, bustest.Parts()); err != nil {
		t.Fatal(err)
	}
	return s
}

// accounts issues seeds to the services of parts, to the steward and to the integrator, and writes what a server is told of them.
func accounts(t testing.TB, seeds credential.Folder, parts []bus.Part) string {
	t.Helper()
	identities := []string{bus.Steward, bustest.Integrator}
	for _, p := range parts {
		identities = append(identities, p.Service)
	}
	if err := seeds.Issue(identities...); err != nil {
		t.Fatal(err)
	}
	rings, err := seeds.Public(bustest.Integrator)
	if err != nil {
		t.Fatal(err)
	}
	return bus.Accounts(parts, func(identity string, n int) string {
		keys, err := seeds.Public(identity)
		if err != nil {
			t.Fatal(err)
		}
		return keys[n]
	}, bus.Integrators([]bus.Integrator{{Name: bustest.Integrator, Keys: rings}}))
}

func (s *server) URL() string { return "nats://" + s.addr }

// As proves an identity by its seed.
func (s *server) As(identity string) []nats.Option {
	as, err := bus.As(s.seeds.Seed(identity))
	if err != nil {
		s.t.Fatal(err)
	}
	return []nats.Option{as}
}

func (s *server) Start(t testing.TB) {
	t.Helper()
	n, err := embedded.NATS(s.store, s.addr, embedded.Accounts(s.accounts))
	if err != nil {
		t.Fatal(err)
	}
	s.nats = n
	s.addr = strings.TrimPrefix(n.ClientURL(), "nats://")
}

func (s *server) Stop(t testing.TB) {
	t.Helper()
	if s.nats != nil {
		s.nats.Shutdown()
		s.nats = nil
	}
}

func (s *server) Save(t testing.TB) {
	t.Helper()
	s.saved = filepath.Join(t.TempDir(), "saved")
	if err := os.CopyFS(s.saved, os.DirFS(s.store)); err != nil {
		t.Fatal(err)
	}
}

func (s *server) Restore(t testing.TB) {
	t.Helper()
	if err := os.RemoveAll(s.store); err != nil {
		t.Fatal(err)
	}
	if s.saved == "" {
		return
	}
	if err := os.CopyFS(s.store, os.DirFS(s.saved)); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkBus measures the bus with everything in one process.
func BenchmarkBus(b *testing.B) {
	bustest.Benchmark(b, func(t testing.TB) (bustest.Server, []nats.Option) {
		s := newServer(t)
		return s, []nats.Option{s.nats.InProcess()}
	})
}
