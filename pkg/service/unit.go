package service

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/errgroup"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/pairing"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/vault"
)

// Deps is what a process lends to the services in it.
type Deps struct {
	Mongo   *mongo.Client
	NATSURL string
	// NATS gives the options by which a service reaches the bus.
	NATS      func(service string) ([]nats.Option, error)
	Keyset    *seal.Keyset
	Verifier  *identity.Verifier
	Contracts fs.FS

	// Tracing makes the spans of a service of a name.
	Tracing    func(service string) trace.TracerProvider
	Registerer prometheus.Registerer
	Logger     *slog.Logger
	Clock      func() time.Time
	// ReadBack is Options.ReadBack.
	ReadBack bool

	// Files is where files are kept; nil for nowhere.
	Files vault.Store
	// Notifier tells people outside that something waits for them.
	Notifier *notify.Notifier
	// Programmes are those of Config.Programmes, and Agreed is Config.Agreed.
	Programmes programme.Set
	Agreed     string
	// Training says that nothing is real.
	Training bool

	// RatePerSecond and AnonymousPerSecond are those of Config; 0 is the default of
	// pkg/chain. Replicas is bus.Config.Replicas.
	RatePerSecond      int
	AnonymousPerSecond int
	Replicas           int

	// EventsAge is how long the bus holds the events of a closed record. Default:
	// for ever.
	EventsAge time.Duration
	// CheckpointDir is Config.CheckpointDir, Alone and CompareAll are those of
	// Options.
	CheckpointDir string
	Alone         bool
	CompareAll    bool
	// Since has the services publish what the bus lacks from an instant on, and
	// do nothing else. Default: the zero instant, and they do all that they do.
	Since time.Time
}

// Room makes a service: each room of services exports one as New.
type Room func(Deps) *Unit

// Unit is one service: its records, operations and reactions on the platform.
type Unit struct {
	// Book is where the room keeps its kinds of record.
	Book *record.Book

	name      string
	catalogue event.Catalogue
	deps      Deps
	tracing   trace.TracerProvider
	clock     func() time.Time
	logger    *slog.Logger
	chain     *chain.Chain
	router    *edge.Router
	forms     map[string]Form
	needs     map[string]access.Permission
	tables    map[reflect.Type]map[string]bool
	bus       *bus.Bus
	errs      error
	// admit is the rule of Admit; nil for none.
	admit func(context.Context, fact.By) error
	// over is the list of Keeps; nil for none.
	over func(context.Context, time.Time) ([]Kept, error)
	// holds says whether a law has the room keep what it has of a case; nil where no room asks.
	holds func(ctx context.Context, of string, now time.Time) (bool, error)

	keys      *seal.Keys
	files     *vault.Vault
	journal   *journal.Journal
	rechecked prometheus.Gauge
	deciding  sync.Mutex // about dead letters and quarantine
	ways      []wayTo
	// lost is what the bus held at the start and the journal lacked.
	lost []event.ID
}

// NewUnit makes the service of a name out of the events that it records. Its errors
// are reported at its start.
func NewUnit(d Deps, name string, records ...event.Entry) *Unit {
	catalogue := event.NewCatalogue(records...)
	if d.ReadBack {
		catalogue = catalogue.ReadingBack()
	}
	d.Registerer = prometheus.WrapRegistererWith(prometheus.Labels{"service": name}, d.Registerer)
	d.Logger = d.Logger.With(slog.String("service", name))
	u := &Unit{name: name, catalogue: catalogue, deps: d, tracing: d.Tracing(name), clock: d.Clock, logger: d.Logger, Book: record.NewBook(catalogue, d.Clock)}
	u.forms, u.needs = make(map[string]Form), make(map[string]access.Permission)
	u.tables = make(map[reflect.Type]map[string]bool)
	u.chain = chain.New(chain.Config{
		TracerProvider: u.tracing, Registerer: d.Registerer, Logger: d.Logger, Clock: d.Clock,
		RatePerSecond: d.RatePerSecond, AnonymousPerSecond: d.AnonymousPerSecond,
	})
	contract, err := fs.ReadFile(d.Contracts, "openapi/"+name+".yaml")
	u.errs = errors.Join(u.errs, err)
	u.router, err = edge.New(edge.Config{Service: name, Contract: contract, Verifier: d.Verifier, Chain: u.chain, TracerProvider: u.tracing})
	u.errs = errors.Join(u.errs, err)
	u.bus = bus.New(bus.Config{
		Service: name, Registerer: d.Registerer, Logger: d.Logger,
		TracerProvider: u.tracing, Clock: d.Clock,
		Catalogue: catalogue, Schemas: d.Contracts, Replicas: d.Replicas, Agreed: d.Agreed,
		Commit: func(ctx context.Context, id string, version uint64) (*journal.Commit, error) {
			return u.journal.At(ctx, id, version)
		},
		Made: func(id event.ID) bool { return u.journal.Made(id) },
		Replay: func(ctx context.Context, visit func(*journal.Commit) error) error {
			return u.journal.Replay(ctx, func(c *journal.Commit) error {
				if !u.Book.Believed(c) {
					return nil // it is not published
				}
				return visit(c)
			}, nil)
		},
		Armed: u.Book.Armed, Age: d.EventsAge, Since: d.Since, Records: u.Book,
	})
	return u
}

