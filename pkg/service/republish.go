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
func Republish(ctx context.Context, cfg Config, opts Options, since time.Time, pending func(commits int), rooms ...Room) (map[string]int, error) {
	h := &Host{logger: opts.Telemetry.Logger, serving: make(chan error, 1)}
	// No notices are sent.
	cfg.NoticesDir, cfg.SMTPAddr, cfg.SMSURL = "", "", ""
	told, err := h.republish(ctx, cfg, opts, since, pending, rooms)
	return told, errors.Join(err, h.close(context.WithoutCancel(ctx)))
}

// settleEvery is how often it is looked whether all is published.
const settleEvery = 100 * time.Millisecond

func (h *Host) republish(ctx context.Context, cfg Config, opts Options, since time.Time, pending func(int), rooms []Room) (map[string]int, error) {
	deps, err := h.connect(cfg, opts)
	if err != nil {
		return nil, err
	}
	deps.Since = since
	for _, room := range rooms {
		h.units = append(h.units, room(deps))
	}
	if err := h.start(ctx, opts.Progress); err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	var g errgroup.Group
	for _, u := range h.units {
		g.Go(func() error { return u.bus.Run(running) })
	}
	err = h.level(ctx, pending)
	stop()
	told := map[string]int{}
	for _, u := range h.units {
		told[u.name] = u.bus.Published()
	}
	return told, errors.Join(err, g.Wait())
}

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
