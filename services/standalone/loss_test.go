package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// start opens the network on a directory and closes it again.
func start(t *testing.T, cfg network.Config) error {
	t.Helper()
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "standalone", Writer: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := flush(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	cfg.Telemetry, cfg.NATSAddr = tel, "127.0.0.1:0"
	if cfg.Service.Mode == "" {
		cfg.Service.Mode = service.Training
	}
	cfg.Service.HTTPAddr, cfg.Service.AdminAddr, cfg.Service.NATSReplicas, cfg.Service.RatePerSecond = "127.0.0.1:0", "127.0.0.1:0", 1, 2000
	n, err := network.Open(t.Context(), cfg)
	if err != nil {
		return err
	}
	if n.MongoURI != "" {
		look(t, cfg.Dir, n.MongoURI)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	return n.Run(ended)
}

// A database that was lost is not a new one: the keys and the bus tell.
func TestALostDatabaseIsNoNewOne(t *testing.T) {
	for name, test := range map[string]struct {
		take func(dir string) error
		want error
	}{
		"the directory": {os.RemoveAll, network.ErrLost},
		"the file":      {func(dir string) error { return os.Remove(filepath.Join(dir, "documents.db")) }, embedded.ErrLost},
		"nothing":       {func(string) error { return nil }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			fill(t, dir)
			if err := test.take(network.DatabaseDir(dir)); err != nil {
				t.Fatal(err)
			}
			for range 2 { // a refusal must not cover the traces
				if err := start(t, network.Config{Dir: dir}); !errors.Is(err, test.want) {
					t.Errorf("start says %v", err)
				}
			}
		})
	}
}

// A data directory that is gone altogether is no new network either: a checkpoint
// among the keys tells.
func TestALostDirectoryIsNoNewOne(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	if err := os.Rename(dir, dir+".gone"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a refusal must not cover the traces
		if err := start(t, network.Config{Dir: dir}); !errors.Is(err, network.ErrLost) || !strings.Contains(err.Error(), network.KeysDir(dir)) {
			t.Errorf("start says %v", err)
		}
	}
	if err := os.Rename(network.KeysDir(dir), network.KeysDir(dir)+".gone"); err != nil {
		t.Fatal(err)
	}
	if err := start(t, network.Config{Dir: dir}); err != nil {
		t.Error("a new network:", err)
	}
}

// An operator looks at the database with the password from its file, and
// changes nothing.
func TestAnOperatorLooksAtTheDatabase(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		if err := start(t, network.Config{Dir: dir, MongoAddr: "127.0.0.1:0"}); err != nil {
			t.Fatal(err)
		}
	}
}

func look(t *testing.T, dir, uri string) {
	t.Helper()
	path := filepath.Join(dir, network.PasswordFile)
	password, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	secret := strings.TrimSpace(string(password))
	if len(secret) < 20 || strings.Contains(uri, secret) {
		t.Errorf("a password of %d characters in %s", len(secret), uri)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetAuth(options.Credential{Username: network.Operator, Password: secret}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(t.Context()) }()
	journal := client.Database("sanad_intake").Collection("journal")
	if _, err := journal.CountDocuments(t.Context(), bson.D{}); err != nil {
		t.Error(err)
	}
	if _, err := journal.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "x/1"}}); err == nil {
		t.Error("an operator may write")
	}
}
