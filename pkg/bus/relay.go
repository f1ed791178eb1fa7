package bus

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

const (
	// maxFlights bounds the messages that were published and have not come back.
	// A server drops what it cannot take in, some 10,000 messages a stream, and
	// five services share one.
	maxFlights = 1024
	// patience is how long a message may take to come back before it is
	// published again. JetStream drops it by its id when both arrive.
	patience = 2 * time.Second
	// backlogLimit bounds the commits that wait in memory. Beyond it they are
	// let go, and read from the journal again once the bus takes them.
	backlogLimit = 20_000
	// mendAhead bounds how far healing reads ahead of publishing.
	mendAhead = 1024
	// batch is how many commits are taken from the queue at a time.
	batch = 64
)

// state is what the relay does with the commits that it is offered.
//
//	state    offered                 sent                        landed
//	blind    counted and let go      nothing new                 booked
//	mending  queued, unless the bus  the queue; the journal is   booked
//	         is known to hold it     read into it as well
//	steady   as in mending           the queue                   booked; with the
//	                                                             last, the bus is level
//
// The states follow each other so:
//
//	blind -> steady     the bus was scanned before the journal is replayed
//	blind -> mending    the bus was scanned, the journal was not read since
//	steady -> mending   the bus has lost something and was scanned, or commits
//	                    were passed over in the replay
//	mending -> steady   the journal was read
//	mending -> blind    the session with the bus ended
//	any -> blind        the queue is full, or the mark of the steward moved back
//
// In each state a message that does not land within patience is sent again.
// While the relay is not open nothing is sent.
type state uint8

const (
	blind state = iota
	mending
	steady
)

// relay publishes what the journal holds and the bus lacks.
type relay struct {
	publisher
	bus    *Bus
	follow func(record string, version uint64)
	// onFork and onAhead may be nil.
	onFork  func(record string, version uint64)
	onAhead func([]event.ID)

	mu      sync.Mutex
	queue   fifo[*journal.Commit]
	flights map[uint64]*flight
	spans   spans
	order   fifo[*flight]
	aloft   int // flights with something left
	seen    seen
	state   state
	// missed counts the commits that were let go, the first of them at blindSince.
	missed     int
	blindSince time.Time
	// open is set while the watch has caught up with what was published: before,
	// what came back is not known and sending would repeat it.
	open bool
	// lastError is what was last wrong with watching or publishing.
	lastError error
	ageing
	// comparison is nil when nothing is to be compared.
	comparison *comparison
	// forks are those that were not reported yet.
	forks []fork

	wake  chan struct{} // something may be sent
	room  chan struct{} // the queue has room for healing
	mend  chan struct{} // the relay went blind: scan and heal
	idle  chan struct{} // nothing is waiting
	fork  chan struct{} // the bus holds what the journal does not
	level chan struct{} // the bus was held against the journal
	watch []*watched
	news  chan foreign
}

// flight is one commit of which messages are under way.
type flight struct {
	commit  *journal.Commit
	tail    uint64
	parcels []parcel
	left    int
	// first and sent are when it was sent first and last.
	first, sent time.Time
}

func newRelay(b *Bus) *relay {
	r := &relay{
		publisher: newPublisher(b.cfg.Service, b.cfg.Catalogue, mode(b.cfg.Agreed) == training),
		bus:       b,
		flights:   make(map[uint64]*flight, 2*maxFlights),
		seen:      newSeen(),
		spans:     newSpans(b.cfg.TracerProvider, b.tracer, b.cfg.Service, b.cfg.Catalogue),
		wake:      make(chan struct{}, 1),
		room:      make(chan struct{}, 1),
		mend:      make(chan struct{}, 1),
		idle:      make(chan struct{}, 1),
		fork:      make(chan struct{}, 1),
		level:     make(chan struct{}, 1),
		news:      make(chan foreign, 4*maxFlights),
	}
	r.watch = watches(b.cfg.Service, b.cfg.Catalogue)
	return r
}

