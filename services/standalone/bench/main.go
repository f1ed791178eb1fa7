// Command bench measures the network against the same flow by hand, on Watermill
// and on River, prints a table and writes it to var/bench.json. That a bar is
// missed is a result, not a failure.
//
// SANAD_DATA is where it works, var if it is not set. SANAD_BENCH_POSTGRES_URI
// names a PostgreSQL server for River's flow, which is left out without one: each
// row makes a schema there and drops it. SANAD_MONGODB_URI names a server of
// MongoDB's protocol on which a start is measured beside the embedded database;
// the network's databases must not be there yet, and are dropped as well.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/bench/internal/bench"
)

func main() {
	// As the services do; it holds for every flow.
	service.UseMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	cfg, quick, profiles, err := read(args)
	if err != nil {
		return err
	}
	data := cmp.Or(os.Getenv("SANAD_DATA"), "var")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	cfg.PostgresURI, cfg.MongoURI = os.Getenv("SANAD_BENCH_POSTGRES_URI"), os.Getenv("SANAD_MONGODB_URI")
	if cfg.Dir, err = os.MkdirTemp(data, "bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(cfg.Dir) }()
	if profiles != "" {
		if err := os.MkdirAll(profiles, 0o700); err != nil {
			return err
		}
		cfg.Profile = profile(profiles)
	}
	if quick {
		fmt.Printf("quick: rows of %s and a history of %d commits, good for trying out and for no claim\n", cfg.Duration, cfg.History)
	}
	report, err := bench.Run(ctx, cfg, os.Stdout)
	if err != nil {
		return err
	}
	return report.Write(filepath.Join(data, "bench.json"))
}

func read(args []string) (cfg bench.Config, quick bool, profiles string, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.DurationVar(&cfg.Duration, "duration", 5*time.Second, "how long each row is measured")
	flags.IntVar(&cfg.History, "history", 100_000, "commits of the long history; 0: measure the table only")
	flags.IntVar(&cfg.Open, "open", 100_000, "open referrals of the long worklist; 0: no worklists, deadlines and directory")
	flags.BoolVar(&quick, "quick", false, "rows of 1 s, a history of 10,000 commits and 10,000 open referrals")
	flows := flags.String("flows", strings.Join(bench.Flows, ","), "which flows")
	clients := flags.String("clients", "1,16,64", "how many clients at once")
	flags.StringVar(&profiles, "profile", "", "directory for profiles of each row")
	if err := flags.Parse(args); err != nil {
		return cfg, false, "", err
	}
	if quick {
		cfg.Duration, cfg.History, cfg.Open = time.Second, min(cfg.History, 10_000), min(cfg.Open, 10_000)
	}
	cfg.Flows = strings.Split(*flows, ",")
	for c := range strings.SplitSeq(*clients, ",") {
		n, err := strconv.Atoi(c)
		if err != nil || n < 1 {
			return cfg, false, "", fmt.Errorf("%q is no number of clients", c)
		}
		cfg.Clients = append(cfg.Clients, n)
	}
	return cfg, quick, profiles, nil
}

// profile writes profiles of each row into a directory: what ran, and what was
// allocated before and up to the end of it (for pprof's -base).
func profile(dir string) func(string, int) (func() error, error) {
	return func(flow string, clients int) (func() error, error) {
		name := filepath.Join(dir, fmt.Sprintf("%s-%d", flow, clients))
		if err := allocs(name + ".allocs.base"); err != nil {
			return nil, err
		}
		cpu, err := os.Create(name + ".cpu")
		if err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, err
		}
		return func() error {
			pprof.StopCPUProfile()
			return errors.Join(cpu.Close(), allocs(name+".allocs"))
		}, nil
	}
}

func allocs(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
}
