package deployment_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// TestNATSCluster starts three servers from the files themselves, and does with
// them what a network does. Its steps stand on each other: to start a cluster is
// dear.
func TestNATSCluster(t *testing.T) {
	c := startCluster(t)
	for _, s := range c.servers {
		if at := s.MonitorAddr(); at == nil || !at.IP.IsLoopback() {
			t.Errorf("monitoring is at %v", at)
		}
	}
	steps := []struct {
		name string
		step func(*testing.T, *cluster)
	}{
		{"the steward declares streams of three replicas", declares},
		{"a service says its own and nobody else's", speaks},
		{"clients that are refused", refusesClients},
		{"routes that are refused", refusesRoutes},
		{"a certificate is replaced", replaces},
		{"a key is changed", rotates},
		{"an integrator is invited", invites},
		{"the disk shows nothing", keepsSecret},
	}
	for _, s := range steps {
		if !t.Run(s.name, func(t *testing.T) { s.step(t, c) }) {
			return
		}
	}
}

func declares(t *testing.T, c *cluster) {
	said := c.steward(t)
	parts, err := network.Parts()
	if err != nil {
		t.Fatal(err)
	}
	js := c.as(t, bus.Steward)
	var want, again []string
	for _, declared := range bus.Streams(3, parts...) {
		want, again = append(want, declared.Name+": made"), append(again, declared.Name+": as it was")
		s, err := js.Stream(t.Context(), declared.Name)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.CachedInfo().Config.Replicas; got != 3 {
			t.Errorf("%s has %d replicas", declared.Name, got)
		}
	}
	// A bus of no network is given one the first time.
	belongs := "the bus belongs to network "
	_, id, _ := strings.Cut(said, belongs)
	want = append(want, belongs+strings.TrimSpace(id))
	slices.Sort(want)
	slices.Sort(again)
	if diff := cmp.Diff(want, lines(said)); diff != "" {
		t.Errorf("what a steward says the first time:\n%s", diff)
	}
	events, err := js.Stream(t.Context(), bus.Events)
	if err != nil {
		t.Fatal(err)
	}
	changed := events.CachedInfo().Config
	changed.MaxMsgs = 5
	if _, err := js.UpdateStream(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	again[slices.Index(again, bus.Events+": as it was")] = bus.Events + ": put right"
	if diff := cmp.Diff(again, lines(c.steward(t))); diff != "" {
		t.Errorf("what a steward says of a stream that somebody changed:\n%s", diff)
	}
}

// canary stands in a message, and must not stand on the disk.
const canary = "canary-of-the-deployment"

func speaks(t *testing.T, c *cluster) {
	js, refused := c.with(t, "intake", c.seeds.Seed("intake"))
	if _, err := js.Publish(t.Context(), own(t, "intake"), []byte(canary)); err != nil {
		t.Error(err)
	}
	if err := js.Conn().Publish(own(t, "referral"), nil); err != nil {
		t.Fatal(err)
	}
	if err := js.Conn().Flush(); err != nil {
		t.Fatal(err)
	}
	if err := <-refused; !errors.Is(err, nats.ErrPermissionViolation) {
		t.Errorf("a fact of another service: %v", err)
	}
}

func refusesClients(t *testing.T, c *cluster) {
	stranger, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	unknown, err := stranger.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	other := newAuthority(t, "another")
	known, err := c.seeds.Public("intake")
	if err != nil {
		t.Fatal(err)
	}
	for name, options := range map[string][]nats.Option{
		"no key":                        {nats.RootCAs(c.ca.file)},
		"an unknown key":                {nats.RootCAs(c.ca.file), nats.Nkey(unknown, stranger.Sign)},
		"a key of which it has no seed": {nats.RootCAs(c.ca.file), nats.Nkey(known[0], stranger.Sign)},
		"a user and password":           {nats.RootCAs(c.ca.file), nats.UserInfo("sanad", "password")},
	} {
		nc, err := nats.Connect(c.urls(), options...)
		if err == nil {
			nc.Close()
		}
		if !errors.Is(err, nats.ErrAuthorization) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, options := range map[string][]nats.Option{
		"another authority": {nats.RootCAs(other.file)}, "the system's authorities": nil,
	} {
		nc, _, err := c.connect(t, "intake", c.seeds.Seed("intake"), append(options, func(o *nats.Options) error {
			if options == nil {
				o.RootCAsCB, o.TLSConfig = nil, nil
			}
			return nil
		})...)
		if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
			t.Errorf("a client that trusts %s: %v, %v", name, nc, err)
		}
	}
	if err := greet(dial(t, c.servers[0].Addr().(*net.TCPAddr).Port)); err == nil {
		t.Error("a client without TLS is answered")
	}
}

func refusesRoutes(t *testing.T, c *cluster) {
	route := func(by *authority) error {
		config := &tls.Config{RootCAs: c.ca.pool(), ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
		if by != nil {
			dir := t.TempDir()
			by.certify(t, filepath.Join(dir, "crt"), filepath.Join(dir, "key"))
			pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "crt"), filepath.Join(dir, "key"))
			if err != nil {
				t.Fatal(err)
			}
			config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
		}
		secured := tls.Client(dial(t, c.routes[0]), config)
		if err := secured.HandshakeContext(t.Context()); err != nil {
			return err
		}
		return greet(secured)
	}
	if err := greet(dial(t, c.routes[0])); err == nil {
		t.Error("a route in plain text is answered")
	}
	other := newAuthority(t, "another")
	if err := route(&other); err == nil {
		t.Error("a route with a certificate of another authority is answered")
	}
	if err := route(nil); err == nil {
		t.Error("a route without a certificate is answered")
	}
	if err := route(&c.ca); err != nil {
		t.Errorf("a route with a certificate of the authority: %v", err)
	}
}