// offer takes a commit. It holds the lock for an append to a slice only. Feeds
// that the commit asks for are known from here on.
func (r *relay) offer(c *journal.Commit) {
	r.feeds.note(c)
	r.mu.Lock()
	if c.At.After(r.newest) {
		r.newest = c.At
	}
	if r.seen.whole && r.state != blind {
		// Replay after a scan: nearly everything is there already.
		r.mu.Unlock()
		var room [8]parcel
		parcels, _ := r.parcels(room[:0], c)
		r.mu.Lock()
		r.against(c)
		if there := r.there(parcels); r.passOver(c, there) || there {
			r.mu.Unlock()
			return
		}
	}
	if r.state != blind && r.queue.len() >= backlogLimit {
		r.goBlind()
	}
	if r.state == blind {
		if r.missed == 0 {
			r.blindSince = r.bus.cfg.Clock()
		}
		r.missed++
		r.mu.Unlock()
		return
	}
	r.queue.push(c)
	r.mu.Unlock()
	poke(r.wake)
}

// there reports whether all of these messages are on the bus or under way. The
// lock is held.
func (r *relay) there(parcels []parcel) bool {
	return !slices.ContainsFunc(parcels, r.lacks)
}

// lacks reports whether a message is neither on the bus nor under way. The lock is
// held.
func (r *relay) lacks(p parcel) bool {
	if r.flights[p.key] != nil {
		return false
	}
	if others := r.seen.expel(p.key, p.tail); len(others) > 0 && !p.stands {
		id, _ := event.ParseID(p.id)
		r.forked(id, others...)
	}
	return !r.seen.has(p.key, p.tail)
}

// fork is a place in which the bus holds what the journal does not, by its tails.
type fork struct {
	event.ID

	tails []uint64
}

// forked counts an event of the service on the bus that is not the journal's, and
// has it reported, from another goroutine: the lock is held, and the receiver may
// call the relay.
func (r *relay) forked(id event.ID, tails ...uint64) {
	r.bus.metrics.forks.Inc()
	if r.onFork != nil {
		r.forks = append(r.forks, fork{id, tails})
	}
	poke(r.fork)
}

// goBlind lets go of everything that waits. The lock is held.
func (r *relay) goBlind() {
	if r.state != blind {
		r.blindSince = r.bus.cfg.Clock()
	}
	r.state = blind
	r.missed += r.queue.len()
	r.queue = fifo[*journal.Commit]{}
	poke(r.mend)
}

// waiting counts the commits that are not known to be on the bus, and gives the
// instant of the oldest.
func (r *relay) waiting() (n int, oldest time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n = r.missed + r.queue.len() + r.aloft
	if r.missed > 0 {
		return n, r.blindSince
	}
	for f := range r.order.all() {
		if f.left > 0 {
			return n, f.commit.At
		}
	}
	for c := range r.queue.all() {
		return n, c.At
	}
	return n, time.Time{}
}

// run publishes and watches until ctx is done.
func (r *relay) run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { r.keepWatching(ctx) })
	wg.Go(func() { r.tell(ctx) })
	wg.Go(func() { r.publish(ctx) })
	wg.Go(func() { r.probe(ctx) })
	wg.Go(func() { r.keepOpen(ctx) })
	wg.Wait()
}

func (r *relay) publish(ctx context.Context) {
	tick := time.NewTicker(patience / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-tick.C:
			r.mu.Lock()
			open := r.open
			r.mu.Unlock()
			if open {
				r.resend(patience)
			}
		}
		for r.send() {
		}
	}
}

