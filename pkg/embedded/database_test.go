package embedded_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/goleak"

	"github.com/sanad-network/sanad/pkg/embedded"
)

// uri is where the tests find a Mongo-wire engine: the one of
// SANAD_MONGODB_URI, or the embedded one.
var uri string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "sanad-engine-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	engine, err := embedded.Mongo(context.Background(), dir, "127.0.0.1:0")
	if err != nil {
		return fail(err)
	}
	uri = cmp.Or(os.Getenv("SANAD_MONGODB_URI"), engine.URI())
	code := m.Run()
	engine.Close()
	if err := goleak.Find(); err != nil && code == 0 {
		return fail(err)
	}
	return code
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// database is an empty database that goes away with the test.
func database(t testing.TB, with ...*options.ClientOptions) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(append([]*options.ClientOptions{options.Client().ApplyURI(uri).SetMaxPoolSize(32)}, with...)...)
	if err != nil {
		t.Fatal(err)
	}
	db := client.Database("test_" + rand.Text()[:12])
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := db.Drop(ctx); err != nil {
			t.Error("drop the database:", err)
		}
		if err := client.Disconnect(ctx); err != nil {
			t.Error("disconnect:", err)
		}
	})
	return db
}
