package deployment_test

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/patience"
)

// TestNATSCluster starts three servers from the file itself, moved to loopback,
// and asks them for what the network needs of them.
func TestNATSCluster(t *testing.T) {
	t.Setenv("NATS_PASSWORD", "password1")
	t.Setenv("NATS_CLUSTER_PASSWORD", "password2")
	ports := freePorts(t, 3)
	var routes []string
	for i, port := range ports {
		routes = append(routes, fmt.Sprintf("nats://cluster:password2@127.0.0.1:%d", port))
		t.Setenv(fmt.Sprintf("NATS_ROUTE_%d", i+1), routes[i])
	}

	var servers []*server.Server
	for i, port := range ports {
		t.Setenv("NATS_NAME", fmt.Sprintf("nats-%d", i+1))
		options, err := server.ProcessConfigFile(filepath.Join(root, "deploy/nats/nats.conf"))
		if err != nil {
			t.Fatal(err)
		}
		var configured []string
		for _, r := range options.Routes {
			configured = append(configured, r.String())
		}
		if diff := cmp.Diff(routes, configured); diff != "" {
			t.Errorf("routes given, then configured:\n%s", diff)
		}
		if options.SyncInterval != 100*time.Millisecond {
			t.Errorf("sync interval %v, want 100ms", options.SyncInterval)
		}
		options.Host, options.Port, options.HTTPPort = "127.0.0.1", server.RANDOM_PORT, 0
		options.Cluster.Host, options.Cluster.Port = "127.0.0.1", port
		options.StoreDir = t.TempDir()
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
		servers = append(servers, s)
	}
	var urls []string
	for _, s := range servers {
		patience.Until(t, "a server is ready", func() bool { return s.ReadyForConnections(time.Second) })
		urls = append(urls, s.ClientURL())
	}
	all := strings.Join(urls, ",")

	if nc, err := nats.Connect(all, nats.UserInfo("sanad", "wrong")); err == nil {
		nc.Close()
		t.Error("a wrong password is let in")
	}
	nc, err := nats.Connect(all, nats.UserInfo("sanad", "password1"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	// Until the three have chosen a leader the call fails, after a wait of its own.
	var stream jetstream.Stream
	patience.Until(t, "a stream", func() bool {
		stream, err = js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{
			Name: "TIMERS", Subjects: []string{"sanad.timers.>"}, Replicas: 3, AllowMsgSchedules: true,
		})
		return err == nil
	}, func() string { return fmt.Sprint(err) })
	if got := stream.CachedInfo().Config.Replicas; got != 3 {
		t.Errorf("%d replicas, want 3", got)
	}
}

// freePorts finds ports that nobody listens on. The servers must know each
// other's before the first of them starts.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
