// Package desk is the pages of the network: for people who have a browser and nothing else.
// It is a client like any other. It speaks the public APIs with the token of the person who
// sits there, so people see on it what the APIs let them see. It refuses to hold a record,
// to read the content of an event, and to know more than the services tell that person.
package desk

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.1100 generate -log-level error

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/docs"
	client "github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/console"
	"github.com/sanad-network/sanad/services/desk/internal/observe"
	"github.com/sanad-network/sanad/services/desk/internal/session"
	"github.com/sanad-network/sanad/services/desk/internal/site"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// Config is what a desk needs. A field without a default is required.
type Config struct {
	// Base gives the address of each service of the network, without a path.
	Base func(service string) string
	// Admin gives the admin address of each service, without a path, for the console of
	// operators; empty where it is not known. Default: none is known, and the console says so.
	Admin func(service string) string
	// Audience is for whom tokens of this network are made.
	Audience string
	// Code takes a code of the office, once, and gives a token for it (ErrCode). Default:
	// nobody signs in by a code.
	Code func(ctx context.Context, code string) (token string, err error)
	// Provider is where people of a network sign in. Default: nobody does.
	Provider site.Provider
	// Idle is after how long an untouched browser shows nothing any more. Default: 15
	// minutes.
	Idle time.Duration
	// Zone is the zone of people who have chosen none. Default: UTC.
	Zone *time.Location
	// Behind says that a proxy before the desk speaks TLS with the browsers. Default:
	// browsers reach the desk themselves, and plain HTTP counts on this machine alone.
	Behind bool
	// Training has every page say that nothing is real. Default: what pages show is real.
	Training bool
	// Bell rings when an open page of an agency should look again. It says nothing else.
	// Default: open pages look again by themselves, now and then.
	Bell func(ctx context.Context, agency string) <-chan struct{}
	// Done is closed when the server takes no requests any more: what lasts ends then.
	// Default: never.
	Done <-chan struct{}
	// Beat is how often an open page looks again by itself. Default: 30 seconds.
	Beat time.Duration
	// ConsentTexts is a folder with sentences that are read to her, a file for each language;
	// a file takes the place of the one that the desk has of its language. A sentence is read
	// only where its file names who reviewed it, and when. Default: those of the desk alone,
	// which nobody has reviewed.
	ConsentTexts string
	// Texts are the texts of the pages: for tests (desktest). Default: those of the desk.
	Texts  *words.Book
	Logger *slog.Logger
	// Tracer makes the spans of pages and of what they ask. Default: none are made.
	Tracer trace.TracerProvider
	// Registerer takes the metrics. Default: there are none.
	Registerer prometheus.Registerer
	// Clock gives the time. Default: the wall clock.
	Clock func() time.Time
}

// ErrCode says that a code is not known, was used, or is too old.
var ErrCode = site.ErrCode

// Plain is a code as it was made: people type it with spaces, dashes and small letters.
func Plain(code string) string { return site.Plain(code) }

const idle = 15 * time.Minute

// contracts are read once: a network that starts again in a process has the same.
var contracts = sync.OnceValues(func() (*client.Contract, error) { return client.ReadContract(api.Files) })

// Fund is the service that a network without a trust fund does not run.
const Fund = "trust-fund"

// Services names the services that a desk asks.
// Fund is among them.
func Services() ([]string, error) {
	contract, err := contracts()
	if err != nil {
		return nil, fmt.Errorf("read the contracts: %w", err)
	}
	names := map[string]bool{}
	for _, o := range contract.Operations {
		names[o.Service] = true
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// Routes are the paths of the desk, to be served beside those of the services.
func Routes(cfg Config) (map[string]http.Handler, error) {
	pages, err := Pages(cfg)
	if err != nil {
		return nil, err
	}
	return map[string]http.Handler{
		"/desk":              pages,
		"/desk/":             pages,
		"/desk/{rest...}":    pages,
		"/console":           pages,
		"/console/":          pages,
		"/console/{rest...}": pages,
	}, nil
}

// Pages serves /desk and /console, and what is under them.
func Pages(cfg Config) (http.Handler, error) {
	contract, err := contracts()
	if err != nil {
		return nil, fmt.Errorf("read the contracts: %w", err)
	}
	bases := map[string]func() string{}
	for _, o := range contract.Operations {
		bases[o.Service] = func() string { return cfg.Base(o.Service) }
	}
	watch := observe.New(cfg.Registerer, cfg.Tracer)
	asks, err := client.New(contract, bases)
	if err != nil {
		return nil, err
	}
	asks.Watched(watch.Ask)
	if cfg.Texts == nil {
		if cfg.Texts, err = words.Open(); err != nil {
			return nil, fmt.Errorf("read the texts: %w", err)
		}
	}
	consents, err := words.OpenConsents(cfg.ConsentTexts, contract.Operations["giveConsent"].Body)
	if err != nil {
		return nil, fmt.Errorf("read the texts of consents: %w", err)
	}
	if cfg.Idle == 0 {
		cfg.Idle = idle
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	sessions := session.New(cfg.Audience, cfg.Idle, cfg.Clock)
	watch.Sessions(sessions.Count)
	runbooks, err := console.ReadRunbooks(docs.Files, "/console/runbooks/")
	if err != nil {
		return nil, fmt.Errorf("read the runbooks: %w", err)
	}
	admin := console.New(slices.Sorted(maps.Keys(bases)), cfg.Admin, cfg.Clock)
	return site.New(site.Config{
		Admin: admin, Runbooks: runbooks,
		Client: asks, Sessions: sessions, Words: cfg.Texts, Consents: consents, Logger: cfg.Logger,
		Code: cfg.Code, Provider: cfg.Provider, Zone: cfg.Zone, Behind: cfg.Behind, Training: cfg.Training,
		Bell: cfg.Bell, Done: cfg.Done, Beat: cfg.Beat, Clock: cfg.Clock, Watch: watch.Pages,
	}), nil
}
