// Package journal is the memory of a service: commits appended to streams, one
// MongoDB document each, sealed and chained by hashes. Everything else that a
// service knows is derived from it.
//
// It inserts, reads single documents by _id and scans all of them, which every
// Mongo-wire engine does right. It refuses to change, to delete, to query, and
// to store anything unsealed.
package journal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/seal"
)

// ErrConflict says that the version is taken: read the tail and decide again.
var ErrConflict = errors.New("version taken")

// ErrUnavailable says that a commit is not known to be stored. It may turn out
// to be there after all: whoever tries again must be ready for ErrConflict.
var ErrUnavailable = fault.New(fault.Unavailable, "journal_unavailable", "The journal cannot be reached. Try again later.")

// Config says where a journal is and who hears of it.
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
type Journal struct {
	db      *mongo.Database
	coll    *mongo.Collection
	settled *mongo.Collection // reads what no failover takes back
	keys    *seal.Keys
	log     *slog.Logger
	tracer  trace.Tracer
	metrics metrics
	queue   queue
	plain   sync.Pool // of *[]byte, to seal from
}

// Open starts the writer of a journal.
func Open(ctx context.Context, cfg Config) (*Journal, error) {
	name := cmp.Or(cfg.Collection, "journal")
	j := &Journal{
		db:      cfg.Database,
		coll:    cfg.Database.Collection(name),
		settled: cfg.Database.Collection(name, options.Collection().SetReadConcern(readconcern.Majority())),
		keys:    cfg.Keys,
		log:     cfg.Logger,
		tracer:  cfg.Tracer,
		metrics: newMetrics(cfg.Registerer),
		queue:   newQueue(),
		plain:   sync.Pool{New: func() any { return new([]byte) }},
	}
	if err := j.Ping(ctx); err != nil {
		return nil, err
	}
	go j.write()
	return j, nil
}

// Adopt tells which owner a key belongs to, so that the owner's next commit is
// sealed with the same key.
func (j *Journal) Adopt(owner, key string) { j.keys.Adopt(owner, key) }

// Ping asks whether the store answers.
func (j *Journal) Ping(ctx context.Context) error {
	if err := j.db.Client().Ping(ctx, nil); err != nil {
		return fmt.Errorf("reach the journal: %w", err)
	}
	return nil
}
