package network

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/pairing"
	"github.com/sanad-network/sanad/pkg/secret"
)

// ErrFund refuses to leave a trust fund aside that is there.
var ErrFund = errors.New("this network has a trust fund: set SANAD_TRUST_FUND=true")

// IDFile says in a data directory to which network it belongs. It is no secret.
const IDFile = "network"

// pair finds out to which network everything belongs, and refuses what does not
// belong together. It changes nothing. Where nothing says so, it is a new network.
func (n *Network) pair(ctx context.Context, cfg *Config) error {
	file, err := readID(cfg.Dir)
	if err != nil {
		return fmt.Errorf("the data directory: %w; restore its file %q", err, IDFile)
	}
	parts := []pairing.Part{{Name: "the data directory", ID: file}}
	client, err := mongo.Connect(append([]*options.ClientOptions{options.Client().ApplyURI(cfg.Service.MongoURI)}, n.inside()...)...)
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	for _, name := range With(true) {
		id, err := pairing.Of(ctx, client.Database(DatabaseName(name)))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if name == Fund && !cfg.TrustFund {
			if id != "" {
				return ErrFund
			}
			continue
		}
		parts = append(parts, pairing.Part{Name: "the database of " + name, ID: id})
	}
	if n.server != nil {
		var id pairing.ID
		if err := n.Bus.steward(func(js jetstream.JetStream) error {
			theirs, err := bus.NetworkOf(ctx, js)
			if err == nil {
				id, err = pairing.Parse(theirs)
			}
			return err
		}); err != nil {
			return fmt.Errorf("the bus: %w", err)
		}
		parts = append(parts, pairing.Part{Name: "the bus", ID: id})
	}
	if n.id, err = pairing.Agree(parts...); err != nil {
		return fmt.Errorf("%w; put back the data directory as a whole, from one backup, or start in another one", err)
	}
	if n.id == "" && n.server != nil {
		n.id = pairing.New()
	}
	return nil
}

// keepID writes to which network the data directory belongs, once all that it
// runs on says the same. From then on an empty database is one that was lost.
func (n *Network) keepID(dir string) error {
	if n.id == "" {
		return nil // a bus that is elsewhere has not said it yet
	}
	err := secret.Create(filepath.Join(dir, IDFile), []byte(n.id+"\n"))
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

func readID(dir string) (pairing.ID, error) {
	text, err := os.ReadFile(filepath.Join(dir, IDFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	id, err := pairing.Parse(strings.TrimSpace(string(text)))
	if err == nil && id == "" {
		err = pairing.ErrBroken
	}
	return id, err
}
