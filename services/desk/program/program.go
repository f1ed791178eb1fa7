// Package program is the desk of a network as a process of its own: it reads settings,
// serves the pages at one address and what operators need at another, and stops in order. It
// holds nothing that outlives it: no database, and no file but the secret of the desk at the
// identity provider and the seed of its bell. On the bus it is an integrator, which changes
// nothing there.
package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	_ "time/tzdata" // the image has no zones

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/desk/internal/oidc"
)

const (
	// drain is for the requests under way: a page waits for a service 20 seconds at most.
	drain = 25 * time.Second
	// rest is for each of the other steps of a stop.
	rest = 5 * time.Second
)

// StopsWithin is the longest time that the program takes to stop, with any setting. Who ends
// it by force must wait for longer.
func StopsWithin() time.Duration { return longestLameDuck + drain + 2*rest }

// Main runs the desk until the process is told to stop. It exits with 1 when it could not
// start or could not stop in order.
func Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		slog.New(slog.NewJSONHandler(os.Stderr, nil)).Error("stopped", slog.String("service", "desk"), slog.String("error", err.Error()))
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	cfg, err := ReadConfig(ctx, os.Environ())
	if err != nil {
		return err
	}
	p, err := Open(ctx, cfg, Options{Logs: os.Stderr})
	if err != nil {
		return err
	}
	return p.Run(ctx)
}

// Options are what a test gives beside the settings.
type Options struct {
	// Logs gets the logs, one JSON object a line. Required.
	Logs io.Writer
	// Transport reaches the identity provider. Default: that of net/http.
	Transport http.RoundTripper
}

// Program is a desk that listens.
type Program struct {
	// Pages and Admin are where it listens.
	Pages, Admin net.Addr

	lameDuck       time.Duration
	logger         *slog.Logger
	provider       *oidc.Provider
	pages, admin   *http.Server
	serving        chan error
	ready, leaving atomic.Bool
	flush          func(context.Context) error
	// drained ends the answers that last.
	drained func()
	bell    *bus.Bell // nil for none
}

// Open makes a desk and listens. Neither a service nor the provider need be there.
func Open(ctx context.Context, cfg Config, opts Options) (*Program, error) {
	names, err := desk.Services()
	if err != nil {
		return nil, err
	}
	five := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == desk.Fund })
	if given := slices.Sorted(maps.Keys(cfg.Services)); !slices.Equal(five, given) && !slices.Equal(names, given) {
		return nil, fmt.Errorf("SANAD_DESK_SERVICES must name %s, and %s where there is one, and no other", strings.Join(five, ", "), desk.Fund)
	}
	for name := range cfg.Admin {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("SANAD_DESK_ADMIN may name %s, and no other", strings.Join(names, ", "))
		}
	}
	key, err := secret.Read(cfg.ClientSecretFile)
	if err != nil {
		return nil, fmt.Errorf("SANAD_OIDC_CLIENT_SECRET_FILE: %w", err)
	}
	tel, flush, err := telemetry.New(ctx, telemetry.Config{
		Service: "desk", OTLPEndpoint: cfg.OTLPEndpoint, Sample: cfg.TraceSample, Writer: opts.Logs, Level: cfg.LogLevel,
	})
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(cfg.Zone)
	if err != nil {
		return nil, errors.New("SANAD_DESK_ZONE is no zone")
	}
	provider, err := oidc.New(oidc.Config{
		Issuer: cfg.Issuer, ClientID: cfg.ClientID, ClientSecret: string(bytes.TrimSpace(key)), RedirectURL: cfg.RedirectURL,
		Audience: cfg.Audience, Scopes: oidc.Scopes(cfg.Scopes), Transport: opts.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("identity provider: %w", err)
	}
	var bell *bus.Bell
	var listen func(context.Context, string) <-chan struct{}
	if cfg.NATSURL != "" {
		if _, err := secret.Read(cfg.NATSSeedFile); err != nil {
			return nil, fmt.Errorf("SANAD_NATS_SEED_FILE: %w", err)
		}
		if bell, err = bus.OpenBell(cfg.NATSURL, cfg.NATSSeedFile, cfg.NATSCAFile, tel.Logger); err != nil {
			return nil, fmt.Errorf("SANAD_NATS_SEED_FILE, SANAD_NATS_CA_FILE: %w", err)
		}
		listen = bell.Listen
	}
	drained, end := context.WithCancel(context.WithoutCancel(ctx))
	pages, err := desk.Pages(desk.Config{
		Base:  func(service string) string { return cfg.Services[service] },
		Admin: func(service string) string { return cfg.Admin[service] }, Audience: cfg.Audience, Provider: provider, Zone: zone, Behind: cfg.BehindProxy, Training: cfg.Mode == "training",
		ConsentTexts: cfg.ConsentTexts, Bell: listen, Done: drained.Done(), Logger: tel.Logger, Tracer: tel.TracerProvider, Registerer: tel.Registry,
	})
	p := &Program{lameDuck: cfg.LameDuck, logger: tel.Logger, provider: provider, serving: make(chan error, 1), flush: flush, drained: end, bell: bell}
	if err == nil {
		err = p.listen(ctx, cfg, pages, tel.Registry)
	}
	if err != nil {
		end()
		p.silence()
		return nil, err
	}
	return p, nil
}

