package bus

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/journal"
)

// LeastAge is the least that EVENTS holds: as long as a request that is sent
// again is known again.
const LeastAge = 7 * 24 * time.Hour

// HeaderOpen is on a copy of an event that is published again because its record
// is still open. It is the instant at which that was so, by the service's clock.
const HeaderOpen = "Sanad-Open"

// copyMark is between an event's id and the instant of such a copy.
const copyMark = "+"

// metaAged is the beginning of the names under which EVENTS says how far the
// steward has taken out closed records, a name for each service.
const metaAged = "sanad-aged-before-"

// Records are those of a service, as far as the end of EVENTS depends on them.
type Records interface {
	// Unclosed visits all records that are open, with the instant of the last
	// commit of each.
	Unclosed(visit func(record string, changed time.Time))
	// IsOpen says whether a record is open.
	IsOpen(record string) bool
	// Tail reads a record from a version on.
	Tail(ctx context.Context, record string, from uint64) ([]*journal.Commit, error)
}

// agedOut is the instant before which a closed record may be absent from the
// bus.
//
// The steward's mark gives it, since the steward writes the mark before it takes
// anything out. So no clock and no setting of today decides what is lost. A stream
// without a mark has lost everything, or nothing was ever taken out. Then the age
// is counted back from the last that the service did, as the steward counts: what a
// service could not publish, because it was away, is not too old.
func agedOut(mark, now, newest time.Time, age time.Duration) time.Time {
	if !mark.IsZero() {
		return mark
	}
	if !newest.IsZero() && newest.Before(now) {
		now = newest
	}
	return now.Add(-age)
}

// slack is how much earlier than was thought the bound must turn out to be
// before the journal is read again for it.
const slack = 24 * time.Hour

// errMark ends a session after which the journal is read again.
var errMark = errors.New("bus: less has aged out than was thought")

// ageing is what the relay knows of the end of EVENTS. Its lock is the relay's.
type ageing struct {
	// newest is the instant of the last commit that was offered, whole once the
	// journal was replayed.
	newest   time.Time
	replayed bool
	// marked is the steward's mark, zero when there is none.
	marked time.Time
	// published counts the messages that came back.
	published int
	// passed are the records of which old commits were passed over in the replay,
	// when it was not known yet whether the record is open. A hash of each is
	// enough: what meets another by chance is looked at in vain.
	passed map[uint64]struct{}
	// again are those of them that have a young commit after all.
	again []string
	// before is the latest bound by which something was passed over since the
	// last scan; zero when nothing was.
	before time.Time
}

// bound is agedOut as things are now, zero when nothing ages. The lock is held.
func (r *relay) bound() time.Time {
	cfg := &r.bus.cfg
	switch {
	case cfg.Age <= 0 || cfg.Records == nil:
		return time.Time{}
	case !cfg.Since.IsZero():
		return cfg.Since
	case !r.replayed:
		return agedOut(r.marked, cfg.Clock(), time.Time{}, cfg.Age)
	}
	return agedOut(r.marked, cfg.Clock(), r.newest, cfg.Age)
}

// passOver tells of a commit, in the replay, whether to leave it for later: the
// bus lacks it, it is old, and its record may be closed. The lock is held.
func (r *relay) passOver(c *journal.Commit, there bool) bool {
	old := c.At.Before(r.bound())
	if there && old || !old && len(r.passed) == 0 {
		return false
	}
	record := r.recordKey(c.Record)
	if !old {
		// Its last is young after all: then all of it is on the bus.
		if _, ok := r.passed[record]; ok {
			delete(r.passed, record)
			r.again = append(r.again, c.Record)
		}
		return false
	}
	r.note()
	if r.passed == nil {
		r.passed = map[uint64]struct{}{}
	}
	r.passed[record] = struct{}{}
	return true
}

// recordKey stands for a record in the relay's books.
func (r *relay) recordKey(record string) uint64 { return maphash.String(r.seed, record) }

// lost says whether the bus lacks something of a commit that has aged out.
func (r *relay) lost(c *journal.Commit) bool {
	var array [8]parcel
	parcels, _ := r.parcels(array[:0], c)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.there(parcels) {
		return false
	}
	r.note()
	return true
}

