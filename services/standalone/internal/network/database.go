package network

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/vault"
)

// OldDatabaseDir is where an earlier version kept it, in another form.
func OldDatabaseDir(dir string) string { return filepath.Join(dir, "mongo") }

// ErrOld refuses a data directory that an earlier version made. A start on it would
// show an office without any records.
var ErrOld = errors.New("an earlier version made the data directory, and keeps its database in another form")

// Hold takes a data directory for this process, and makes one where there is none.
// Everything that opens the data takes it first.
func Hold(dir string) (*hold.Hold, error) {
	if err := current(dir); err != nil {
		return nil, err // not even a lock is made there
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	h, err := hold.Take(dir)
	return h, held(err)
}

// held says that it is the data directory which another process has.
func held(err error) error {
	if errors.Is(err, hold.ErrHeld) {
		return fmt.Errorf("the data directory %w", err)
	}
	return err
}

// OpenDatabase opens the database in a data directory, or makes one there. The
// directory must be held.
func OpenDatabase(dir string) (*embedded.MongoServer, error) {
	if err := current(dir); err != nil {
		return nil, err
	}
	return embedded.Mongo(DatabaseDir(dir))
}

// current refuses a data directory of an earlier version.
func current(dir string) error {
	dir = filepath.Clean(dir)
	old, err := there(OldDatabaseDir(dir))
	if err != nil {
		return err
	}
	present, err := there(DatabaseDir(dir))
	if err != nil {
		return err
	}
	if old && !present {
		aside := dir + ".old"
		return fmt.Errorf("%w; move it aside and take it over, once:\n  mv %q %q && SANAD_DATA=%q standalone migrate %q",
			ErrOld, dir, aside, dir, aside)
	}
	return nil
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

// Verification says how the journal of a service is verified.
type Verification struct {
	// Keyset opens what is sealed; nil: what can be checked without is checked.
	Keyset *seal.Keyset
	// Known are checkpoints that were kept outside the database.
	Known [][]byte
	// Recent reads only the newest commits.
	Recent bool
	// Report is told what does not hold, a line for each.
	Report func(line string)
	// Progress may be nil.
	Progress func(done, total int64)
	// Files is where the sealed files lie; nil: they are not looked at. It needs Keyset and all
	// commits.
	Files vault.Store
	// Note is told of files that no record names, a line for each. It goes with Files.
	Note func(line string)
}

// Verified is what was verified of a service.
type Verified struct {
	journal.Verified
	// Files are those that records name.
	Files int
}

// Verify checks the journal of a service.
func Verify(ctx context.Context, client *mongo.Client, service string, how Verification) (v Verified, err error) {
	db := client.Database(DatabaseName(service))
	var keys *seal.Keys
	if how.Keyset != nil {
		if keys, err = seal.Look(ctx, db.Collection("keys"), how.Keyset, service); err != nil {
			return v, fmt.Errorf("%s: %w", service, err)
		}
	}
	var audit *vault.Audit
	var opened func(string, event.Recorded)
	if how.Files != nil && keys != nil && !how.Recent {
		audit = vault.NewAudit(how.Files, keys, service)
		opened = func(owner string, e event.Recorded) { audit.Names(owner, e.Private) }
	}
	check := journal.Verify
	if how.Recent {
		check = journal.VerifyRecent
	}
	v.Verified, err = check(ctx, journal.Verification{
		Database: db, Service: service, Keys: keys, Known: how.Known, Progress: how.Progress, Opened: opened,
		Report: func(f journal.Finding) {
			if f.Version == 0 {
				how.Report(fmt.Sprintf("%s: %s: %s", service, f.What, f.Problem))
				return
			}
			how.Report(fmt.Sprintf("%s: record %s version %d: %s", service, f.What, f.Version, f.Problem))
		},
	})
	if err == nil && audit != nil {
		v.Files, err = files(ctx, audit, how)
	}
	if err != nil {
		return v, fmt.Errorf("%s: %w", service, err)
	}
	return v, nil
}

// files tells what an audit found.
func files(ctx context.Context, audit *vault.Audit, how Verification) (int, error) {
	told, err := audit.Read(ctx)
	for _, name := range slices.Sorted(maps.Keys(told.Wrong)) {
		how.Report(fmt.Sprintf("file %s: %s", name, told.Wrong[name]))
	}
	for _, name := range told.Unnamed {
		how.Note(fmt.Sprintf("file %s: no record names it", name))
	}
	for _, name := range told.Erased {
		how.Note(fmt.Sprintf("file %s: its case is erased, and the next start takes it away", name))
	}
	return told.Files, err
}
