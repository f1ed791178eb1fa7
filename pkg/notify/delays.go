package notify

import (
	"sync"
	"time"
)

// delays are the recipients that a server refuses for now. They are kept in memory
// alone: a process that restarts tries each again.
type delays struct {
	clock func() time.Time

	mu sync.Mutex
	of map[string]delay
}

type delay struct {
	until time.Time
	wait  time.Duration
}

// waiting says whether a recipient is not to be tried yet.
func (d *delays) waiting(to string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.clock().Before(d.of[to].until)
}

// refused notes one more refusal for now.
func (d *delays) refused(to string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of == nil {
		d.of = map[string]delay{}
	}
	now := d.clock()
	for other, known := range d.of {
		// Nobody has asked for it in a long time: its notice is over.
		if now.Sub(known.until) > 2*lastDelay {
			delete(d.of, other)
		}
	}
	wait := min(max(firstDelay, 2*d.of[to].wait), lastDelay)
	d.of[to] = delay{now.Add(wait), wait}
}

// taken forgets the refusals of a recipient.
func (d *delays) taken(to string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.of, to)
}