// note remembers by which bound something was passed over. The lock is held.
func (r *relay) note() {
	if h := r.bound(); h.After(r.before) {
		r.before = h
	}
}

// aged says whether the bus may lack a commit: it is old, and its record is
// closed.
func (r *relay) aged(c *journal.Commit) bool {
	r.mu.Lock()
	h := r.bound()
	r.mu.Unlock()
	return c.At.Before(h) && !r.bus.cfg.Records.IsOpen(c.Record)
}

// mark reads the steward's mark from EVENTS.
func (r *relay) mark(info *jetstream.StreamInfo) {
	at := markOf(info.Config.Metadata, r.bus.cfg.Service)
	r.mu.Lock()
	r.marked = at
	r.mu.Unlock()
}

func markOf(meta map[string]string, service string) time.Time {
	at, err := time.Parse(time.RFC3339, meta[metaAged+service])
	if err != nil {
		return time.Time{}
	}
	return at
}

// readMark reads the mark after a scan: what the scan missed because the steward
// took it out meanwhile lies before it.
func (r *relay) readMark(ctx context.Context) error {
	if r.bus.cfg.Age <= 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	s, err := r.bus.cfg.JS.Stream(ctx, Events)
	if err != nil {
		return fmt.Errorf("read the mark of the steward: %w", err)
	}
	r.mark(s.CachedInfo())
	return nil
}

// reconsider goes blind when something was passed over that is not too old: a
// guess was made where the steward has made no mark, and it was wrong. The
// journal has been replayed when it is called.
func (r *relay) reconsider() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.replayed = true
	if r.before.IsZero() || !r.bound().Before(r.before.Add(-slack)) {
		return false
	}
	r.goBlind()
	return true
}

// mendPassed queues what was passed over of records that are open, or of which
// something happened lately.
func (r *relay) mendPassed(ctx context.Context) error {
	r.mu.Lock()
	passed, records := r.passed, r.again
	r.passed, r.again = nil, nil
	r.mu.Unlock()
	r.bus.cfg.Records.Unclosed(func(record string, _ time.Time) {
		if _, ok := passed[r.recordKey(record)]; ok {
			records = append(records, record)
		}
	})
	n := 0
	for _, record := range records {
		missing, err := r.mendRecord(ctx, record, time.Time{})
		if err != nil {
			return err
		}
		n += missing
	}
	r.mended(n)
	return nil
}

// mendRecord queues what the bus lacks of one record: all of it, or what is older
// than an instant.
func (r *relay) mendRecord(ctx context.Context, record string, before time.Time) (missing int, err error) {
	commits, err := r.bus.cfg.Records.Tail(ctx, record, 1)
	if err != nil {
		return 0, err
	}
	for _, c := range commits {
		if !before.IsZero() && !c.At.Before(before) {
			break
		}
		lacks, err := r.mendOne(ctx, c)
		if err != nil {
			return missing, err
		}
		if lacks {
			missing++
		}
	}
	return missing, nil
}

// Level reports whether the bus holds all that it should of the journal.
func (b *Bus) Level() bool {
	r := b.relay
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open && r.state == steady && len(r.passed)+len(r.again) == 0 && r.queue.len() == 0 && r.aloft == 0
}

// Published is how many messages were published and came back.
func (b *Bus) Published() int {
	b.relay.mu.Lock()
	defer b.relay.mu.Unlock()
	return b.relay.published
}

// Pending is how many commits are not known to be on the bus.
func (b *Bus) Pending() int {
	n, _ := b.relay.waiting()
	return n
}

const (
	// touchEvery is how often open records are looked at, and touchAgain how
	// long it takes until it is tried again when that failed.
	touchEvery = 24 * time.Hour
	touchAgain = time.Minute
)

// keepOpen keeps what was said of open records on the bus until ctx is done.
func (r *relay) keepOpen(ctx context.Context) {
	cfg := &r.bus.cfg
	if cfg.Age <= 0 || cfg.Records == nil || !cfg.Since.IsZero() {
		return
	}
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.level: // what waits to be published is not missing
		}
		if !last.IsZero() && time.Since(last) < touchEvery {
			continue
		}
		n, err := r.touch(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.bus.log.Warn("open records are kept on the bus later", slog.Any("error", err))
			sleep(ctx, touchAgain)
			continue
		case n > 0:
			r.bus.log.Info("open records are kept on the bus", slog.Int("messages", n))
		}
		last = time.Now()
	}
}

