package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// running opens a network on a folder, does something with it, and stops it.
func running(t *testing.T, dir string, do func(journey.Cast) error) {
	t.Helper()
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		if err != nil {
			return err
		}
		return do(cast)
	})
}

// opened is running for who looks at the engines too.
func opened(t *testing.T, dir string, do func(*network.Network) error) {
	t.Helper()
	openedOn(t, dir, service.Config{Mode: service.Training}, do)
}

// openedOn is opened on engines that a configuration names.
func openedOn(t *testing.T, dir string, cfg service.Config, do func(*network.Network) error) {
	t.Helper()
	cfg.HTTPAddr, cfg.AdminAddr, cfg.NATSReplicas, cfg.RatePerSecond = "127.0.0.1:0", "127.0.0.1:0", 1, 2000
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "standalone", Writer: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Open(t.Context(), network.Config{Dir: dir, NATSAddr: "127.0.0.1:0", Telemetry: tel, Service: cfg})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	defer func() {
		stop()
		if err := errors.Join(<-done, flush(context.Background())); err != nil {
			t.Error(err)
		}
	}()
	// Operators are answered from the beginning of Run on.
	patience.Until(t, "an answer to operators", func() bool {
		resp, err := http.Get("http://" + n.Admin.String() + "/looks")
		if err != nil {
			return false
		}
		defer func() { _ = resp.Body.Close() }()
		return resp.StatusCode != http.StatusServiceUnavailable
	})
	if err := do(n); err != nil {
		t.Fatal(err)
	}
}

// played says whether the office is there of which fill gives copies.
var played struct {
	sync.Mutex
	done bool
}

// fill makes a folder that of a stopped office, in which a journey was played. All
// are copies of one network: to play the journey is most of what many tests would do.
func fill(t *testing.T, dir string) {
	t.Helper()
	played.Lock()
	defer played.Unlock()
	in, err := shared()
	did(t, err)
	office := filepath.Join(in, "var")
	if !played.done {
		running(t, office, func(cast journey.Cast) error { return playShort(t, cast) })
		played.done = true
	}
	copyOffice(t, office, dir)
}

func playShort(t *testing.T, cast journey.Cast) error {
	t.Helper()
	if err := journey.Register(t.Context(), cast); err != nil {
		return err
	}
	_, err := journey.Play(t.Context(), cast, func(string, string, time.Duration) {})
	return err
}

// A changed byte of a commit is found: the record and the version are named,
// whichever field it is.
func TestVerifyFindsAChangedByte(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	set := settings{data: dir}
	var out strings.Builder
	if err := verify(t.Context(), set, nil, &out); err != nil {
		t.Fatalf("untouched journals: %v\n%s", err, out.String())
	}
	for name, changed := range map[string]struct {
		field string
		place int
	}{
		"key": {"key", 0}, "at": {"at", 0},
		"prev": {"commit", 5}, "hash": {"commit", sha256.Size + 5}, "box": {"commit", 2*sha256.Size + 5},
	} {
		t.Run(name, func(t *testing.T) {
			id, restore := tamper(t, dir, changed.field, changed.place)
			defer restore()
			var out strings.Builder
			if err := verify(t.Context(), set, nil, &out); !errors.Is(err, errBroken) {
				t.Errorf("verify says %v", err)
			}
			record, version, _ := strings.Cut(id, "/")
			if want := "referral: record " + record + " version " + version + ": "; !strings.Contains(out.String(), want) {
				t.Errorf("verify does not say %q:\n%s", want, out.String())
			}
		})
	}
}

// What cannot be read, or is not there, does not verify.
func TestVerifyReadsEverything(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	path := filepath.Join(network.DatabaseDir(dir), "documents.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// A data key, which no chain holds: without it a case cannot be read.
	at := bytes.Index(content, []byte("\x05wrapped\x00"))
	if at < 0 {
		t.Fatal("there is no data key in the file")
	}
	content[at+30] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := verify(t.Context(), settings{data: dir}, nil, &out); !errors.Is(err, errBroken) && !errors.Is(err, embedded.ErrDamaged) {
		t.Errorf("a data key is changed, and verify says %v:\n%s", err, out.String())
	}
	nowhere := filepath.Join(dir, "nowhere")
	if err := verify(t.Context(), settings{data: nowhere}, nil, io.Discard); err == nil {
		t.Error("nothing verifies")
	}
	if _, err := os.Stat(nowhere); !os.IsNotExist(err) {
		t.Error("verify made a directory:", err)
	}
}

// tamper changes one field of the second commit of a referral, of bytes the one
// at a place, as somebody with access to the database would, and gives the way
// back.
func tamper(t *testing.T, dir, field string, place int) (id string, restore func()) {
	t.Helper()
	var original bson.M
	with(t, dir, func(c *mongo.Collection) {
		cursor, err := c.Find(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		var all []bson.M
		if err := cursor.All(t.Context(), &all); err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			if s := d["_id"].(string); strings.HasPrefix(s, "ref_") && strings.HasSuffix(s, "/2") {
				original, id = d, s
			}
		}
		changed := maps.Clone(original)
		switch v := original[field].(type) {
		case bson.Binary:
			data := append([]byte(nil), v.Data...)
			data[place] ^= 1
			changed[field] = bson.Binary{Subtype: v.Subtype, Data: data}
		case string:
			changed[field] = v[:len(v)-1] + "~"
		case bson.DateTime:
			changed[field] = v + 1
		default:
			t.Fatalf("%s is a %T", field, v)
		}
		retake(t, c, id, changed)
	})
	return id, func() {
		with(t, dir, func(c *mongo.Collection) {
			retake(t, c, id, original)
		})
	}
}

func with(t *testing.T, dir string, do func(*mongo.Collection)) {
	t.Helper()
	m, err := embedded.Mongo(network.DatabaseDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}()
	client, err := m.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(t.Context()) }()
	do(client.Database("sanad_referral").Collection("journal"))
}
