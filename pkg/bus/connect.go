package bus

import (
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Connect gives a connection at once and never stops trying, also when the bus is
// away, now or later. Nothing is buffered while the bus is away: the relay knows
// what is missing, and a buffer would publish it a second time.
//
// The identity names the inbox of answers; As proves the identity.
func Connect(url, identity string, opts ...nats.Option) (*nats.Conn, error) {
	nc, err := nats.Connect(url, append([]nats.Option{
		nats.Name(identity),
		nats.CustomInboxPrefix(inbox(identity)),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		// Credentials that are refused now may be known in a minute.
		nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, time.Second),
		nats.ReconnectBufSize(-1),
		nats.PingInterval(20 * time.Second),
		// What goes wrong asynchronously shows where it matters: a watch that
		// ends, a consumer that is not bound. The default prints subjects.
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}),
	}, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("connect to the bus: %w", err)
	}
	return nc, nil
}

// As is the option that proves an identity by the seed in a file. The file is
// read at each connection.
func As(seedFile string) (nats.Option, error) {
	option, err := nats.NkeyOptionFromSeed(seedFile)
	if err != nil {
		// The library's own words repeat what is in the file.
		return nil, fmt.Errorf("read the seed in %s: it is not one", seedFile)
	}
	return option, nil
}

// Open connects the bus. Call it before Begin, and Close after Run.
func (b *Bus) Open(url string, opts ...nats.Option) error {
	nc, err := Connect(url, b.cfg.Service, opts...)
	if err != nil {
		return err
	}
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(512))
	if err != nil {
		nc.Close()
		return fmt.Errorf("connect to the bus: %w", err)
	}
	b.cfg.Conn, b.cfg.JS = nc, js
	return nil
}

// Close leaves the bus.
func (b *Bus) Close() {
	if b.cfg.Conn != nil {
		b.cfg.Conn.Close()
	}
}
