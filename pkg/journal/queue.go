package journal

import (
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// entry is a document on its way to the store.
type entry struct {
	raw  bson.Raw
	done chan error // holds one, so that the writer never waits
}

// queue gathers the next batch.
type queue struct {
	mu      *sync.Mutex
	changed *sync.Cond
	entries []*entry
	closed  bool
	ended   chan struct{} // closed when the writer has gone
}

func newQueue() queue {
	var mu sync.Mutex
	return queue{mu: &mu, changed: sync.NewCond(&mu), ended: make(chan struct{})}
}

// put adds an entry. It reports false when the queue is closed.
func (q *queue) put(e *entry) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.entries = append(q.entries, e)
	q.changed.Signal()
	return true
}

// withdraw takes an entry back. It reports false when the writer has it.
func (q *queue) withdraw(e *entry) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.entries, e)
	if i < 0 {
		return false
	}
	q.entries = slices.Delete(q.entries, i, i+1)
	return true
}

// take waits for entries and takes the oldest: at most a number of them, and
// after the first no more than so many bytes. It gives none when the queue is
// closed and empty.
func (q *queue) take(most, bytes int) []*entry {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.entries) == 0 && !q.closed {
		q.changed.Wait()
	}
	n := 0
	for _, e := range q.entries[:min(most, len(q.entries))] {
		if bytes -= len(e.raw); bytes < 0 && n > 0 {
			break
		}
		n++
	}
	if n == 0 {
		return nil
	}
	batch := slices.Clone(q.entries[:n])
	q.entries = slices.Delete(q.entries, 0, n)
	return batch
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.changed.Signal()
}
