package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// rapids is the same flow as an engineer writes it with River, a queue of jobs
// in PostgreSQL: an HTTP handler inserts a document and the job in one
// transaction, a worker inserts a document for the second service and completes
// the job in another. It is the one flow beside Sanad's that keeps the promise
// that nothing is lost after a crash.
//
// What it leaves out is in its favour: what Watermill's leaves out, an event for
// anybody else, and the server, whose processor time and memory are those of
// other processes and in no column. The rates share one machine.
type rapids struct {
	*orders
	like   sample
	schema string
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
	done   *arrivals[int64]
	river.WorkerDefaults[order]
}

// Kind names the job.
func (order) Kind() string { return "order" }

const (
	// riverWorkers is how many jobs are worked on at once, as many as clients ask.
	riverWorkers = 64
	// riverConns is how many connections handlers and workers share.
	riverConns = 32
	// riverPoll is how soon a job is found that was committed behind the
	// notification of the one before it.
	riverPoll = 10 * time.Millisecond
)

// openRiver makes a schema of its own on a server, which goes away with the
// flow. How safe a commit is there is the server's matter, and is by default:
// on the disk.
func openRiver(ctx context.Context, uri string, like sample) (_ flow, err error) {
	f := &rapids{like: like, schema: "sanad_bench_" + strings.ToLower(rand.Text()[:12]), done: newArrivals[int64]()}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	cfg, err := pgxpool.ParseConfig(uri)
	if err != nil {
		return nil, fmt.Errorf("postgresql: %w", err)
	}
	cfg.MinConns, cfg.MaxConns = riverConns, riverConns
	if f.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, fmt.Errorf("postgresql: %w", err)
	}
	if err := f.migrate(ctx); err != nil {
		return nil, fmt.Errorf("make the tables: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, f)
	if f.client, err = river.NewClient(riverpgxv5.New(f.pool), &river.Config{
		Schema: f.schema, Workers: workers, Logger: slog.New(slog.DiscardHandler),
		Queues:        map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: riverWorkers}},
		FetchCooldown: river.FetchCooldownMin, FetchPollInterval: riverPoll,
	}); err != nil {
		return nil, fmt.Errorf("river: %w", err)
	}
	if err := f.client.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("river: %w", err)
	}
	f.orders, err = takeOrders(ctx, f.done, f.accept)
	return f, err
}

// migrate makes a table of documents for each service, and River's.
func (f *rapids) migrate(ctx context.Context) error {
	if _, err := f.pool.Exec(ctx, `CREATE SCHEMA `+f.schema+`;
		CREATE TABLE `+f.schema+`.intake (id text PRIMARY KEY, document bytea NOT NULL);
		CREATE TABLE `+f.schema+`.referral (id text PRIMARY KEY, document bytea NOT NULL)`); err != nil {
		return err
	}
	m, err := rivermigrate.New(riverpgxv5.New(f.pool), &rivermigrate.Config{
		Schema: f.schema, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// insert stores a document in a service's table. Identifier and body take
// together as much as the document does elsewhere.
func (f *rapids) insert(ctx context.Context, tx pgx.Tx, service string, doc bson.Raw) error {
	id := doc.Lookup("_id").StringValue()
	_, err := tx.Exec(ctx, `INSERT INTO `+f.schema+`.`+service+` (id, document) VALUES ($1, $2)`, id, []byte(doc[len(id):]))
	return err
}

// accept is the handler of the first service.
func (f *rapids) accept(ctx context.Context, o order) error {
	return pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error {
		if err := f.insert(ctx, tx, "intake", copyOf(f.like.first, o.ID)); err != nil {
			return err
		}
		_, err := f.client.InsertTx(ctx, tx, o.padded(f.like.event, 0), nil)
		return err
	})
}

// Work is the second service.
func (f *rapids) Work(ctx context.Context, job *river.Job[order]) error {
	err := pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error {
		if err := f.insert(ctx, tx, "referral", copyOf(f.like.second, job.Args.ID)); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
	if err == nil {
		f.done.arrived(job.Args.ID)
	}
	return err
}

func (f *rapids) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var errs error
	if f.orders != nil {
		errs = f.orders.close()
	}
	if f.client != nil {
		errs = errors.Join(errs, f.client.Stop(ctx))
	}
	if f.pool != nil {
		_, err := f.pool.Exec(ctx, `DROP SCHEMA IF EXISTS `+f.schema+` CASCADE`)
		errs = errors.Join(errs, err)
		f.pool.Close()
	}
	return errs
}
