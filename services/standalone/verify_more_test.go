package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// Each kind of damage is found by the way of verifying that promises to find it,
// and named. What a way cannot see is written here too.
func TestVerifyFindsByItsWays(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	ways := map[string][]string{"all": nil, "without keys": {"--without-keys"}, "recent": {"--since-checkpoint"}}
	for name, c := range map[string]struct {
		damage func(*testing.T, *mongo.Database)
		finds  map[string]string // by way
	}{
		"nothing": {func(*testing.T, *mongo.Database) {}, nil},
		"the last commit is gone": {
			func(t *testing.T, db *mongo.Database) { take(t, db.Collection("journal"), lastID(t, db)) },
			map[string]string{"all": "commits are missing: numbers ", "without keys": "commits are missing: numbers ", "recent": "commits are missing: numbers "},
		},
		"a commit that does not open": {
			func(t *testing.T, db *mongo.Database) {
				c := db.Collection("keys")
				key := stored(t, db.Collection("journal"), lastID(t, db))["key"].(string)
				doc := stored(t, c, key)
				for _, other := range documents(t, c) {
					if other["_id"] != key && other["_id"] != "signing" {
						doc["wrapped"] = other["wrapped"]
					}
				}
				take(t, c, key)
				_, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: key}, {Key: "wrapped", Value: doc["wrapped"]}})
				did(t, err)
			},
			map[string]string{"all": "it does not unwrap with this keyset", "recent": "it does not unwrap with this keyset"},
		},
		"a data key is gone": {
			func(t *testing.T, db *mongo.Database) {
				take(t, db.Collection("keys"), stored(t, db.Collection("journal"), lastID(t, db))["key"])
			},
			map[string]string{"all": "its data key is missing, and nobody erased it", "without keys": "its data key is missing", "recent": "its data key is missing"},
		},
		"the end and its checkpoints are gone": {
			func(t *testing.T, db *mongo.Database) {
				take(t, db.Collection("journal"), lastID(t, db))
				for _, d := range documents(t, db.Collection("checkpoints")) {
					take(t, db.Collection("checkpoints"), d["_id"])
				}
			},
			map[string]string{"all": "it was kept outside the database", "without keys": "it was kept outside the database", "recent": "it was kept outside the database"},
		},
		"a statement is changed": {
			func(t *testing.T, db *mongo.Database) {
				c := db.Collection("statements")
				doc := stored(t, c, "lane/1")
				doc["body"] = bson.Binary{Data: []byte(`{"host":"elsewhere"}`)}
				take(t, c, "lane/1")
				_, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "lane/1"}, {Key: "body", Value: doc["body"]}, {Key: "signature", Value: doc["signature"]}})
				did(t, err)
			},
			map[string]string{"all": "the signature is not the service's", "without keys": "the signature is not the service's", "recent": "the signature is not the service's"},
		},
		"the signing key is gone": {
			func(t *testing.T, db *mongo.Database) { take(t, db.Collection("keys"), "signing") },
			map[string]string{"all": "key signing: it is missing", "without keys": "key signing: it is missing", "recent": "key signing: it is missing"},
		},
		"a journal is gone": {
			func(t *testing.T, db *mongo.Database) { did(t, db.Drop(t.Context())) },
			map[string]string{"all": "referral: ", "without keys": "referral: ", "recent": "referral: "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "var")
			did(t, os.CopyFS(copied, os.DirFS(dir)))
			with(t, copied, func(coll *mongo.Collection) { c.damage(t, coll.Database()) })
			for way, args := range ways {
				set := settings{data: copied, keys: network.KeysDir(dir)}
				var out strings.Builder
				err := verify(t.Context(), set, args, &out)
				want := c.finds[way]
				if found := errors.Is(err, errBroken); found != (want != "") || err != nil && !found || !strings.Contains(out.String(), want) {
					t.Errorf("%s: %v, want %q:\n%s", way, err, want, out.String())
				}
			}
		})
	}
}

func take(t *testing.T, c *mongo.Collection, id any) {
	t.Helper()
	if gone, err := c.DeleteOne(t.Context(), bson.M{"_id": id}); err != nil || gone.DeletedCount != 1 {
		t.Fatal(gone, err)
	}
}

func stored(t *testing.T, c *mongo.Collection, id any) (d bson.M) {
	t.Helper()
	did(t, c.FindOne(t.Context(), bson.M{"_id": id}).Decode(&d))
	return d
}

func documents(t *testing.T, c *mongo.Collection) (all []bson.M) {
	t.Helper()
	cursor, err := c.Find(t.Context(), bson.D{})
	did(t, err)
	did(t, cursor.All(t.Context(), &all))
	return all
}

