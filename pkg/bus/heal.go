package bus

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sanad-network/sanad/pkg/journal"
)

// prepare makes ready for a scan from the first message on, when one is needed.
func (r *relay) prepare(intact bool) (mend bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.mend:
	default:
	}
	if intact && r.state != blind {
		return false
	}
	r.seen.grow()
	r.passed, r.again, r.before = nil, nil, time.Time{}
	r.comparison.begin()
	for _, w := range r.watch {
		w.created, w.seq, w.id = w.found, 0, ""
	}
	return true
}

// heal replays the journal into the queue, past what the scan found.
func (r *relay) heal(ctx context.Context) error {
	n, passed := 0, map[uint64]struct{}{}
	err := r.bus.cfg.Replay(ctx, func(c *journal.Commit) error {
		record := r.recordKey(c.Record)
		r.mu.Lock()
		r.against(c)
		r.mu.Unlock()
		if r.aged(c) {
			if r.lost(c) {
				passed[record] = struct{}{}
			}
			return nil
		}
		if _, ok := passed[record]; ok {
			// Its last is young after all: then all of it is on the bus.
			delete(passed, record)
			missing, err := r.mendRecord(ctx, c.Record, time.Time{})
			n += missing
			return err
		}
		missing, err := r.mendOne(ctx, c)
		if missing {
			n++
		}
		return err
	})
	if err != nil {
		return err
	}
	r.mended(n)
	return nil
}

// mended ends the mending, in which commits were queued.
func (r *relay) mended(commits int) {
	r.mu.Lock()
	if r.state == mending {
		r.state, r.missed = steady, 0
	}
	r.mu.Unlock()
	r.forget()
	poke(r.wake)
	r.bus.metrics.healed.Add(float64(commits))
	r.bus.log.Info("the bus was healed from the journal", slog.Int("commits", commits))
}

// mendOne queues a commit of which the bus lacks something. It waits for room.
func (r *relay) mendOne(ctx context.Context, c *journal.Commit) (missing bool, err error) {
	var array [8]parcel
	parcels, _ := r.parcels(array[:0], c)
	r.mu.Lock()
	for !r.there(parcels) {
		if r.state == blind {
			// What came before it in its record was let go, and must be sent first.
			r.mu.Unlock()
			return false, errBlind
		}
		if r.queue.len() < mendAhead {
			r.queue.push(c)
			missing = true
			break
		}
		r.mu.Unlock()
		select {
		case <-r.room:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		r.mu.Lock()
	}
	r.mu.Unlock()
	if missing {
		poke(r.wake)
	}
	return missing, ctx.Err()
}

// begin scans the bus before the journal is replayed.
func (r *relay) begin(ctx context.Context) error {
	scan := r.scan
	if !r.bus.cfg.Conn.IsConnected() {
		scan = func(context.Context) error { return errDisconnected }
	}
	err := scan(ctx)
	if errors.Is(err, ErrNetwork) {
		return err
	}
	if err != nil && ctx.Err() == nil {
		r.bus.log.Warn("the bus cannot be read; what it lacks is published later", slog.Any("error", err))
	}
	return ctx.Err()
}

func (r *relay) scan(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if _, err := r.locate(ctx); err != nil {
		return err
	}
	r.prepare(false)
	s, err := r.watchOver(ctx, false)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := s.wait(ctx); err != nil {
		return err
	}
	if err := r.readMark(ctx); err != nil {
		return err
	}
	r.scanned()
	r.mu.Lock()
	r.state, r.missed = steady, 0
	r.mu.Unlock()
	return nil
}
