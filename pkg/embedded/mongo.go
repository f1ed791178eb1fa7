package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/embedded/internal/front"
	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

// startTimeout bounds how long the bus may take to answer for the first time;
// it needs well under a second.
const startTimeout = 10 * time.Second

// What Mongo refuses; see package store.
var (
	// ErrInUse says that another process has the directory open, and which.
	ErrInUse = store.ErrInUse
	// ErrLost says that the files lack what they had acknowledged.
	ErrLost = store.ErrLost
	// ErrForeign says that the files are not the engine's.
	ErrForeign = store.ErrForeign
	// ErrDamaged says that what is stored is not what was written.
	ErrDamaged = store.ErrDamaged
)

// MongoServer answers MongoDB's protocol out of a SQLite file: as much of it as
// a journal and its keys ask for. An acknowledged write is on the disk.
//
// Nothing listens unless Listen is called.
type MongoServer struct {
	store *store.Store
	front *front.Server

	ctx       context.Context //nolint:containedctx // the life of its listeners
	cancel    context.CancelFunc
	mu        sync.Mutex
	listeners []net.Listener
	tasks     sync.WaitGroup
}

// Mongo opens the engine that keeps its data in a directory, or makes one there.
// It fails with ErrInUse, ErrLost or ErrForeign, or with what the disk says.
func Mongo(dir string) (*MongoServer, error) {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &MongoServer{store: s, front: front.New(s), ctx: ctx, cancel: cancel}, nil
}

// Written is how many documents were ever stored, those since deleted included:
// zero is a database that was never used.
func (s *MongoServer) Written() int64 { return s.store.Written() }

// Check reads everything that is stored, and gives ErrDamaged when something is
// not as it was written.
func (s *MongoServer) Check() error { return s.store.Check() }

// Connect makes a client in this process.
func (s *MongoServer) Connect() (*mongo.Client, error) {
	return mongo.Connect(options.Client().ApplyURI(s.URI()), s.InProcess())
}

// URI is the connection string of clients in this process. They need InProcess as
// well: no other client can dial it.
func (s *MongoServer) URI() string { return "mongodb://embedded/?directConnection=true" }

// InProcess is the option that connects a client without a socket and without a
// password.
func (s *MongoServer) InProcess() *options.ClientOptions {
	return options.Client().SetDialer(inside{s})
}

// inside dials from within the process.
type inside struct{ *MongoServer }

// DialContext connects to the server. It ignores the address.
func (i inside) DialContext(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	i.front.Begin(far, front.Access{})
	return near, nil
}

// Listening says where the engine listens, and to whom.
type Listening struct {
	// Addr is a host and a port; port 0 takes a free one.
	Addr string
	// User and Password are asked for (SCRAM-SHA-256, RFC 7677). The password
	// does not cross the wire, all else does: in the clear.
	User, Password string
	// ReadOnly refuses every command that would change something.
	ReadOnly bool
}

// Listen opens the engine to other processes, until it is closed, and gives the
// connection string for them.
func (s *MongoServer) Listen(ctx context.Context, l Listening) (uri string, err error) {
	if l.User == "" || l.Password == "" {
		return "", errors.New("listen: without a user and a password everybody on the machine could read")
	}
	judge, err := front.NewSCRAM(l.User, l.Password)
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.Addr)
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	s.mu.Lock()
	s.listeners = append(s.listeners, listener)
	s.mu.Unlock()
	s.tasks.Go(func() { s.front.Serve(s.ctx, listener, front.Access{SCRAM: judge, ReadOnly: l.ReadOnly}) })
	u := url.URL{
		Scheme: "mongodb", User: url.UserPassword(l.User, l.Password), Host: listener.Addr().String(), Path: "/",
		RawQuery: "directConnection=true&authMechanism=SCRAM-SHA-256",
	}
	return u.String(), nil
}

// Close ends all connections, and then the engine after what was begun.
func (s *MongoServer) Close() error {
	s.cancel()
	s.mu.Lock()
	for _, l := range s.listeners {
		_ = l.Close() // nothing is lost by one that does not
	}
	s.mu.Unlock()
	s.tasks.Wait()
	s.front.Close()
	return s.store.Close()
}
