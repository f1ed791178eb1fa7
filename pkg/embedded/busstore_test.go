package embedded_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/highwayhash"
	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/embedded"
)

const (
	stored  = 200 // messages in the store of the tests
	handled = 50  // of which the durable consumer has acknowledged so many
)

// sealedWith makes a server seal its store.
func sealedWith(key string) embedded.NATSOption {
	return embedded.NATSOptions(func(o *natsserver.Options) error {
		if o.JetStreamKey = key; key != "" {
			o.JetStreamCipher = natsserver.AES
		}
		return nil
	})
}

// office makes a store: a stream EVENTS with a consumer of it, and a stream of
// dead letters. With a clean end the server had time to write its index.
func office(t *testing.T, key string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	bus := started(t, dir, sealedWith(key))
	defer bus.Shutdown()
	js := client(t, bus)
	declare(t, js)
	for i := range stored {
		put(t, js, fmt.Sprintf("events.%d", i))
	}
	put(t, js, "dead.1")
	c, err := js.Consumer(t.Context(), "EVENTS", "reactions")
	if err != nil {
		t.Fatal(err)
	}
	take(t, c, 1, handled)
	return dir
}

func started(t *testing.T, dir string, with ...embedded.NATSOption) *embedded.NATSServer {
	t.Helper()
	bus, err := embedded.NATS(dir, "", with...)
	if err != nil {
		t.Fatal(err)
	}
	return bus
}

func client(t testing.TB, bus *embedded.NATSServer) jetstream.JetStream {
	t.Helper()
	return dial(t, bus.ClientURL(), bus.InProcess())
}

