package network

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/credential"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/pairing"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/service"
)

// Bus is the address of the bus and the identities there.
type Bus struct {
	URL string
	// Seeds are those of the services and of the steward, Guests those of the
	// integrators.
	Seeds, Guests credential.Folder

	trust  []nats.Option
	inside []nats.Option
	// started are the public keys with which the services in the process
	// connected. A connection keeps its key when the seed changes, so each holds
	// until the process ends.
	started map[string]string
}

// BusKeys are the seeds in a folder of keys: of the services and of the steward,
// and of the integrators.
func BusKeys(keys string) (services, integrators credential.Folder) {
	return credential.In(filepath.Join(keys, "bus")), credential.In(filepath.Join(keys, "integrators"))
}

// Options prove an identity to the bus.
func (b Bus) Options(identity string) ([]nats.Option, error) {
	return b.proving(b.Seeds.Seed(identity))
}

func (b Bus) proving(seed string) ([]nats.Option, error) {
	as, err := bus.As(seed)
	if err != nil {
		return nil, err
	}
	return append(append([]nats.Option{as}, b.trust...), b.inside...), nil
}

// Inside reports whether the bus is in the process.
func (b Bus) Inside() bool { return len(b.inside) > 0 }

// reach is the address for a client with the options. Inside the process there is
// no TLS, which the server's own address asks for when it has a certificate.
func (b Bus) reach() string {
	if b.Inside() {
		return "nats://inside"
	}
	return b.URL
}

// Connect reaches for the bus as a service or as the steward.
func (b Bus) Connect(identity string) (*nats.Conn, error) {
	options, err := b.Options(identity)
	if err != nil {
		return nil, err
	}
	return bus.Connect(b.reach(), identity, options...)
}

// Visit reaches for the bus as an integrator.
func (b Bus) Visit(integrator string) (*nats.Conn, error) {
	options, err := b.proving(b.Guests.Seed(integrator))
	if err != nil {
		return nil, err
	}
	return bus.Connect(b.reach(), integrator, options...)
}

// Invite gives an integrator a seed, unless it has one.
func Invite(keys, integrator string) error {
	parts, err := Parts()
	if err != nil {
		return err
	}
	if err := bus.CheckIntegrator(integrator, parts); err != nil {
		return err
	}
	_, guests := BusKeys(keys)
	return guests.Issue(integrator)
}

// Parts are what the services do on the bus.
var Parts = sync.OnceValues(func() ([]bus.Part, error) {
	rooms, err := roomsOf("", true)
	if err != nil {
		return nil, err
	}
	return service.Parts(api.Files, rooms...)
})

// Accounts is the server's configuration for all identities that have a seed.
func (b Bus) Accounts() (string, error) {
	parts, err := Parts()
	if err != nil {
		return "", err
	}
	keys := map[string][]string{}
	for _, identity := range Identities() {
		public, err := b.Seeds.Public(identity)
		if err != nil {
			return "", err
		}
		if at := b.started[identity]; at != "" && at != public[0] {
			public = []string{at, public[0]}
		}
		keys[identity] = public
	}
	guests, err := Integrators(b.Guests)
	if err != nil {
		return "", err
	}
	return bus.Accounts(parts, func(identity string, n int) string { return keys[identity][n] }, bus.Integrators(guests)), nil
}

// Identities are the services and the steward.
func Identities() []string { return append(slices.Clone(With(true)), bus.Steward) }

// Integrators are those who have a seed in a folder.
func Integrators(guests credential.Folder) ([]bus.Integrator, error) {
	names, err := guests.Names()
	if err != nil {
		return nil, err
	}
	var list []bus.Integrator
	for _, name := range names {
		keys, err := guests.Public(name)
		if err != nil {
			return nil, err
		}
		list = append(list, bus.Integrator{Name: name, Keys: keys})
	}
	return list, nil
}

// StartBus starts the bus of an office in the process, for those who have a seed
// among the keys; the services and the steward get theirs the first time. What
// it keeps on the disk is encrypted, with a key that is there as well.
func StartBus(keys, dir, addr string, how ...embedded.NATSOption) (Bus, *embedded.NATSServer, error) {
	b, err := issue(keys)
	if err != nil {
		return Bus{}, nil, err
	}
	accounts, err := b.Accounts()
	if err != nil {
		return Bus{}, nil, err
	}
	store, err := storeKey(keys)
	if err != nil {
		return Bus{}, nil, err
	}
	if err := adopt(dir); err != nil {
		return Bus{}, nil, err
	}
	s, err := embedded.NATS(dir, addr, append(how, embedded.Accounts(accounts), embedded.StoreKey(store))...)
	if err != nil {
		return Bus{}, nil, err
	}
	b.URL, b.inside = s.ClientURL(), []nats.Option{s.InProcess()}
	return b, s, nil
}

