package bustest

import (
	"context"
	"fmt"
	"strings"
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

// eventually waits until something holds, as long as the bus moves.
func eventually(t testing.TB, srv Server, what string, holds func() bool) {
	t.Helper()
	patience.Until(t, what, holds, Moves(func() (*nats.Conn, error) { return steward(srv) }))
}

// steward is a connection that may look at everything.
func steward(srv Server) (*nats.Conn, error) {
	return nats.Connect(srv.URL(), append(srv.As(bus.Steward), nats.CustomInboxPrefix("_INBOX."+bus.Steward))...)
}

func (s *Service) eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	eventually(t, s.srv, what, holds)
}
