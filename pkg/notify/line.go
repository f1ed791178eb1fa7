package notify

import (
	"context"
	"errors"
	"sync"
	"time"
)

// line is a sender that cannot hold up others.
type line struct {
	sender Sender
	clock  func() time.Time
	slots  chan struct{}
	delays delays

	mu     sync.Mutex
	rested time.Time // nothing is tried before
}

var (
	errResting = errors.New("notify: the channel failed a moment ago")
	errBusy    = errors.New("notify: too many at once")
)

func (l *line) try(ctx context.Context, letter Letter) error {
	if l.delays.waiting(letter.To) {
		return ErrDelayed
	}
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
	switch {
	case err == nil, errors.Is(err, ErrRefused):
		l.delays.taken(letter.To)
	case errors.Is(err, ErrDelayed):
		l.delays.refused(letter.To)
	default:
		l.rest()
	}
	return err
}

func (l *line) rest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rested = l.clock().Add(restAfterFailure)
}

func (l *line) resting() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.clock().Before(l.rested)
}
