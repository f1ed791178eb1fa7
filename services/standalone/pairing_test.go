package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/pairing"
	waiting "github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// ids are those that a stopped office carries, by where they are.
func ids(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	text, err := os.ReadFile(filepath.Join(dir, network.IDFile))
	if err == nil {
		all["directory"] = strings.TrimSpace(string(text))
	}
	m, err := embedded.Mongo(network.DatabaseDir(dir))
	did(t, err)
	defer func() { did(t, m.Close()) }()
	client, err := m.Connect()
	did(t, err)
	defer func() { _ = client.Disconnect(t.Context()) }()
	for _, name := range network.Services {
		id, err := pairing.Of(t.Context(), client.Database(network.DatabaseName(name)))
		did(t, err)
		if id != "" {
			all[name] = string(id)
		}
	}
	atBus(t, dir, func(js jetstream.JetStream) {
		id, err := bus.NetworkOf(t.Context(), js)
		did(t, err)
		if id != "" {
			all["bus"] = id
		}
	})
	return all
}

// atBus does something with the bus of a stopped office, as its steward.
func atBus(t *testing.T, dir string, do func(jetstream.JetStream)) {
	t.Helper()
	b, s, err := network.StartBus(network.KeysDir(dir), filepath.Join(dir, "nats"), "")
	did(t, err)
	defer s.Shutdown()
	nc, err := b.Connect(bus.Steward)
	did(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	did(t, err)
	do(js)
}

// forget takes the ids off parts of a stopped office, as it was before there were
// any.
func forget(t *testing.T, dir string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		switch part {
		case "directory":
			did(t, os.Remove(filepath.Join(dir, network.IDFile)))
		case "bus":
			atBus(t, dir, func(js jetstream.JetStream) {
				s, err := js.Stream(t.Context(), bus.Events)
				did(t, err)
				c := s.CachedInfo().Config
				delete(c.Metadata, "sanad-network")
				_, err = js.UpdateStream(t.Context(), c)
				did(t, err)
			})
		default:
			m, err := embedded.Mongo(network.DatabaseDir(dir))
			did(t, err)
			client, err := m.Connect()
			did(t, err)
			_, err = client.Database(network.DatabaseName(part)).Collection("network").DeleteOne(t.Context(), bson.M{"_id": "network"})
			did(t, errors.Join(err, client.Disconnect(t.Context()), m.Close()))
		}
	}
}

// everywhere is where an office carries the id of its network.
var everywhere = append([]string{"directory", "bus"}, network.Services...)

// one gives the one id that an office carries in all places.
func one(t *testing.T, dir string) string {
	t.Helper()
	all := ids(t, dir)
	for _, place := range everywhere {
		if all[place] == "" || all[place] != all["directory"] {
			t.Fatalf("the office carries %v", all)
		}
	}
	return all["directory"]
}

// An office has one id in all places. Where it is missing it comes back, and the
// same one as long as any place has it.
func TestAnOfficeHasOneID(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	first := one(t, dir)
	for name, test := range map[string]struct {
		forgotten []string
		same      bool
	}{
		"nothing":                {nil, true},
		"the directory's":        {[]string{"directory"}, true},
		"the bus's":              {[]string{"bus"}, true},
		"a database's":           {[]string{"referral"}, true},
		"all but the bus's":      {append([]string{"directory"}, network.Services...), true},
		"all but one database's": {[]string{"directory", "bus", "intake", "referral", "legal-aid", "psychosocial"}, true},
	} {
		forget(t, dir, test.forgotten...)
		did(t, start(t, network.Config{Dir: dir}))
		if id := one(t, dir); id != first {
			t.Errorf("%s: %s became %s", name, first, id)
		}
	}
	// A bus that was lost is filled again, and says again whose it is.
	did(t, os.RemoveAll(filepath.Join(dir, "nats")))
	did(t, start(t, network.Config{Dir: dir}))
	if id := one(t, dir); id != first {
		t.Errorf("a bus that was lost: %s became %s", first, id)
	}
	// An office from before there were ids.
	forget(t, dir, everywhere...)
	did(t, start(t, network.Config{Dir: dir}))
	if id := one(t, dir); id == first {
		t.Error("the id came back, and nothing carried it")
	}
}

