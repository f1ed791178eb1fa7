// Package journal keeps what a service has done: commits appended to records, one
// MongoDB document each, sealed and chained by hashes. Everything else that a
// service holds is derived from it.
//
// Beside the commits are statements and checkpoints, which are signed: which
// process writes (lane.go), how far it has come (checkpoint.go), and what was
// decided (statement.go). They show what was changed, taken away or cut off
// (verifier.go).
//
// It inserts, reads single documents by _id and scans all of them, from either end,
// which every Mongo-wire engine does right. It refuses to change, to delete, to
// query, and to store anything unsealed; Mend alone puts something in the place of
// what is damaged, and only what fits.
package journal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/seal"
)

// ErrConflict says that the version is taken: read the tail and decide again.
var ErrConflict = errors.New("version taken")

// ErrUnavailable says that a commit is not known to be stored. It may be there
// after all, so a caller that tries again may get ErrConflict.
var ErrUnavailable = fault.New(fault.Unavailable, "journal_unavailable", "The journal cannot be reached. Try again later.")

// Config says where a journal is, and what it reports to.
type Config struct {
	// Database holds the collections of the journal. Required.
	Database *mongo.Database
	// Keys are the data keys of the service. Required.
	Keys *seal.Keys
	// Service is the name of the service: what is stored is bound to it. Required.
	Service string
	// Collection is where the commits are. Default: "journal".
	Collection string
	// Registerer takes the metrics, Logger the log, Tracer the spans. Required.
	Registerer prometheus.Registerer
	Logger     *slog.Logger
	Tracer     trace.Tracer

	// Alone says that no other process can reach the database. Default: another
	// process that writes is waited for, as long as Grace, and refuses this one.
	Alone bool
	// Grace is how long a claim waits to be refused. Default: 4 seconds. Only tests
	// set it, as they alone set Beside.
	Grace time.Duration
	// Beside has journals write beside each other, for tests of what two writers do
	// to each other. No configuration sets it.
	Beside bool
	// Every is how often a checkpoint covers what was appended. Default:
	// CheckpointEvery.
	Every time.Duration
	// Keep gets each checkpoint, to keep it outside the database. Default: none is
	// kept there.
	Keep func(ctx context.Context, text []byte)
	// Positions gives the place of the service on the bus, as JSON. Default: its
	// place at the newest checkpoint.
	Positions func() json.RawMessage
	// Known are the checkpoints that were kept outside the database. Default: none,
	// and then a database that was cut is not noticed here.
	Known [][]byte
}

// Journal is the journal of one service. It is safe for concurrent use.
type Journal struct {
	service     string
	db          *mongo.Database
	coll        *mongo.Collection
	settled     *mongo.Collection // reads what no failover takes back
	statements  *mongo.Collection // both durable, and read as settled is
	checkpoints *mongo.Collection
	keys        *seal.Keys
	signer      *seal.Signer
	proving     []byte // the key to the tails of identities
	log         *slog.Logger
	tracer      trace.Tracer
	metrics     *metrics
	queue       queue
	plain       sync.Pool // of *[]byte, to seal from

	ledger    *ledger
	lane      lane
	numbers   numbers
	books     books
	others    others
	keep      func(ctx context.Context, text []byte)
	positions func() json.RawMessage
	// found is the newest checkpoint that was there at the start, nil for none.
	found *Checkpoint

	settledLanes atomic.Bool
	rechecking   sync.Mutex
	rechecked    Reach
	troubles     troubles
	closing      chan struct{}
	stopping     sync.Once
	covered      chan struct{} // closed when tend has ended
}

