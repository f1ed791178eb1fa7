package service

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/sanad-network/sanad/docs"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/pkg/vault"
)

// Options are what a process gives its services besides its configuration. A
// field without a default is required.
type Options struct {
	// Contracts holds openapi/, asyncapi/ and schema/.
	Contracts fs.FS
	// Verifier checks tokens. Default: one made from the configuration.
	Verifier *identity.Verifier
	// NATS gives the options by which a service reaches the bus and proves who it
	// is. Default: those of the configuration.
	NATS func(service string) ([]nats.Option, error)
	// Listeners are the addresses of the process when they are open already.
	// Default: those of the configuration.
	Listeners Listeners
	// Mongo are further options of the connection, for an engine in the process.
	// Default: none.
	Mongo []*options.ClientOptions
	// Alone says that no other process can reach the database. Default: another
	// one may, and the journal waits for it.
	Alone bool
	// CompareAll compares the journals with all that the bus holds. Default: with
	// what it holds since the newest checkpoint.
	CompareAll bool
	// Telemetry takes the logs, traces and metrics of the process.
	Telemetry *telemetry.Telemetry
	// Routes are served beside those of the services. Default: none.
	Routes map[string]http.Handler
	// Draining is called when the process takes no requests any more: a handler that lasts
	// ends then. It may be called twice. Default: nothing is.
	Draining func()
	// Progress gets how far each image is filled. The services take turns, since
	// they start side by side; calls do not overlap. Default: nothing gets it.
	Progress func(service string, done, total int64)
	// Engines says what is wrong with the engines in the process, in words that
	// operators may read. Default: there are no engines.
	Engines func() error
	// Clock gives the time. Default: the wall clock.
	Clock func() time.Time
	// ReadBack reads every event back before it is appended, also one that no
	// person caused. Default: only those of people. It is for tests.
	ReadBack bool
}

// Host is a process with one service or more.
type Host struct {
	// API is the address at which the operations are served, Admin that of
	// health and metrics.
	API, Admin net.Addr

	logger     *slog.Logger
	named      *telemetry.Named
	lameDuck   time.Duration
	engines    func() error
	units      []*Unit
	verifier   *identity.Verifier
	mongo      *mongo.Client
	api, admin *http.Server
	listeners  Listeners
	serving    chan error // how serving the API ended
	// routes are what the API serves now.
	routes atomic.Pointer[http.Handler]
	state  state
	// looking bounds how often operators look at the way of a referral.
	looking *rate.Limiter
}

// How long each step of stopping may take.
const (
	drainHTTP = 15 * time.Second
	drainBus  = 20 * time.Second
	drainRest = 10 * time.Second
)

// Open starts the services of a process and returns when they can answer. Until
// then every request gets not_ready. Run closes the host.
func Open(ctx context.Context, cfg Config, opts Options, rooms ...Room) (*Host, error) {
	h := &Host{logger: opts.Telemetry.Logger, named: telemetry.NewNamed(opts.Telemetry.Registry), lameDuck: cfg.LameDuck, engines: opts.Engines, serving: make(chan error, 1), looking: rate.NewLimiter(looksPerSecond, looksAtOnce)}
	if err := h.open(ctx, cfg, opts, rooms); err != nil {
		return nil, errors.Join(err, h.close(context.WithoutCancel(ctx)))
	}
	return h, nil
}

func (h *Host) open(ctx context.Context, cfg Config, opts Options, rooms []Room) error {
	// Listeners come first: an address that is taken is reported early, and a probe
	// or a desk that asks before the images are filled gets an answer.
	if err := h.listen(ctx, cfg, opts); err != nil {
		return err
	}
	deps, err := h.connect(cfg, opts)
	if err != nil {
		return err
	}
	routes := []map[string]http.Handler{opts.Routes}
	var names []string
	for _, room := range rooms {
		u := room(deps)
		h.units = append(h.units, u)
		routes = append(routes, u.routes())
		names = append(names, u.name)
	}
	pages, err := edge.Docs(opts.Contracts, docs.Files, names...)
	if err != nil {
		return fmt.Errorf("read contracts: %w", err)
	}
	routes = append(routes, pages)
	if err := h.start(ctx, opts.Progress); err != nil {
		return err
	}
	for _, u := range h.units {
		if err := u.Book.Doubt(ctx); err != nil {
			return fmt.Errorf("start %s: %w", u.name, err)
		}
	}
	h.serve(edge.Join(opts.Telemetry.TracerProvider, routes...))
	return nil
}

