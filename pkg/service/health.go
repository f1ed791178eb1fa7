package service

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sanad-network/sanad/pkg/telemetry"
)

// state is where a process is in its life: ready says that it may be sent
// requests, leaving that it still answers those that come.
type state struct{ ready, leaving atomic.Bool }

// health serves operators: /livez says that the process runs, /readyz that its
// services can do their work, /metrics what is measured. What is stuck, and
// what is decided about it, is there too (operators).
//
// /readyz names a bus that is away and does not fail for it: a front desk opens
// cases without the bus, and an orchestrator would take the address away from a
// service that is not ready.
func (h *Host) health(registry *prometheus.Registry, named *telemetry.Named) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := h.Ready(ctx); err != nil {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			h.tellLag(w)
			return
		}
		h.tellLag(w)
		_, _ = w.Write([]byte("ok\n"))
	})
	h.operators(mux)
	all := promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true, Registry: registry})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		if asked := r.URL.Query()["name[]"]; len(asked) > 0 {
			promhttp.HandlerFor(named.Of(asked...), promhttp.HandlerOpts{EnableOpenMetrics: true}).ServeHTTP(w, r)
			return
		}
		all.ServeHTTP(w, r)
	})
	return mux
}

// tellLag writes what is wrong with the bus, a line for each thing. The texts name
// streams and no record.
func (h *Host) tellLag(w http.ResponseWriter) {
	if !h.state.ready.Load() {
		return
	}
	if h.engines != nil {
		if err := h.engines(); err != nil {
			_, _ = w.Write([]byte("engines: " + err.Error() + "\n"))
		}
	}
	for _, u := range h.units {
		if err := u.lag(); err != nil {
			for line := range strings.Lines(err.Error()) {
				_, _ = w.Write([]byte(u.name + ": " + strings.TrimSuffix(line, "\n") + "\n"))
			}
		}
	}
}

var errStarting = errors.New("starting or stopping")

// Ready says whether all services of the process can do their work.
func (h *Host) Ready(ctx context.Context) error {
	if !h.state.ready.Load() {
		return errStarting
	}
	var errs error
	for _, u := range h.units {
		errs = errors.Join(errs, u.ready(ctx))
	}
	return errs
}

// discard drops what net/http logs about broken connections, since it names
// addresses.
type discard struct{ slog.Handler }

// Enabled says that nothing is.
func (discard) Enabled(context.Context, slog.Level) bool { return false }
