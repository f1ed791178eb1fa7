package record

import (
	"context"
	"sync"
)

// turns lets the commands on one record go one after the other, in the order
// in which they came. Two commands on one version cannot both win, so the
// second waits here instead of burning an insert to learn that. Between
// replicas the journal decides.
type turns struct {
	mu    sync.Mutex
	lines map[string][]chan struct{}
}

// take waits for the turn; the caller gives it back with leave.
func (t *turns) take(ctx context.Context, key string) error {
	t.mu.Lock()
	line, busy := t.lines[key]
	if !busy {
		t.lines[key] = nil
		t.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	t.lines[key] = append(line, mine)
	t.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	for i, c := range t.lines[key] {
		if c == mine {
			t.lines[key] = append(t.lines[key][:i], t.lines[key][i+1:]...)
			t.mu.Unlock()
			return context.Cause(ctx)
		}
	}
	t.mu.Unlock()
	// The turn came while the caller was leaving: hand it on.
	t.leave(key)
	return context.Cause(ctx)
}

func (t *turns) leave(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	line := t.lines[key]
	if len(line) == 0 {
		delete(t.lines, key)
		return
	}
	t.lines[key] = line[1:]
	close(line[0])
}
