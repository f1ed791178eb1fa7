package embedded_test

import (
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
// SANAD_MONGODB_URI, or the embedded one, which listens. within is how a client
// in the process reaches it as an office does.
var (
	uri    string
	within *options.ClientOptions
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "sanad-engine-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	engine, err := embedded.Mongo(dir)
	if err != nil {
		return fail(err)
	}
	uri = os.Getenv("SANAD_MONGODB_URI")
	within = options.Client().ApplyURI(uri)
	if uri == "" {
		within = engine.InProcess().ApplyURI(engine.URI())
		uri, err = engine.Listen(context.Background(), embedded.Listening{Addr: "127.0.0.1:0", User: "test", Password: rand.Text()})
		if err != nil {
			return fail(err)
		}
	}
	code := m.Run()
	if err := engine.Close(); err != nil {
		return fail(err)
	}
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
	return connected(t, append([]*options.ClientOptions{options.Client().ApplyURI(uri)}, with...)...)
}

func connected(t testing.TB, opts ...*options.ClientOptions) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(opts...)
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
