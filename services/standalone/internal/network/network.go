// Package network is the whole network in one process: the five services on an
// embedded bus and an embedded database, with a local issuer of tokens. It is for
// one small office, for evaluation and for tests. It refuses to serve a national
// network, which runs the same services as separate processes.
package network

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/pairing"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	forensic "github.com/sanad-network/sanad/services/forensic-services"
	"github.com/sanad-network/sanad/services/intake"
	legalaid "github.com/sanad-network/sanad/services/legal-aid"
	"github.com/sanad-network/sanad/services/psychosocial"
	"github.com/sanad-network/sanad/services/referral"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
	"github.com/sanad-network/sanad/services/standalone/internal/signin"
	trustfund "github.com/sanad-network/sanad/services/trust-fund"
)

// Rooms are all services, by name.
var Rooms = map[string]service.Room{
	"intake":            intake.New,
	"referral":          referral.New,
	"legal-aid":         legalaid.New,
	"psychosocial":      psychosocial.New,
	"forensic-services": forensic.New,
	Fund:                trustfund.New,
}

// Services are the services that every network runs, in the order of the journey.
var Services = []string{"intake", "referral", "legal-aid", "psychosocial", "forensic-services"}

// Fund is the service that only a network with a trust fund runs. On the bus it has its place in
// every network.
const Fund = "trust-fund"

// With are the services of a network that has a trust fund, or has none.
func With(fund bool) []string {
	if !fund {
		return Services
	}
	return append(slices.Clip(Services), Fund)
}

// Config says where the network keeps its data and where it listens.
type Config struct {
	// Dir holds all data: the bus and the database. Required.
	Dir string
	// Keys holds all keys, and is never below Dir. Default: KeysDir of Dir.
	Keys string
	// Service is what the services read from the environment. An empty NATSURL
	// or MongoURI is one embedded in the process.
	Service service.Config
	// NATSAddr is where the embedded bus listens for integrators: host:port; port
	// 0 takes a free port, and an empty host is 127.0.0.1. Default: nowhere.
	NATSAddr string
	// NATSCertificate and NATSKey are paths of PEM files: with them the embedded
	// bus is reached by TLS only. Required when other machines reach NATSAddr.
	// Default: no TLS.
	NATSCertificate, NATSKey string
	// MongoAddr is where the embedded database listens for an operator, who may
	// read and change nothing: host:port. Default: nowhere.
	MongoAddr string
	// Guests are integrators who are invited at the start, unless they are
	// already. Default: none.
	Guests []string
	// TrustFund says that the network has a trust fund. Default: it has none.
	TrustFund bool
	// ConsentTexts is desk.Config.ConsentTexts.
	ConsentTexts string
	// Telemetry takes the logs, traces and metrics of the process. Required.
	Telemetry *telemetry.Telemetry
	// Progress gets how far each image is filled. Default: nothing gets it.
	Progress func(service string, done, total int64)
	// CompareAll compares the journals with all that the bus holds. Default: with
	// what it holds since the newest checkpoint.
	CompareAll bool
	// Clock gives the time. Default: the wall clock.
	Clock func() time.Time
	// DeskBeat is desk.Config.Beat: for tests.
	DeskBeat time.Duration
	// ReadBack is service.Options.ReadBack: for tests.
	ReadBack bool
}

// Network is the running network.
type Network struct {
	*service.Host
	// Issuer makes tokens for the people of any agency.
	Issuer *identity.Issuer
	// Bus is the address of the bus and the identities there.
	Bus Bus
	// Codes are those with which people sign in at the desk.
	Codes signin.Codes
	// MongoURI is where an operator looks at the database; empty: nowhere.
	MongoURI string

	// Database is the embedded database; nil when the configuration names
	// another.
	Database *embedded.MongoServer

	server    *embedded.NATSServer // nil when the configuration names another bus
	engines   []func() error
	listeners service.Listeners
	hold      *hold.Hold // the data directory
	id        pairing.ID // the network's
	// drained ends when the process takes no requests any more.
	drained context.Context
	// ageing takes out of the bus what is too old; nil when somebody else does.
	ageing func(context.Context)
}

// The names under which the local issuer makes its tokens.
const (
	Issuer   = "https://issuer.sanad.localhost"
	Audience = "sanad"
)

// Open starts the network and returns when it can answer. Run closes it.
func Open(ctx context.Context, cfg Config) (*Network, error) {
	n := &Network{}
	if err := n.open(ctx, cfg); err != nil {
		return nil, errors.Join(err, n.closeEngines())
	}
	return n, nil
}