// Admit has everybody with a token pass a rule of the room before anything is served to
// them, whatever they ask for. A caller without a token is nobody of whom a record says
// anything, and passes.
func (u *Unit) Admit(rule func(context.Context, fact.By) error) { u.admit = rule }

// Refuse keeps the unit from starting, unless err is nil.
func (u *Unit) Refuse(err error) { u.errs = errors.Join(u.errs, err) }

// start opens the journal and fills the image; then the service can answer.
func (u *Unit) start(ctx context.Context, progress func(done, total int64)) error {
	if err := errors.Join(u.errs, u.router.Check(), errors.Join(u.unserved()...)); err != nil {
		return err
	}
	db := u.deps.Mongo.Database("sanad_" + u.name)
	var err error
	if u.keys, err = seal.Open(ctx, db.Collection("keys"), u.deps.Keyset, u.name); err != nil {
		return fmt.Errorf("open keys: %w", err)
	}
	u.files = vault.New(u.deps.Files, u.keys, u.name)
	if err := u.belong(ctx, db); err != nil {
		return err
	}
	// The bus comes first: it may hold what the database has lost of the journal.
	if err := u.reach(); err != nil {
		return fmt.Errorf("reach for the bus: %w", err)
	}
	known, err := u.knownCheckpoints(ctx)
	if err != nil {
		return fmt.Errorf("read the newest checkpoint: %w", err)
	}
	u.journal, err = journal.Open(ctx, journal.Config{
		Database: db, Keys: u.keys, Service: u.name, Registerer: u.deps.Registerer, Logger: u.logger,
		Tracer: u.tracing.Tracer("github.com/sanad-network/sanad/pkg/journal"),
		Alone:  u.deps.Alone,
		Keep:   u.keepCheckpoint, Positions: u.positions, Known: known,
	})
	if err != nil {
		return fmt.Errorf("open journal: %w", err)
	}
	if err := u.keepMode(ctx, db); err != nil {
		return err
	}
	if err := u.compare(); err != nil {
		return err
	}
	if err := u.bus.Begin(ctx); err != nil {
		if errors.Is(err, bus.ErrNetwork) {
			err = fmt.Errorf("%w; name the bus and the database of one network (SANAD_NATS_URL, SANAD_MONGODB_URI), "+
				"or label a bus that was lost and made anew: standalone steward -network ID", err)
		}
		return fmt.Errorf("look at the bus: %w", err)
	}
	u.bus.OnForeign(func(id string, version uint64) {
		if err := u.Book.Follow(context.WithoutCancel(ctx), id, version); err != nil {
			u.logger.Error("cannot follow another replica", slog.Any("error", err))
		}
	})
	u.Book.OnQuarantine(func(reason journal.Reason) {
		u.logger.Error("a record was set aside: it is closed until somebody decides", slog.String("reason", string(reason)))
	})
	began := u.clock()
	if err := u.Book.Open(ctx, u.journal, u.bus.Offer, u.bus.Arm, progress); err != nil {
		return err
	}
	if err := u.ahead(ctx); err != nil {
		return err
	}
	if err := u.hearAgain(ctx); err != nil {
		return fmt.Errorf("hear all events again: %w", err)
	}
	u.Book.Shed(u.clock().Add(-shedAfter))
	u.measure(u.clock().Sub(began))
	return nil
}