func replaces(t *testing.T, c *cluster) {
	js, _ := c.with(t, "intake", c.seeds.Seed("intake"))
	shown := func() string {
		conn := dial(t, c.servers[0].Addr().(*net.TCPAddr).Port)
		skipLine(t, conn)
		secured := tls.Client(conn, &tls.Config{RootCAs: c.ca.pool(), ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12})
		if err := secured.HandshakeContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		return secured.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	before := shown()
	after := c.ca.certify(t, c.cert, c.key).SerialNumber.String()
	if got := shown(); got != before {
		t.Error("the certificate is another before the servers were told")
	}
	c.reload()
	if got := shown(); got != after {
		t.Errorf("the servers show certificate %s, and were given %s instead of %s", got, after, before)
	}
	if _, err := js.Publish(t.Context(), own(t, "intake"), nil); err != nil || js.Conn().Reconnects != 0 {
		t.Errorf("who was connected has reconnected %d times: %v", js.Conn().Reconnects, err)
	}
	for _, s := range c.servers {
		if s.NumRemotes() != 2 {
			t.Errorf("a server has routes to %d others", s.NumRemotes())
		}
	}
}

func rotates(t *testing.T, c *cluster) {
	before := filepath.Join(t.TempDir(), "before.seed")
	text, err := os.ReadFile(c.seeds.Seed("intake"))
	if err == nil {
		err = os.WriteFile(before, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	publish := func(js jetstream.JetStream, when string) {
		t.Helper()
		if _, err := js.Publish(t.Context(), own(t, "intake"), nil); err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
	running, _ := c.with(t, "intake", before)
	c.standalone(t, nil, "keys", "rotate", "intake")
	// The servers were told nothing yet: both hold.
	restarted, _ := c.with(t, "intake", c.seeds.Seed("intake"))
	publish(running, "the key before")
	publish(restarted, "the key in use")
	c.reload()
	publish(restarted, "the key in use, after the servers were told")
	if restarted.Conn().Reconnects != 0 {
		t.Error("who has the key in use was cut off")
	}
	patience.Until(t, "who has the key before is cut off", func() bool { return !running.Conn().IsConnected() })
	if _, _, err := c.connect(t, "intake", before); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("the key before: %v", err)
	}
}

func invites(t *testing.T, c *cluster) {
	_, guests := network.BusKeys(c.keys)
	c.standalone(t, nil, "integrator", "add", "acme")
	if _, _, err := c.connect(t, "acme", guests.Seed("acme")); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("before the servers are told: %v", err)
	}
	// A server makes what a new account borrows only when it reads the account a
	// second time (nats-server 2.15.2; the README has the operator do so).
	c.reload()
	c.reload()
	nc, _, err := c.connect(t, "acme", guests.Seed("acme"))
	if err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.NewWithAPIPrefix(nc, bus.IntegratorAPI)
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := js.CreateConsumer(t.Context(), bus.Events, jetstream.ConsumerConfig{Durable: bus.IntegratorConsumer("acme", 1), AckPolicy: jetstream.AckExplicitPolicy})
	if err != nil {
		t.Fatal(err)
	}
	m, err := consumer.Next(jetstream.FetchContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if string(m.Data()) != canary {
		t.Errorf("the first event is %q", m.Data())
	}
	sameAsEmbedded(t, c)
	c.standalone(t, nil, "integrator", "revoke", "acme")
	c.reload()
	patience.Until(t, "who was revoked is cut off", func() bool { return !nc.IsConnected() })
}

// sameAsEmbedded holds what the servers run against what an office's server is
// given, of the same keys.
func sameAsEmbedded(t *testing.T, c *cluster) {
	t.Helper()
	seeds, guests := network.BusKeys(c.keys)
	text, err := network.Bus{Seeds: seeds, Guests: guests}.Accounts()
	if err != nil {
		t.Fatal(err)
	}
	options := &server.Options{}
	if err := options.ProcessConfigString(text); err != nil {
		t.Fatal(err)
	}
	deployed, err := server.ProcessConfigFile(filepath.Join(filepath.Dir(c.cert), "nats-1.conf"))
	if err != nil {
		t.Fatal(err)
	}
	if len(options.Nkeys) != 2*len(network.Identities())+2*len([]string{bus.Pages, "acme"}) || len(options.Users) != 0 || len(deployed.Users) != 0 {
		t.Errorf("%d keys and %d users, in the files %d users", len(options.Nkeys), len(options.Users), len(deployed.Users))
	}
	if diff := cmp.Diff(users(options), users(deployed)); diff != "" {
		t.Errorf("who may do what, in an office and in the files:\n%s", diff)
	}
	inOffice, inFiles := unstarted(t, options), unstarted(t, deployed)
	for _, account := range []string{"SYS", "NETWORK", "INTEGRATOR_acme", "INTEGRATOR_" + bus.Pages} {
		if diff := cmp.Diff(shared(t, inOffice, account), shared(t, inFiles, account)); diff != "" {
			t.Errorf("what %s lends and borrows, in an office and in the files:\n%s", account, diff)
		}
	}
}

// unstarted is a server that has its accounts and not yet what every server adds
// to them.
func unstarted(t *testing.T, options *server.Options) *server.Server {
	t.Helper()
	options.DontListen, options.NoLog, options.NoSigs = true, true, true
	s, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Shutdown)
	return s
}

type user struct {
	Account            string
	Publish, Subscribe []string
}

func users(o *server.Options) map[string]user {
	all := map[string]user{}
	for _, u := range o.Nkeys {
		all[u.Nkey] = user{u.Account.Name, u.Permissions.Publish.Allow, u.Permissions.Subscribe.Allow}
	}
	return all
}

// shared are an account's exports and imports, one a line.
func shared(t *testing.T, s *server.Server, account string) []string {
	t.Helper()
	z, err := s.Accountz(&server.AccountzOptions{Account: account})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	add := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	for _, e := range z.Account.Exports {
		add(e)
	}
	for _, i := range z.Account.Imports {
		add(i)
	}
	slices.Sort(all)
	return all
}

// keepsSecret looks at the disks once the servers are down: all is written then.
func keepsSecret(t *testing.T, c *cluster) {
	for _, s := range c.servers {
		s.Shutdown()
		s.WaitForShutdown()
	}
	for _, store := range c.stores {
		blocks := 0
		err := filepath.WalkDir(store, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			if strings.HasSuffix(path, ".blk") && len(content) > 0 {
				blocks++
			}
			for _, plain := range []string{canary, "sanad.events.intake"} {
				if bytes.Contains(content, []byte(plain)) {
					t.Errorf("%s holds %q", path, plain)
				}
			}
			return err
		})
		if err != nil || blocks == 0 {
			t.Errorf("%d blocks of messages: %v", blocks, err)
		}
	}
}

// own is a subject of a fact that a service says.
func own(t *testing.T, service string) string {
	t.Helper()
	parts, err := network.Parts()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if p.Service == service {
			return "sanad.events." + service + "." + p.Tells[bus.Events][0] + ".x"
		}
	}
	t.Fatalf("there is no service %s", service)
	return ""
}

