package service

import (
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/secret"
)

// reach is how the services of a process reach the bus: as given, or as the
// configuration says.
func (c Config) reach(given func(string) ([]nats.Option, error)) func(string) ([]nats.Option, error) {
	if given != nil {
		return given
	}
	return func(string) ([]nats.Option, error) {
		if _, err := secret.Read(c.NATSSeedFile); err != nil {
			return nil, fmt.Errorf("SANAD_NATS_SEED_FILE: %w", err)
		}
		as, err := bus.As(c.NATSSeedFile)
		if err != nil {
			return nil, err
		}
		return append(c.Trust(), as), nil
	}
}

// Trust gives the options by which a client verifies the bus.
func (c Config) Trust() []nats.Option {
	if c.NATSCAFile == "" {
		return nil
	}
	return []nats.Option{nats.RootCAs(c.NATSCAFile)}
}

// Parts finds out from the rooms what their services do on the bus. It opens
// nothing.
func Parts(contracts fs.FS, rooms ...Room) ([]bus.Part, error) {
	var parts []bus.Part
	for _, room := range rooms {
		u, err := plan(contracts, room)
		if err != nil {
			return nil, err
		}
		parts = append(parts, u.bus.Part())
	}
	return parts, nil
}

// Catalogue finds out from a room which events its service reads and writes. It
// opens nothing.
func Catalogue(contracts fs.FS, room Room) (event.Catalogue, error) {
	u, err := plan(contracts, room)
	if err != nil {
		return event.Catalogue{}, err
	}
	return u.catalogue, nil
}

// plan makes a service that is only looked at.
func plan(contracts fs.FS, room Room) (*Unit, error) {
	u := room(Deps{
		Contracts: contracts, Registerer: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
		Tracing: func(string) trace.TracerProvider { return noop.NewTracerProvider() }, Clock: time.Now,
	})
	if u.errs != nil {
		return nil, fmt.Errorf("%s: %w", u.name, u.errs)
	}
	return u, nil
}
