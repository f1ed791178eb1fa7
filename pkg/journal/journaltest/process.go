package journaltest

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
)

// grace is how long a claim waits in tests: long enough for a holder on a busy
// machine to refuse it.
const grace = 2 * time.Second

// process is a journal as a process of a service has it: with a lane that no other
// process shares.
type process struct {
	Fixture

	// kept is the newest checkpoint that left the store.
	mu   sync.Mutex
	kept []byte
	stop func() error
}

func (p *process) newestKept() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept
}

// begin opens a journal. It is stopped with the test, if the test did not; what a
// stop then says counts for nothing, since its store may be away.
func begin(t testing.TB, db *mongo.Database, keyset *seal.Keyset, with ...func(*journal.Config)) (*process, error) {
	t.Helper()
	keys, err := seal.Open(t.Context(), db.Collection("keys"), keyset, service)
	if err != nil {
		return nil, err
	}
	p := &process{Fixture: Fixture{
		Keys: keys, Keyset: keyset, Database: db, Registry: prometheus.NewRegistry(), Collection: "journal",
	}}
	cfg := journal.Config{
		Database: db, Keys: keys, Service: service, Registerer: p.Registry, Grace: grace,
		Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
		Every: time.Hour, // tests say when
		Keep: func(_ context.Context, text []byte) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.kept = text
		},
	}
	for _, change := range with {
		change(&cfg)
	}
	p.Journal, err = journal.Open(t.Context(), cfg)
	if err != nil {
		return nil, errors.Join(err, keys.Close())
	}
	p.stop = sync.OnceValue(func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
		defer cancel()
		return errors.Join(p.Journal.Close(ctx), keys.Close())
	})
	t.Cleanup(func() { _ = p.stop() })
	return p, nil
}

// mustBegin opens a journal that nobody holds.
func mustBegin(t testing.TB, db *mongo.Database, keyset *seal.Keyset, with ...func(*journal.Config)) *process {
	t.Helper()
	p, err := begin(t, db, keyset, with...)
	if err != nil {
		t.Fatal("open a journal:", err)
	}
	return p
}

// abandon leaves a process alone whose wire was cut: it is as if it was killed.
func (p *process) abandon() { go func() { _ = p.stop() }() }

// mustStop stops a process in order.
func (p *process) mustStop(t testing.TB) {
	t.Helper()
	if err := p.stop(); err != nil {
		t.Fatal("stop:", err)
	}
}

// soon is for what nobody holds any more: the next process need not wait long.
func soon(cfg *journal.Config) { cfg.Grace = grace / 10 }

// knowing gives a process checkpoints that were kept outside the store.
func knowing(known ...[]byte) func(*journal.Config) {
	return func(cfg *journal.Config) { cfg.Known = known }
}

func newKeyset(t testing.TB) *seal.Keyset {
	t.Helper()
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	return keyset
}
