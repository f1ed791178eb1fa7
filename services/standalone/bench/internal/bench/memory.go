package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/sanad-network/sanad/services/referral/measure"
)

// Memory is how much room the network's memory takes.
type Memory struct {
	// Referrals is how many were weighed at a time.
	Referrals int `json:"referrals"`
	// Open is the live bytes of a referral that somebody works on, in its room,
	// with its places in all lists; Closed those of one that was closed long ago.
	// Of the process that served them and the one that read them at its start, the
	// worse counts.
	Open   Aim `json:"open_bytes"`
	Closed Aim `json:"closed_bytes"`
	// Running is the most that Go's runtime held of the machine's memory while the
	// whole network worked at full load, Start the most while it was started on
	// what that left, both in millions of bytes and with the engines of an office
	// that are in the process. Peak is the second divided by the first.
	Running float64 `json:"running_peak_mb"`
	Start   float64 `json:"start_peak_mb"`
	Peak    Aim     `json:"start_by_running"`
}

// Aim is a figure and what it should stay under.
type Aim struct {
	Value float64 `json:"value"`
	Bar   float64 `json:"bar"`
	Met   bool    `json:"met"`
}

func under(bar, value float64) Aim { return Aim{Value: value, Bar: bar, Met: value < bar} }

// measureMemory weighs referrals, and then lets the network work off as many and
// starts it again.
func measureMemory(ctx context.Context, dir string, referrals int) (*Memory, error) {
	live, err := measure.Live(ctx, referrals)
	if err != nil {
		return nil, fmt.Errorf("weigh referrals: %w", err)
	}
	m := &Memory{
		Referrals: referrals,
		Open:      under(2_000, max(live.Running.Open, live.Started.Open)),
		Closed:    under(300, max(live.Running.Closed, live.Started.Closed)),
	}
	if m.Running, err = held(func() (*sanad, error) { return work(ctx, dir, referrals) }); err != nil {
		return nil, fmt.Errorf("work: %w", err)
	}
	if m.Start, err = held(func() (*sanad, error) { return openSanad(ctx, dir, "", nil) }); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	m.Peak = under(1.3, m.Start/m.Running)
	return m, nil
}

// work runs the flow as often as told, with as many clients as flows are
// compared at.
func work(ctx context.Context, dir string, runs int) (*sanad, error) {
	s, err := openSanad(ctx, dir, "", nil)
	if err != nil {
		return nil, err
	}
	if err = prepared(ctx, s, runs); err == nil {
		_, err = closed(ctx, s, barClients, time.Hour)
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// held is the most that Go's runtime holds while something is done, from as
// little as it can do with.
func held(do func() (*sanad, error)) (millions float64, err error) {
	debug.FreeOSMemory()
	peak := watchHeld()
	s, err := do()
	most := peak()
	if err != nil {
		return 0, err
	}
	return float64(most) / 1e6, s.close()
}

// watchHeld watches how much memory the runtime has and has not given back,
// until the peak is asked for.
func watchHeld() (peak func() uint64) {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	done := make(chan struct{})
	var most uint64
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(s)
			most = max(most, s[0].Value.Uint64()-s[1].Value.Uint64())
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	})
	return func() uint64 {
		close(done)
		wg.Wait()
		return most
	}
}

func (m *Memory) print(out io.Writer) {
	fmt.Fprintf(out, "live bytes of a referral, of %d: open in its room with all lists %.0f (bar: under %.0f): %s; closed %.0f (bar: under %.0f): %s\n",
		m.Referrals, m.Open.Value, m.Open.Bar, verdict(m.Open.Met), m.Closed.Value, m.Closed.Bar, verdict(m.Closed.Met))
	fmt.Fprintf(out, "memory that the runtime held at most: %.0f MB at work, %.0f MB at the start after it, %.2f times (bar: under %.1f): %s\n",
		m.Running, m.Start, m.Peak.Value, m.Peak.Bar, verdict(m.Peak.Met))
}