func (n *Network) open(ctx context.Context, cfg Config) (err error) {
	if err := guarded(cfg); err != nil {
		return err
	}
	// A process that has the data has the addresses, too, and its name says more.
	if err := held(hold.Held(cfg.Dir)); err != nil {
		return err
	}
	if n.listeners, err = listen(ctx, cfg); err != nil {
		return err
	}
	if err := n.prepare(ctx, &cfg); err != nil {
		n.listeners.Close()
		return err
	}
	rooms, err := roomsOf("", cfg.TrustFund)
	if err != nil {
		return err
	}
	options := n.options(cfg)
	n.drained, options.Draining = context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // the host calls it when it drains
	pages, err := n.desk(cfg)
	if err != nil {
		n.listeners.Close()
		return err
	}
	maps.Copy(options.Routes, pages)
	n.Host, err = service.Open(ctx, cfg.Service, options, rooms...)
	n.ageing = n.takeOuts(cfg)
	if err != nil {
		return err
	}
	if err := n.keepID(cfg.Dir); err != nil {
		// Run is not called: it would close what was opened.
		ended, end := context.WithCancel(ctx)
		end()
		return errors.Join(err, n.Host.Run(ended))
	}
	return nil
}

// options are what the process gives its services.
func (n *Network) options(cfg Config) service.Options {
	return service.Options{
		Contracts: api.Files, Listeners: n.listeners, Verifier: n.Issuer.Verifier(), NATS: n.Bus.Options, Mongo: n.inside(), Alone: n.Database != nil, CompareAll: cfg.CompareAll, Telemetry: cfg.Telemetry,
		Routes:   map[string]http.Handler{"/.well-known/jwks.json": n.Issuer.JWKS()},
		Progress: cfg.Progress, Clock: cfg.Clock, ReadBack: cfg.ReadBack, Engines: n.health,
	}
}

// prepare makes ready what the services stand on.
func (n *Network) prepare(ctx context.Context, cfg *Config) error {
	if cfg.Keys == "" {
		cfg.Keys = KeysDir(cfg.Dir)
	}
	if err := CheckKeys(cfg.Keys, cfg.Dir); err != nil {
		return err
	}
	var err error
	if n.hold, err = Hold(cfg.Dir); err != nil {
		return err
	}
	if err := n.startEngines(ctx, cfg); err != nil {
		return err
	}
	if n.Issuer, err = identity.NewIssuer(filepath.Join(cfg.Keys, IssuerFile), Issuer, Audience); err != nil {
		return fmt.Errorf("issuer: %w", err)
	}
	if cfg.Service.KeysetFile == "" {
		cfg.Service.KeysetFile = filepath.Join(cfg.Keys, KeysetFile)
		if err := ensureKeyset(cfg.Service.KeysetFile); err != nil {
			return fmt.Errorf("keyset: %w", err)
		}
	}
	if cfg.Service.Files.Files == "" {
		cfg.Service.Files.Files = FilesDir(cfg.Dir)
	}
	if s := &cfg.Service; s.CheckpointDir == "" {
		// With the keys, which no copy of the data holds.
		s.CheckpointDir = filepath.Join(cfg.Keys, CheckpointsDir)
		if err := os.MkdirAll(s.CheckpointDir, 0o700); err != nil {
			return fmt.Errorf("checkpoints: %w", err)
		}
	}
	if to := &cfg.Service.Notices; to.Dir == "" && to.SMTPAddr == "" && to.SMSURL == "" {
		// Notices leave the machine only when they are configured.
		to.Dir = filepath.Join(cfg.Dir, "notices")
	}
	return nil
}

// Run serves until ctx is done and drains; then it stops the engines.
func (n *Network) Run(ctx context.Context) error {
	stop := n.age(ctx)
	err := n.Host.Run(ctx)
	stop()
	return errors.Join(err, n.closeEngines())
}

func (n *Network) closeEngines() error {
	var errs error
	for _, stop := range n.engines {
		errs = errors.Join(errs, stop())
	}
	n.engines = nil
	// Last: as long as an engine runs, the directory is not for another process.
	errs = errors.Join(errs, n.hold.Release())
	n.hold = nil
	return errs
}

// Base is the address of the API as a URL.
func (n *Network) Base() string { return "http://" + n.API.String() }

// Seat is somebody at an agency, in one role or more. A coordinator coordinates the programme
// and country of the demonstration.
func Seat(agency, role string, also ...string) identity.Principal {
	p := identity.Principal{Subject: journey.Subject(role, agency), Agency: agency, Roles: append([]string{role}, also...)}
	if role == string(access.Coordinator) {
		p.Country, p.Programme = journey.Country, journey.Programme
	}
	return p
}

// Desk seats somebody for a day.
func (n *Network) Desk(agency, role string, also ...string) (office.Desk, error) {
	return n.DeskOf(Seat(agency, role, also...))
}

// DeskOf is the desk of a person for a day.
func (n *Network) DeskOf(p identity.Principal) (office.Desk, error) {
	token, err := n.Issuer.Token(p, 24*time.Hour)
	return office.Desk{Agency: p.Agency, Token: token, Base: n.Base(), HTTP: client()}, err
}

// client is shared: a desk keeps its connections open, as a browser does.
var client = sync.OnceValue(func() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 128
	return &http.Client{Transport: t, Timeout: 30 * time.Second}
})
