package network

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/journal"
)

// OldDatabaseDir is where an earlier version kept it, in another form.
func OldDatabaseDir(dir string) string { return filepath.Join(dir, "mongo") }

// ErrOld is the answer to a data directory that an earlier version made. To
// start on it would look like an office that never did anything.
var ErrOld = errors.New("an earlier version made the data directory, and keeps its database in another form")

// OpenDatabase opens the database in a data directory, or makes one there.
func OpenDatabase(dir string) (*embedded.MongoServer, error) {
	dir = filepath.Clean(dir)
	old, err := there(OldDatabaseDir(dir))
	if err != nil {
		return nil, err
	}
	present, err := there(DatabaseDir(dir))
	if err != nil {
		return nil, err
	}
	if old && !present {
		aside := dir + ".old"
		return nil, fmt.Errorf("%w; move it aside and take it over, once:\n  mv %q %q && SANAD_DATA=%q standalone migrate %q",
			ErrOld, dir, aside, dir, aside)
	}
	return embedded.Mongo(DatabaseDir(dir))
}

func there(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

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
