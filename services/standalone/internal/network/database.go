package network

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
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

// Verify checks the journal of a service: with keys everything, without any chains
// and checkpoints. Known are checkpoints that were kept elsewhere. It reports what
// does not hold, a line for each.
func Verify(ctx context.Context, client *mongo.Client, service string, keyset *seal.Keyset, known [][]byte, report func(line string), progress func(done, total int64)) (v journal.Verified, err error) {
	db := client.Database(DatabaseName(service))
	var keys *seal.Keys
	if keyset != nil {
		if keys, err = seal.Look(ctx, db.Collection("keys"), keyset, service); err != nil {
			return v, fmt.Errorf("%s: %w", service, err)
		}
	}
	v, err = journal.Verify(ctx, journal.Verification{
		Database: db, Service: service, Keys: keys, Known: known, Progress: progress,
		Report: func(f journal.Finding) {
			if f.Version == 0 {
				report(fmt.Sprintf("%s: %s: %s", service, f.Stream, f.Problem))
				return
			}
			report(fmt.Sprintf("%s: stream %s version %d: %s", service, f.Stream, f.Version, f.Problem))
		},
	})
	if err != nil {
		return v, fmt.Errorf("%s: %w", service, err)
	}
	return v, nil
}
