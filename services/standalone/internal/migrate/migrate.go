// Package migrate takes over the data directory of an earlier version, whose
// database was FerretDB's files on SQLite: it makes a new data directory of it,
// which appears whole or not at all, and verifies every chain on the way.
//
// It changes nothing in the old directory, and refuses to guess: what it does not
// know, what changes while it reads, and what does not verify is reported and not
// taken. It does not know FerretDB, only what its files look like.
package migrate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// What Run refuses.
var (
	// ErrPlace says that From or To cannot be what they are to be.
	ErrPlace = errors.New("cannot migrate there")
	// ErrInUse says that the old network runs.
	ErrInUse = errors.New("the old network still runs")
	// ErrChanged says that somebody wrote to the old directory meanwhile.
	ErrChanged = errors.New("the old directory changed while it was read")
	// ErrFindings says that something does not verify.
	ErrFindings = errors.New("what the old directory holds does not verify")
	// ErrUnknown says that there is something that no journal and no key is.
	ErrUnknown = errors.New("cannot be taken over")
	// ErrDamaged says that a file cannot be read to its end.
	ErrDamaged = errors.New("the old file is damaged; restore the old directory from a backup")
	// ErrFull says that the disk takes no more.
	ErrFull = errors.New("the disk takes no more")
	// ErrDiffers says that the new database does not hold what was read.
	ErrDiffers = errors.New("the new database does not hold what was read")
)

// Config says what is taken over, and where to.
type Config struct {
	// From is the old data directory. To is where the new one is made: an empty
	// directory, or none yet. Both are required.
	From, To string
	// DespiteFindings goes on when something does not verify. Default: it stops.
	DespiteFindings bool
	// Progress gets how many documents of a database are taken.
	Progress func(database string, done, total int64)
	// Finding gets what does not verify, a line for each.
	Finding func(line string)
}

// Taken is what was taken over of one service.
type Taken struct {
	Service       string
	Commits, Keys int64
}

// migration is one that goes on.
type migration struct {
	Config
	places

	client   *mongo.Client
	findings int
}

// Run makes the new data directory. When it fails, there is none.
func Run(ctx context.Context, cfg Config) (taken []Taken, err error) {
	p, err := locate(cfg.From, cfg.To)
	if err != nil {
		return nil, err
	}
	if err := inUse(network.OldDatabaseDir(p.from)); err != nil {
		return nil, err
	}
	before, err := look(p.from)
	if err != nil {
		return nil, err
	}
	if err := p.begin(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(explained(p.work, err), p.abandon())
		}
	}()
	m := &migration{Config: cfg, places: p}
	if err := copyRest(ctx, p.from, p.work, filepath.Base(network.OldDatabaseDir(p.from)), hold.File); err != nil {
		return nil, err
	}
	if taken, err = m.convert(ctx); err != nil {
		return nil, err
	}
	after, err := look(p.from)
	if err != nil {
		return nil, err
	}
	if name := before.differs(after); name != "" {
		return nil, fmt.Errorf("%w: %s; stop the old network, and try again", ErrChanged, name)
	}
	if err := inUse(network.OldDatabaseDir(p.from)); err != nil {
		return nil, err
	}
	return taken, p.finish()
}

// convert makes the new database.
func (m *migration) convert(ctx context.Context) (taken []Taken, err error) {
	engine, err := embedded.Mongo(m.unfinished())
	if err != nil {
		return nil, fmt.Errorf("make the new database: %w", err)
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if m.client, err = engine.Connect(); err != nil {
		return nil, err
	}
	defer func() { _ = m.client.Disconnect(context.WithoutCancel(ctx)) }()
	names, err := databases(network.OldDatabaseDir(m.from))
	if err != nil {
		return nil, err
	}
	counts := map[string]map[string]int64{}
	for _, name := range inOrder(names) {
		if counts[name], err = m.database(ctx, name); err != nil {
			return nil, err
		}
	}
	for _, service := range network.Services {
		name := network.DatabaseName(service)
		if counts[name] == nil {
			m.find("%s: the file %s is not there", service, name+extension)
		}
		checked, err := network.Verify(ctx, m.client, service, network.Verification{Report: func(line string) { m.find("%s", line) }})
		if err != nil {
			return nil, err
		}
		if checked.Commits != counts[name][journals] {
			return nil, fmt.Errorf("%s: %w", service, ErrDiffers)
		}
		taken = append(taken, Taken{service, checked.Commits, counts[name][keys]})
	}
	if m.findings > 0 && !m.DespiteFindings {
		return nil, ErrFindings
	}
	return taken, nil
}

// The collections of a service.
const (
	journals = "journal"
	keys     = "keys"
)

// inOrder has the services in the order of the journey, and behind them what
// else there is.
func inOrder(names []string) []string {
	var all []string
	for _, service := range network.Services {
		if name := network.DatabaseName(service); slices.Contains(names, name) {
			all = append(all, name)
		}
	}
	for _, name := range names {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

func (m *migration) find(format string, args ...any) {
	m.findings++
	m.Finding(fmt.Sprintf(format, args...))
}

// finish puts the new directory in its place. Until now its database stood
// under a name at which nobody starts, beside a mongo folder as an old directory
// has it: what is left of an attempt that was killed is refused as such.
func (p *places) finish() error {
	if err := os.Rename(p.unfinished(), network.DatabaseDir(p.work)); err != nil {
		return err
	}
	if err := os.RemoveAll(network.OldDatabaseDir(p.work)); err != nil {
		return err
	}
	// Not every system moves a folder in which a file is open.
	if err := errors.Join(p.held.Release(), os.Remove(filepath.Join(p.work, hold.File))); err != nil {
		return err
	}
	if err := keepModes(p.from, p.work); err != nil {
		return err
	}
	if err := syncTree(p.work); err != nil {
		return fmt.Errorf("bring the new directory to the disk: %w", err)
	}
	if err := os.Rename(p.work, p.to); err != nil {
		return fmt.Errorf("put the new directory in its place: %w", err)
	}
	return syncPath(filepath.Dir(p.to))
}
