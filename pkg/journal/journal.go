// Package journal is the memory of a service: commits appended to streams, one
// MongoDB document each, sealed and chained by hashes. Everything else that a
// service knows is derived from it.
//
// It inserts, reads single documents by _id and scans all of them. It refuses
// to change or delete, to query, and to store anything unsealed.
package journal

import (
	"context"
	"errors"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/seal"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace"
)

// ErrConflict says that the version is taken: read the tail and decide again.
var ErrConflict = errors.New("version taken")

// ErrUnavailable says that a commit is not known to be stored. It may turn out
// to be there after all.
var ErrUnavailable = fault.New(fault.Unavailable, "journal_unavailable", "The journal cannot be reached. Try again later.")

// Config says where a journal is.
type Config struct {
	Database *mongo.Database
	Keys     *seal.Keys
	// Collection is "journal" when empty.
	Collection string
	Registerer prometheus.Registerer
	Logger     *slog.Logger
	Tracer     trace.Tracer
}

// Journal is the journal of one service. It is safe for concurrent use.
type Journal struct{ keys *seal.Keys }

// Open starts the writer.
func Open(ctx context.Context, cfg Config) (*Journal, error) { return nil, errors.ErrUnsupported }

// Append stores a commit and returns when it is durable. The caller sets
// everything but Key and Hash.
func (j *Journal) Append(ctx context.Context, c *Commit) error { return errors.ErrUnsupported }

// Adopt tells which owner a key belongs to, so that its next commit is sealed
// with the same key.
func (j *Journal) Adopt(owner, key string) { j.keys.Adopt(owner, key) }

// Tail reads a stream from a version on.
func (j *Journal) Tail(ctx context.Context, stream string, from uint64) ([]*Commit, error) {
	return nil, errors.ErrUnsupported
}

// Replay reads all commits, each stream in the order of its versions.
func (j *Journal) Replay(ctx context.Context, apply func(*Commit) error, progress func(done, total int64)) error {
	return errors.ErrUnsupported
}

// Finding is something wrong with a stored commit.
type Finding struct {
	Stream  string
	Version uint64
	Problem string
}

// Verify checks every chain, without any key.
func (j *Journal) Verify(ctx context.Context, report func(Finding)) (checked int64, err error) {
	return 0, errors.ErrUnsupported
}

// Ping asks whether the store answers.
func (j *Journal) Ping(ctx context.Context) error { return errors.ErrUnsupported }

// Close ends the writer after what was appended before is stored.
func (j *Journal) Close(ctx context.Context) error { return nil }
