package network

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/journal"
)

// DatabaseName is that of a service's database.
func DatabaseName(service string) string { return "sanad_" + service }

// Verify checks every chain in the journal of a service, without any key. It
// reports what does not hold, a line for each, and tells how many commits there
// are.
func Verify(ctx context.Context, client *mongo.Client, service string, report func(line string)) (commits int64, err error) {
	// No keys: a chain is verified without reading what is in it.
	j, err := journal.Open(ctx, journal.Config{
		Database: client.Database(DatabaseName(service)), Registerer: prometheus.NewRegistry(),
		Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", service, err)
	}
	commits, err = j.Verify(ctx, func(f journal.Finding) {
		report(fmt.Sprintf("%s: stream %s version %d: %s", service, f.Stream, f.Version, f.Problem))
	})
	if err = errors.Join(err, j.Close(ctx)); err != nil {
		return commits, fmt.Errorf("%s: %w", service, err)
	}
	return commits, nil
}
