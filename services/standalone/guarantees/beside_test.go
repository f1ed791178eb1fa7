package guarantees

import (
	"context"
	"log/slog"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/services/referral/measure"
)

// Two processes write one journal. One makes a referral, and the other takes the
// withdrawal of its consent at the same instant: none is left standing.
func TestTwoWritersLoseNoWithdrawal(t *testing.T) {
	engine, err := embedded.Mongo(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := mongo.Connect(engine.InProcess(), options.Client().ApplyURI(engine.URI()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) })
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	db := client.Database("referral")
	writer := func() *journal.Journal {
		keys, err := seal.Open(t.Context(), db.Collection("keys"), keyset, "referral")
		if err != nil {
			t.Fatal(err)
		}
		j, err := journal.Open(t.Context(), journal.Config{
			Database: db, Keys: keys, Service: "referral", Beside: true, Registerer: prometheus.NewRegistry(),
			Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := j.Close(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
			if err := keys.Close(); err != nil {
				t.Error(err)
			}
		})
		return j
	}
	const consents = 600
	standing, first, err := measure.Withdrawn(t.Context(), writer(), writer(), consents)
	if err != nil || len(standing) > 0 {
		t.Errorf("%d of %d referrals stand on a consent that has ended: %v", len(standing), consents, err)
	}
	t.Logf("%d of %d requests were done before the withdrawal was", first, consents)
}
