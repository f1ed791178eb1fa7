package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/credential"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// nowhere are the settings of an office that was never started.
func nowhere(t *testing.T) settings {
	t.Helper()
	dir := t.TempDir()
	return settings{data: filepath.Join(dir, "var"), keys: filepath.Join(dir, "var.keys"), natsAddr: "127.0.0.1:0"}
}

func TestKeysAreIssuedOnce(t *testing.T) {
	set := nowhere(t)
	var out bytes.Buffer
	if err := keys(set, []string{"issue"}, &out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), ", made\n"); n != len(network.Identities()) {
		t.Errorf("%d keys are told of:\n%s", n, &out)
	}
	before := tree(t, set.keys)
	for _, name := range []string{"bus/steward.seed", "bus/intake.next.seed", "bus/store.key", "nats/keys.conf", "nats/integrators.conf", "nats/store.conf"} {
		if _, there := before[name]; !there {
			t.Errorf("%s is not there", name)
		}
	}
	for name, file := range before {
		if file.mode != 0o600 {
			t.Errorf("%s has mode %o", name, file.mode)
		}
		if strings.Contains(out.String(), strings.TrimSpace(file.text)) && file.text != "" {
			t.Errorf("what is in %s was shown", name)
		}
	}
	out.Reset()
	if err := keys(set, []string{"issue", set.keys}, &out); err != nil || strings.Contains(out.String(), ", made\n") {
		t.Errorf("again: %v\n%s", err, &out)
	}
	if diff := cmp.Diff(before, tree(t, set.keys), cmp.AllowUnexported(file{})); diff != "" {
		t.Errorf("a second call changed:\n%s", diff)
	}
}

func TestRotateKeepsBothForTheServers(t *testing.T) {
	set := nowhere(t)
	var out bytes.Buffer
	if err := keys(set, []string{"issue"}, &out); err != nil {
		t.Fatal(err)
	}
	before := tree(t, set.keys)
	if err := keys(set, []string{"rotate", "intake"}, &out); err != nil {
		t.Fatal(err)
	}
	after := tree(t, set.keys)
	if after["bus/intake.seed"] != before["bus/intake.next.seed"] {
		t.Error("the key in use is not the one that was to come")
	}
	if after["bus/intake.next.seed"] == before["bus/intake.next.seed"] {
		t.Error("there is no other to come")
	}
	seeds, _ := network.BusKeys(set.keys)
	public, err := seeds.Public("intake")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range public {
		if !strings.Contains(after["nats/keys.conf"].text, key) {
			t.Error("the servers are not told of a key")
		}
	}
	if !strings.Contains(out.String(), "SIGHUP") {
		t.Errorf("nobody is told to tell the servers:\n%s", &out)
	}
}

func TestKeysAndIntegratorsRefuse(t *testing.T) {
	for name, test := range map[string]struct {
		args    []string
		prepare func(*testing.T, *settings)
		want    error
		says    string
	}{
		"nothing":            {args: []string{"keys"}, want: errArguments},
		"two folders":        {args: []string{"keys", "issue", "a", "b"}, want: errArguments},
		"a stranger's key":   {args: []string{"keys", "rotate", "demo"}, says: "neither a service"},
		"a key not made yet": {args: []string{"keys", "rotate", "intake"}, want: credential.ErrNobody},
		"below the data": {args: []string{"keys", "issue"}, want: network.ErrKeys, prepare: func(_ *testing.T, s *settings) {
			s.keys = filepath.Join(s.data, "keys")
		}},
		"an integrator below the data": {args: []string{"integrator", "add", "acme"}, want: network.ErrKeys, prepare: func(_ *testing.T, s *settings) {
			s.keys = s.data
		}},
		"a seed open to others": {args: []string{"keys", "issue"}, want: secret.ErrOpen, prepare: func(t *testing.T, s *settings) {
			did(t, keys(*s, []string{"issue"}, &bytes.Buffer{}))
			did(t, os.Chmod(filepath.Join(s.keys, "bus", "intake.seed"), 0o644))
		}},
		"a store key open to others": {args: []string{"integrator", "add", "acme"}, want: secret.ErrOpen, prepare: func(t *testing.T, s *settings) {
			did(t, keys(*s, []string{"issue"}, &bytes.Buffer{}))
			did(t, os.Chmod(filepath.Join(s.keys, "bus", "store.key"), 0o644))
		}},
		"a seed that is none": {args: []string{"keys", "issue"}, says: "holds no seed", prepare: func(t *testing.T, s *settings) {
			did(t, keys(*s, []string{"issue"}, &bytes.Buffer{}))
			did(t, os.WriteFile(filepath.Join(s.keys, "bus", "intake.seed"), []byte("a secret that nobody should see"), 0o600))
		}},
		"no verb":              {args: []string{"integrator"}, want: errArguments},
		"an unknown verb":      {args: []string{"integrator", "invite", "acme"}, want: errArguments},
		"a service's name":     {args: []string{"integrator", "add", "intake"}, says: "nobody else's"},
		"the steward's name":   {args: []string{"integrator", "add", "steward"}, says: "nobody else's"},
		"a name that is none":  {args: []string{"integrator", "add", "../Acme"}, says: "small letters"},
		"nobody to revoke":     {args: []string{"integrator", "revoke", "acme"}, want: credential.ErrNobody},
		"nobody to rotate":     {args: []string{"integrator", "rotate", "acme"}, want: credential.ErrNobody},
		"an invitation twice":  {args: []string{"integrator", "add", "acme"}, want: errInvited, prepare: invited},
		"a list that is more":  {args: []string{"integrator", "list", "acme"}, want: errArguments},
		"steward, with a word": {args: []string{"steward", "now"}, want: errArguments},
		"two replicas":         {args: []string{"steward"}, says: "1, 3 or 5", prepare: func(_ *testing.T, s *settings) { s.NATSReplicas = 2 }},
		"no steward's seed":    {args: []string{"steward"}, want: fs.ErrNotExist},
		"nobody at the bus": {args: []string{"steward"}, says: "nothing answers", prepare: func(t *testing.T, s *settings) {
			did(t, keys(*s, []string{"issue"}, &bytes.Buffer{}))
			l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
			did(t, err)
			s.natsAddr = l.Addr().String()
			did(t, l.Close())
		}},
	} {
		t.Run(name, func(t *testing.T) {
			set := nowhere(t)
			set.NATSReplicas = 1
			if test.prepare != nil {
				test.prepare(t, &set)
			}
			before := tree(t, filepath.Dir(set.data))
			var out bytes.Buffer
			var err error
			switch test.args[0] {
			case "keys":
				err = keys(set, test.args[1:], &out)
			case "integrator":
				err = integrator(set, test.args[1:], &out)
			case "steward":
				err = steward(t.Context(), set, test.args[1:], &out)
			}
			if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("refused with %v, want %v, %q", err, test.want, test.says)
			}
			if err != nil && strings.Contains(err.Error(), "a secret") {
				t.Error("what is in a file was shown")
			}
			after := tree(t, filepath.Dir(set.data))
			// Whom the servers may not be told of has a seed all the same: it is used
			// once they can be told.
			for path := range after {
				if name == "a store key open to others" && strings.Contains(path, "integrators/acme") {
					delete(after, path)
				}
			}
			if diff := cmp.Diff(before, after, cmp.AllowUnexported(file{})); diff != "" {
				t.Errorf("files have changed:\n%s", diff)
			}
		})
	}
}