func dial(t testing.TB, url string, with ...nats.Option) jetstream.JetStream {
	t.Helper()
	conn, err := nats.Connect(url, append([]nats.Option{
		nats.MaxReconnects(-1), nats.ReconnectWait(10 * time.Millisecond), nats.ReconnectBufSize(-1),
	}, with...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// declare declares what the network declares at its start.
func declare(t testing.TB, js jetstream.JetStream) {
	t.Helper()
	for name, subject := range map[string]string{"EVENTS": "events.*", "DEADLETTERS": "dead.*"} {
		if _, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{subject}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := js.CreateOrUpdateConsumer(t.Context(), "EVENTS", jetstream.ConsumerConfig{
		Durable: "reactions", AckPolicy: jetstream.AckExplicitPolicy,
	}); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, js jetstream.JetStream, subject string) {
	t.Helper()
	if _, err := js.Publish(t.Context(), subject, []byte(strings.Repeat("x", 300))); err != nil {
		t.Fatal(err)
	}
}

// take takes messages from the first on, and acknowledges them.
func take(t *testing.T, c jetstream.Consumer, first, n uint64) {
	t.Helper()
	for i := range n {
		m, err := c.Next(jetstream.FetchMaxWait(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		meta, err := m.Metadata()
		if err != nil || meta.Sequence.Stream != first+i {
			t.Fatalf("message %d instead of %d: %v", meta.Sequence.Stream, first+i, err)
		}
		if err := m.DoubleAck(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// place is where a file of the store lies.
func place(dir string, file ...string) string {
	return filepath.Join(append([]string{dir, "jetstream", "$G", "streams"}, file...)...)
}

func flip(at int64) func([]byte) []byte {
	return func(b []byte) []byte {
		if at < 0 {
			at += int64(len(b))
		}
		b[at] ^= 0x41
		return b
	}
}

func half(b []byte) []byte { return b[:len(b)/2] }
func one(b []byte) []byte  { return b[:1] }
func empty([]byte) []byte  { return nil }

// TestNATSMovesDamageAside damages a file of a store, each in its way, and opens
// it: it comes up, what was damaged lies aside as it was, and the rest is there.
func TestNATSMovesDamageAside(t *testing.T) {
	const events, dead, reactions = "EVENTS", "DEADLETTERS", "EVENTS/reactions"
	tests := map[string]struct {
		file   string
		damage func([]byte) []byte
		sealed bool // only when the store is
		aside  string
		// events is how many are left, next the one that the consumer gets.
		events, next uint64
	}{
		"nothing":                      {"EVENTS/msgs/1.blk", func(b []byte) []byte { return b }, false, "", stored, handled + 1},
		"a byte of a message":          {"EVENTS/msgs/1.blk", flip(330*100 + 150), false, events, 0, 1},
		"the length of the first":      {"EVENTS/msgs/1.blk", flip(2), false, events, 0, 1},
		"a byte of a checksum":         {"EVENTS/msgs/1.blk", flip(335), false, events, 0, 1},
		"a byte of a dead letter":      {"DEADLETTERS/msgs/1.blk", flip(150), false, dead, stored, handled + 1},
		"the index":                    {"EVENTS/msgs/index.db", flip(40), false, "", stored, handled + 1},
		"half of the index":            {"EVENTS/msgs/index.db", half, false, "", stored, handled + 1},
		"no index":                     {"EVENTS/msgs/index.db", empty, false, "", stored, handled + 1},
		"half of a description":        {"EVENTS/meta.inf", half, false, events, stored, handled + 1},
		"no description":               {"EVENTS/meta.inf", empty, false, events, stored, handled + 1},
		"no checksum of a description": {"EVENTS/meta.sum", empty, false, events, stored, handled + 1},
		"description of dead letters":  {"DEADLETTERS/meta.inf", half, false, dead, stored, handled + 1},
		"half of a consumer's state":   {"EVENTS/obs/reactions/o.dat", half, false, reactions, stored, 1},
		"a byte of a consumer's state": {"EVENTS/obs/reactions/o.dat", one, false, reactions, stored, 1},
		"no consumer's state":          {"EVENTS/obs/reactions/o.dat", empty, false, "", stored, 1},
		"what a consumer has seen":     {"EVENTS/obs/reactions/o.dat", flip(3), false, reactions, stored, 1},
		"half of a consumer":           {"EVENTS/obs/reactions/meta.inf", half, false, reactions, stored, handled + 1},
		"no consumer":                  {"EVENTS/obs/reactions/meta.inf", empty, false, reactions, stored, handled + 1},
		"the key of a stream":          {"EVENTS/meta.key", half, true, events, 0, 1},
		"the key of a block":           {"EVENTS/msgs/1.key", flip(20), true, events, 0, 1},
		"the key of a consumer":        {"EVENTS/obs/reactions/meta.key", one, true, reactions, stored, 1},
	}
	for _, key := range []string{"", "a key"} {
		whole := office(t, key)
		for name, test := range tests {
			if test.sealed && key == "" {
				continue
			}
			t.Run(fmt.Sprintf("%s, sealed %t", name, key != ""), func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
					t.Fatal(err)
				}
				file := place(dir, filepath.FromSlash(test.file))
				content, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				content = test.damage(content)
				if err := os.WriteFile(file, content, 0o600); err != nil {
					t.Fatal(err)
				}

				bus := started(t, dir, sealedWith(key))
				defer bus.Shutdown()
				var aside []string
				for _, a := range bus.Aside() {
					aside = append(aside, strings.TrimSuffix(a.Stream+"/"+a.Consumer, "/"))
					lies := filepath.Join(a.Where, strings.TrimPrefix(file, dir))
					if kept, err := os.ReadFile(lies); err != nil || !bytes.Equal(kept, content) {
						t.Error("what was damaged is not kept:", err)
					}
				}
				if got := strings.Join(aside, " "); got != test.aside {
					t.Errorf("aside is %q instead of %q: %v", got, test.aside, bus.Aside())
				}
				js := client(t, bus)
				declare(t, js)
				events, err := js.Stream(t.Context(), "EVENTS")
				if err != nil {
					t.Fatal(err)
				}
				if got := events.CachedInfo().State.Msgs; got != test.events {
					t.Errorf("%d events instead of %d", got, test.events)
				}
				c, err := js.Consumer(t.Context(), "EVENTS", "reactions")
				if err != nil {
					t.Fatal(err)
				}
				put(t, js, "events.new")
				take(t, c, test.next, test.events+2-test.next)
				if err := bus.Health(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// TestNATSCutsOffWhatWasBeingWritten opens a store that ends within a message,
// as a power cut leaves it. Nobody was told that the message is there.
func TestNATSCutsOffWhatWasBeingWritten(t *testing.T) {
	for name, end := range map[string]func([]byte) []byte{
		"half":    func(b []byte) []byte { return b[:len(b)-100] },
		"head":    func(b []byte) []byte { return b[:len(b)-320] },
		"nothing": func(b []byte) []byte { return append(b[:len(b)-200], make([]byte, 200)...) },
	} {
		dir := office(t, "")
		block := place(dir, "EVENTS", "msgs", "1.blk")
		content, err := os.ReadFile(block)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(block, end(content), 0o600); err != nil {
			t.Fatal(err)
		}
		bus := started(t, dir)
		js := client(t, bus)
		events, err := js.Stream(t.Context(), "EVENTS")
		if err != nil || events.CachedInfo().State.Msgs != stored-1 || len(bus.Aside()) > 0 {
			t.Error(name, err, events.CachedInfo().State, bus.Aside())
		}
		put(t, js, "events.new")
		bus.Shutdown()
	}
}

// TestNATSMovesAsideWhatTheServerRefuses gives the server descriptions that are
// what their checksums say, and of which it makes nothing.
func TestNATSMovesAsideWhatTheServerRefuses(t *testing.T) {
	for name, test := range map[string]struct{ at, of, text, aside string }{
		"stream":   {"EVENTS", "EVENTS", `{"name":"EVENTS","subjects":["a b"],"storage":"file"}`, "EVENTS/"},
		"consumer": {"EVENTS/obs/reactions", "EVENTS/reactions", `{"durable_name":"reactions","deliver_policy":"?"}`, "EVENTS/reactions"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := office(t, "")
			at := place(dir, filepath.FromSlash(test.at))
			key := sha256.Sum256([]byte(test.of))
			sum := highwayhash.Sum64([]byte(test.text), key[:])
			for file, content := range map[string]string{
				"meta.inf": test.text,
				"meta.sum": hex.EncodeToString(binary.LittleEndian.AppendUint64(nil, sum)),
			} {
				if err := os.WriteFile(filepath.Join(at, file), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			bus := started(t, dir)
			defer bus.Shutdown()
			aside := bus.Aside()
			if len(aside) != 1 || aside[0].Stream+"/"+aside[0].Consumer != test.aside {
				t.Fatalf("aside is %v", aside)
			}
			lies := filepath.Join(aside[0].Where, strings.TrimPrefix(at, dir), "meta.inf")
			if kept, err := os.ReadFile(lies); err != nil || string(kept) != test.text {
				t.Error("what was damaged is not kept:", err)
			}
			declare(t, client(t, bus))
		})
	}
}

// TestNATSKeepsToItsKey opens a sealed store without its key and with another:
// it says so, and the store is as it was.
func TestNATSKeepsToItsKey(t *testing.T) {
	dir := office(t, "a key")
	before := files(t, dir)
	for _, key := range []string{"", "another key"} {
		bus, err := embedded.NATS(dir, "", sealedWith(key))
		if err == nil {
			bus.Shutdown()
		}
		if !errors.Is(err, embedded.ErrBusKey) || !strings.Contains(err.Error(), "EVENTS") && !strings.Contains(err.Error(), "DEADLETTERS") {
			t.Errorf("opened with %q: %v", key, err)
		}
		if d := cmp.Diff(before, files(t, dir)); d != "" {
			t.Errorf("opened with %q (-before +after):\n%s", key, d)
		}
	}
	bus := started(t, dir, sealedWith("a key"))
	defer bus.Shutdown()
	events, err := client(t, bus).Stream(t.Context(), "EVENTS")
	if err != nil || events.CachedInfo().State.Msgs != stored {
		t.Error("with its key:", err)
	}
}

// TestNATSSealsWhatLayOpen gives a key to a store that had none: everything is
// still there, and nothing of it is readable any more.
func TestNATSSealsWhatLayOpen(t *testing.T) {
	dir := office(t, "")
	for range 2 {
		bus := started(t, dir, sealedWith("a key"))
		js := client(t, bus)
		events, err := js.Stream(t.Context(), "EVENTS")
		if err != nil || events.CachedInfo().State.Msgs != stored || len(bus.Aside()) > 0 {
			t.Error("with a key:", err, bus.Aside())
		}
		c, err := js.Consumer(t.Context(), "EVENTS", "reactions")
		if err != nil || c.CachedInfo().AckFloor.Stream != handled {
			t.Error("its consumer with a key:", err)
		}
		bus.Shutdown()
	}
	for name, content := range files(t, dir) {
		if strings.Contains(content, "xxxxxxxx") || strings.Contains(content, "events.") {
			t.Errorf("%s is readable", name)
		}
	}
}

// files reads all files below a directory.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, dir)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNATSTakesNothingWholeForDamaged opens what a server left after whatever
// was asked of it, ended or cut off: nothing is moved aside.
func TestNATSTakesNothingWholeForDamaged(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		key := rapid.SampledFrom([]string{"", "a key"}).Draw(r, "key")
		dir := t.TempDir()
		bus := started(t, dir, sealedWith(key))
		js := client(t, bus)
		config := jetstream.StreamConfig{Name: "WORK", Subjects: []string{"work.*"}, MaxMsgsPerSubject: 1, Retention: jetstream.WorkQueuePolicy}
		if rapid.Bool().Draw(r, "kept") {
			config.Retention, config.MaxMsgsPerSubject = jetstream.LimitsPolicy, -1
		}
		stream, err := js.CreateOrUpdateStream(t.Context(), config)
		if err != nil {
			r.Fatal(err)
		}
		c, err := stream.CreateOrUpdateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: "c", AckPolicy: jetstream.AckExplicitPolicy})
		if err != nil {
			r.Fatal(err)
		}
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			switch rapid.IntRange(0, 7).Draw(r, "step") {
			case 0:
				if m, err := c.Next(jetstream.FetchMaxWait(5 * time.Millisecond)); err == nil {
					_ = m.DoubleAck(t.Context())
				}
			case 1:
				if m, err := c.Next(jetstream.FetchMaxWait(5 * time.Millisecond)); err == nil {
					_ = m.Nak()
				}
			case 2:
				_ = stream.DeleteMsg(t.Context(), rapid.Uint64Range(1, 20).Draw(r, "seq"))
			case 3:
				_ = stream.SecureDeleteMsg(t.Context(), rapid.Uint64Range(1, 20).Draw(r, "erased"))
			case 4:
				_ = stream.Purge(t.Context(), jetstream.WithPurgeKeep(2))
			default:
				put(t, js, fmt.Sprintf("work.%d", rapid.IntRange(1, 5).Draw(r, "subject")))
			}
		}
		if rapid.Bool().Draw(r, "cut off") {
			cut := filepath.Join(t.TempDir(), "cut")
			if err := os.CopyFS(cut, os.DirFS(dir)); err == nil {
				dir = cut
			}
		}
		bus.Shutdown()
		bus = started(t, dir, sealedWith(key))
		defer bus.Shutdown()
		if aside := bus.Aside(); len(aside) > 0 {
			r.Errorf("moved aside: %v", aside)
		}
	})
}
