package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// Whatever else would open the data of an office that runs is refused at once,
// and told by whom they are open. The office goes on.
func TestOneProcessHasTheData(t *testing.T) {
	dir := t.TempDir()
	opened(t, dir, func(n *network.Network) error {
		set := settings{data: dir, keys: network.KeysDir(dir)}
		for name, open := range map[string]func() error{
			"another office": func() error { return start(t, network.Config{Dir: dir}) },
			"verify":         func() error { return verify(t.Context(), set, nil, io.Discard) },
			"republish": func() error {
				return republish(t.Context(), set, []string{"--from", "2020-01-01"}, time.Now(), io.Discard)
			},
		} {
			err := open()
			if !errors.Is(err, hold.ErrHeld) {
				t.Errorf("%s: %v", name, err)
				continue
			}
			for _, words := range []string{"the data directory ", dir, fmt.Sprintf("is in use by process %d on ", os.Getpid()), " since "} {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%s: %q is not in %q", name, words, err)
				}
			}
		}
		d, err := n.Desk("front-desk", "caseworker")
		if err != nil {
			return err
		}
		return d.Get(t.Context(), "/v1/agencies", nil)
	})
	if err := start(t, network.Config{Dir: dir}); err != nil {
		t.Errorf("it has stopped: %v", err)
	}
}

// An address that something else has is named with its setting, before anything
// is made.
func TestATakenAddressIsNamed(t *testing.T) {
	other, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	taken := other.Addr().String()
	for setting, set := range map[string]func(*network.Config){
		"SANAD_HTTP_ADDR":    func(c *network.Config) { c.Service.HTTPAddr = taken },
		"SANAD_ADMIN_ADDR":   func(c *network.Config) { c.Service.AdminAddr = taken },
		"SANAD_NATS_ADDR":    func(c *network.Config) { c.NATSAddr = taken },
		"SANAD_MONGODB_ADDR": func(c *network.Config) { c.MongoAddr = taken },
	} {
		t.Run(setting, func(t *testing.T) {
			tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "standalone", Writer: t.Output()})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = flush(t.Context()) }()
			beside := t.TempDir()
			cfg := network.Config{
				Dir: filepath.Join(beside, "var"), NATSAddr: "127.0.0.1:0", MongoAddr: "127.0.0.1:0", Guests: []string{demo}, Telemetry: tel,
				Service: service.Config{Mode: service.Training, HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", NATSReplicas: 1},
			}
			set(&cfg)
			_, err = network.Open(t.Context(), cfg)
			if !errors.Is(err, service.ErrTaken) {
				t.Fatalf("it says %v", err)
			}
			for _, words := range []string{setting + ": something else listens there: " + taken, "set " + setting + " to another address"} {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%q is not in %q", words, err)
				}
			}
			if made := names(t, beside); made != nil {
				t.Errorf("it made %v", made)
			}
		})
	}
}

// A directory that is not there is nobody's data. What is not meant to make one
// makes none.
func TestNoDirectoryIsMade(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(settings) error
		made []string // beside what is named
	}{
		"verify": {func(s settings) error { return verify(t.Context(), s, nil, io.Discard) }, nil},
		"republish": {func(s settings) error {
			return republish(t.Context(), s, []string{"--from", "2020-01-01"}, time.Now(), io.Discard)
		}, nil},
		"steward":            {func(s settings) error { s.NATSReplicas = 1; return steward(t.Context(), s, nil, io.Discard) }, nil},
		"keys rotate":        {func(s settings) error { return keys(s, []string{"rotate", "intake"}, io.Discard) }, nil},
		"integrator rotate":  {func(s settings) error { return integrator(s, []string{"rotate", "acme"}, io.Discard) }, nil},
		"integrator revoke":  {func(s settings) error { return integrator(s, []string{"revoke", "acme"}, io.Discard) }, nil},
		"migrate of nothing": {func(s settings) error { return migrated(t.Context(), s, []string{s.data + ".old"}, io.Discard) }, nil},
		"directory import":   {func(settings) error { return directory(t.Context(), []string{"import", "/nosuch"}, io.Discard) }, nil},
		// Their purpose is to make keys.
		"keys issue":     {func(s settings) error { return made(keys(s, []string{"issue"}, io.Discard)) }, []string{"var.keys"}},
		"integrator add": {func(s settings) error { return made(integrator(s, []string{"add", "acme"}, io.Discard)) }, []string{"var.keys"}},
	} {
		t.Run(name, func(t *testing.T) {
			set := nowhere(t)
			if err := test.do(set); err == nil {
				t.Error("it finds nothing wrong")
			} else if test.made != nil && !errors.Is(err, errMade) {
				t.Error(err)
			}
			if made := names(t, filepath.Dir(set.data)); strings.Join(made, " ") != strings.Join(test.made, " ") {
				t.Errorf("it made %v", made)
			}
		})
	}
}

// errMade stands for the success of what makes something.
var errMade = errors.New("made")

func made(err error) error {
	if err == nil {
		return errMade
	}
	return err
}