// belong binds the service to the network of its database. A database without a
// network joins that of the bus.
func (u *Unit) belong(ctx context.Context, db *mongo.Database) error {
	id, err := pairing.Of(ctx, db)
	if err != nil {
		return err
	}
	u.bus.Belong(string(id), func(ctx context.Context, network string) error {
		id, err := pairing.Parse(network)
		if err != nil {
			return err
		}
		return pairing.Join(ctx, db, id)
	})
	return nil
}

// keepMode has the database say whether its records are real, before there is one. No other
// process writes to it now.
func (u *Unit) keepMode(ctx context.Context, db *mongo.Database) error {
	empty, err := u.journal.Empty(ctx)
	if err != nil {
		return err
	}
	mode := Live
	if u.deps.Training {
		mode = Training
	}
	return pairing.KeepMode(ctx, db, string(mode), !empty)
}

// reach opens the service's own connection to the bus, with its own identity.
func (u *Unit) reach() error {
	options, err := u.deps.NATS(u.name)
	if err != nil {
		return err
	}
	return u.bus.Open(u.deps.NATSURL, options...)
}

// shedAfter is how long a closed record stays in memory.
const shedAfter = 30 * 24 * time.Hour

func (u *Unit) measure(replay time.Duration) {
	replayed := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "sanad_replay_seconds", Help: "How long the image took to fill at start.",
	})
	replayed.Set(replay.Seconds())
	u.rechecked = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "sanad_journal_verified_timestamp_seconds", Help: "When what was appended was last read back and verified; the start, before that.",
	})
	u.rechecked.SetToCurrentTime()
	u.count()
	u.deps.Registerer.MustRegister(replayed, u.rechecked, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sanad_ready", Help: "Whether the service can do its work: 1 or 0.",
	}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
		defer cancel()
		if u.ready(ctx) != nil {
			return 0
		}
		return 1
	}))
}

// Gauge exports a number of a room's own. It is asked at every scrape and costs the
// same however many records there are; it has no label by which a small number
// could identify a person.
func Gauge(u *Unit, name, help string, value func() float64) {
	u.deps.Registerer.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

const readyTimeout = 2 * time.Second

// run relays and reacts until ctx is done, then drains.
func (u *Unit) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return u.bus.Run(ctx) })
	g.Go(func() error { u.forgetFiles(ctx); return nil })
	g.Go(func() error {
		tick := time.NewTicker(hourly)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-u.journal.Lost():
				return journal.ErrLost
			case <-tick.C:
				u.Book.Shed(u.clock().Add(-shedAfter))
				u.recheck(ctx)
			}
		}
	})
	return g.Wait()
}

// ready says whether the service can do its work now. A bus that is away does
// not keep a front desk from opening a case, so it is no reason to send
// requests elsewhere; the alert on the relay's age tells the operator. A bus that
// is another than the declared one is: somebody has taken its place.
func (u *Unit) ready(ctx context.Context) error {
	if err := u.bus.Sound(); err != nil {
		return fmt.Errorf("%s: %w", u.name, err)
	}
	if err := u.journal.Ping(ctx); err != nil {
		return fmt.Errorf("%s: journal: %w", u.name, err)
	}
	return nil
}

// lag says what of the bus is behind, for the readiness page.
func (u *Unit) lag() error { return errors.Join(u.bus.Ready(), u.journal.Err(), u.aside()) }

func (u *Unit) routes() map[string]http.Handler { return u.router.Routes() }

func (u *Unit) close(ctx context.Context) error {
	var errs error
	if u.journal != nil {
		errs = u.journal.Close(ctx) // its last checkpoint goes to the bus
	}
	u.bus.Close()
	if u.keys != nil {
		errs = errors.Join(errs, u.keys.Close())
	}
	return errs
}
