package guarantees_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/credential"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// An integrator reads EVENTS by consumers of its own, and has no more than it
// may have.
func (g *guarded) testIntegrator(t *testing.T) {
	g.said(t)
	for _, identity := range visitors {
		c := g.as(t, identity)
		js, err := jetstream.NewWithAPIPrefix(c.Conn, bus.IntegratorAPI, jetstream.WithDefaultTimeout(patience.Stall))
		if err != nil {
			t.Fatal(err)
		}
		stream, err := js.Stream(t.Context(), bus.Events)
		if err != nil {
			t.Fatal(err)
		}
		there := int(stream.CachedInfo().State.Msgs)
		for n := 1; n <= 4; n++ {
			config := jetstream.ConsumerConfig{Durable: bus.IntegratorConsumer(identity, n)}
			if n%2 == 0 {
				config.FilterSubjects = []string{"sanad.events.*.>"}
			}
			if err := js.DeleteConsumer(t.Context(), bus.Events, config.Durable); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
				t.Fatal(err)
			}
			reader, err := js.CreateConsumer(t.Context(), bus.Events, config)
			if err != nil {
				t.Fatal(err)
			}
			if kept := reader.CachedInfo().Config.InactiveThreshold; kept != 30*24*time.Hour {
				t.Errorf("%s is kept for %s", config.Durable, kept)
			}
			read := 0
			for ; read < there; read++ {
				m, err := reader.Next(jetstream.FetchMaxWait(patience.Stall))
				if err != nil {
					t.Fatalf("%s: %d of %d: %v", config.Durable, read, there, err)
				}
				if err := m.DoubleAck(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			info, err := reader.Info(t.Context())
			if err != nil || info.NumPending+uint64(info.NumAckPending) > 0 {
				t.Errorf("%s: %+v, %v", config.Durable, info, err)
			}
			t.Logf("%-22s read %d of %d", config.Durable, read, there)
		}
		longer := fmt.Sprintf(`{"stream_name":"EVENTS","config":{"name":%q,"ack_policy":"explicit","inactive_threshold":%d}}`, identity+"-1", 31*24*time.Hour)
		if answer := c.ask(t, "sanad.api.CONSUMER.CREATE.EVENTS."+identity+"-1", longer); !strings.Contains(string(answer), `"err_code":10153`) {
			t.Errorf("longer than EVENTS allows: %s", answer)
		}
		var others []string
		for _, where := range []string{
			"EVENTS", "EVENTS." + identity, "EVENTS." + identity + "-5", "EVENTS." + identity + "-0", "EVENTS.referral", "EVENTS.referral-watch-1",
			"EVENTS.stranger-1", "AGENCIES." + identity + "-1", "DEADLETTERS." + identity + "-1", "TIMERS_referral." + identity + "-1",
		} {
			others = append(others, "sanad.api.CONSUMER.CREATE."+where, "$JS.API.CONSUMER.CREATE."+where)
		}
		refused := c.refusals(t, others, func(s string) error { return c.Publish(s, []byte(longer)) })
		if len(refused) != len(others) {
			t.Errorf("of %d consumers that it may not have %d are refused to %s", len(others), len(refused), identity)
		}
	}
	for range 7 {
		g.as(t, visitors[0])
	}
	as, err := bus.As(g.Guests.Seed(visitors[0]))
	if err != nil {
		t.Fatal(err)
	}
	if nc, err := nats.Connect(g.URL, as); !errors.Is(err, nats.ErrMaxAccountConnectionsExceeded) {
		nc.Close()
		t.Errorf("the ninth connection: %v", err)
	}
}

// Who has no key, or another, does not get in.
func (g *guarded) testNobody(t *testing.T) {
	strangers := credential.In(t.TempDir())
	if err := strangers.Issue("referral"); err != nil {
		t.Fatal(err)
	}
	as, err := bus.As(strangers.Seed("referral"))
	if err != nil {
		t.Fatal(err)
	}
	for name, options := range map[string][]nats.Option{
		"no key": nil, "another key": {as}, "a password": {nats.UserInfo("referral", "referral")}, "a token": {nats.Token("referral")},
	} {
		if nc, err := nats.Connect(g.URL, options...); !errors.Is(err, nats.ErrAuthorization) {
			nc.Close()
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The steward changes what is declared. A service makes what is missing, and
// that alone.
func (g *guarded) testStreams(t *testing.T) {
	declared := bus.Streams(1, g.parts...)
	for _, config := range declared {
		stream, err := g.steward.Stream(t.Context(), config.Name)
		if err != nil {
			t.Fatal(err)
		}
		changed := config
		changed.Description = "changed"
		changed.MaxMsgs = 7
		if _, err := g.steward.UpdateStream(t.Context(), changed); err != nil {
			t.Errorf("the steward changes %s: %v", config.Name, err)
		}
		// A checkpoint leaves for a newer one, and for nobody.
		if err := stream.Purge(t.Context()); (err != nil) != strings.HasPrefix(config.Name, "CHECKPOINTS_") {
			t.Errorf("the steward empties %s: %v", config.Name, err)
		}
		for _, service := range network.With(true) {
			if !g.mayPublish(service, "$JS.API.STREAM.CREATE."+config.Name) {
				continue
			}
			js, leave := as(t, g.Bus, service)
			defer leave()
			if _, err := js.CreateStream(t.Context(), config); !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
				t.Errorf("%s makes %s, which is there and is another: %v", service, config.Name, err)
			}
			if err := g.steward.DeleteStream(t.Context(), config.Name); err != nil {
				t.Errorf("the steward deletes %s: %v", config.Name, err)
			}
			if _, err := js.CreateStream(t.Context(), config); err != nil {
				t.Errorf("%s makes %s, which is missing: %v", service, config.Name, err)
			}
			c := g.as(t, service)
			var calls []string
			for _, verb := range []string{"UPDATE", "DELETE", "PURGE", "MSG.DELETE", "RESTORE", "SNAPSHOT", "LEADER.STEPDOWN", "PEER.REMOVE"} {
				calls = append(calls, "$JS.API.STREAM."+verb+"."+config.Name)
			}
			if refused := c.refusals(t, calls, func(s string) error { return c.Publish(s, nil) }); len(refused) != len(calls) {
				t.Errorf("%s and %s: of %d calls only %v are refused", service, config.Name, len(calls), refused)
			}
			if _, err := g.steward.UpdateStream(t.Context(), changed); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := bus.Declare(t.Context(), g.steward, 1, g.parts); err != nil {
		t.Fatal(err)
	}
	for _, config := range declared {
		stream, err := g.steward.Stream(t.Context(), config.Name)
		if err != nil || stream.CachedInfo().Config.MaxMsgs != config.MaxMsgs {
			t.Errorf("%s was not put right: %v", config.Name, err)
		}
	}
	t.Logf("%d streams changed, emptied, deleted, made again and put right", len(declared))
}
