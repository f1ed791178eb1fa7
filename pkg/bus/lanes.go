package bus

import (
	"context"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
)

// lanes runs the deliveries of different records side by side and those of one
// record in order. All that runs at once meets in one insert into the journal.
type lanes struct {
	ctx     context.Context
	deliver func(context.Context, jetstream.Msg)
	most    int

	// jobs hands the first delivery of a lane to a worker that is free.
	jobs    chan jetstream.Msg
	closed  chan struct{}
	workers sync.WaitGroup

	mu      sync.Mutex
	busy    map[string][]jetstream.Msg
	started int
}

func newLanes(ctx context.Context, most int, deliver func(context.Context, jetstream.Msg)) *lanes {
	return &lanes{
		ctx: ctx, deliver: deliver, most: most,
		jobs: make(chan jetstream.Msg), closed: make(chan struct{}),
		busy: make(map[string][]jetstream.Msg, most),
	}
}

// put takes a delivery, and waits while all lanes are busy. It reports false
// when ctx ended before, or the lanes were closed.
func (l *lanes) put(ctx context.Context, msg jetstream.Msg) bool {
	record := recordOf(msg.Subject())
	l.mu.Lock()
	if waiting, ok := l.busy[record]; ok {
		l.busy[record] = append(waiting, msg)
		l.mu.Unlock()
		return true
	}
	l.busy[record] = nil
	l.mu.Unlock()
	select {
	case l.jobs <- msg:
		return true
	default:
	}
	if l.hire(msg) {
		return true
	}
	select {
	case l.jobs <- msg:
		return true
	case <-ctx.Done():
	case <-l.closed:
	}
	l.mu.Lock()
	delete(l.busy, record)
	l.mu.Unlock()
	return false
}

// hire starts one more worker, when there may be one.
func (l *lanes) hire(msg jetstream.Msg) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.started == l.most || l.isClosed() {
		return false
	}
	l.started++
	l.workers.Go(func() { l.work(msg) })
	return true
}

func (l *lanes) work(msg jetstream.Msg) {
	for {
		for msg != nil {
			ctx, cancel := context.WithTimeout(l.ctx, ackWait)
			l.deliver(ctx, msg)
			cancel()
			msg = l.next(recordOf(msg.Subject()))
		}
		select {
		case msg = <-l.jobs:
		case <-l.closed:
			return
		}
	}
}

// next gives the next delivery of a lane, and frees the lane when there is none.
// Once the lanes are closed what has not begun goes back to the bus.
func (l *lanes) next(record string) jetstream.Msg {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting := l.busy[record]
	if l.isClosed() {
		for _, msg := range waiting {
			_ = msg.Nak()
		}
		waiting = nil
	}
	if len(waiting) == 0 {
		delete(l.busy, record)
		return nil
	}
	l.busy[record] = waiting[1:]
	return waiting[0]
}

func (l *lanes) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

// close returns when all deliveries under way have ended. Nothing is taken any
// more.
func (l *lanes) close() {
	l.mu.Lock()
	close(l.closed)
	l.mu.Unlock()
	l.workers.Wait()
}