// Open takes the journal's next lane and starts its writer. It gives a HeldError
// when another process writes.
func Open(ctx context.Context, cfg Config) (*Journal, error) {
	name := cmp.Or(cfg.Collection, "journal")
	majority := options.Collection().SetReadConcern(readconcern.Majority()).SetWriteConcern(writeconcern.Majority())
	j := &Journal{
		service: cfg.Service,
		db:      cfg.Database,
		coll:    cfg.Database.Collection(name),
		settled: cfg.Database.Collection(name, majority),

		statements:  cfg.Database.Collection(placeStatements, majority),
		checkpoints: cfg.Database.Collection(placeCheckpoints, majority),

		keys:    cfg.Keys,
		log:     cfg.Logger,
		tracer:  cfg.Tracer,
		metrics: newMetrics(cfg.Registerer),
		queue:   newQueue(),
		plain:   sync.Pool{New: func() any { return new([]byte) }},

		lane:    lane{alone: cfg.Alone, beside: cfg.Beside, grace: cmp.Or(cfg.Grace, grace), lost: make(chan struct{})},
		numbers: numbers{tree: newTree()},
		keep:    cfg.Keep,
		closing: make(chan struct{}), covered: make(chan struct{}),
	}
	j.troubles.gauge(cfg.Registerer)
	if err := j.Ping(ctx); err != nil {
		return nil, err
	}
	if err := j.begin(ctx, cfg.Known); err != nil {
		return nil, err
	}
	if cfg.Positions != nil {
		j.positions = cfg.Positions
	}
	go j.write()
	go j.tend(cmp.Or(cfg.Every, CheckpointEvery))
	return j, nil
}

// begin reads the statements of the journal, takes a lane, and finishes what an
// earlier process began.
func (j *Journal) begin(ctx context.Context, known [][]byte) error {
	if err := j.read(ctx); err != nil {
		return err
	}
	lost, err := j.compare(ctx, known)
	if err != nil {
		return err
	}
	behind := uint64(0)
	if lost != nil {
		behind = lost.Claims
	}
	if err := j.claim(ctx, behind); err != nil {
		return err
	}
	// What other processes stated meanwhile. From here on only this one makes
	// statements.
	if err := j.read(ctx); err != nil {
		return err
	}
	// The place of the service on the bus is not known yet.
	j.found = j.books.newest
	j.positions = func() json.RawMessage { return j.found.positions() }
	if lost, err = j.compare(ctx, known); err != nil {
		return err
	}
	if lost != nil {
		if err := j.resume(ctx, lost); err != nil {
			return err
		}
	}
	j.trouble(TroubleBehind, uint64(len(j.ledger.unowned())))
	return j.finishErasures(ctx)
}

// read reads all statements and the newest checkpoint.
func (j *Journal) read(ctx context.Context) error {
	cursor, err := j.statements.Find(ctx, bson.D{})
	if err != nil {
		return fmt.Errorf("read the statements: %w", err)
	}
	var docs []bson.Raw
	if err := cursor.All(ctx, &docs); err != nil {
		return fmt.Errorf("read the statements: %w", err)
	}
	if j.signer == nil {
		covered, err := j.checkpoints.CountDocuments(ctx, bson.D{}, options.Count().SetLimit(1))
		if err != nil {
			return fmt.Errorf("look for checkpoints: %w", err)
		}
		if j.signer, err = j.keys.Signer(ctx, len(docs) == 0 && covered == 0); err != nil {
			return err
		}
		j.proving = j.signer.Derive("identities of events")
	}
	newest, wrong, err := j.readNewest(ctx)
	if err != nil {
		return err
	}
	l := newLedger(j.service, j.signer.Public())
	for _, raw := range docs {
		if err := l.take(raw); err != nil {
			wrong = append(wrong, err)
		}
	}
	l.close(func(err error) { wrong = append(wrong, err) })
	j.ledger = l
	j.books.newest = newest
	if newest != nil {
		l.cover(newest.Lanes)
		for _, missing := range l.missing(newest) {
			wrong = append(wrong, fmt.Errorf("statement %s: it is missing", missing))
		}
	}
	for _, err := range wrong {
		j.log.Error("a statement about the journal does not hold", slog.Any("error", err))
	}
	j.troubles.set(TroubleStatements, uint64(len(wrong)))
	return nil
}

// Adopt sets the owner of a key, so that the owner's next commit is sealed with the
// same key.
func (j *Journal) Adopt(owner, key string) { j.keys.Adopt(owner, key) }

// Ping checks that the store answers.
func (j *Journal) Ping(ctx context.Context) error {
	if err := j.db.Client().Ping(ctx, nil); err != nil {
		return fmt.Errorf("reach the journal: %w", err)
	}
	return nil
}
