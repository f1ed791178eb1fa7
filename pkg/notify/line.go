package notify

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// line is a sender that cannot hold up others.
type line struct {
	sender Sender
	clock  func() time.Time
	slots  chan struct{}

	sent, refused, unsent prometheus.Counter

	mu     sync.Mutex
	rested time.Time // nothing is tried before
}

func (l *line) send(ctx context.Context, letter Letter) error {
	switch err := l.try(ctx, letter); {
	case err == nil:
		l.sent.Inc()
		return nil
	case errors.Is(err, ErrRefused):
		l.refused.Inc()
		return ErrRefused
	default:
		l.unsent.Inc()
		return ErrUnsent.Because(err)
	}
}

var (
	errResting = errors.New("notify: the channel failed a moment ago")
	errBusy    = errors.New("notify: too many at once")
)

func (l *line) try(ctx context.Context, letter Letter) error {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	default:
		return errBusy
	}
	if l.resting() {
		return errResting
	}
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	err := l.sender.Send(ctx, letter)
	if err != nil && !errors.Is(err, ErrRefused) {
		l.mu.Lock()
		l.rested = l.clock().Add(restAfterFailure)
		l.mu.Unlock()
	}
	return err
}

func (l *line) resting() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.clock().Before(l.rested)
}
