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
}

// watches says where a service's own messages are: the agencies' copies lie
// under the names of its addressed events.
func watches(service string, addressed map[string]bool) []*watched {
	w := []*watched{{stream: Events, filters: []string{event.Subject(service, "*", "*")}}}
	var filters []string
	for typ := range addressed {
		_, name := event.Split(typ)
		filters = append(filters, "sanad.agencies.*."+name+".*")
	}
	if len(filters) > 0 {
		slices.Sort(filters)
		w = append(w, &watched{stream: Agencies, filters: slices.Compact(filters)})
	}
	return w
}

// foreign is a commit that came back and was not under way here.
type foreign struct {
	stream  string
	version uint64
}

// tell hands on what other replicas appended, beside the watch: who is told may
// read the journal.
func (r *relay) tell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-r.news:
			if r.follow != nil {
				r.follow(f.stream, f.version)
			}
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
		id := header.Get(nats.MsgIdHdr)
		own := header.Get("ce-source") == r.source
		r.mu.Lock()
		w.seq, w.id = meta.Sequence.Stream, id
		landed := own && r.landed(r.key(id))
		r.mu.Unlock()
		switch {
		case landed:
			r.bus.metrics.published.Inc()
		case own && s.announce && w.stream == Events:
			r.announce(s.ctx, id)
		}
		if next == pending {
			s.read()
		}
		next++
	}
}

// announce tells of another replica's commit, at the first of its events.
func (r *relay) announce(ctx context.Context, id string) {
	stream, version, index, ok := event.ParseID(id)
	if !ok || index > 0 {
		return
	}
	select {
	case r.news <- foreign{stream, version}:
	case <-ctx.Done():
	}
}
