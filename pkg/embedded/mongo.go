package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// startTimeout bounds how long either server may take to answer for the first
// time; both need well under a second.
const startTimeout = 10 * time.Second

// unusable are the characters by which the engine loses its directory: it takes
// its name for a URL here, for a pattern there.
const unusable = `?#%*[\`

// MongoServer is a Mongo-wire engine, FerretDB, on SQLite files.
//
// Write to a collection from one connection at a time, and keep pools at 32
// connections or fewer: over about 128 operations at once it locks up. Inserts,
// scans and reads by _id are fast; any other filter is a scan, and updates can
// get lost.
type MongoServer struct {
	uri   string
	stop  context.CancelFunc
	tasks sync.WaitGroup
}

// Mongo starts an engine that keeps its data in a directory and listens on a
// loopback address; port 0 takes a free one. The context bounds the start only.
// An acknowledged write is on the disk.
func Mongo(ctx context.Context, dir, addr string) (*MongoServer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the engine's directory: %w", err)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the engine's directory: %w", err)
	}
	if strings.ContainsAny(dir, unusable) {
		return nil, fmt.Errorf("the engine's directory has one of %s in its name", unusable)
	}
	// The engine panics some time after it found its address taken.
	probe, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if err := probe.Close(); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	indexer := indexer{dir: dir}
	if err := indexer.mend(ctx); err != nil {
		return nil, fmt.Errorf("mend what a crash left behind: %w", err)
	}
	engine, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: addr},
		Handler:   "sqlite",
		SQLiteURL: sqliteURL(dir + "/"),
		// What it says holds statements, so nobody may hear it.
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &MongoServer{stop: stop}
	s.tasks.Go(func() { _ = engine.Run(run) })
	s.tasks.Go(func() { indexer.watch(run) })
	s.uri = engine.MongoDBURI()
	if err := s.answer(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	return s, nil
}

// answer waits until the engine answers.
func (s *MongoServer) answer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(s.uri))
	if err != nil {
		return err
	}
	return errors.Join(client.Ping(ctx, nil), client.Disconnect(ctx))
}

// URI is the connection string for clients.
func (s *MongoServer) URI() string { return s.uri }

// Close ends the engine and waits for it. Clients that are still connected
// have about three seconds to leave.
func (s *MongoServer) Close() {
	s.stop()
	s.tasks.Wait()
}

// sqliteURL names a SQLite file, or a directory of them, with the settings that
// every connection gets. The engine adds its own: a write-ahead log and 10 s of
// patience with locks.
func sqliteURL(path string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = url.Values{"_pragma": {
		"busy_timeout(10000)",
		// The log is on the disk before a write is acknowledged.
		"synchronous(full)",
		// Otherwise each batch makes a file, for the case that its statement fails.
		"temp_store(memory)",
		// In pages: 16 MB of log are carried over at once, instead of 4.
		"wal_autocheckpoint(4000)",
	}}.Encode()
	return u.String()
}
