// Package bench measures the network against others that do the same work: what
// a careful engineer writes by hand, what they write with Watermill, both on the
// same stores, and what they write with River, on PostgreSQL. The floor, which
// does nothing but insert and publish, is kept so that old reports can be read
// beside new ones. The package measures and reports; it refuses to judge: a bar
// that is missed is a line of the report, not an error.
//
// All flows run in one process, one after the other, each on stores of its own
// in a fresh directory. Processor time, allocations and memory are those of the
// process: the stores and the clients are in them, in every row alike. Only
// River's server is a process of its own, whose costs are in no column.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"
)

// Config says what is measured.
type Config struct {
	// Dir takes the stores of each row, which are removed after it.
	Dir string
	// Flows are those of Flows that are measured, Clients how many at once.
	Flows   []string
	Clients []int
	// Duration is how long a row is measured.
	Duration time.Duration
	// History is the larger number of commits after which a command is
	// measured, and with which the network is started. Zero leaves out both,
	// and the measurement at half of the peak rate.
	History int
	// Open is how many open referrals the long worklist has; the large
	// directory has a fifth as many services, as many referrals are weighed, and
	// ten times as many cases are counted. Zero leaves out worklists, deadlines,
	// the directory, figures and memory.
	Open int
	// PostgresURI names the server on which River's flow is measured. Empty leaves
	// that flow out.
	PostgresURI string
	// MongoURI names a server of MongoDB's protocol on which a start is measured
	// as well. It must hold nothing of a network. Empty leaves it out.
	MongoURI string
	// Profile is called before the measured part of a row, and what it gives
	// after it. It may be nil.
	Profile func(flow string, clients int) (stop func() error, err error)
}

// The flows that can be measured.
const (
	Floor          = "floor"
	Bare           = "bare"
	Sanad          = "sanad"
	Watermill      = "watermill"
	WatermillTuned = "watermill-tuned"
	River          = "river"
)

// Flows are all flows, in the order of the table.
var Flows = []string{Floor, Bare, Sanad, Watermill, WatermillTuned, River}

// flow is one way to carry a request from a client in the first service to a
// document in the second.
type flow interface {
	// prepare makes ready what a number of runs need.
	prepare(ctx context.Context, runs int) error
	// run carries one request to its end, and tells when that was. It may be
	// called at once by many. It gives errExhausted when nothing is prepared.
	run(ctx context.Context) (time.Time, error)
	close() error
}

// lacks says what a flow needs and has not been given; empty: nothing.
func (cfg Config) lacks(name string) string {
	if name == River && cfg.PostgresURI == "" {
		return "SANAD_BENCH_POSTGRES_URI names no server"
	}
	return ""
}

// openFlow starts a flow on stores in a directory.
func openFlow(ctx context.Context, cfg Config, name, dir string, like sample) (flow, error) {
	switch name {
	case Floor:
		return openFloor(ctx, dir, like)
	case Bare:
		return openBare(ctx, dir, like)
	case Sanad:
		return openSanad(ctx, dir, "", nil)
	case Watermill:
		return openWatermill(ctx, dir, like, false)
	case WatermillTuned:
		return openWatermill(ctx, dir, like, true)
	case River:
		return openRiver(ctx, cfg.PostgresURI, like)
	default:
		return nil, fmt.Errorf("no flow is named %q", name)
	}
}

