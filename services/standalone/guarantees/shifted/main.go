// Command shifted is the network under a clock of its own, for tests that kill
// it and let days pass before it comes back. No command of the project takes a
// clock from outside; this one is built by tests alone. It is one service too, of the
// five that a network runs. Afterwards it tells what a journal holds.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

func main() {
	dir := flag.String("data", "", "where the network keeps its data")
	api := flag.String("api", "", "address of the API")
	admin := flag.String("admin", "", "address of health and metrics")
	bus := flag.String("bus", "", "address of the bus")
	shift := flag.Duration("shift", 0, "how far the clock is ahead of the machine's")
	stands := flag.String("stands", "", "the instant (RFC 3339) at which the clock stands instead")
	only := flag.String("service", "", "be this service alone, with the settings of the environment")
	tell := flag.String("tell", "", "print the journal of a service instead")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	clock := func() time.Time { return time.Now().Add(*shift) }
	still, err := time.Parse(time.RFC3339Nano, *stands)
	if *stands != "" {
		clock = func() time.Time { return still }
	} else {
		err = nil
	}
	switch {
	case err != nil:
	case *tell != "":
		err = history(ctx, *dir, *tell, os.Stdout)
	case *only != "":
		err = alone(ctx, *only, clock)
	default:
		err = run(ctx, network.Config{
			TrustFund: true, Dir: *dir, NATSAddr: *bus,
			Clock: clock,
			Service: service.Config{
				Mode:     service.Training,
				HTTPAddr: *api, AdminAddr: *admin, NATSReplicas: 1, TraceSample: 1, RatePerSecond: 1_000_000,
			},
		})
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "shifted:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cfg network.Config) (err error) {
	tel, flush, err := telemetry.New(ctx, telemetry.Config{Service: "standalone", Writer: os.Stderr})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, flush(context.WithoutCancel(ctx))) }()
	cfg.Telemetry = tel
	n, err := network.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return n.Run(ctx)
}

// alone runs one service, as its own command does, under the clock.
func alone(ctx context.Context, name string, clock func() time.Time) (err error) {
	cfg, err := service.ReadConfig(ctx, os.Environ())
	if err := errors.Join(err, cfg.Validate()); err != nil {
		return err
	}
	tel, flush, err := telemetry.New(ctx, telemetry.Config{Service: name, Writer: os.Stderr, Level: cfg.LogLevel})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, flush(context.WithoutCancel(ctx))) }()
	host, err := service.Open(ctx, cfg, service.Options{Contracts: api.Files, Telemetry: tel, Clock: clock}, network.Rooms[name])
	if err != nil {
		return err
	}
	return host.Run(ctx)
}

// line is one commit as it is told.
type line struct {
	Record  string            `json:"record"`
	Version uint64            `json:"version"`
	At      time.Time         `json:"at"`
	Types   []string          `json:"types"`
	Data    []json.RawMessage `json:"data"`
}

// history prints the commits of a service's journal.
func history(ctx context.Context, dir, name string, out io.Writer) (err error) {
	m, err := embedded.Mongo(network.DatabaseDir(dir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	client, err := m.Connect()
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	keyset, err := seal.ReadKeyset(filepath.Join(network.KeysDir(dir), network.KeysetFile))
	if err != nil {
		return err
	}
	db := client.Database("sanad_" + name)
	keys, err := seal.Open(ctx, db.Collection("keys"), keyset, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	j, err := journal.Open(ctx, journal.Config{
		Database: db, Keys: keys, Service: name, Alone: true, Registerer: prometheus.NewRegistry(),
		Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close(ctx)) }()
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	err = j.Replay(ctx, func(c *journal.Commit) error {
		l := line{Record: c.Record, Version: c.Version, At: c.At}
		for _, e := range c.Events {
			l.Types, l.Data = append(l.Types, e.Type), append(l.Data, e.Data)
		}
		return enc.Encode(l)
	}, nil)
	return errors.Join(err, w.Flush())
}
