package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// errExhausted says that nothing is prepared any more.
var errExhausted = errors.New("nothing is prepared")

// patience is how long runs may take beyond the measured time. A run that has
// not ended by then was lost.
const patience = 30 * time.Second

// Figures are what was measured.
type Figures struct {
	PerSecond float64 `json:"per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	// CPU is the processor time of the whole process for one run: unlike the
	// rate it does not depend on the disk.
	CPU    float64 `json:"cpu_us_per_flow"`
	Allocs float64 `json:"allocs_per_flow"`
	// Live is what a collection of garbage leaves of the heap right after the
	// measurement, Peak the most memory that the process took from the system
	// during it, garbage and what its stores have of their own included. Both in
	// millions of bytes; a peak of 0 is not known.
	Live float64 `json:"live_mb"`
	Peak float64 `json:"peak_mb"`
}

// closed lets clients run one after another each, until time is up or nothing
// is prepared. What has begun is waited for.
func closed(ctx context.Context, f flow, clients int, d time.Duration) (Figures, error) {
	ctx, cancel := context.WithTimeout(ctx, d+patience)
	defer cancel()
	took := make([][]time.Duration, clients)
	return measured(func(began time.Time) ([]time.Duration, error) {
		g, ctx := errgroup.WithContext(ctx)
		for c := range clients {
			g.Go(func() error {
				for start := time.Now(); start.Sub(began) < d; start = time.Now() {
					end, err := f.run(ctx)
					if errors.Is(err, errExhausted) {
						return nil
					}
					if err != nil {
						return fmt.Errorf("run: %w", err)
					}
					took[c] = append(took[c], end.Sub(start))
				}
				return nil
			})
		}
		err := g.Wait()
		return slices.Concat(took...), err
	})
}

// open begins runs at fixed instants, whether those before have ended or not.
// A run counts from the instant at which it should have begun.
func open(ctx context.Context, f flow, perSecond float64, d time.Duration) (Figures, error) {
	ctx, cancel := context.WithTimeout(ctx, d+patience)
	defer cancel()
	return measured(func(began time.Time) ([]time.Duration, error) {
		took := make([]time.Duration, int(perSecond*d.Seconds()))
		g, ctx := errgroup.WithContext(ctx)
		for i := range took {
			due := began.Add(time.Duration(float64(i) / perSecond * float64(time.Second)))
			time.Sleep(time.Until(due))
			g.Go(func() error {
				end, err := f.run(ctx)
				took[i] = end.Sub(due)
				return err
			})
		}
		return took, g.Wait()
	})
}

// measured runs a load and makes figures of it.
func measured(load func(began time.Time) ([]time.Duration, error)) (Figures, error) {
	peak := watchPeak()
	before := used()
	began := time.Now()
	took, err := load(began)
	elapsed := time.Since(began)
	after := used()
	most := peak()
	if err != nil {
		return Figures{}, err
	}
	if len(took) == 0 {
		return Figures{}, errExhausted
	}
	slices.Sort(took)
	return Figures{
		PerSecond: float64(len(took)) / elapsed.Seconds(),
		P50:       milliseconds(quantile(took, 0.50)),
		P99:       milliseconds(quantile(took, 0.99)),
		CPU:       float64((after.processor - before.processor).Microseconds()) / float64(len(took)),
		Allocs:    float64(after.mallocs-before.mallocs) / float64(len(took)),
		Live:      float64(liveHeap()) / 1e6,
		Peak:      float64(most) / 1e6,
	}, nil
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// arrivals lets the clients wait for the ends of what they began.
type arrivals[K comparable] struct {
	mu      sync.Mutex
	waiting map[K]chan time.Time
}

func newArrivals[K comparable]() *arrivals[K] {
	return &arrivals[K]{waiting: map[K]chan time.Time{}}
}

// expect is called before what it waits for can happen.
func (a *arrivals[K]) expect(key K) <-chan time.Time {
	ch := make(chan time.Time, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting[key] = ch
	return ch
}

// arrived tells who waits for it, once; a repetition is nobody's.
func (a *arrivals[K]) arrived(key K) {
	now := time.Now()
	a.mu.Lock()
	ch := a.waiting[key]
	delete(a.waiting, key)
	a.mu.Unlock()
	if ch != nil {
		ch <- now
	}
}

// await waits for an end.
func await(ctx context.Context, end <-chan time.Time) (time.Time, error) {
	select {
	case at := <-end:
		return at, nil
	case <-ctx.Done():
		return time.Time{}, fmt.Errorf("wait for the end: %w", context.Cause(ctx))
	}
}
