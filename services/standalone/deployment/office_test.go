package deployment_test

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// openOffice opens an office whose bus listens at an address.
func openOffice(t *testing.T, addr, cert, key string) (*network.Network, error) {
	t.Helper()
	dir := t.TempDir()
	cfg, err := service.ReadConfig(t.Context(), []string{"SANAD_MODE=training", "SANAD_HTTP_ADDR=127.0.0.1:0", "SANAD_ADMIN_ADDR=127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "standalone", Writer: t.Output(), Level: slog.LevelWarn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flush(context.Background()) })
	keys := filepath.Join(dir, "keys")
	if err := network.Invite(keys, "acme"); err != nil {
		t.Fatal(err)
	}
	return network.Open(t.Context(), network.Config{
		Dir: filepath.Join(dir, "data"), Keys: keys, Service: cfg, NATSAddr: addr, NATSCertificate: cert, NATSKey: key, Telemetry: tel,
	})
}

// An office that other machines reach has a certificate, and takes a new one
// while it runs.
func TestOfficeWithACertificate(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", "192.0.2.1:0", "bus.example.org:0"} {
		if _, err := openOffice(t, addr, "", ""); !errors.Is(err, network.ErrClear) {
			t.Errorf("at %s, without a certificate: %v", addr, err)
		}
	}

	ca, dir := newAuthority(t, "ours"), t.TempDir()
	cert, key := filepath.Join(dir, "crt"), filepath.Join(dir, "key")
	ca.certify(t, cert, key)
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := openOffice(t, "127.0.0.1:0", cert, key); !errors.Is(err, secret.ErrOpen) || !strings.Contains(err.Error(), "SANAD_NATS_KEY_FILE") {
		t.Errorf("a key that others can read: %v", err)
	}
	if err := os.Chmod(key, 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := openOffice(t, "127.0.0.1:0", cert, key)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- n.Run(ctx) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	as, err := bus.As(n.Bus.Guests.Seed("acme"))
	if err != nil {
		t.Fatal(err)
	}
	connect := func(with ...nats.Option) (*nats.Conn, error) {
		return bus.Connect(n.Bus.URL, "acme", append(with, as, nats.RetryOnFailedConnect(false))...)
	}
	if _, err := connect(); err == nil {
		t.Error("a client that does not know the authority has connected")
	}
	nc, err := connect(nats.RootCAs(ca.file))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	at, err := url.Parse(n.Bus.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := greet(dialAddr(t, at.Host)); err == nil {
		t.Error("a client without TLS is answered")
	}

	after := ca.certify(t, cert, key).SerialNumber
	patience.Until(t, "the bus shows the new certificate", func() bool {
		conn := dialAddr(t, at.Host)
		defer conn.Close()
		skipLine(t, conn)
		secured := tls.Client(conn, &tls.Config{RootCAs: ca.pool(), ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12})
		return secured.HandshakeContext(t.Context()) == nil && secured.ConnectionState().PeerCertificates[0].SerialNumber.Cmp(after) == 0
	})
	if nc.Reconnects != 0 || !nc.IsConnected() {
		t.Error("who was connected was cut off")
	}
}
