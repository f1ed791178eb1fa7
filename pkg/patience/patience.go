// Package patience is how long a test waits for what must happen: as long as
// something moves. How fast the machine is, and what else it does, decides how
// long a test takes and never whether it passes.
package patience

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Stall is how long nothing may move before a wait is given up.
const Stall = 2 * time.Minute

const (
	// every is how often it is looked whether a wait is over, and rarely how
	// often it is looked whether something moves, which costs more.
	every  = 20 * time.Millisecond
	rarely = 500 * time.Millisecond
	// longest is how much one look counts for. What is above it the test was
	// itself kept from looking: the machine slept, or gave it no processor.
	longest = 10 * time.Second
	// margin is left of the time of all tests, so that it is the wait that is
	// told and not every goroutine.
	margin = 10 * time.Second
)

// Mark tells how far something has come. It is read from a goroutine of its
// own, and what cannot be read has not moved: it must not end the test.
type Mark func() string

// Until waits until something holds. It fails the test when nothing moved for
// too long, or when the time of all tests is nearly over. What is waited for
// should itself be a mark where it comes bit by bit.
func Until(t testing.TB, what string, holds func() bool, marks ...Mark) {
	t.Helper()
	w := begin(t, what, marks)
	for {
		began := time.Now()
		if holds() {
			return
		}
		// Who waits must not be what keeps the machine busy.
		rest := max(every, min(time.Since(began), rarely))
		select {
		case <-time.After(rest):
		case <-t.Context().Done():
			t.Fatalf("%s: %v", what, context.Cause(t.Context()))
		}
		if err := w.look(time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// Context is the bound of something that waits by itself. Its cause says what
// Until would.
func Context(ctx context.Context, t testing.TB, what string, marks ...Mark) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, end := context.WithCancelCause(ctx)
	w := begin(t, what, marks)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(rarely)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := w.look(time.Now()); err != nil {
				end(err)
				return
			}
		}
	}()
	return ctx, func() {
		end(nil)
		<-done
	}
}

// wait is one wait, and what has moved since it began.
type wait struct {
	what   string
	marks  []Mark
	limit  time.Time
	began  time.Time
	looked time.Time // at the limits
	read   time.Time // the marks
	moved  time.Time
	still  time.Duration
	far    string
}

func begin(t testing.TB, what string, marks []Mark) *wait {
	now := time.Now()
	w := &wait{what: what, marks: marks, began: now, looked: now, moved: now}
	if t, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if at, limited := t.Deadline(); limited {
			w.limit = at.Add(-margin)
		}
	}
	return w
}

// look is an error when there is nothing left to wait for.
func (w *wait) look(now time.Time) error {
	w.still += min(now.Sub(w.looked), longest)
	w.looked = now
	if now.Sub(w.read) >= rarely {
		w.read = now
		if far := w.tell(); far != w.far {
			w.far, w.moved, w.still = far, now, 0
		}
	}
	var why string
	switch {
	case w.still >= Stall:
		why = "nothing moves"
	case !w.limit.IsZero() && now.After(w.limit):
		why = "the time of all tests is over"
	default:
		return nil
	}
	return fmt.Errorf("in vain waited for: %s: %s; after %s, and %s since something moved: %s",
		w.what, why, now.Sub(w.began).Round(time.Second), now.Sub(w.moved).Round(time.Second), w.far)
}

func (w *wait) tell() string {
	all := make([]string, len(w.marks))
	for i, m := range w.marks {
		all[i] = m()
	}
	return strings.Join(all, "; ")
}