// lastID is the last commit that was appended.
func lastID(t *testing.T, db *mongo.Database) (id string) {
	t.Helper()
	number := int64(0)
	for _, d := range documents(t, db.Collection("journal")) {
		if n, _ := d["number"].(int64); n > number {
			number, id = n, d["_id"].(string)
		}
	}
	return id
}

// Where there is nothing, nothing verifies, and nothing is made.
func TestVerifyRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	empty := filepath.Join(t.TempDir(), "var")
	did(t, os.MkdirAll(empty, 0o700))
	m, err := embedded.Mongo(network.DatabaseDir(empty))
	did(t, errors.Join(err, m.Close()))
	missing := officeIn(t, dir)
	missing.KeysetFile = filepath.Join(dir, "none.json")
	foreign := officeIn(t, dir)
	foreign.keys = t.TempDir()
	did(t, start(t, network.Config{Dir: filepath.Join(foreign.keys, "var")}))
	foreign.KeysetFile = filepath.Join(foreign.keys, "var.keys", network.KeysetFile)
	for name, c := range map[string]struct {
		set  settings
		args []string
		want error
	}{
		"no data directory":      {officeIn(t, filepath.Join(dir, "nowhere")), nil, fs.ErrNotExist},
		"an empty database":      {officeIn(t, empty), nil, errNothing},
		"an empty one, recent":   {officeIn(t, empty), []string{"--since-checkpoint"}, errNothing},
		"no such service":        {officeIn(t, dir), []string{"--service", "canary"}, errService},
		"something behind it":    {officeIn(t, dir), []string{"canary"}, errArguments},
		"a keyset not there":     {missing, nil, fs.ErrNotExist},
		"a keyset of another":    {foreign, nil, nil},
		"that one, without keys": {missing, []string{"--without-keys"}, nil},
	} {
		var out strings.Builder
		err := verify(t.Context(), c.set, c.args, &out)
		if name == "a keyset of another" {
			if err == nil {
				t.Errorf("%s:\n%s", name, out.String())
			}
			continue
		}
		if !errors.Is(err, c.want) || err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a directory was made")
	}
}

// An office that runs has its directory: who has it is said. At a database that
// is elsewhere, verify works beside the services.
func TestVerifyBesideARunningNetwork(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	running(t, dir, func(journey.Cast) error {
		if err := verify(t.Context(), officeIn(t, dir), nil, t.Output()); !errors.Is(err, hold.ErrHeld) || !strings.Contains(err.Error(), "process ") {
			t.Error(err)
		}
		return nil
	})
	m, err := embedded.Mongo(t.TempDir())
	did(t, err)
	defer func() { did(t, m.Close()) }()
	uri, err := m.Listen(t.Context(), embedded.Listening{Addr: "127.0.0.1:0", User: "sanad", Password: "a password of a test"})
	did(t, err)
	set := officeIn(t, filepath.Join(t.TempDir(), "var"), "SANAD_MONGODB_URI="+uri)
	openedOn(t, set.data, service.Config{Mode: service.Training, MongoURI: uri}, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		did(t, playShort(t, cast))
		for name, args := range map[string][]string{"all": nil, "recent": {"--since-checkpoint"}, "without keys": {"--without-keys"}} {
			var out strings.Builder
			if err := verify(t.Context(), set, args, &out); err != nil {
				t.Errorf("%s: %v\n%s", name, err, out.String())
			}
			if !strings.Contains(out.String(), "behind the newest checkpoint") {
				t.Errorf("%s does not say what is not covered yet:\n%s", name, out.String())
			}
		}
		return nil
	})
}

// Whose commit it was that is missing, the bus knows.
func TestVerifyWithTheBus(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	var out strings.Builder
	if err := verify(t.Context(), officeIn(t, dir), []string{"--with-bus"}, &out); err != nil || !strings.Contains(out.String(), "the bus holds nothing that the journals lack") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	record, commits := aReferral(t, dir)
	with(t, dir, func(c *mongo.Collection) { take(t, c, fmt.Sprint(record, "/", commits)) })
	out.Reset()
	want := fmt.Sprintf("referral: record %s version %d: the bus holds it, and the journal does not", record, commits)
	if err := verify(t.Context(), officeIn(t, dir), []string{"--with-bus"}, &out); !errors.Is(err, errBroken) || !errors.Is(err, errLacking) || !strings.Contains(out.String(), want) {
		t.Errorf("%v\n%s", err, out.String())
	}
}
