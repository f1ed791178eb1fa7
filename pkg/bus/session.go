package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// lookEvery is how often the bus is asked whether it is still the same.
	lookEvery = 5 * time.Second
	// asking bounds one question to the bus.
	asking = 5 * time.Second
	// retryFirst and retryLast bound the rest before what failed is tried again.
	retryFirst = 100 * time.Millisecond
	retryLast  = 5 * time.Second
	// readAhead is how many messages the server may send ahead of the watch.
	readAhead = 4096
)

// Why a watch ends.
var (
	errLost  = errors.New("bus: the bus has lost messages")
	errGap   = errors.New("bus: the watch missed a message")
	errBlind = errors.New("bus: too many commits wait in memory")
	errStuck = errors.New("bus: a stream gives no messages though it has some")
)

// session is one watch of the service's own messages: from the mark on, without a
// gap, on one connection. Any error ends it, and the next session reads again what
// the bus still holds.
type session struct {
	relay    *relay
	ctx      context.Context
	cancel   context.CancelFunc
	announce bool
	consumes []jetstream.ConsumeContext
	away     chan nats.Status

	failed  atomic.Bool
	failure chan error
	// unread counts the streams on which messages lay when the session began
	// that are yet to be read; at none caughtUp is closed.
	unread   atomic.Int64
	caughtUp chan struct{}
	// got counts the messages that came, of those expected at the beginning.
	got      atomic.Int64
	expected uint64
}

// keepWatching holds one session after the other until ctx is done.
func (r *relay) keepWatching(ctx context.Context) {
	for rest := retryFirst; ctx.Err() == nil; {
		if waitConnected(ctx, r.bus.cfg.Conn) != nil {
			return
		}
		err := r.hold(ctx)
		r.mu.Lock()
		if r.open {
			rest = retryFirst
		}
		r.open = false
		if r.state == mending {
			r.goBlind()
		}
		r.mu.Unlock()
		poke(r.idle)
		if ctx.Err() != nil {
			return
		}
		r.fail(err)
		r.bus.log.Warn("the relay reads again what the bus holds", slog.Any("error", err))
		rest = sleep(ctx, rest)
	}
}

// hold holds one session.
func (r *relay) hold(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var healing sync.WaitGroup
	defer healing.Wait()
	defer cancel()

	intact, err := r.locate(ctx)
	if err != nil {
		return err
	}
	r.reconsider()
	mend := r.prepare(intact)
	s, err := r.watchOver(ctx, true)
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
	if lost := r.ahead(); len(lost) > 0 && r.onAhead != nil {
		r.onAhead(lost)
	}
	// What was sent before and had come back is booked by now; the rest did not
	// arrive. It goes first, so that each stream keeps its order.
	r.resend(0)
	r.mu.Lock()
	r.open, r.lastError = true, nil
	if mend {
		// What is offered from here on waits in the queue; what was offered
		// before is in the journal, which is read only now.
		r.state = mending
	}
	some := r.state == steady && len(r.passed)+len(r.again) > 0
	if some {
		r.state = mending
	}
	r.mu.Unlock()
	poke(r.wake)
	r.bus.log.Debug("the relay watches")
	r.bus.timers.look(!intact)

	healed := make(chan error, 1)
	switch {
	case mend:
		healing.Go(func() { healed <- r.heal(ctx) })
	case some:
		healing.Go(func() { healed <- r.mendPassed(ctx) })
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.away:
			return errDisconnected
		case err := <-s.failure:
			return err
		case <-r.mend:
			return errBlind
		case err := <-healed:
			if err != nil {
				return fmt.Errorf("heal from the journal: %w", err)
			}
		case <-look.C:
			if intact, err := r.locate(ctx); err != nil || !intact {
				return errors.Join(err, errLost)
			}
			if r.reconsider() {
				return errMark
			}
		}
	}
}

// watchOver begins a session behind the marks.
func (r *relay) watchOver(ctx context.Context, announce bool) (*session, error) {
	ctx, cancel := context.WithCancel(ctx)
	s := &session{
		relay: r, ctx: ctx, cancel: cancel, announce: announce,
		away:    r.bus.cfg.Conn.StatusChanged(nats.RECONNECTING, nats.CLOSED),
		failure: make(chan error, 1), caughtUp: make(chan struct{}),
	}
	s.unread.Store(int64(len(r.watch)))
	if len(r.watch) == 0 {
		close(s.caughtUp) // a service that says nothing
	}
	for _, w := range r.watch {
		if err := s.watch(w); err != nil {
			s.stop()
			return nil, fmt.Errorf("watch %s: %w", w.stream, err)
		}
	}
	return s, nil
}

func (s *session) watch(w *watched) error {
	s.relay.mu.Lock()
	from := w.seq + 1
	s.relay.mu.Unlock()
	c, err := s.relay.bus.makeWatcher(s.ctx, w, from)
	if err != nil {
		return err
	}
	pending := c.CachedInfo().NumPending
	s.expected += pending
	if pending == 0 {
		s.read()
	}
	consume, err := c.Consume(s.landing(w, pending),
		jetstream.PullMaxMessages(readAhead),
		jetstream.PullExpiry(10*time.Second),
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) { s.fail(err) }))
	if err != nil {
		return err
	}
	s.consumes = append(s.consumes, consume)
	return nil
}

// read counts a stream as read up to where it was.
func (s *session) read() {
	if s.unread.Add(-1) == 0 {
		close(s.caughtUp)
	}
}

// How long a scan may stand still before it is reported, and before it is given up.
const (
	slowScan  = 10 * time.Second
	stuckScan = 30 * time.Second
)

// wait returns when everything that lay on the bus at the beginning was read. A
// scan may take as long as it advances.
func (s *session) wait(ctx context.Context) error {
	h := &s.relay.bus.health
	defer h.clear(troubleScan, "")
	tick := time.NewTicker(slowScan)
	defer tick.Stop()
	last, stands := s.got.Load(), time.Duration(0)
	for {
		select {
		case <-s.caughtUp:
			return nil
		case <-s.away:
			return errDisconnected
		case err := <-s.failure:
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		got := s.got.Load()
		if got > last {
			last, stands = got, 0
			h.clear(troubleScan, "")
			continue
		}
		stands += slowScan
		err := fmt.Errorf("%w: %d of %d read, none for %s", errStuck, got, s.expected, stands)
		h.set(troubleScan, "", err)
		if stands >= stuckScan {
			return err
		}
	}
}

func (s *session) fail(err error) {
	if s.failed.CompareAndSwap(false, true) {
		s.failure <- err
	}
}

func (s *session) stop() {
	s.failed.Store(true)
	s.cancel()
	for _, c := range s.consumes {
		c.Stop()
		<-c.Closed()
	}
	s.relay.bus.cfg.Conn.RemoveStatusListener(s.away)
}

// waitConnected returns when the bus is there.
func waitConnected(ctx context.Context, nc *nats.Conn) error {
	up := nc.StatusChanged(nats.CONNECTED)
	defer nc.RemoveStatusListener(up)
	if nc.IsConnected() {
		return nil
	}
	select {
	case <-up:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sleep rests, and gives how long to rest the next time.
func sleep(ctx context.Context, rest time.Duration) time.Duration {
	t := time.NewTimer(rest)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	return min(2*rest, retryLast)
}