// adopt takes over what an earlier version kept on the bus for everybody. The
// journals could fill most of it again, but dead letters are nowhere else.
func adopt(dir string) error {
	everybody, ours := filepath.Join(dir, "jetstream", "$G"), filepath.Join(dir, "jetstream", "NETWORK")
	old, err := there(everybody)
	if err != nil || !old {
		return err
	}
	present, err := there(ours)
	if err != nil {
		return err
	}
	if present {
		// Nothing reads it there, and the server would take it for damaged.
		ours = filepath.Join(dir, "of-an-earlier-version")
	}
	return os.Rename(everybody, ours)
}

func issue(keys string) (Bus, error) {
	b := Bus{started: map[string]string{}}
	b.Seeds, b.Guests = BusKeys(keys)
	if err := b.Seeds.Issue(Identities()...); err != nil {
		return b, err
	}
	for _, name := range With(true) {
		public, err := b.Seeds.Public(name)
		if err != nil {
			return b, err
		}
		b.started[name] = public[0]
	}
	return b, nil
}

// declaring bounds one question of the steward at the start: the machine may be
// busy.
const declaring = time.Minute

// steward does something with the rights of the steward.
func (b Bus) steward(do func(jetstream.JetStream) error) error {
	nc, err := b.Connect(bus.Steward)
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(declaring))
	if err != nil {
		return err
	}
	return do(js)
}

// declare makes the streams as they are declared, as the steward, and labels them
// with the network and its rules.
func (b Bus) declare(ctx context.Context, replicas int, id pairing.ID, agreed string) error {
	parts, err := Parts()
	if err != nil {
		return err
	}
	return b.steward(func(js jetstream.JetStream) error {
		if err := bus.Declare(ctx, js, replicas, parts); err != nil {
			return err
		}
		if err := bus.Label(ctx, js, string(id)); err != nil {
			return err
		}
		return bus.Agree(ctx, js, agreed)
	})
}

// lookAgain is how often an office looks whether its keys, or the certificate of
// its bus, are others.
const lookAgain = 2 * time.Second

// follow updates the accounts of the server when seeds change, until ctx is done.
func (b Bus) follow(ctx context.Context, s *embedded.NATSServer, logger *slog.Logger) {
	// What cannot be read now could be read at the start; the next look tries
	// again.
	known, _ := b.Accounts()
	said := ""
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := b.Accounts()
		if err == nil && (now != known || s.Outdated()) {
			if err = s.Reload(now); err == nil {
				known = now
				logger.Info("the bus has read its keys again")
			}
		}
		switch {
		case err == nil:
			said = ""
		case err.Error() != said:
			said = err.Error()
			logger.Error("the bus cannot read its keys again", slog.Any("error", err))
		}
	}
}

// ErrClear refuses a bus that other machines reach without TLS.
var ErrClear = errors.New("other machines would reach it in the clear: set SANAD_NATS_CERT_FILE and SANAD_NATS_KEY_FILE, or have SANAD_NATS_ADDR on loopback")

// loopback says whether only this machine reaches an address.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err != nil || // the bus says what is wrong with it
		host == "" || host == "localhost" || net.ParseIP(host).IsLoopback()
}

// guarded refuses a bus in the process that other machines would reach in the
// clear, or with a key that others can read.
func guarded(cfg Config) error {
	switch {
	case cfg.Service.NATSURL != "":
		return nil
	case cfg.NATSCertificate != "":
		if _, err := secret.Read(cfg.NATSKey); err != nil {
			return fmt.Errorf("SANAD_NATS_KEY_FILE: %w", err)
		}
	case !loopback(cfg.NATSAddr):
		return fmt.Errorf("bus: %w", ErrClear)
	}
	return nil
}

// reachBus is the bus that the configuration names, or one in the process.
func (n *Network) reachBus(ctx context.Context, cfg *Config) (err error) {
	if cfg.Service.NATSURL != "" {
		if n.Bus, err = issue(cfg.Keys); err != nil {
			return err
		}
		n.Bus.URL, n.Bus.trust = cfg.Service.NATSURL, cfg.Service.Trust()
		return nil
	}
	how := []embedded.NATSOption{embedded.NATSLogger(cfg.Telemetry.Logger)}
	if cfg.NATSCertificate != "" {
		how = append(how, embedded.TLS(cfg.NATSCertificate, cfg.NATSKey))
	}
	var s *embedded.NATSServer
	if n.Bus, s, err = StartBus(cfg.Keys, filepath.Join(cfg.Dir, "nats"), cfg.NATSAddr, how...); err != nil {
		return err
	}
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.Bus.follow(following, s, cfg.Telemetry.Logger)
	}()
	n.server = s
	n.engines = append(n.engines, func() error {
		stop()
		<-done
		s.Shutdown()
		return nil
	})
	cfg.Service.NATSURL = n.Bus.reach()
	return nil
}
