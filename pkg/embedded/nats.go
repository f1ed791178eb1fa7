package embedded

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// syncInterval is how much of the newest messages a power cut may take: the
// server's own default is two minutes, and 100 ms cost nothing measurable. The
// journals fill what is lost.
const syncInterval = 100 * time.Millisecond

// NATSServer is a NATS server with JetStream.
type NATSServer struct {
	server *server.Server
	with   serving
	read   [2]time.Time
}

// serving is how a server is set up.
type serving struct {
	dir, addr, accounts, storeKey string
	certificate, key              string
}

// Serving sets up a server.
type Serving func(*serving)

// Accounts is the part of the server's configuration that says who may do what;
// without it everybody may do everything.
func Accounts(text string) Serving { return func(s *serving) { s.accounts = text } }

// StoreKey encrypts the streams on the disk. A store without a key is encrypted
// when it is next opened; one with another key is not opened.
func StoreKey(key string) Serving { return func(s *serving) { s.storeKey = key } }

// TLS has clients reach the server by TLS alone: certificate and key are files
// in PEM.
func TLS(certificate, key string) Serving {
	return func(s *serving) { s.certificate, s.key = certificate, key }
}

// NATS starts a server that keeps its streams in a directory and listens on an
// address, loopback when it names no host; port 0 takes a free one. With an empty
// address it is reached from inside the process only.
func NATS(dir, addr string, how ...Serving) (*NATSServer, error) {
	s := &NATSServer{with: serving{dir: dir, addr: addr}}
	for _, set := range how {
		set(&s.with)
	}
	s.read = s.with.read()
	opts, err := s.with.options()
	if err != nil {
		return nil, err
	}
	if s.server, err = server.NewServer(opts); err != nil {
		return nil, fmt.Errorf("start the bus: %w", err)
	}
	s.server.Start()
	if !s.server.ReadyForConnections(startTimeout) {
		s.Shutdown()
		return nil, errors.New("start the bus: not ready in time")
	}
	return s, nil
}

// options are the server's own, read afresh.
func (s serving) options() (*server.Options, error) {
	opts := &server.Options{}
	if s.accounts != "" {
		if err := opts.ProcessConfigString(s.accounts); err != nil {
			// The server's words may repeat a key.
			return nil, errors.New("accounts of the bus: the server does not take the configuration")
		}
	}
	opts.ServerName = "embedded"
	opts.JetStream, opts.StoreDir, opts.SyncInterval = true, s.dir, syncInterval
	opts.DontListen = s.addr == ""
	opts.NoLog, opts.NoSigs = true, true
	// Nearly every subject is said once: a cache of who listens to it never hits.
	opts.NoSublistCache = true
	if s.storeKey != "" {
		opts.JetStreamKey, opts.JetStreamCipher = s.storeKey, server.AES
	}
	if s.certificate != "" {
		config, err := server.GenTLSConfig(&server.TLSConfigOpts{CertFile: s.certificate, KeyFile: s.key})
		if err != nil {
			return nil, fmt.Errorf("certificate of the bus: %w", err)
		}
		opts.TLSConfig, opts.TLS, opts.TLSTimeout = config, true, 5
	}
	if s.addr == "" {
		return opts, nil
	}
	host, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		return nil, fmt.Errorf("address of the bus: %w", err)
	}
	if opts.Host = host; host == "" {
		opts.Host = "127.0.0.1"
	}
	if opts.Port, err = strconv.Atoi(port); err != nil {
		return nil, fmt.Errorf("port of the bus: %w", err)
	}
	if opts.Port == 0 {
		opts.Port = server.RANDOM_PORT
	}
	return opts, nil
}

// Outdated reports whether the certificate is another than the server has read.
func (s *NATSServer) Outdated() bool { return s.with.read() != s.read }

// read says when the certificate was last written.
func (s serving) read() (at [2]time.Time) {
	for i, path := range []string{s.certificate, s.key} {
		if info, err := os.Stat(path); err == nil {
			at[i] = info.ModTime()
		}
	}
	return at
}

// Reload has the server take other accounts, and its certificate afresh. Whoever
// is known no more is cut off; the others notice nothing.
func (s *NATSServer) Reload(accounts string) error {
	with, read := s.with, s.with.read()
	with.accounts = accounts
	opts, err := with.options()
	if err != nil {
		return err
	}
	if err := s.server.ReloadOptions(opts); err != nil {
		return fmt.Errorf("reload the bus: %w", err)
	}
	s.with, s.read = with, read
	return nil
}

// ClientURL is where clients connect to.
func (s *NATSServer) ClientURL() string { return s.server.ClientURL() }

// InProcess is the option that connects a client without a socket.
func (s *NATSServer) InProcess() nats.Option { return nats.InProcessServer(s.server) }

// Shutdown ends the server and waits for it.
func (s *NATSServer) Shutdown() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
}
