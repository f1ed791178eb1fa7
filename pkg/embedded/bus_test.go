package embedded_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/pkg/bus/bustest"
	"github.com/sanad-network/sanad/pkg/embedded"
)

// TestBus runs the bus's suite on the embedded server.
func TestBus(t *testing.T) {
	bustest.Run(t, func(t testing.TB) bustest.Server { return newServer(t) })
}

// server is an embedded NATS server that keeps its address over restarts.
type server struct {
	store, saved, addr string
	nats               *embedded.NATSServer
}

func newServer(t testing.TB) *server {
	t.Helper()
	s := &server{store: t.TempDir(), addr: "127.0.0.1:0"}
	s.Start(t)
	t.Cleanup(func() { s.Stop(t) })
	return s
}

func (s *server) URL() string { return "nats://" + s.addr }

func (s *server) Start(t testing.TB) {
	t.Helper()
	n, err := embedded.NATS(s.store, s.addr)
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