// send publishes one batch. It reports whether there may be more to send.
func (r *relay) send() bool {
	var (
		commits [batch]*journal.Commit
		parcels []parcel
		ends    [batch]int
	)
	r.mu.Lock()
	n := 0
	for r.open && n < batch && len(r.flights) < maxFlights && r.queue.len() > 0 {
		commits[n] = r.queue.pop()
		n++
	}
	if r.queue.len() < mendAhead {
		poke(r.room)
	}
	if n == 0 {
		r.settled()
		r.mu.Unlock()
		return false
	}
	r.mu.Unlock()

	parcels = make([]parcel, 0, 2*n)
	for i, c := range commits[:n] {
		var err error
		if parcels, err = r.parcels(parcels, c); err != nil {
			r.bus.log.Error("an event cannot be published", slog.Any("error", err))
		}
		ends[i] = len(parcels)
	}
	now := r.bus.cfg.Clock()
	// What is under way must be booked before it can come back.
	r.mu.Lock()
	from := 0
	kept := parcels[:0]
	for i, c := range commits[:n] {
		f := &flight{commit: c, tail: c.EventID(0).Tail, first: now, sent: now}
		first := len(kept)
		for _, p := range parcels[from:ends[i]] {
			if r.lacks(p) {
				r.flights[p.key] = f
				p.span = r.spans.begin(c, p, now)
				kept = append(kept, p)
			}
		}
		from, ends[i] = ends[i], len(kept)
		f.parcels = kept[first:]
		if f.left = len(f.parcels); f.left > 0 {
			r.order.push(f)
			r.aloft++
		}
	}
	r.trim()
	r.mu.Unlock()

	from = 0
	for i, c := range commits[:n] {
		for _, p := range kept[from:ends[i]] {
			// An error is a bus that is away; the watch will not see the message
			// and it is sent again.
			end(p.span, r.bus.cfg.Conn.PublishMsg(r.message(c, p)))
		}
		from = ends[i]
	}
	return true
}

// settled notices that nothing is left to send. The lock is held.
func (r *relay) settled() {
	if !r.open || r.queue.len() > 0 {
		return
	}
	if r.state != steady {
		return
	}
	if r.seen.whole {
		r.seen.shrink()
	}
	if r.aloft == 0 {
		poke(r.level)
		poke(r.idle)
	}
}

// resend publishes again what has been under way for longer than it may.
func (r *relay) resend(after time.Duration) {
	now := r.bus.cfg.Clock()
	r.mu.Lock()
	n := r.order.len()
	r.mu.Unlock()
	for range n {
		r.mu.Lock()
		r.trim()
		if r.order.len() == 0 || now.Sub(r.order.peek().sent) < after {
			r.mu.Unlock()
			return
		}
		f := r.order.pop()
		f.sent = now
		r.order.push(f)
		c := f.commit
		r.mu.Unlock()

		for _, p := range f.parcels {
			r.mu.Lock()
			missing := r.flights[p.key] == f
			r.mu.Unlock()
			if missing {
				_ = r.bus.cfg.Conn.PublishMsg(r.message(c, p))
			}
		}
	}
}

// trim lets go of flights that have landed. The lock is held.
func (r *relay) trim() {
	for r.order.len() > 0 && r.order.peek().left == 0 {
		r.order.pop()
	}
}

// landed books a message that came back, and reports whether it was under way: no
// other process could know its identity. It reports a fork when another one is in
// its place. The lock is held.
func (r *relay) landed(key uint64, id event.ID) (landed, fork bool) {
	f := r.flights[key]
	if f != nil && f.tail != id.Tail {
		r.forked(id, id.Tail) // and what is under way still is
		return false, true
	}
	// What lands is booked in any case: what comes later in its place is a fork.
	if fork = r.seen.add(key, id.Tail); fork {
		r.forked(id, r.seen.tails(key)...)
	}
	if f == nil {
		return false, fork
	}
	r.published++
	delete(r.flights, key)
	if f.left--; f.left == 0 {
		r.aloft--
		f.commit = nil
	}
	switch len(r.flights) {
	case maxFlights * 3 / 4:
		poke(r.wake)
	case 0:
		poke(r.idle)
	}
	return true, fork
}

// flush waits until everything that was offered has come back, or the bus is
// away, or time is up.
func (r *relay) flush(ctx context.Context, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		r.mu.Lock()
		done := !r.open || r.queue.len() == 0 && r.aloft == 0 && r.state == steady
		r.mu.Unlock()
		if done {
			return
		}
		poke(r.wake)
		select {
		case <-ctx.Done():
			return
		case <-r.idle:
		}
	}
}

// poke signals without waiting: a receiver that was signalled already will look
// anyway.
func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
