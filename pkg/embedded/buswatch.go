package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	// lookEvery is how often the store is looked at when nothing was said.
	lookEvery = 5 * time.Second
	// restFirst and restLast bound the rest behind a store that was opened again:
	// a disk that is nearly full takes a start, and not what comes after it.
	restFirst = time.Second
	restLast  = time.Minute
	// calm is how many good looks make the next rest a short one again.
	calm = 12
)

// lookout is the state of the watch.
type lookout struct {
	every, rest time.Duration

	mu  sync.Mutex
	why error
}

// Health says why the store does not take messages, or may soon not, and nil when
// it does. It only reads the state of the watch.
func (s *NATSServer) Health() error {
	s.look.mu.Lock()
	why := s.look.why
	s.look.mu.Unlock()
	if why != nil {
		return why
	}
	return s.told.lasting()
}

func (s *NATSServer) say(why error) {
	s.look.mu.Lock()
	was := s.look.why
	s.look.why = why
	s.look.mu.Unlock()
	switch {
	case why == nil && was != nil:
		s.log.Info("the bus takes messages again")
	case why != nil && was == nil:
		s.log.Error("the bus does not take messages", slog.Any("error", why))
	}
}

// watch looks at the store, and opens it again when it has to, until ctx is done.
func (s *NATSServer) watch(ctx context.Context) {
	rest, good := s.look.rest, 0
	timer := time.NewTimer(s.look.every)
	defer timer.Stop()
	alarm := s.told.alarm
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-alarm:
		}
		next := s.look.every
		alarm = s.told.alarm
		if s.once(ctx) {
			if good++; good >= calm {
				rest = s.look.rest
			}
		} else {
			// It is not opened again before the rest is over, also when the log
			// names a fault.
			good, alarm = 0, nil
			next, rest = rest, min(2*rest, restLast)
		}
		timer.Reset(next)
	}
}

// once looks once. It reports whether nothing had to be done.
func (s *NATSServer) once(ctx context.Context) bool {
	trouble := s.trouble()
	if trouble == nil {
		if err := probe(s.opts.StoreDir, probeSmall); err != nil {
			s.say(fmt.Errorf("bus: the disk refuses: %w", err))
			return true // nothing to mend: it takes up by itself what it can
		}
		s.say(nil)
		return true
	}
	s.say(trouble)
	if err := probe(s.opts.StoreDir, probeLarge); err != nil {
		s.say(fmt.Errorf("%w; the disk refuses: %w", trouble, err))
		return false
	}
	if err := s.Reopen(ctx); err != nil {
		return false
	}
	s.log.Warn("the bus was opened again", slog.Any("error", trouble))
	return false
}

// trouble is what ends only when the store is opened again. All ways into it are
// in the server's log (2.15), and only there: its own view of its health lacks a
// store that failed beside a message.
func (s *NATSServer) trouble() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.server == nil {
		return errStopped
	}
	return s.told.lasting()
}
