package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/pairing"
	waiting "github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/programme/files"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// signed is a folder with a programme that somebody has signed.
func signed(t *testing.T) string {
	t.Helper()
	text, err := fs.ReadFile(files.Shipped(), "guatemala/1.yaml")
	did(t, err)
	by := "status: signed\nsigned_by: {name: A Lawyer, profession: advocate, on: 2026-12-01}"
	dir := t.TempDir()
	did(t, os.Mkdir(filepath.Join(dir, "guatemala"), 0o700))
	did(t, os.WriteFile(filepath.Join(dir, "guatemala", "1.yaml"), []byte(strings.Replace(string(text), "status: proposal", by, 1)), 0o600))
	return dir
}

// A network that is for training never becomes a live one: what is not real must not be taken for
// real. Nor does a live process start with what no lawyer has signed.
func TestTrainingStaysTraining(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	live := network.Config{Dir: dir, Service: service.Config{Mode: service.Live}}
	if err := start(t, live); err == nil || !strings.Contains(err.Error(), "SANAD_PROGRAMMES must be set") {
		t.Errorf("live without programmes: %v", err)
	}
	live.Service.Programmes = signed(t)
	if err := start(t, live); !errors.Is(err, bus.ErrMode) {
		t.Errorf("live on the data of a training: %v", err)
	}
	// Signed, it holds live, in an office of its own.
	live.Dir = t.TempDir()
	did(t, start(t, live))
	if err := start(t, network.Config{Dir: live.Dir, Service: service.Config{Mode: service.Training}}); err != nil {
		t.Errorf("an office in which nothing has happened may still be for training: %v", err)
	}
}

// What is real stays so beside a bus that was made anew: the databases say their mode, too. One
// that holds records and says none is from before there were modes, so it is live.
func TestANewBusChangesNoMode(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	training := network.Config{Dir: dir, Service: service.Config{Mode: service.Training}}
	live := network.Config{Dir: dir, Service: service.Config{Mode: service.Live, Programmes: signed(t)}}
	anew := func() { did(t, os.RemoveAll(filepath.Join(dir, "nats"))) }
	anew()
	if err := start(t, live); !errors.Is(err, pairing.ErrMode) {
		t.Errorf("live on the records of a training: %v", err)
	}
	did(t, start(t, training))

	m, err := embedded.Mongo(network.DatabaseDir(dir))
	did(t, err)
	client, err := m.Connect()
	did(t, err)
	for _, name := range network.Services {
		gone, err := client.Database(network.DatabaseName(name)).Collection("network").DeleteOne(t.Context(), bson.M{"_id": "mode"})
		did(t, err)
		if gone.DeletedCount != 1 {
			t.Errorf("%s says no mode", name)
		}
	}
	did(t, errors.Join(client.Disconnect(t.Context()), m.Close()))
	anew()
	if err := start(t, training); !errors.Is(err, pairing.ErrMode) {
		t.Errorf("training on records that say no mode: %v", err)
	}
	did(t, start(t, live))
	anew()
	if err := start(t, training); !errors.Is(err, pairing.ErrMode) {
		t.Errorf("training on what is live: %v", err)
	}
}

// A service that starts with other programmes than its network is not ready. One that agreed works
// on when the network moves on.
func TestProgrammesThatDiffer(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	b, server, err := network.StartBus(network.KeysDir(dir), filepath.Join(dir, "nats"), "127.0.0.1:0")
	did(t, err)
	defer server.Shutdown()
	nc, err := b.Connect(bus.Steward)
	did(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	did(t, err)
	did(t, bus.Agree(t.Context(), js, "training of-others"))

	cfg, done := withBus(t, dir, b.URL)
	defer done()
	n, err := network.Open(t.Context(), cfg)
	did(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	differs := func() bool {
		err := n.Ready(t.Context())
		return err != nil && strings.Contains(err.Error(), "other programmes")
	}
	waiting.Until(t, "the office knows that its programmes are others", differs)
	read, err := cfg.Service.ReadProgrammes()
	did(t, err)
	did(t, bus.Agree(t.Context(), js, cfg.Service.Agreed(read)))
	waiting.Until(t, "the office agrees", func() bool { return n.Ready(t.Context()) == nil })
	did(t, bus.Agree(t.Context(), js, "training of-others"))
	waiting.Until(t, "the office has seen the stream again", func() bool {
		_, err := js.Stream(t.Context(), bus.Events)
		return err == nil
	})
	if differs() {
		t.Error("a service that runs stops for what it gets at its next start")
	}
	if err := bus.Agree(t.Context(), js, "live of-others"); !errors.Is(err, bus.ErrMode) {
		t.Errorf("a bus that has held the events of a training becomes live: %v", err)
	}
	stop()
	did(t, <-ended)
}
