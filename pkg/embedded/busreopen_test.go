package embedded_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/patience"
)

// The server finds a block damaged while it runs, and would go on with what is
// left of it and a consumer that has seen more: the stream is moved aside.
func TestNATSMovesAsideWhatIsDamagedWhileItRuns(t *testing.T) {
	dir, log := office(t, ""), &lines{}
	bus := started(t, dir, embedded.NATSLogger(slog.New(slog.NewTextHandler(log, nil))))
	defer bus.Shutdown()
	js := client(t, bus)
	block := place(dir, "EVENTS", "msgs", "1.blk")
	content, err := os.ReadFile(block)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(block, flip(2)(content), 0o600); err != nil {
		t.Fatal(err)
	}
	patience.Until(t, "the stream is moved aside", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if events, err := js.Stream(ctx, "EVENTS"); err == nil {
			_, _ = events.GetMsg(ctx, 1) // or nothing reads the block
		}
		return len(bus.Aside()) > 0
	})
	patience.Until(t, "the bus is back", func() bool { return bus.Health() == nil && back(js, 1) })
	declare(t, js)
	put(t, js, "events.new")
	c, err := js.Consumer(t.Context(), "EVENTS", "reactions")
	if err != nil {
		t.Fatal(err)
	}
	take(t, c, 1, 1)
	if a := bus.Aside(); len(a) != 1 || a[0].Stream != "EVENTS" || a[0].Consumer != "" {
		t.Errorf("aside is %v", a)
	}
	if !strings.Contains(log.String(), "code=block_damaged bus_stream=EVENTS") {
		t.Errorf("the log says:\n%s", log)
	}
}

// lines is a log.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// A store that is opened again keeps its address, its messages and its clients,
// inside the process and outside.
func TestNATSIsOpenedAgain(t *testing.T) {
	bus, err := embedded.NATS(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Shutdown()
	url := bus.ClientURL()
	inside := client(t, bus)
	outside := dial(t, url)
	declare(t, inside)
	for i := range uint64(3) {
		put(t, inside, fmt.Sprint("events.inside", i))
		put(t, outside, fmt.Sprint("events.outside", i))
		if err := bus.Reopen(t.Context()); err != nil {
			t.Fatal(err)
		}
		if bus.ClientURL() != url || bus.Health() != nil {
			t.Errorf("at %s, well: %v", bus.ClientURL(), bus.Health())
		}
		for _, js := range []jetstream.JetStream{inside, outside} {
			patience.Until(t, "the client is back", func() bool { return back(js, i+1) })
		}
	}
	events, err := outside.Stream(t.Context(), "EVENTS")
	if err != nil || events.CachedInfo().State.Msgs != 6 {
		t.Error(err, events)
	}
}

// back reports whether a client has found the server again so often.
func back(js jetstream.JetStream, times uint64) bool {
	return js.Conn().IsConnected() && js.Conn().Stats().Reconnects >= times
}

// Accounts of a configuration are there again, each with its streams, when the
// server is opened again.
func TestNATSIsOpenedAgainWithItsAccounts(t *testing.T) {
	bus := started(t, t.TempDir(), embedded.NATSOptions(func(o *natsserver.Options) error {
		return o.ProcessConfigString(`accounts {
			NETWORK { jetstream: enabled, users: [{user: intake, password: secret}] }
			SYS { users: [{user: operator, password: secret}] }
		}
		system_account: SYS`)
	}))
	defer bus.Shutdown()
	js := dial(t, bus.ClientURL(), bus.InProcess(), nats.UserInfo("intake", "secret"))
	declare(t, js)
	for i := range uint64(2) {
		put(t, js, fmt.Sprint("events.", i))
		if err := bus.Reopen(t.Context()); err != nil {
			t.Fatal(err)
		}
		patience.Until(t, "the client is back", func() bool { return back(js, i+1) })
	}
	events, err := js.Stream(t.Context(), "EVENTS")
	if err != nil || events.CachedInfo().State.Msgs != 2 || len(bus.Aside()) > 0 {
		t.Error(err, bus.Aside())
	}
}
