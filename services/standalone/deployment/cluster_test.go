package deployment_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/credential"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// cluster is three servers that run from deploy/nats, moved to loopback, with
// keys of `standalone keys issue`.
type cluster struct {
	keys    string
	seeds   credential.Folder
	ca      authority
	servers []*server.Server
	stores  []string
	routes  []int
	// cert and key are the files of the servers' certificate.
	cert, key string
	reload    func()
}

// urls names the three servers to a client.
func (c *cluster) urls() string {
	var urls []string
	for _, s := range c.servers {
		urls = append(urls, fmt.Sprintf("tls://127.0.0.1:%d", s.Addr().(*net.TCPAddr).Port))
	}
	return strings.Join(urls, ",")
}

// startCluster starts the servers and waits until each has routes to the others.
func startCluster(t *testing.T) *cluster {
	t.Helper()
	dir := t.TempDir()
	c := &cluster{keys: filepath.Join(dir, "issued"), ca: newAuthority(t, "ours"), cert: filepath.Join(dir, "tls.crt"), key: filepath.Join(dir, "tls.key")}
	c.seeds, _ = network.BusKeys(c.keys)
	c.ca.certify(t, c.cert, c.key)
	c.standalone(t, nil, "keys", "issue", c.keys)
	if err := os.Symlink(network.ServersDir(c.keys), filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "accounts.conf"), read(t, "deploy/nats/accounts.conf"), 0o600); err != nil {
		t.Fatal(err)
	}
	ports := freePorts(t, 9)
	c.routes = ports[:3]
	for i, port := range c.routes {
		t.Setenv(fmt.Sprintf("NATS_ROUTE_%d", i+1), fmt.Sprintf("nats://127.0.0.1:%d", port))
	}
	t.Setenv("NATS_CERT_FILE", c.cert)
	t.Setenv("NATS_KEY_FILE", c.key)
	t.Setenv("NATS_CA_FILE", c.ca.file)
	named := func(i int) { t.Setenv("NATS_NAME", fmt.Sprintf("nats-%d", i+1)) }
	for i := range 3 {
		store := t.TempDir()
		c.stores = append(c.stores, store)
		named(i)
		options, err := server.ProcessConfigFile(moved(t, filepath.Join(dir, fmt.Sprintf("nats-%d.conf", i+1)), map[string]string{
			"listen: 0.0.0.0:4222": fmt.Sprint("listen: 127.0.0.1:", ports[3+i]),
			"http: 127.0.0.1:8222": fmt.Sprint("http: 127.0.0.1:", ports[6+i]),
			"listen: 0.0.0.0:6222": fmt.Sprint("listen: 127.0.0.1:", c.routes[i]),
			"store_dir: /data":     fmt.Sprintf("store_dir: %q", store),
			"sync_interval: 100ms": "sync_interval: 100ms",
		}))
		if err != nil {
			t.Fatal(err)
		}
		options.NoSigs, options.NoLog = true, true
		s, err := server.NewServer(options)
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() {
			s.Shutdown()
			s.WaitForShutdown()
		})
		c.servers = append(c.servers, s)
	}
	c.reload = func() {
		for i, s := range c.servers {
			named(i)
			if err := s.Reload(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, s := range c.servers {
		patience.Until(t, "a server has routes to the others", func() bool { return s.ReadyForConnections(time.Second) && s.NumRemotes() == 2 })
	}
	return c
}

// moved writes nats.conf for one server of a test. What is moved must be there,
// once.
func moved(t *testing.T, path string, to map[string]string) string {
	t.Helper()
	text := string(read(t, "deploy/nats/nats.conf"))
	for from, to := range to {
		if strings.Count(text, from) != 1 {
			t.Fatalf("nats.conf says %q %d times", from, strings.Count(text, from))
		}
		text = strings.Replace(text, from, to, 1)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// program builds standalone once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "sanad-standalone-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "standalone")
	out, err := exec.Command("go", "build", "-o", path, "github.com/sanad-network/sanad/services/standalone").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return path, err
})

// TestMain takes away what was built.
func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// standalone runs a sub-command against the cluster, which must succeed.
func (c *cluster) standalone(t *testing.T, env []string, args ...string) string {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir, cmd.Env = t.TempDir(), append([]string{"SANAD_KEYS=" + c.keys}, env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("standalone %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// steward declares the streams, as a network's operator does.
func (c *cluster) steward(t *testing.T) string {
	t.Helper()
	return c.standalone(t, []string{
		"SANAD_NATS_URL=" + c.urls(), "SANAD_NATS_SEED_FILE=" + c.seeds.Seed(bus.Steward), "SANAD_NATS_CA_FILE=" + c.ca.file, "SANAD_NATS_REPLICAS=3",
	}, "steward")
}

// connect connects as somebody, with a seed. What it may not do is told to the
// channel.
func (c *cluster) connect(t *testing.T, identity, seed string, more ...nats.Option) (*nats.Conn, chan error, error) {
	t.Helper()
	as, err := bus.As(seed)
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error, 16)
	nc, err := bus.Connect(c.urls(), identity, append([]nats.Option{
		as, nats.RootCAs(c.ca.file), nats.RetryOnFailedConnect(false),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }),
	}, more...)...)
	if err == nil {
		t.Cleanup(nc.Close)
	}
	return nc, refused, err
}

// freePorts finds ports that nobody listens on. The servers must know each
// other's before the first of them starts.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
