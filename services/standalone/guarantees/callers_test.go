package guarantees_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// guarded is a bus with nothing on it but its guards: no service runs, and the
// steward has declared the streams.
type guarded struct {
	network.Bus
	parts []bus.Part
	// promised are the names of events by service, and copied those of which
	// agencies get copies, as the contract has them.
	promised map[string][]string
	copied   []string
	// templates are the server's own subjects.
	templates []string
	steward   jetstream.JetStream
	behind    []behind
}

// visitors are the integrators of the test: the name of one begins with that of
// the other.
var visitors = []string{"statistics", "statistics-office"}

func guard(t *testing.T) *guarded {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "keys")
	for _, name := range visitors {
		if err := network.Invite(keys, name); err != nil {
			t.Fatal(err)
		}
	}
	at, server, err := network.StartBus(keys, t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	g := &guarded{Bus: at}
	if g.parts, err = network.Parts(); err != nil {
		t.Fatal(err)
	}
	g.promised, g.copied = promises(t)
	var leave func()
	g.steward, leave = connect(t, at)
	t.Cleanup(leave)
	if err := bus.Declare(t.Context(), g.steward, 1, g.parts); err != nil {
		t.Fatal(err)
	}
	return g
}

// promises reads the contract of the bus. services/contract holds who is told what in it.
func promises(t *testing.T) (events map[string][]string, copies []string) {
	t.Helper()
	text, err := api.Files.ReadFile("asyncapi/network.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var contract struct {
		Channels map[string]struct {
			Address    string
			Parameters struct{ Event struct{ Enum []string } }
		}
	}
	if err := yaml.Unmarshal(text, &contract); err != nil {
		t.Fatal(err)
	}
	events = map[string][]string{}
	for name, c := range contract.Channels {
		switch {
		case strings.HasPrefix(c.Address, "sanad.events."+name+"."):
			events[name] = c.Parameters.Event.Enum
		case strings.HasPrefix(c.Address, "sanad.agencies."):
			copies = c.Parameters.Event.Enum
		}
	}
	if len(events) != len(network.With(true)) || len(copies) == 0 {
		t.Fatalf("the contract tells of %d services and %d copies", len(events), len(copies))
	}
	return events, copies
}

// identities are all who may connect.
func identities() []string { return append(network.Identities(), visitors...) }

// caller is a connection that knows what the server refused it.
type caller struct {
	*nats.Conn
	identity string

	mu      sync.Mutex
	refused map[string]bool
	last    string
	came    chan struct{}
}

var violation = regexp.MustCompile(`Permissions Violation for (?:Publish|Subscription) to "([^"]*)"`)

func (g *guarded) as(t *testing.T, identity string) *caller {
	t.Helper()
	reach := g.Connect
	if slices.Contains(visitors, identity) {
		reach = g.Visit
	}
	nc, err := reach(identity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	c := &caller{Conn: nc, identity: identity, refused: map[string]bool{}, came: make(chan struct{}, 1)}
	nc.SetErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		found := violation.FindStringSubmatch(err.Error())
		if !errors.Is(err, nats.ErrPermissionViolation) || found == nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.refused[found[1]] = true
		if found[1] == c.last {
			c.came <- struct{}{}
		}
	})
	patience.Until(t, identity+" is connected", nc.IsConnected)
	return c
}

// refusals tries subjects, and gives those that the server refused. It knows
// that it has heard of all when it hears of the last, which is refused to
// everybody: the server answers in order.
func (c *caller) refusals(t *testing.T, subjects []string, try func(subject string) error) map[string]bool {
	t.Helper()
	ctx, cancel := patience.Context(t.Context(), t, "what is refused to "+c.identity, func() string { return fmt.Sprint(c.Stats()) })
	defer cancel()
	c.mu.Lock()
	c.refused, c.last = map[string]bool{}, "nobody."+nats.NewInbox()
	c.mu.Unlock()
	for i, s := range append(slices.Clone(subjects), c.last) {
		if err := try(s); err != nil {
			t.Fatalf("%s, %s: %v", c.identity, s, err)
		}
		if i%1000 == 0 {
			// The client must not fall behind what it is told.
			if err := c.FlushTimeout(patience.Stall); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.FlushTimeout(patience.Stall); err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.came:
	case <-ctx.Done():
		t.Fatal(context.Cause(ctx))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.refused, c.last)
	return c.refused
}

// ask is a call with an answer.
func (c *caller) ask(t *testing.T, subject, body string) []byte {
	t.Helper()
	ctx, cancel := patience.Context(t.Context(), t, "the answer to "+subject)
	defer cancel()
	msg, err := c.RequestWithContext(ctx, subject, []byte(body))
	if err != nil {
		t.Fatalf("%s, %s: %v", c.identity, subject, err)
	}
	return msg.Data
}

// held is everything that the streams hold.
func (g *guarded) held(t *testing.T) map[string][]*jetstream.RawStreamMsg {
	t.Helper()
	all := map[string][]*jetstream.RawStreamMsg{}
	for _, c := range bus.Streams(1, g.parts...) {
		s, err := g.steward.Stream(t.Context(), c.Name)
		if err != nil {
			t.Fatal(err)
		}
		state := s.CachedInfo().State
		for seq := state.FirstSeq; seq <= state.LastSeq; seq++ {
			m, err := s.GetMsg(t.Context(), seq)
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			all[c.Name] = append(all[c.Name], m)
		}
	}
	return all
}

// settled waits for what the server still does of what it was asked, by what
// comes after: its workers have had other questions from both of its queues, and
// behind what an answer put into a stream there is something else.
func (g *guarded) settled(t *testing.T) {
	t.Helper()
	for range 4 * runtime.GOMAXPROCS(0) {
		for _, call := range []string{"$JS.API.STREAM.INFO.EVENTS", "$JS.API.STREAM.UPDATE.EVENTS"} {
			ctx, cancel := patience.Context(t.Context(), t, call)
			_, err := g.steward.Conn().RequestWithContext(ctx, call, nil)
			cancel()
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, m := range g.behind {
		ctx, cancel := patience.Context(t.Context(), t, "a mark")
		_, err := m.by.PublishMsg(ctx, &nats.Msg{Subject: m.subject, Header: nats.Header{headerBehind: {"mark"}}})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// headerBehind is the header of what is put behind everything else.
const headerBehind = "Sanad-Mark"

type behind struct {
	by      jetstream.JetStream
	subject string
}