// touch publishes the last message of each open record again when it is nearly so
// old that the steward would take the record out. It asks the bus how old the
// message is. So it keeps nothing, and a second replica publishes nothing twice.
func (r *relay) touch(ctx context.Context) (touched int, err error) {
	now := r.bus.cfg.Clock()
	due := now.Add(-r.bus.cfg.Age / 9 * 8)
	var records []string
	r.bus.cfg.Records.Unclosed(func(record string, changed time.Time) {
		if changed.Before(due) {
			records = append(records, record)
		}
	})
	if len(records) == 0 {
		return 0, nil
	}
	for _, w := range r.watch {
		s, err := r.bus.cfg.JS.Stream(ctx, w.stream)
		if err != nil {
			return touched, err
		}
		for _, record := range records {
			n, err := r.touchOne(ctx, s, w.stream, record, now, due)
			if err != nil {
				return touched, err
			}
			touched += n
		}
	}
	return touched, nil
}

func (r *relay) touchOne(ctx context.Context, s jetstream.Stream, name, record string, now, due time.Time) (int, error) {
	if !isToken(record) {
		return 0, nil
	}
	asked, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	last, err := s.GetLastMsgForSubject(asked, recordFilter(name, r.bus.cfg.Service, record))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		if name == Events { // of what agencies see there may be nothing
			// What is younger has just happened, and waits in the queue. To put it there
			// twice would have the relay wait for what the bus takes once.
			_, err = r.mendRecord(ctx, record, due)
			return 0, err
		}
		return 0, nil
	}
	if err != nil || !toldAt(last.Header, last.Time).Before(due) {
		return 0, err
	}
	msg := &nats.Msg{Subject: last.Subject, Header: last.Header, Data: last.Data}
	at := now.UTC().Format(time.RFC3339)
	// By its own id the bus takes the copy, and by the event's its readers know
	// that they have it. Another replica's of the same second is the same.
	id := ofEvent(last.Header)
	msg.Header.Set(HeaderOpen, at)
	msg.Header.Set(nats.MsgIdHdr, id+copyMark+at)
	_, err = r.bus.cfg.JS.PublishMsg(asked, msg, jetstream.WithExpectStream(name))
	return 1, err
}

// ofEvent is the Nats-Msg-Id that a message has as an event: without what the copy
// of an open record's has behind it, which must be what the header says.
func ofEvent(h nats.Header) string {
	id := h.Get(nats.MsgIdHdr)
	if event, at, copied := strings.Cut(id, copyMark); copied && at == h.Get(HeaderOpen) {
		return event
	}
	return id
}

// recordFilter is the subjects of one record on a stream. A record of AGENCIES is a
// referral, and its agency does not matter.
func recordFilter(name, service, record string) string {
	if name == Agencies {
		return "sanad.agencies.*.*." + record
	}
	if name == Inside {
		return insideSubject(service, "*", record)
	}
	return "sanad.events." + service + ".*." + record
}

// headerTime is when the event happened, by the clock of the service that told
// it: event.Parse wants more than is needed here.
const headerTime = "ce-time"

// saidAt is the latest instant at which a service is known by a message to have
// told all that happened: that of the event, or of the copy that keeps an open
// record.
func saidAt(h nats.Header) (at time.Time) {
	for _, name := range []string{headerTime, HeaderOpen} {
		if t, err := time.Parse(time.RFC3339Nano, h.Get(name)); err == nil && t.After(at) {
			at = t
		}
	}
	return at
}

// toldAt is the instant from which a message's age counts: the latest of what
// the service's clock and the bus's own say. Neither of them, when it is wrong,
// makes a message older than it is by the other.
func toldAt(h nats.Header, stored time.Time) time.Time {
	if at := saidAt(h); at.After(stored) {
		return at
	}
	return stored
}

// keepMarks has a stream that is declared again say what it said of its age and of
// its network, and by which rules that works.
func keepMarks(declared, actual map[string]string) {
	for name, at := range actual {
		if name == metaNetwork || name == metaAgreed || strings.HasPrefix(name, metaAged) {
			declared[name] = at
		}
	}
}