func (c *cluster) as(t *testing.T, identity string) jetstream.JetStream {
	t.Helper()
	js, _ := c.with(t, identity, c.seeds.Seed(identity))
	return js
}

func (c *cluster) with(t *testing.T, identity, seed string) (jetstream.JetStream, chan error) {
	t.Helper()
	nc, refused, err := c.connect(t, identity, seed)
	if err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js, refused
}

// dial connects to a port of a server.
func dial(t *testing.T, port int) net.Conn {
	t.Helper()
	return dialAddr(t, fmt.Sprint("127.0.0.1:", port))
}

func dialAddr(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// skipLine reads a line byte by byte: what follows it is TLS.
func skipLine(t *testing.T, conn net.Conn) {
	t.Helper()
	for one := make([]byte, 1); one[0] != '\n'; {
		if _, err := io.ReadFull(conn, one); err != nil {
			t.Fatal(err)
		}
	}
}

// greet says who is there and asks for an answer. It fails when the server ends
// the connection instead.
func greet(conn net.Conn) error {
	if _, err := io.WriteString(conn, "CONNECT {\"verbose\":false,\"name\":\"x\",\"cluster\":\"sanad\"}\r\nPING\r\n"); err != nil {
		return err
	}
	for scanner := bufio.NewScanner(conn); scanner.Scan(); {
		if scanner.Text() == "PONG" {
			return nil
		}
	}
	return io.ErrUnexpectedEOF
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }
