package network

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/embedded"
)

// ErrLost says that the database is empty beside a bus that is not. Events are
// on the bus only after they were in a journal: somebody's records are gone.
var ErrLost = errors.New("the database is empty, and the bus holds events: records were lost")

// DatabaseDir is where an office keeps its database, under its data directory.
func DatabaseDir(dir string) string { return filepath.Join(dir, "database") }

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
	if cfg.Service.NATSURL == "" {
		s, err := embedded.NATS(filepath.Join(cfg.Dir, "nats"), cfg.NATSAddr)
		if err != nil {
			return fmt.Errorf("bus: %w", err)
		}
		n.engines = append(n.engines, func() error { s.Shutdown(); return nil })
		cfg.Service.NATSURL, n.NATSURL = s.ClientURL(), s.ClientURL()
		n.Inside = []nats.Option{s.InProcess()}
	}
	return n.whole(ctx)
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
	password, err := ensurePassword(filepath.Join(cfg.Dir, PasswordFile))
	if err != nil {
		return err
	}
	uri, err := m.Listen(ctx, embedded.Listening{Addr: cfg.MongoAddr, User: Operator, Password: password, ReadOnly: true})
	if err != nil {
		return err
	}
	u, err := url.Parse(uri)
	if err != nil {
		return err
	}
	// Who looks says who they are: what is printed may be read by others.
	n.MongoURI = "mongodb://" + u.Host + "/?directConnection=true"
	return nil
}

// ensurePassword gives the password of whoever looks at the database, and makes
// one the first time.
func ensurePassword(path string) (string, error) {
	text, err := os.ReadFile(path)
	if password := strings.TrimSpace(string(text)); err == nil && password != "" {
		return password, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	password := rand.Text()
	return password, os.WriteFile(path, []byte(password+"\n"), 0o600)
}

// whole refuses an empty database beside a bus that is not empty.
func (n *Network) whole(ctx context.Context) error {
	if n.Database == nil || n.NATSURL == "" || n.Database.Written() > 0 {
		return nil
	}
	conn, err := nats.Connect(n.NATSURL, n.Inside...)
	if err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	events, err := js.Stream(ctx, bus.Events)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	if last := events.CachedInfo().State.LastSeq; last > 0 {
		return fmt.Errorf("%w; restore the data directory as a whole, or start in another one", ErrLost)
	}
	return nil
}

// inside is how the services reach the embedded database, which nobody outside
// the process does.
func (n *Network) inside() []*options.ClientOptions {
	if n.Database == nil {
		return nil
	}
	return []*options.ClientOptions{n.Database.InProcess()}
}