// What belongs to different networks is not put together: it is told which two do
// not fit, and nothing is changed.
func TestWhatDoesNotBelongTogetherDoesNotStart(t *testing.T) {
	ours, theirs := filepath.Join(t.TempDir(), "ours"), filepath.Join(t.TempDir(), "theirs")
	fill(t, ours)
	did(t, start(t, network.Config{Dir: theirs}))
	was := one(t, ours)
	own, aside := network.DatabaseDir(ours), filepath.Join(filepath.Dir(ours), "aside")
	did(t, os.Rename(own, aside))
	did(t, os.Rename(network.DatabaseDir(theirs), own))
	id, err := os.ReadFile(filepath.Join(ours, network.IDFile))
	did(t, err)
	for _, words := range []string{"the data directory and the database of intake", "the database of intake and the bus"} {
		before := ids(t, ours)
		for range 2 {
			err := start(t, network.Config{Dir: ours})
			if !errors.Is(err, pairing.ErrOther) || !strings.Contains(err.Error(), words+" belong to different networks") || !strings.Contains(err.Error(), "from one backup") {
				t.Errorf("it says %v", err)
			}
		}
		if after := ids(t, ours); after["bus"] != before["bus"] || after["intake"] != before["intake"] || after["directory"] != before["directory"] {
			t.Errorf("a refused start made %v of %v", after, before)
		}
		_ = os.Remove(filepath.Join(ours, network.IDFile))
	}
	did(t, os.WriteFile(filepath.Join(ours, network.IDFile), []byte("ABC\n"), 0o600))
	if err := start(t, network.Config{Dir: ours}); !errors.Is(err, pairing.ErrBroken) || strings.Contains(err.Error(), "ABC") {
		t.Errorf("an id that is none: %v", err)
	}
	did(t, os.WriteFile(filepath.Join(ours, network.IDFile), id, 0o600))
	did(t, os.RemoveAll(own))
	did(t, os.Rename(aside, own))
	did(t, start(t, network.Config{Dir: ours}))
	if id := one(t, ours); id != was {
		t.Errorf("put back, %s became %s", was, id)
	}
}

// A data directory that has been in use, and has lost its database and its bus,
// is no new one.
func TestALostOfficeIsNoNewOne(t *testing.T) {
	dir := t.TempDir()
	did(t, start(t, network.Config{Dir: dir}))
	did(t, errors.Join(os.RemoveAll(network.DatabaseDir(dir)), os.RemoveAll(filepath.Join(dir, "nats"))))
	for range 2 {
		if err := start(t, network.Config{Dir: dir}); !errors.Is(err, network.ErrLost) {
			t.Errorf("it says %v", err)
		}
	}
}

// elsewhere is a bus at an address of its own, for those who have the keys of an
// office, and of another network than the office.
func elsewhere(t *testing.T, keys, dir, addr string) (at network.Bus, js jetstream.JetStream) {
	t.Helper()
	// It is labelled before who waits for a bus at the address can see it, and take it for its own.
	unseen, s, err := network.StartBus(keys, dir, "127.0.0.1:0")
	did(t, err)
	nc, err := unseen.Connect(bus.Steward)
	did(t, err)
	js, err = jetstream.New(nc)
	did(t, err)
	parts, err := network.Parts()
	did(t, err)
	did(t, bus.Declare(t.Context(), js, 1, parts))
	did(t, bus.Label(t.Context(), js, string(pairing.New())))
	nc.Close()
	s.Shutdown()

	at, s, err = network.StartBus(keys, dir, addr)
	did(t, err)
	t.Cleanup(s.Shutdown)
	nc, err = at.Connect(bus.Steward)
	did(t, err)
	t.Cleanup(nc.Close)
	js, err = jetstream.New(nc)
	did(t, err)
	return at, js
}

// withBus is an office whose bus is elsewhere.
func withBus(t *testing.T, dir, url string) (cfg network.Config, done func()) {
	t.Helper()
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "standalone", Writer: t.Output()})
	did(t, err)
	return network.Config{Dir: dir, Telemetry: tel, Service: service.Config{
		Mode:     service.Training,
		HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", NATSReplicas: 1, RatePerSecond: 2000, NATSURL: url,
	}}, func() { _ = flush(context.WithoutCancel(t.Context())) }
}

// Beside a bus of another network a service does not start, and says nothing there.
func TestNoStartBesideABusOfAnotherNetwork(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	other, js := elsewhere(t, network.KeysDir(dir), filepath.Join(t.TempDir(), "nats"), "127.0.0.1:0")
	cfg, done := withBus(t, dir, other.URL)
	defer done()
	n, err := network.Open(t.Context(), cfg)
	if !errors.Is(err, bus.ErrNetwork) || !strings.Contains(err.Error(), "standalone steward -network") {
		t.Errorf("it says %v", err)
	}
	if err == nil {
		ended, end := context.WithCancel(t.Context())
		end()
		did(t, n.Run(ended))
	}
	if said := spoken(t, js); said != 0 {
		t.Errorf("%d events were said there", said)
	}
}

