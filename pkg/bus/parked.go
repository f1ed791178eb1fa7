package bus

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// parkedMost bounds the messages that are counted: more than the bus delivers
	// before it waits for acknowledgements.
	parkedMost = 2 * maxAckPending
	// parkedLately is after how long a message that was not seen again is not
	// counted any more: the bus has lost it, or another replica has it.
	parkedLately = 10 * time.Minute
)

// place is that of a message: its stream, and its number there.
type place struct {
	stream string
	seq    uint64
}

// parked counts the messages that wait for a newer release, or for the decision on
// a record, by their places.
type parked struct {
	clock func() time.Time
	mu    sync.Mutex
	seen  map[place]time.Time
	// some is set while there are any: nearly always there are none.
	some atomic.Bool
}

// enter books a message that waits. It reports whether it is the first time.
func (p *parked) enter(at place) (first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.seen[at]; !known {
		if len(p.seen) >= parkedMost {
			return false
		}
		first = true
	}
	p.seen[at] = p.clock()
	p.some.Store(true)
	return first
}

// leave books that a message waits no longer, if it did.
func (p *parked) leave(at place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.seen, at)
	p.some.Store(len(p.seen) > 0)
}

func (p *parked) count() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	for at, last := range p.seen {
		if now.Sub(last) > parkedLately {
			delete(p.seen, at)
		}
	}
	p.some.Store(len(p.seen) > 0)
	return float64(len(p.seen))
}
