package bustest

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/patience"
)

// Moves is the mark of a bus: what each stream has taken and holds, and how far
// each consumer has read and settled it. It connects afresh each time, as the
// steward, because the server may have been stopped in between.
func Moves(connect func() (*nats.Conn, error)) patience.Mark {
	return func() string {
		nc, err := connect()
		if err != nil {
			return "the bus is away"
		}
		defer nc.Close()
		js, err := jetstream.New(nc)
		if err != nil {
			return "the bus is away"
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		var far []string
		for name := range js.StreamNames(ctx).Name() {
			s, err := js.Stream(ctx, name)
			if err != nil {
				continue
			}
			state := s.CachedInfo().State
			far = append(far, fmt.Sprintf("%s %d, %d left", name, state.LastSeq, state.Msgs))
			for c := range s.ListConsumers(ctx).Info() {
				if c.Config.Durable != "" {
					far = append(far, fmt.Sprintf("%s read %d, settled %d", c.Name, c.Delivered.Consumer, c.AckFloor.Consumer))
				}
			}
		}
		return strings.Join(far, ", ")
	}
}

// eventually waits until something holds, as long as the bus moves, and no longer
// when a relay cannot work at all: then it says why.
func eventually(t testing.TB, srv Server, what string, holds func() bool) {
	t.Helper()
	patience.Until(t, what, func() bool {
		if why, fails := failing.Load(srv); fails {
			t.Fatalf("in vain waited for: %s: a relay cannot work: %s", what, why)
		}
		return holds()
	}, Moves(func() (*nats.Conn, error) { return steward(srv) }))
}

// steward is a connection that may look at everything.
func steward(srv Server) (*nats.Conn, error) {
	return nats.Connect(srv.URL(), append(srv.As(bus.Steward), nats.CustomInboxPrefix("_INBOX."+bus.Steward))...)
}

func (s *Service) eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	eventually(t, s.srv, what, holds)
}

// failing holds why a relay on a server cannot work, by server.
var failing sync.Map

// hopeless is how often a relay fails in a row before nobody waits for it any
// more: some seconds.
const hopeless = 6

// listener hears how a relay is by what it logs.
type listener struct {
	slog.Handler
	srv   Server
	times *atomic.Int32
}

func listen(t testing.TB, srv Server) *slog.Logger {
	t.Cleanup(func() { failing.Delete(srv) })
	return slog.New(listener{slog.DiscardHandler, srv, new(atomic.Int32)})
}

// Enabled says that everything is.
func (l listener) Enabled(context.Context, slog.Level) bool { return true }

// Handle counts failures in a row.
func (l listener) Handle(_ context.Context, r slog.Record) error {
	switch r.Message {
	case "the relay watches":
		l.times.Store(0)
	case "the relay reads again what the bus holds":
		if l.times.Add(1) >= hopeless {
			r.Attrs(func(a slog.Attr) bool { failing.Store(l.srv, a.Value.String()); return false })
		}
	}
	return nil
}