// A service starts while its bus is away. When a bus comes that belongs to another
// network, the desks go on, nothing is said there, and the service is not ready.
// Beside such a bus it does not start at all.
func TestABusOfAnotherNetwork(t *testing.T) {
	dir := t.TempDir()
	did(t, start(t, network.Config{Dir: dir}))
	was := one(t, dir)
	free, err := service.ListenOn(t.Context(), "an address", "127.0.0.1:0")
	did(t, err)
	addr := free.Addr().String()
	did(t, free.Close())
	cfg, done := withBus(t, dir, "nats://"+addr)
	defer done()
	n, err := network.Open(t.Context(), cfg)
	did(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	waiting.Until(t, "the office is ready without its bus", func() bool { return n.Ready(t.Context()) == nil })

	_, js := elsewhere(t, network.KeysDir(dir), filepath.Join(t.TempDir(), "nats"), addr)
	waiting.Until(t, "the office knows that the bus is another network's", func() bool { return errors.Is(n.Ready(t.Context()), bus.ErrNetwork) })
	cast, err := desks(n)
	did(t, err)
	did(t, journey.Register(t.Context(), cast)) // who works at a desk notices nothing
	if said := spoken(t, js); said != 0 {
		t.Errorf("%d events were said on another network's bus", said)
	}
	// It was the office's after all, and made anew: the steward says so.
	did(t, bus.Label(t.Context(), js, was))
	waiting.Until(t, "the office works with its bus", func() bool { return n.Ready(t.Context()) == nil && spoken(t, js) > 0 })
	if err := bus.Label(t.Context(), js, string(pairing.New())); !errors.Is(err, bus.ErrNetwork) {
		t.Errorf("a bus with events is given away: %v", err)
	}
	// What a service makes again says what the lost one said.
	did(t, js.DeleteStream(t.Context(), bus.Events))
	waiting.Until(t, "the bus is filled again", func() bool {
		s, err := js.Stream(t.Context(), bus.Events)
		return err == nil && s.CachedInfo().State.LastSeq > 0
	})
	if id, err := bus.NetworkOf(t.Context(), js); err != nil || id != was {
		t.Errorf("made again, the bus belongs to %q, %v", id, err)
	}
	stop()
	did(t, <-ended)
}

// spoken counts what was ever said on a bus.
func spoken(t *testing.T, js jetstream.JetStream) uint64 {
	t.Helper()
	s, err := js.Stream(t.Context(), bus.Events)
	did(t, err)
	return s.CachedInfo().State.LastSeq
}

// The steward of a network makes its id, once; of a bus that was lost it is told
// which it was.
func TestTheStewardLabelsTheBus(t *testing.T) {
	set := nowhere(t)
	set.NATSReplicas, set.EventsDays = 1, 90
	at, s, err := network.StartBus(set.keys, filepath.Join(t.TempDir(), "nats"), "127.0.0.1:0")
	did(t, err)
	defer s.Shutdown()
	set.NATSURL = at.URL
	labelled := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		did(t, steward(t.Context(), set, args, &out))
		_, id, _ := strings.Cut(out.String(), "the bus belongs to network ")
		return strings.TrimSpace(id)
	}
	first := labelled()
	if id, err := pairing.Parse(first); err != nil || id == "" {
		t.Errorf("a new bus: %q, %v", first, err)
	}
	if again := labelled(); again != "" {
		t.Errorf("the second time it became %q", again)
	}
	other := string(pairing.New())
	if got := labelled("-network", other); got != other {
		t.Errorf("told %q, it became %q", other, got)
	}
	// A stream that is put right keeps it.
	nc, err := at.Connect(bus.Steward)
	did(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	did(t, err)
	events, err := js.Stream(t.Context(), bus.Events)
	did(t, err)
	c := events.CachedInfo().Config
	c.MaxMsgSize /= 2
	_, err = js.UpdateStream(t.Context(), c)
	did(t, err)
	if again := labelled(); again != "" {
		t.Errorf("put right, it became %q", again)
	}
	if err := steward(t.Context(), set, []string{"-network", "canary"}, &bytes.Buffer{}); !errors.Is(err, pairing.ErrBroken) || strings.Contains(err.Error(), "canary") {
		t.Errorf("an id that is none: %v", err)
	}
}
