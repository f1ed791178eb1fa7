package journal

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"
)

// Replay reads all commits and applies them, one after the other, each record in
// the order of its versions. A commit that cannot be trusted, or is missing, is
// applied as a commit that says so. What follows it in its record counts for
// nothing. Progress may be nil; a total of 0 means that the store cannot count
// quickly.
//
// One goroutine reads, as many as there are processors decode and decrypt, and
// one applies.
func (j *Journal) Replay(ctx context.Context, apply func(*Commit) error, progress func(done, total int64)) error {
	var total int64
	if progress != nil {
		total = count(ctx, j.coll)
	}
	r := &reading{j: j, tally: j.newTally()}
	g, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	raw := make(chan *chunk, workers)
	sorted := make(chan *chunk, 2*workers)
	g.Go(func() error {
		defer close(raw)
		defer close(sorted)
		return j.scan(ctx, func(docs []bson.Raw) error {
			c := &chunk{docs: docs, ready: make(chan struct{})}
			for _, to := range []chan<- *chunk{sorted, raw} {
				select {
				case to <- c:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	})
	for range workers {
		g.Go(func() error {
			for c := range raw {
				c.decode(ctx, r)
			}
			return nil
		})
	}
	g.Go(func() error {
		order := order{
			places: map[string]*place{}, early: map[string]map[uint64]*Commit{}, passed: j.ledger.passedOver,
			apply: func(c *Commit) error { r.note(c); return apply(c) },
		}
		var done int64
		for c := range sorted {
			select {
			case <-c.ready:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			for _, commit := range c.commits {
				j.others.replayed(j, commit.Lane, commit.Number)
				if err := order.take(commit); err != nil {
					return err
				}
			}
			if c.err != nil {
				return c.err
			}
			if done += int64(len(c.commits)); progress != nil {
				progress(done, total)
			}
		}
		return order.complete()
	})
	if err := g.Wait(); err != nil {
		return err
	}
	return r.end(context.WithoutCancel(ctx))
}

// reading is what a replay finds beside commits.
type reading struct {
	j       *Journal
	tally   *tally
	strange atomic.Uint64
	late    uint64
}

func (r *reading) note(c *Commit) {
	if c.Void && !c.Passed && !r.j.ledger.knownLate(c.Lane, c.Number) {
		r.late++
	}
	r.tally.note(c)
}

// end books what was found.
func (r *reading) end(ctx context.Context) error {
	r.j.trouble(TroubleStrange, r.strange.Load())
	r.j.trouble(TroubleLate, r.late)
	return r.j.endLanes(ctx, r.tally)
}

// chunk is a handful of documents and what they hold.
type chunk struct {
	docs    []bson.Raw
	commits []*Commit
	err     error
	ready   chan struct{}
}

func (c *chunk) decode(ctx context.Context, r *reading) {
	defer close(c.ready)
	c.commits = make([]*Commit, 0, len(c.docs))
	for _, raw := range c.docs {
		commit, err := r.j.unpack(ctx, raw)
		if errors.Is(err, errID) {
			r.strange.Add(1)
			continue
		}
		if err != nil {
			c.err = err
			return
		}
		c.commits = append(c.commits, commit)
	}
}