// silence ends the bell.
func (p *Program) silence() {
	if p.bell != nil {
		p.bell.Close()
	}
}

func (p *Program) listen(ctx context.Context, cfg Config, desk http.Handler, registry *prometheus.Registry) error {
	pages, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return fmt.Errorf("SANAD_DESK_ADDR: %w", err)
	}
	admin, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.AdminAddr)
	if err != nil {
		return errors.Join(fmt.Errorf("SANAD_ADMIN_ADDR: %w", err), pages.Close())
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", http.RedirectHandler("/desk/", http.StatusSeeOther))
	for _, path := range []string{"/desk", "/desk/", "/console", "/console/"} {
		mux.Handle(path, desk)
	}
	p.Pages, p.Admin = pages.Addr(), admin.Addr()
	// As the services have them. An answer that lasts lifts its deadline itself.
	p.pages = &http.Server{
		Handler: p.last(mux), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	p.admin = &http.Server{
		Handler: p.health(registry), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	go func() { p.serving <- p.pages.Serve(pages) }()
	go func() { _ = p.admin.Serve(admin) }()
	return nil
}

// last tells a client of a desk that stops to take a new connection for its next request: one
// that is closed between two requests may lose one.
func (p *Program) last(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// health serves operators. A provider or a service that is away does not make the desk
// unready: who is signed in works on, and a page says which part does not answer.
func (p *Program) health(registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !p.ready.Load() {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
		if !p.provider.Known() {
			_, _ = w.Write([]byte("provider: it has not answered yet\n"))
		}
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true, Registry: registry}))
	return mux
}

// Run serves until ctx is done, then stops in order: it is not ready and still answers, takes
// no new requests, and those under way finish. Its error says which step failed.
func (p *Program) Run(ctx context.Context) error {
	after := context.WithoutCancel(ctx)
	go func() {
		if err := p.provider.Meet(); err != nil {
			p.logger.Warn("the identity provider does not answer: nobody can sign in until it does", slog.Any("error", err))
		}
	}()
	p.ready.Store(true)
	p.logger.Info("serving", slog.String("addr", p.Pages.String()))
	var errs error
	select {
	case <-ctx.Done():
		errs = p.leave()
	case err := <-p.serving:
		errs = fmt.Errorf("serve: %w", err)
	}
	p.ready.Store(false)
	p.logger.Info("draining")
	p.drained()
	defer p.silence()
	return errors.Join(errs,
		step(after, drain, "finish requests", p.pages.Shutdown),
		p.pages.Close(), // what did not finish
		step(after, rest, "close admin", p.admin.Shutdown),
		step(after, rest, "flush spans", p.flush))
}

func (p *Program) leave() error {
	p.ready.Store(false)
	if p.lameDuck <= 0 {
		return nil
	}
	p.leaving.Store(true)
	wait := time.NewTimer(p.lameDuck)
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case err := <-p.serving:
		return fmt.Errorf("serve: %w", err)
	}
}

func step(ctx context.Context, limit time.Duration, name string, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := do(ctx); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