func invited(t *testing.T, s *settings) {
	t.Helper()
	did(t, integrator(*s, []string{"add", "acme"}, &bytes.Buffer{}))
}

func did(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A running office knows who is invited, and who is no more. Whoever was there
// before notices nothing, and a service whose key was changed goes on.
func TestRunningOfficeKnowsIntegrators(t *testing.T) {
	set := nowhere(t)
	cfg, err := service.ReadConfig(t.Context(), []string{"SANAD_MODE=training", "SANAD_HTTP_ADDR=127.0.0.1:0", "SANAD_ADMIN_ADDR=127.0.0.1:0"})
	did(t, err)
	set.Config = cfg
	did(t, network.Invite(set.keys, "demo"))
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "standalone", Writer: t.Output(), Level: slog.LevelWarn})
	did(t, err)
	defer func() { _ = flush(context.WithoutCancel(t.Context())) }()
	n, err := network.Open(t.Context(), network.Config{Dir: set.data, Keys: set.keys, Service: cfg, NATSAddr: set.natsAddr, Telemetry: tel})
	did(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- n.Run(ctx) }()
	defer func() {
		stop()
		did(t, <-done)
	}()
	set.NATSURL = n.Bus.URL
	visit := func(name string) (*nats.Conn, jetstream.JetStream) {
		nc, err := n.Bus.Visit(name)
		did(t, err)
		t.Cleanup(nc.Close)
		js, err := jetstream.NewWithAPIPrefix(nc, bus.IntegratorAPI)
		did(t, err)
		return nc, js
	}
	before, _ := visit("demo")

	var out bytes.Buffer
	did(t, integrator(set, []string{"add", "acme"}, &out))
	if !strings.Contains(out.String(), "A running office") {
		t.Errorf("nobody is told when it holds:\n%s", &out)
	}
	nc, js := visit("acme")
	patience.Until(t, "the office knows whom it has invited", nc.IsConnected)
	_, err = js.CreateConsumer(t.Context(), bus.Events, jetstream.ConsumerConfig{Durable: bus.IntegratorConsumer("acme", 1), AckPolicy: jetstream.AckExplicitPolicy})
	did(t, err)

	did(t, keys(set, []string{"rotate", "referral"}, &out))
	did(t, keys(set, []string{"rotate", bus.Steward}, &out))
	did(t, integrator(set, []string{"revoke", "acme"}, &out))
	patience.Until(t, "the office refuses whom it has revoked", func() bool { return !nc.IsConnected() })
	if before.Reconnects != 0 {
		t.Error("who was there before has noticed")
	}
	// By now the office has read the other keys as well. The services connected
	// with theirs before.
	out.Reset()
	set.NATSReplicas = 1
	did(t, steward(t.Context(), set, nil, &out))
	if strings.Contains(out.String(), "made") || !strings.Contains(out.String(), "EVENTS: as it was\n") {
		t.Errorf("the steward says:\n%s", &out)
	}
	var ready string
	patience.Until(t, "the office says how it is", func() bool {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+n.Admin.String()+"/readyz", nil)
		did(t, err)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		ready = string(text)
		return err == nil && answer.StatusCode == http.StatusOK
	})
	if ready != "ok\n" {
		t.Errorf("a service has lost the bus:\n%s", ready)
	}
}

type file struct {
	mode fs.FileMode
	text string
}

// tree reads all files below a folder.
func tree(t *testing.T, dir string) map[string]file {
	t.Helper()
	all := map[string]file{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == dir || err == nil && d.IsDir() {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = file{info.Mode().Perm(), string(text)}
		return err
	})
	did(t, err)
	return all
}