// Run measures and prints each line of the report when it is known.
func Run(ctx context.Context, cfg Config, out io.Writer) (*Report, error) {
	r := &Report{Machine: Machine{CPUs: runtime.NumCPU(), Go: runtime.Version()}}
	like, err := inDir(cfg.Dir, func(dir string) (sample, error) { return takeSample(ctx, dir) })
	if err != nil {
		return nil, fmt.Errorf("look at sanad's commits: %w", err)
	}
	r.Sizes = Sizes{Request: len(like.first), Referral: len(like.second), Event: like.event, Outcome: like.outcome}
	r.head(out)
	for _, name := range cfg.Flows {
		if lack := cfg.lacks(name); lack != "" {
			r.leaveOut(name, lack, out)
			continue
		}
		for _, clients := range cfg.Clients {
			row, err := inDir(cfg.Dir, func(dir string) (Row, error) {
				return measureRow(ctx, cfg, name, clients, dir, like)
			})
			if err != nil {
				return nil, fmt.Errorf("%s with %d clients: %w", name, clients, err)
			}
			r.Rows = append(r.Rows, row)
			row.print(out)
		}
	}
	r.compare()
	r.printBars(out)
	if slices.Contains(cfg.Flows, Sanad) {
		if r.Match, err = measureMatch(cfg.Duration); err != nil {
			return nil, err
		}
		r.Match.print(out)
		if r.Blocks, err = inDir(cfg.Dir, func(dir string) (*Blocks, error) { return measureBlocks(ctx, dir) }); err != nil {
			return nil, fmt.Errorf("with a block and without: %w", err)
		}
		r.Blocks.print(out)
		if cfg.Open > 0 {
			if r.Tables, err = measureTables(10 * cfg.Open); err != nil {
				return nil, err
			}
			r.Tables.print(out)
			if r.Pages, err = measurePages(ctx, cfg.Open/5, cfg.Duration); err != nil {
				return nil, err
			}
			r.Pages.print(out)
			if r.Loop, err = inDir(cfg.Dir, func(dir string) (*Loop, error) { return measureLoop(ctx, dir, cfg.Open) }); err != nil {
				return nil, fmt.Errorf("worklists and deadlines: %w", err)
			}
			r.Loop.print(out)
			if r.Unwatched, err = inDir(cfg.Dir, func(dir string) (*Unwatched, error) { return measureUnwatched(ctx, dir, cfg.Duration) }); err != nil {
				return nil, fmt.Errorf("the desk at rest: %w", err)
			}
			r.Unwatched.print(out)
			if r.Memory, err = inDir(cfg.Dir, func(dir string) (*Memory, error) { return measureMemory(ctx, dir, cfg.Open/5) }); err != nil {
				return nil, fmt.Errorf("memory: %w", err)
			}
			r.Memory.print(out)
		}
	}
	if cfg.History == 0 || !slices.Contains(cfg.Flows, Sanad) {
		return r, nil
	}
	return r, endure(ctx, cfg, r, out)
}

// inDir lends a fresh directory.
func inDir[T any](under string, do func(dir string) (T, error)) (T, error) {
	dir, err := os.MkdirTemp(under, "row-")
	if err != nil {
		var none T
		return none, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return do(filepath.Join(dir, "data"))
}

// measureRow measures one flow at one number of clients.
func measureRow(ctx context.Context, cfg Config, name string, clients int, dir string, like sample) (row Row, err error) {
	f, err := openFlow(ctx, cfg, name, dir, like)
	if err != nil {
		return Row{}, err
	}
	defer func() {
		if e := f.close(); err == nil {
			err = e
		}
	}()
	if err := warm(ctx, f, clients, cfg.Duration); err != nil {
		return Row{}, err
	}
	stop := func() error { return nil }
	if cfg.Profile != nil {
		if stop, err = cfg.Profile(name, clients); err != nil {
			return Row{}, err
		}
	}
	m, err := closed(ctx, f, clients, cfg.Duration)
	if e := stop(); err == nil {
		err = e
	}
	return Row{Flow: name, Clients: clients, Figures: m}, err
}

// warm runs a flow until its speed is known, and prepares what the measurement
// of a duration needs and a third more.
func warm(ctx context.Context, f flow, clients int, d time.Duration) error {
	debug.FreeOSMemory() // or the peak is that of whatever came before
	runs := 50 * clients
	if err := prepared(ctx, f, runs); err != nil {
		return err
	}
	m, err := closed(ctx, f, clients, d/5)
	if err != nil {
		return err
	}
	return prepared(ctx, f, max(runs, int(m.PerSecond*d.Seconds()*4/3)))
}

// prepared makes runs ready, and waits until what that left behind is done.
func prepared(ctx context.Context, f flow, runs int) error {
	if err := f.prepare(ctx, runs+1); err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	return settled(ctx, f)
}

// settled waits until nothing is under way: the bus delivers in order, so a run
// that has ended was behind everything.
func settled(ctx context.Context, f flow) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if _, err := f.run(ctx); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	runtime.GC()
	return nil
}
