package front

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

// cursor is a question and how far it has been answered. It holds nothing of
// the store: what is written between two answers may be seen or not.
type cursor struct {
	name  store.Name
	part  store.Part
	place store.Place
	// left is how many documents are still wanted, skip how many are not.
	left, skip int64

	used time.Time
}

const (
	// forgotten is after how long an unused cursor is dropped, as in MongoDB.
	forgotten = 10 * time.Minute
	// mostCursors bounds those that are kept. Beyond, the one not asked for
	// longest goes.
	mostCursors = 4096
)

// cursors are those that somebody may come back to.
type cursors struct {
	mu  *sync.Mutex
	all map[int64]*cursor
}

func newCursors() cursors { return cursors{&sync.Mutex{}, map[int64]*cursor{}} }

// keep stores a new cursor under a random number.
func (c cursors) keep(cur *cursor) int64 {
	for {
		id := rand.Int64() //nolint:gosec // ChaCha8, seeded by the system
		if id != 0 {
			c.put(id, cur)
			return id
		}
	}
}

func (c cursors) put(id int64, cur *cursor) {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) >= mostCursors {
		c.forget(now)
	}
	cur.used = now
	c.all[id] = cur
}

// forget drops the cursors that are no longer used, or else the eldest.
func (c cursors) forget(now time.Time) {
	eldest, dropped := int64(0), false
	for id, cur := range c.all {
		if now.Sub(cur.used) > forgotten {
			delete(c.all, id)
			dropped = true
		} else if eldest == 0 || cur.used.Before(c.all[eldest].used) {
			eldest = id
		}
	}
	if !dropped {
		delete(c.all, eldest)
	}
}

// take gives a cursor, which nobody else has until it is put back.
func (c cursors) take(id int64) *cursor {
	c.mu.Lock()
	defer c.mu.Unlock()
	cur := c.all[id]
	delete(c.all, id)
	if cur != nil && time.Since(cur.used) > forgotten {
		return nil
	}
	return cur
}
