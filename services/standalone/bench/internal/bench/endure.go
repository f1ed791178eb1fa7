package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// endure measures what only Sanad has: its answer under half of its peak load,
// the cost of a command as the history grows, and the start on a long history.
func endure(ctx context.Context, cfg Config, r *Report, out io.Writer) error {
	half, err := inDir(cfg.Dir, func(dir string) (HalfPeak, error) { return halfPeak(ctx, dir, r.peak(), cfg.Duration) })
	if err != nil {
		return fmt.Errorf("half of the peak rate: %w", err)
	}
	r.HalfPeak = &half
	half.print(out)
	_, err = inDir(cfg.Dir, func(dir string) (struct{}, error) {
		if r.History, err = history(ctx, dir, []int{1_000, cfg.History}); err != nil {
			return struct{}{}, fmt.Errorf("history: %w", err)
		}
		r.printHistory(out)
		return struct{}{}, r.start(ctx, Embedded, dir, "", out)
	})
	if err != nil || cfg.MongoURI == "" {
		return err
	}
	return borrow(ctx, cfg.MongoURI, func() error {
		_, err := inDir(cfg.Dir, func(dir string) (struct{}, error) {
			if err := fill(ctx, dir, cfg.MongoURI, cfg.History); err != nil {
				return struct{}{}, fmt.Errorf("history on %s: %w", MongoDB, err)
			}
			return struct{}{}, r.start(ctx, MongoDB, dir, cfg.MongoURI, out)
		})
		return err
	})
}

// fill leaves a history of so many commits behind.
func fill(ctx context.Context, dir, uri string, commits int) (err error) {
	s, err := openSanad(ctx, dir, uri, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return s.prepare(ctx, commits/commandsPerCase*len(offers))
}

// start measures a start on what lies in a directory and on an engine.
func (r *Report) start(ctx context.Context, engine, dir, uri string, out io.Writer) error {
	start, err := startUp(ctx, dir, uri, out)
	if err != nil {
		return fmt.Errorf("start on %s: %w", engine, err)
	}
	if r.Start == nil {
		r.Start = map[string]Start{}
	}
	r.Start[engine] = start
	start.print(engine, out)
	return nil
}

// halfPeak sends requests on a fixed schedule.
func halfPeak(ctx context.Context, dir string, peak float64, d time.Duration) (_ HalfPeak, err error) {
	s, err := openSanad(ctx, dir, "", nil)
	if err != nil {
		return HalfPeak{}, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := warm(ctx, s, preparers, d/5); err != nil {
		return HalfPeak{}, err
	}
	rate := peak / 2
	if err := prepared(ctx, s, int(rate*d.Seconds())); err != nil {
		return HalfPeak{}, err
	}
	m, err := open(ctx, s, rate, d)
	return HalfPeak{Offered: rate, Figures: m, Bar: barHalfPeak, Met: m.P99 < barHalfPeak}, err
}

// historyRounds times are measured after each length of history, historyRun
// commands each; the median counts.
const (
	historyRounds = 3
	historyRun    = 2_000
)

// history measures the same commands, of 64 clients, after each length of
// intake's journal: a case is opened and three consents are recorded.
func history(ctx context.Context, dir string, lengths []int) (points []Point, err error) {
	s, err := openSanad(ctx, dir, "", nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	commits := 0
	command := func(n int) (time.Duration, error) {
		began := time.Now()
		cases := n / commandsPerCase
		commits += cases * commandsPerCase
		err := s.prepare(ctx, cases*len(offers))
		return time.Since(began), err
	}
	for _, length := range lengths {
		if _, err := command(max(0, length-commits)); err != nil {
			return nil, err
		}
		var rounds []float64
		at := commits
		for range historyRounds {
			if err := settled(ctx, s); err != nil {
				return nil, err
			}
			commits++ // settling is a request
			took, err := command(historyRun)
			if err != nil {
				return nil, err
			}
			rounds = append(rounds, historyRun/took.Seconds())
		}
		slices.Sort(rounds)
		points = append(points, Point{Commits: at, PerSecond: rounds[historyRounds/2]})
	}
	return points, nil
}

// startUp starts the network on what history left, stores included.
func startUp(ctx context.Context, dir, uri string, out io.Writer) (_ Start, err error) {
	read := map[string]int64{}
	began := time.Now()
	said := began
	s, err := openSanad(ctx, dir, uri, func(service string, done, _ int64) {
		read[service] = done
		if now := time.Now(); now.Sub(said) > time.Second {
			said = now
			fmt.Fprintf(out, "  reading the journal of %s: %d commits\n", service, done)
		}
	})
	if err != nil {
		return Start{}, err
	}
	took := time.Since(began).Seconds()
	var commits int64
	for _, n := range read {
		commits += n
	}
	rate := float64(commits) / took
	return Start{Commits: commits, Seconds: took, PerSecond: rate, Bar: barStart, Met: rate >= barStart}, s.close()
}
