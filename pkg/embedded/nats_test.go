package embedded_test

import (
	"net"
	"net/url"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/embedded"
)

// TestNATS starts on the same directory again and again, and finds there what
// was published in the process and over TCP.
func TestNATS(t *testing.T) {
	dir := t.TempDir()
	messages := uint64(0)
	for _, addr := range []string{"", "127.0.0.1:0", ":0"} {
		server, err := embedded.NATS(dir, addr)
		if err != nil {
			t.Fatal(err)
		}
		publish(t, messages, server.ClientURL(), server.InProcess())
		messages++
		if addr != "" {
			if u, err := url.Parse(server.ClientURL()); err != nil || !net.ParseIP(u.Hostname()).IsLoopback() {
				t.Errorf("listens on %s: %v", server.ClientURL(), err)
			}
			publish(t, messages, server.ClientURL())
			messages++
		}
		server.Shutdown()
	}
}

// publish publishes one message behind as many as there should be.
func publish(t *testing.T, there uint64, to string, with ...nats.Option) {
	t.Helper()
	conn, err := nats.Connect(to, with...)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "EVENTS", Subjects: []string{"events.>"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := stream.CachedInfo().State.Msgs; got != there {
		t.Errorf("%d messages instead of %d", got, there)
	}
	if _, err := js.Publish(t.Context(), "events.1", nil); err != nil {
		t.Error(err)
	}
}

func TestNATSRefusesABadAddress(t *testing.T) {
	for _, addr := range []string{"127.0.0.1", "127.0.0.1:port"} {
		if server, err := embedded.NATS(t.TempDir(), addr); err == nil {
			server.Shutdown()
			t.Errorf("listens on %q", addr)
		}
	}
}
