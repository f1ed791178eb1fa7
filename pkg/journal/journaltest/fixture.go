package journaltest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
)

// service is whose journal it is.
const service = "test"

// Fixture is a journal and what it stands on.
type Fixture struct {
	*journal.Journal

	Keys     *seal.Keys
	Keyset   *seal.Keyset
	Database *mongo.Database
	Registry *prometheus.Registry
	// Collection is that of the commits.
	Collection string
}

// New opens a journal with a new keyset. It closes with the test.
func New(t testing.TB, db *mongo.Database) *Fixture {
	t.Helper()
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	return Reopen(t, db, keyset)
}

// Reopen opens a journal as another process would: with the same keyset and
// database, and nothing else.
func Reopen(t testing.TB, db *mongo.Database, keyset *seal.Keyset) *Fixture {
	t.Helper()
	keys, err := seal.Open(t.Context(), db.Collection("keys"), keyset, service)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := keys.Close(); err != nil {
			t.Error("close the keys:", err)
		}
	})
	f := &Fixture{Keys: keys, Keyset: keyset, Database: db}
	return f.in(t, "journal")
}

// in opens the journal of another collection, with the same keys.
func (f *Fixture) in(t testing.TB, collection string) *Fixture {
	t.Helper()
	g := *f
	g.Registry, g.Collection = prometheus.NewRegistry(), collection
	var err error
	g.Journal, err = journal.Open(t.Context(), journal.Config{
		Database: g.Database, Keys: g.Keys, Service: service, Collection: collection, Registerer: g.Registry,
		Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
		Beside: true, // tests open a journal twice, to look at it
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Journal.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error("close the journal:", err)
		}
	})
	return &g
}

// Commit makes a commit that fills every field. Prev is the hash of the one
// before it.
func Commit(record string, version uint64, prev [sha256.Size]byte) *journal.Commit {
	return &journal.Commit{
		Record: record, Version: version, Prev: prev,
		At:     time.UnixMilli(1_760_000_000_000 + int64(version)).UTC(),
		Owner:  "case_" + record,
		Op:     "acceptReferral",
		Actor:  journal.Actor{Principal: "amal", Agency: "legal-clinic"},
		Cause:  fmt.Sprint("legal-clinic/acceptReferral/", version),
		Digest: bytes.Repeat([]byte{0xd1}, sha256.Size),
		Trace:  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		Events: []event.Recorded{{
			Type: "referral.accepted.v1",
			Data: json.RawMessage(`{"referral":"` + record + `","recipient":"legal-clinic","service":"legal_aid"}`),
		}, {
			Type:    "referral.noted.v1",
			Data:    json.RawMessage(`{"referral":"` + record + `"}`),
			Private: json.RawMessage(`{"note":"` + strings.Repeat("سند ", 10) + `"}`),
		}},
	}
}

// chainOf appends versions 1 to n of a record.
func chainOf(t testing.TB, f *Fixture, record string, n uint64) []*journal.Commit {
	t.Helper()
	var commits []*journal.Commit
	var prev [sha256.Size]byte
	for version := range n {
		c := Commit(record, version+1, prev)
		if err := f.Append(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		prev = c.Hash
		commits = append(commits, c)
	}
	return commits
}
