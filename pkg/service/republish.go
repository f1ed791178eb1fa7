package service

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

// Republish has services publish what the bus lacks of all that happened since an
// instant, and returns when it is there, with the number of messages of each
// service. The services answer no request, react to nothing and wake nothing.
// Pending gets from time to time how many commits are not known to be on the bus;
// it may be nil.
func Republish(ctx context.Context, cfg Config, opts Options, since time.Time, pending func(commits int), rooms ...Room) (told map[string]int, err error) {
	err = still(ctx, cfg, opts, since, rooms, func(h *Host) error {
		running, stop := context.WithCancel(ctx)
		defer stop()
		var g errgroup.Group
		for _, u := range h.units {
			g.Go(func() error { return u.bus.Run(running) })
		}
		err := h.level(ctx, pending)
		stop()
		told = map[string]int{}
		for _, u := range h.units {
			told[u.name] = u.bus.Published()
		}
		return errors.Join(err, g.Wait())
	})
	return told, err
}

// settleEvery is how often it is looked whether all is published.
const settleEvery = 100 * time.Millisecond

// level waits until the bus holds all that it should.
func (h *Host) level(ctx context.Context, pending func(int)) error {
	tick := time.NewTicker(settleEvery)
	defer tick.Stop()
	for {
		waiting, level := 0, true
		for _, u := range h.units {
			waiting += u.bus.Pending()
			level = u.bus.Level() && level
		}
		if level {
			return nil
		}
		if pending != nil {
			pending(waiting)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
