package embedded

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// access is who reaches a server, and how. It is read afresh at each start.
type access struct {
	accounts         string
	certificate, key string
	// read says when certificate and key were written that the server uses.
	read [2]time.Time
}

// Accounts is the part of a server's configuration that says who may do what;
// without it everybody may do everything.
func Accounts(text string) NATSOption {
	return func(s *NATSServer) error { s.access.accounts = text; return nil }
}

// StoreKey seals the streams on the disk. A store without a key is sealed when it
// is next opened; one with another key is not opened.
func StoreKey(key string) NATSOption {
	return NATSOptions(func(o *server.Options) error {
		o.JetStreamKey, o.JetStreamCipher = key, server.AES
		return nil
	})
}

// TLS has clients reach the server by TLS alone: certificate and key are files
// in PEM.
func TLS(certificate, key string) NATSOption {
	return func(s *NATSServer) error { s.access.certificate, s.access.key = certificate, key; return nil }
}

func (a *access) apply(opts *server.Options) error {
	a.read = a.written()
	if a.accounts != "" {
		if err := opts.ProcessConfigString(a.accounts); err != nil {
			// The server's error may repeat a key.
			return errors.New("accounts of the bus: the server does not take the configuration")
		}
	}
	if a.certificate == "" {
		return nil
	}
	config, err := server.GenTLSConfig(&server.TLSConfigOpts{CertFile: a.certificate, KeyFile: a.key})
	if err != nil {
		return fmt.Errorf("certificate of the bus: %w", err)
	}
	opts.TLSConfig, opts.TLS, opts.TLSTimeout = config, true, 5
	return nil
}

// written says when certificate and key were written.
func (a *access) written() (at [2]time.Time) {
	for i, path := range []string{a.certificate, a.key} {
		if info, err := os.Stat(path); err == nil {
			at[i] = info.ModTime()
		}
	}
	return at
}

// Outdated reports whether the certificate is another than the server has read.
func (s *NATSServer) Outdated() bool {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.access.written() != s.access.read
}

// Reload gives the server other accounts, and has it read its certificate again. A
// client that is no longer known is disconnected; the others are not.
func (s *NATSServer) Reload(accounts string) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	before := s.access
	s.access.accounts = accounts
	s.mu.RLock()
	running := s.server
	s.mu.RUnlock()
	// Twice: the server makes what a new account imports from another only when it
	// reads the account again.
	for range 2 {
		opts := s.opts
		err := s.access.apply(&opts)
		if err == nil && running != nil {
			err = running.ReloadOptions(&opts)
		}
		if err != nil {
			s.access = before
			return fmt.Errorf("reload the bus: %w", err)
		}
	}
	return nil
}
