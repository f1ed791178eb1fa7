package bus

import (
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// Connect reaches for a bus that may be away, now or later: it gives a
// connection at once and never stops trying. Nothing is buffered while the bus
// is away, because the relay remembers what is missing and a buffer would
// publish it a second time.
func Connect(url string, opts ...nats.Option) (*nats.Conn, error) {
	nc, err := nats.Connect(url, append([]nats.Option{
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