// start starts the services side by side: most of it is to read and to decrypt,
// and each has a journal of its own. The first that cannot start stops the
// others.
func (h *Host) start(ctx context.Context, progress func(service string, done, total int64)) error {
	var telling sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range h.units {
		g.Go(func() error {
			err := u.start(ctx, func(done, total int64) {
				if progress != nil {
					telling.Lock()
					defer telling.Unlock()
					progress(u.name, done, total)
				}
			})
			if err != nil {
				return fmt.Errorf("start %s: %w", u.name, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// serve puts other routes behind the address of the API.
func (h *Host) serve(routes http.Handler) { h.routes.Store(&routes) }

// connect connects to the database and the bus. The database must be there; the bus
// may come later.
func (h *Host) connect(cfg Config, opts Options) (Deps, error) {
	keyset, err := seal.ReadKeyset(cfg.KeysetFile)
	if err != nil {
		return Deps{}, fmt.Errorf("read keyset: %w", err)
	}
	verifier := opts.Verifier
	if verifier == nil {
		verifier, err = identity.NewVerifier(identity.Config{
			Issuer: cfg.Issuer, Audience: cfg.Audience, JWKSURL: cfg.JWKSURL, JWKSFile: cfg.JWKSFile, Logger: opts.Telemetry.Logger,
		})
		if err != nil {
			return Deps{}, fmt.Errorf("identity provider: %w", err)
		}
	}
	h.verifier = verifier
	// The URI comes first, so that it does not override the options that say how to
	// reach its host.
	h.mongo, err = mongo.Connect(append([]*options.ClientOptions{
		options.Client().ApplyURI(cfg.MongoURI).SetMonitor(opts.Telemetry.MongoMonitor()),
	}, opts.Mongo...)...)
	if err != nil {
		return Deps{}, fmt.Errorf("connect to the database: %w", err)
	}
	clock := opts.Clock
	if clock == nil {
		clock = time.Now
	}
	notices := cfg.Notices
	if notices.PublicURL == "" && notices.Dir != "" {
		notices.PublicURL = "http://" + h.API.String()
	}
	notifier, err := notify.New(notices, opts.Telemetry.Registry, clock)
	if err != nil {
		return Deps{}, fmt.Errorf("notices: %w", err)
	}
	programmes, err := cfg.ReadProgrammes()
	if err != nil {
		return Deps{}, err
	}
	for _, f := range programmes.Refused {
		opts.Telemetry.Logger.Error("a version of a programme is refused, and the one before goes on", slog.String("fault", f.String()))
	}
	watchProgrammes(opts.Telemetry.Registry, programmes)
	store, err := vault.Open(cfg.Files)
	if err != nil {
		return Deps{}, fmt.Errorf("files: %w", err)
	}
	return Deps{
		Files:      store,
		Programmes: programmes.Set, Agreed: cfg.Agreed(programmes), Training: cfg.Mode == Training,
		Mongo: h.mongo, NATSURL: cfg.NATSURL, NATS: cfg.reach(opts.NATS), Keyset: keyset, Verifier: verifier, Contracts: opts.Contracts,
		Tracing: opts.Telemetry.Tracing, Registerer: h.named, Logger: opts.Telemetry.Logger,
		Clock: clock, ReadBack: opts.ReadBack, Notifier: notifier, Replicas: cfg.NATSReplicas, EventsAge: cfg.EventsAge(),
		CheckpointDir: cfg.CheckpointDir, Alone: opts.Alone, CompareAll: opts.CompareAll,
		RatePerSecond: cfg.RatePerSecond, AnonymousPerSecond: cfg.AnonymousPerSecond,
	}, nil
}

func (h *Host) listen(ctx context.Context, cfg Config, opts Options) error {
	h.listeners = opts.Listeners
	if h.listeners.API == nil {
		var err error
		if h.listeners, err = Listen(ctx, cfg); err != nil {
			return err
		}
	}
	h.API, h.Admin = h.listeners.API.Addr(), h.listeners.Admin.Addr()
	h.serve(edge.Closed(opts.Telemetry.TracerProvider))
	routes := func(w http.ResponseWriter, r *http.Request) {
		if cfg.Mode == Training {
			w.Header().Set("Sanad-Mode", string(Training))
		}
		if h.state.leaving.Load() {
			// The next request takes a new connection, which the proxy opens to another
			// process. A connection that is closed between two requests may lose one.
			w.Header().Set("Connection", "close")
		}
		(*h.routes.Load()).ServeHTTP(w, r)
	}
	h.api = &http.Server{Handler: http.HandlerFunc(routes), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(discard{}, slog.LevelDebug)}
	if opts.Draining != nil {
		h.api.RegisterOnShutdown(opts.Draining)
	}
	h.admin = &http.Server{Handler: h.health(opts.Telemetry.Registry, h.named), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second}
	go func() { h.serving <- h.api.Serve(h.listeners.API) }()
	go func() { _ = h.admin.Serve(h.listeners.Admin) }()
	return nil
}

// Run serves until ctx is done, then stops in order: it is not ready and still
// answers (Config.LameDuck), takes no new requests, those under way finish, the
// bus drains, the journals close. Its error says which step failed.
func (h *Host) Run(ctx context.Context) error {
	// What drains outlives the context that ends.
	after := context.WithoutCancel(ctx)
	busCtx, stopBus := context.WithCancel(after)
	defer stopBus()
	g, gctx := errgroup.WithContext(busCtx)
	for _, u := range h.units {
		g.Go(func() error {
			if err := u.run(gctx); err != nil {
				return fmt.Errorf("%s: %w", u.name, err)
			}
			return nil
		})
	}
	h.state.ready.Store(true)
	h.logger.Info("serving", slog.String("addr", h.API.String()))

	var errs error
	select {
	case <-ctx.Done():
		errs = h.leave(gctx)
	case <-gctx.Done():
	case err := <-h.serving:
		errs = fmt.Errorf("serve: %w", err)
	}
	h.state.ready.Store(false)
	h.logger.Info("draining")
	errs = errors.Join(errs, step(after, drainHTTP, "finish requests", h.api.Shutdown))
	stopBus()
	errs = errors.Join(errs, step(after, drainBus, "drain the bus", func(ctx context.Context) error {
		done := make(chan error, 1)
		go func() { done <- g.Wait() }()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}))
	return errors.Join(errs, h.close(after))
}

// leave says that the process is not ready, and still answers for a while: who sends
// requests learns that it stops from the probe, and that takes time. What has
// failed does not wait.
func (h *Host) leave(failed context.Context) error {
	h.state.ready.Store(false)
	if h.lameDuck <= 0 {
		return nil
	}
	h.state.leaving.Store(true)
	h.logger.Info("not ready, and still answering", slog.Duration("for", h.lameDuck))
	wait := time.NewTimer(h.lameDuck)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-failed.Done():
	case err := <-h.serving:
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// StopsWithin is the longest time that a process of one service takes to stop,
// with any setting. Who ends it by force must wait for longer.
func StopsWithin() time.Duration {
	// Behind the bus these close: the API, the service, the database, the admin
	// address and the telemetry.
	return longestLameDuck + drainHTTP + drainBus + 5*drainRest
}

// close lets go of everything that was opened, in the opposite order.
func (h *Host) close(ctx context.Context) error {
	var errs error
	if h.api != nil { // Run has stopped it already
		errs = step(ctx, drainRest, "close the API", h.api.Shutdown)
	}
	for _, u := range h.units {
		errs = errors.Join(errs, step(ctx, drainRest, "close "+u.name, u.close))
	}
	if h.mongo != nil {
		errs = errors.Join(errs, step(ctx, drainRest, "leave the database", h.mongo.Disconnect))
	}
	if h.admin != nil {
		errs = errors.Join(errs, step(ctx, drainRest, "close admin", h.admin.Shutdown))
	}
	h.listeners.Close()
	return errs
}

func step(ctx context.Context, limit time.Duration, name string, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := do(ctx); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
