package network

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/service"
)

// ErrLost says that the database is empty beside a bus that is not, or in a data
// directory that was in use. Events are on the bus only after they were in a
// journal, so records are gone.
var ErrLost = errors.New("the database is empty, and records were lost")

// DatabaseDir is where an office keeps its database, under its data directory.
func DatabaseDir(dir string) string { return filepath.Join(dir, "database") }

// FilesDir is where an office keeps sealed files, unless SANAD_FILES names another place.
func FilesDir(dir string) string { return filepath.Join(dir, "files") }

// Operator is who may look at the embedded database, with the password that is
// in PasswordFile of the data directory.
const (
	Operator     = "operator"
	PasswordFile = "database.password"
)

// startEngines starts what the configuration does not name elsewhere.
func (n *Network) startEngines(ctx context.Context, cfg *Config) error {
	if cfg.Service.MongoURI == "" {
		if err := n.startDatabase(ctx, cfg); err != nil {
			return fmt.Errorf("database: %w", err)
		}
	}
	// Only now: a database that is refused leaves all as it is.
	if err := openKeys(cfg.Keys, cfg.Dir); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	for _, guest := range cfg.Guests {
		if err := Invite(cfg.Keys, guest); err != nil {
			return fmt.Errorf("keys: %w", err)
		}
	}
	if cfg.Service.NATSURL == "" {
		if err := Invite(cfg.Keys, bus.Pages); err != nil {
			return fmt.Errorf("keys: %w", err)
		}
	}
	if err := n.reachBus(ctx, cfg); err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	// This comes before anything is declared or published: what is refused stays as
	// it is.
	if err := n.whole(ctx, cfg.Dir, cfg.Keys); err != nil {
		return err
	}
	if err := n.pair(ctx, cfg); err != nil {
		return err
	}
	if n.server == nil {
		return nil
	}
	read, err := cfg.Service.ReadProgrammes()
	if err != nil {
		return err
	}
	if err := n.Bus.declare(ctx, cfg.Service.NATSReplicas, n.id, cfg.Service.Agreed(read)); err != nil {
		return fmt.Errorf("bus: declare its streams: %w", err)
	}
	return nil
}

func (n *Network) startDatabase(ctx context.Context, cfg *Config) error {
	m, err := OpenDatabase(cfg.Dir)
	if err != nil {
		return err
	}
	n.engines = append(n.engines, m.Close)
	n.Database, cfg.Service.MongoURI = m, m.URI()
	if cfg.MongoAddr == "" {
		return nil
	}
	text, err := secret.Ensure(filepath.Join(cfg.Dir, PasswordFile), newPassword)
	if err != nil {
		return err
	}
	password := strings.TrimSpace(string(text))
	uri, err := m.Listen(ctx, embedded.Listening{Addr: cfg.MongoAddr, User: Operator, Password: password, ReadOnly: true})
	if err != nil {
		return err
	}
	u, err := url.Parse(uri)
	if err != nil {
		return err
	}
	// A reader must log in: others may read the address that is printed.
	n.MongoURI = "mongodb://" + u.Host + "/?directConnection=true"
	return nil
}

// whole refuses an empty database beside a bus that is not empty, in a data directory
// that has been in use, and with keys among which a checkpoint is kept.
func (n *Network) whole(ctx context.Context, dir, keys string) error {
	if n.Database == nil || n.Database.Written() > 0 {
		return nil
	}
	used, err := there(filepath.Join(dir, IDFile))
	if err != nil {
		return err
	}
	if used {
		return fmt.Errorf("%w: the data directory has been in use; restore it as a whole, or start in another one", ErrLost)
	}
	kept, err := filepath.Glob(service.CheckpointFile(filepath.Join(keys, CheckpointsDir), "*"))
	if err != nil {
		return err
	}
	if len(kept) > 0 {
		return fmt.Errorf("%w: %s holds checkpoints of data that is not here; put the data back from a backup, or take the old keys away to begin a new network", ErrLost, keys)
	}
	if n.server == nil {
		return nil
	}
	if slices.ContainsFunc(n.server.Aside(), func(a embedded.Aside) bool { return a.Stream == bus.Events }) {
		return fmt.Errorf("%w: the bus held events, and was damaged; restore the data directory as a whole, or start in another one", ErrLost)
	}
	return n.Bus.steward(func(js jetstream.JetStream) error {
		events, err := js.Stream(ctx, bus.Events)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("bus: %w", err)
		}
		if last := events.CachedInfo().State.LastSeq; last > 0 {
			return fmt.Errorf("%w: the bus holds events; restore the data directory as a whole, or start in another one", ErrLost)
		}
		return nil
	})
}

// health says what of the engines is not as it should be, in words without paths.
func (n *Network) health() error {
	if n.server != nil && n.server.Health() != nil {
		return errBusStore
	}
	return nil
}

var errBusStore = errors.New("the disk refuses what the bus writes; it is opened again when the disk takes it")

// inside is how the services reach the embedded database, from inside the process
// only.
func (n *Network) inside() []*options.ClientOptions {
	if n.Database == nil {
		return nil
	}
	return []*options.ClientOptions{n.Database.InProcess()}
}
