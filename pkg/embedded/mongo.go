package embedded

import (
	"context"
	"errors"
)

// MongoServer is a Mongo-wire engine on SQLite files.
type MongoServer struct{}

// Mongo starts an engine that keeps its data in a directory and listens on a
// loopback address; port 0 takes a free one.
func Mongo(ctx context.Context, dir, addr string) (*MongoServer, error) {
	return nil, errors.ErrUnsupported
}

// URI is the connection string for clients.
func (s *MongoServer) URI() string { return "" }

// Close ends the engine and waits for it.
func (s *MongoServer) Close() error { return nil }
