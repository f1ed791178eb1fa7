package journal

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"
)

// Replay reads all commits and applies them, one after the other, each stream
// in the order of its versions. A version that is missing is an error. Progress
// may be nil; a total of 0 means that the store cannot tell it quickly.
//
// One goroutine reads, as many as there are processors decode and decrypt, and
// one applies.
func (j *Journal) Replay(ctx context.Context, apply func(*Commit) error, progress func(done, total int64)) error {
	var total int64
	if progress != nil {
		total = j.total(ctx)
	}
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
				c.decode(ctx, j)
			}
			return nil
		})
	}
	g.Go(func() error {
		order := order{versions: map[string]uint64{}, early: map[string]map[uint64]*Commit{}, apply: apply}
		var done int64
		for c := range sorted {
			select {
			case <-c.ready:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			for _, commit := range c.commits {
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
	return g.Wait()
}

// chunk is a handful of documents and what they hold.
type chunk struct {
	docs    []bson.Raw
	commits []*Commit
	err     error
	ready   chan struct{}
}

func (c *chunk) decode(ctx context.Context, j *Journal) {
	defer close(c.ready)
	c.commits = make([]*Commit, 0, len(c.docs))
	for _, raw := range c.docs {
		commit, err := j.unpack(ctx, raw)
		if err != nil {
			c.err = err
			return
		}
		c.commits = append(c.commits, commit)
	}
}

// order applies the commits of each stream in the order of their versions. The
// store mostly keeps them so; it does not promise it.
type order struct {
	versions map[string]uint64             // applied so far, by stream
	early    map[string]map[uint64]*Commit // those that wait for one before them
	apply    func(*Commit) error
}

func (o *order) take(c *Commit) error {
	at := o.versions[c.Stream]
	switch {
	case c.Version <= at:
		return fmt.Errorf("commit %s is there twice", c.ID())
	case c.Version > at+1:
		if o.early[c.Stream] == nil {
			o.early[c.Stream] = map[uint64]*Commit{}
		}
		o.early[c.Stream][c.Version] = c
		return nil
	}
	for c != nil {
		if err := o.apply(c); err != nil {
			return err
		}
		o.versions[c.Stream] = c.Version
		waiting := o.early[c.Stream]
		next := waiting[c.Version+1]
		delete(waiting, c.Version+1)
		if next != nil && len(waiting) == 0 {
			delete(o.early, c.Stream)
		}
		c = next
	}
	return nil
}

// complete fails when a version is missing, and names the first one.
func (o *order) complete() error {
	if len(o.early) == 0 {
		return nil
	}
	var missing []string
	for stream := range o.early {
		missing = append(missing, identify(stream, o.versions[stream]+1))
	}
	slices.SortFunc(missing, cmp.Compare[string])
	return fmt.Errorf("commit %s is missing, and %d more streams have a gap", missing[0], len(missing)-1)
}
