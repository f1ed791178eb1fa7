package bus

import (
	"context"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/event"
)

// watched is one stream on which the relay watches its own messages come back.
type watched struct {
	to      *destination
	stream  string
	filters []string

	// The mark is the last message that came back, on the stream of that instant.
	// When another is in its place the bus has lost its tail, or everything. The
	// relay's lock is held to read and write it.
	created time.Time
	seq     uint64
	id      string
	// found is when the stream that was last looked at was created.
	found time.Time
	// behind is the message behind which what comes is noted for a comparison.
	behind uint64
}

// watches says where a service's own messages are.
func watches(service string, catalogue event.Catalogue) []*watched {
	var all []*watched
	for _, d := range destinations {
		names := d.destined(catalogue, service)
		if len(names) == 0 {
			continue
		}
		if d.readers == nil {
			// All that it says, and one filter is cheaper than many.
			names = []string{"*"}
		}
		all = append(all, &watched{to: d, stream: d.stream, filters: d.filters(service, names)})
	}
	return all
}

// foreign is an event that came back and was not under way here.
type foreign struct {
	event.ID
	key uint64
	// compare is set when nothing else compares it with the journal.
	compare bool
}

// tell passes on what other replicas appended, in a goroutine beside the watch: the
// receiver may read the journal.
func (r *relay) tell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.fork:
			r.bus.log.Error("the bus holds an event of this service that is not the journal's")
			r.tellForks(ctx)
		case f := <-r.news:
			if r.follow != nil && f.Index == 0 {
				r.follow(f.Record, f.Version)
			}
			if f.compare {
				r.compare(ctx, f)
			}
		}
	}
}

// TellForks tells OnFork what was found so far. Run does so by itself; it is for who
// does not run the bus.
func (b *Bus) TellForks(ctx context.Context) {
	if b.relay.onFork != nil {
		b.relay.tellForks(ctx)
	}
}

// tellForks names the records of which the bus holds an event that the journal does
// not have and that only the service can have made. What somebody else published in
// its name closes no record: it only raises the alarm.
func (r *relay) tellForks(ctx context.Context) {
	r.mu.Lock()
	forks := r.forks
	r.forks = nil
	r.mu.Unlock()
	for _, f := range forks {
		c, err := r.bus.cfg.Commit(ctx, f.Record, f.Version)
		if err != nil || c == nil {
			continue // what the journal lacks is found by the comparison
		}
		if slices.ContainsFunc(f.tails, func(tail uint64) bool {
			id := f.ID
			id.Tail = tail
			return tail != c.Tail && r.bus.made(id)
		}) {
			r.onFork(f.Record, f.Version)
		}
	}
}

// landing makes the handler of what comes back on a stream, where pending
// messages lie already.
func (s *session) landing(w *watched, pending uint64) jetstream.MessageHandler {
	r, next := s.relay, uint64(1)
	return func(msg jetstream.Msg) {
		meta, err := msg.Metadata()
		if err != nil || meta.Sequence.Consumer != next {
			// The mark must not pass what was not seen.
			s.fail(errGap)
		}
		if s.failed.Load() {
			return
		}
		s.got.Add(1)
		header := msg.Headers()
		msgID := header.Get(nats.MsgIdHdr)
		// On EVENTS and INSIDE all that is watched is the service's own, also when its source
		// says something else.
		own := heard(w.stream) || header.Get("ce-source") == r.source
		id, key, ok := r.read(ofEvent(header))
		r.mu.Lock()
		w.seq, w.id = meta.Sequence.Stream, msgID
		known := ok && r.seen.has(key, id.Tail)
		var landed, fork bool
		if own && ok {
			landed, fork = r.landed(key, id)
		}
		noted := own && ok && !landed && r.comparison.open() && w.seq > w.behind
		// While all that is on the bus is known, the journal is read at the same
		// time, and that finds the forks of the past.
		compare := !fork && !r.seen.whole
		r.mu.Unlock()
		if noted {
			r.jot(w, msg.Subject(), header, id)
		}
		switch {
		case landed && w.stream == Inside: // no count says that something is there
		case landed:
			r.bus.metrics.published.Inc()
		case own && ok && !known && s.announce && heard(w.stream):
			r.announce(s.ctx, foreign{id, key, compare})
		}
		if next == pending {
			s.read()
		}
		next++
	}
}

// announce tells of an event that another replica published, or that somebody did
// who may not. Of another replica's commit the first event is enough.
func (r *relay) announce(ctx context.Context, f foreign) {
	if f.Index > 0 && !f.compare {
		return
	}
	select {
	case r.news <- f:
	case <-ctx.Done():
	}
}

// compare compares an event on the bus with the journal.
func (r *relay) compare(ctx context.Context, f foreign) {
	if r.bus.cfg.Commit == nil {
		return
	}
	c, err := r.bus.cfg.Commit(ctx, f.Record, f.Version)
	if err != nil || c == nil || c.Passed || c.Stands {
		return // what is not there yet is compared when it is offered
	}
	want := c.EventID(f.Index)
	if len(c.Events) == 0 {
		// Its key was erased, so the form of its identities is not known.
		want.Tail = c.Tail
		if f.Tail == 0 {
			return
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// Unless the commit was offered meanwhile, and the fork found so.
	if want == f.ID {
		return
	}
	if others := r.seen.expel(f.key, want.Tail); len(others) > 0 {
		r.forked(f.ID, others...)
	}
}
