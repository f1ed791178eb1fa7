package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// database is the embedded database, and a client of it as an office has one.
type database struct {
	client *mongo.Client
	engine *embedded.MongoServer
}

func openDatabase(dir string) (*database, error) {
	engine, err := embedded.Mongo(network.DatabaseDir(dir))
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	client, err := engine.Connect()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", err), engine.Close())
	}
	return &database{client, engine}, nil
}

// errTaken says that somebody's data is where the measurement's would be.
var errTaken = errors.New("a database of the network is there already: name a server without one")

// borrow uses the server of a URI, which must hold nothing of a network, and
// drops what was made there.
func borrow(ctx context.Context, uri string, do func() error) (err error) {
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer func() { err = errors.Join(err, client.Disconnect(context.WithoutCancel(ctx))) }()
	there, err := client.ListDatabaseNames(ctx, bson.D{})
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	for _, service := range network.Services {
		if name := databaseOf(service); slices.Contains(there, name) {
			return fmt.Errorf("%s: %w", name, errTaken)
		}
	}
	defer func() {
		for _, service := range network.Services {
			err = errors.Join(err, client.Database(databaseOf(service)).Drop(context.WithoutCancel(ctx)))
		}
	}()
	return do()
}

// databaseOf is the name of a service's database.
func databaseOf(service string) string { return "sanad_" + service }

func (d *database) journal(service string) *mongo.Collection { return journalOf(d.client, service) }

// journalOf is the collection in which a service keeps its documents, in a
// database of its own.
func journalOf(c *mongo.Client, service string) *mongo.Collection {
	return c.Database(databaseOf(service)).Collection("journal")
}

func (d *database) close() error {
	return errors.Join(d.client.Disconnect(context.Background()), d.engine.Close())
}

// stores are the database and the bus on which the flows run that are not Sanad's,
// with the streams of the network.
type stores struct {
	*database
	bus *embedded.NATSServer
	// conn is a connection inside the process.
	conn *nats.Conn
	js   jetstream.JetStream
}

func openStores(ctx context.Context, dir string) (_ *stores, err error) {
	s := &stores{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.database, err = openDatabase(dir); err != nil {
		return nil, err
	}
	if s.bus, err = embedded.NATS(filepath.Join(dir, "nats"), "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("bus: %w", err)
	}
	if s.conn, err = nats.Connect(s.bus.ClientURL(), s.bus.InProcess()); err != nil {
		return nil, fmt.Errorf("bus: %w", err)
	}
	if s.js, err = jetstream.New(s.conn, jetstream.WithPublishAsyncMaxPending(512)); err != nil {
		return nil, fmt.Errorf("bus: %w", err)
	}
	parts, err := network.Parts()
	if err != nil {
		return nil, err
	}
	return s, bus.Declare(ctx, s.js, 1, parts)
}

func (s *stores) close() error {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.bus != nil {
		s.bus.Shutdown()
	}
	if s.database == nil {
		return nil
	}
	return s.database.close()
}

// sample is what one run of Sanad leaves behind, for the others to store and
// publish as much.
type sample struct {
	// first and second are the commits of the request and of the referral.
	first, second bson.Raw
	// event is the size of the message between them, outcome of that behind.
	event, outcome int
}

// idOffset is where the text of a string _id begins that is a document's first
// element: behind the document's length, the type, the name and the length.
const idOffset = 4 + 1 + len("_id\x00") + 4

// copyOf is a document of the same size under the nth _id. They are as random
// as those of any service that does not count its records in public, and as
// costly: in an index on _id each new one dirties a page of its own.
func copyOf(doc bson.Raw, n int64) bson.Raw {
	doc = append(bson.Raw(nil), doc...)
	id := doc[idOffset : idOffset+len(doc.Lookup("_id").StringValue())]
	random := rand.New(rand.NewPCG(uint64(n), 0)) //nolint:gosec // the same documents in every run
	for i := range id {
		id[i] = 'a' + byte(random.UintN(26))
	}
	return doc
}
