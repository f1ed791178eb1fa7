package bus

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

// Positions are what a checkpoint keeps of the bus. They name no record.
type Positions struct {
	// Streams says, by stream, how far the service's own messages had been seen.
	Streams map[string]Mark `json:"streams,omitempty"`
	// Floors says, by stream, up to which message the service had taken all that
	// it reacts to: 0 for one of which that is not known yet.
	Floors map[string]uint64 `json:"floors,omitempty"`
}

// Mark is a place on a stream: all that the service had said up to there came
// from commits that were in its journal.
type Mark struct {
	Created time.Time `json:"created"`
	Seq     uint64    `json:"seq"`
	// Hash is that of the message's identity. When another message is in its
	// place, the bus has lost its tail, and the number says nothing.
	Hash string `json:"hash,omitempty"`
}

func markHash(msgID string) string {
	sum := sha256.Sum256([]byte(msgID))
	return hex.EncodeToString(sum[:8])
}

// Positions are those of this moment. As long as the bus was not compared, or
// holds what the journal lacks, the marks are those since which it was to be
// compared: no later start may pass over what is lost.
func (b *Bus) Positions() Positions {
	p := Positions{Streams: b.relay.marks(), Floors: map[string]uint64{}}
	durables := b.Part().durables()
	b.floors.mu.Lock()
	defer b.floors.mu.Unlock()
	for _, c := range durables {
		p.Floors[c.stream] = b.floors.of[c.stream]
	}
	return p
}

func (r *relay) marks() map[string]Mark {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.comparison; c != nil && (!c.level || c.forked) {
		return maps.Clone(c.since)
	}
	marks := map[string]Mark{}
	for _, w := range r.watch {
		if w.created.IsZero() {
			continue // never seen
		}
		m := Mark{Created: w.created.UTC(), Seq: w.seq}
		if w.seq > 0 {
			m.Hash = markHash(w.id)
		}
		marks[w.stream] = m
	}
	return marks
}

// Compare has the bus note what it holds of the service behind these positions,
// so that Ahead can tell what the journal lacks. Call it before Begin.
func (b *Bus) Compare(since Positions) {
	b.relay.mu.Lock()
	defer b.relay.mu.Unlock()
	b.relay.comparison = &comparison{since: maps.Clone(since.Streams), most: notedMost, noted: map[string][]note{}}
}

// Rewind makes the service read again what it had read after these positions: its
// journal was restored from a backup, and what it did since is lost. What is not
// lost it recognizes. Call it before Run.
func (b *Bus) Rewind(to Positions) { b.rewind = &to }

// HearAgain makes the service read all events again at its next start: something
// that it had done is lost, and the events that caused it may still be on the bus.
// What is not lost it recognizes. It is for tools, while the service does not run.
func (b *Bus) HearAgain(ctx context.Context) error {
	ctx, cancel, err := b.ask(ctx)
	if err != nil {
		return err
	}
	defer cancel()
	for _, stream := range b.Part().listens() {
		err = b.cfg.JS.DeleteConsumer(ctx, stream, b.cfg.Service)
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("have all events read again: %w", err)
		}
	}
	return nil
}

// start is where a consumer starts anew, nil for where it stands.
func (p *Positions) start(stream string, created time.Time) *uint64 {
	if p == nil || !heard(stream) {
		return nil // deadlines are armed from the journal
	}
	floor := p.Floors[stream]
	if !p.Streams[stream].Created.Equal(created) {
		floor = 0 // the numbers are those of another stream
	}
	return &floor
}

// Ahead gives the events that the bus holds, and of which the version is higher
// than that which is held of their record: their commits are lost. Each is there
// once, sorted by record, version and index. Where so much lies behind the
// positions that not all of it is kept, there is the last of each record alone.
//
// Call it once, when the journal was replayed and before Run. When the bus could
// not be read by then it gives none, and OnAhead is told once it can: held is
// asked then, from another goroutine. A record of which the loss was accepted is
// held up to the version that was given up.
func (b *Bus) Ahead(held func(record string) (version uint64)) []event.ID {
	b.relay.mu.Lock()
	c := b.relay.comparison
	if c != nil {
		c.held = held
	}
	b.relay.mu.Unlock()
	ids := b.relay.ahead()
	b.relay.forget()
	return ids
}

// Compared says whether the bus was compared with the journal.
func (b *Bus) Compared() bool {
	b.relay.mu.Lock()
	defer b.relay.mu.Unlock()
	return b.relay.comparison != nil && b.relay.comparison.done
}

// OnAhead sets what is told of events that the bus turns out to hold and the
// journal lacks, when the bus was away as Ahead was asked. Set it before Run.
func (b *Bus) OnAhead(tell func(lost []event.ID)) { b.relay.onAhead = tell }

// OnFork sets what is told of a place in which the bus holds another event of the
// service's own making than the journal, or two: the bus cannot know which of them
// is true. It is called from Run on, also for what was found before, and maybe more
// than once. Set it before Begin.
func (b *Bus) OnFork(tell func(record string, version uint64)) { b.relay.onFork = tell }

// made says whether the service can have made an identity.
func (b *Bus) made(id event.ID) bool { return b.cfg.Made == nil || b.cfg.Made(id) }

// notedMost bounds the identities that are noted: some tens of megabytes.
const notedMost = 1_000_000

// comparison is what the bus holds of the service behind some marks, until that
// was held against the journal. Its lock is the relay's.
type comparison struct {
	since map[string]Mark
	most  int

	// noted is by record. Beyond the most it holds the last of each.
	noted map[string][]note
	n     int
	full  bool
	// whole is set once all that lay on the bus was noted. Then the notes of a
	// record are sorted.
	whole bool
	held  func(record string) uint64
	// done is set once it was held against the journal, level when the journal
	// lacks nothing, and forked when it holds another commit in some place.
	done, level, forked bool
}

type note struct {
	version, tail uint64
	index         int
}

func (n note) compare(o note) int {
	return cmp.Or(cmp.Compare(n.version, o.version), cmp.Compare(n.index, o.index), cmp.Compare(n.tail, o.tail))
}

// open reports whether there is something to note.
func (c *comparison) open() bool { return c != nil && !c.done }

// begin starts the notes anew.
func (c *comparison) begin() {
	if c.open() {
		c.noted, c.n, c.full, c.whole = map[string][]note{}, 0, false, false
	}
}

// add notes an identity. It reports whether it is the first that is too many.
func (c *comparison) add(id event.ID) (overflows bool) {
	n := note{version: id.Version, tail: id.Tail, index: id.Index}
	notes, known := c.noted[id.Record]
	record := id.Record
	if !known {
		record = strings.Clone(record) // it is part of a whole header
	}
	if c.full {
		if known && n.compare(notes[0]) < 0 {
			n = notes[0]
		}
		c.noted[record] = append(notes[:0], n)
		return false
	}
	c.noted[record] = append(notes, n)
	if c.n++; c.n <= c.most {
		return false
	}
	c.full = true
	for record, notes := range c.noted {
		c.noted[record] = []note{slices.MaxFunc(notes, note.compare)}
	}
	return true
}

// lost are the identities of which the version is higher than what is held.
func (c *comparison) lost(noted map[string][]note, held func(string) uint64) []event.ID {
	var lost []event.ID
	for record, notes := range noted {
		have := held(record)
		for _, n := range notes {
			if n.version > have {
				lost = append(lost, event.ID{Record: record, Version: n.version, Index: n.index, Tail: n.tail})
			}
		}
	}
	slices.SortFunc(lost, compareIDs)
	return slices.Compact(lost) // an event may lie on two streams, and as a copy
}

func compareIDs(a, b event.ID) int {
	return cmp.Or(
		cmp.Compare(a.Record, b.Record), cmp.Compare(a.Version, b.Version),
		cmp.Compare(a.Index, b.Index), cmp.Compare(a.Tail, b.Tail),
	)
}

// scanned says that all that lay on the bus was read.
func (r *relay) scanned() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.comparison.open() {
		r.comparison.whole = true
		for _, notes := range r.comparison.noted {
			slices.SortFunc(notes, note.compare)
		}
	}
}

// ahead compares what was noted with the journal, once: when all was noted, and
// held is set.
func (r *relay) ahead() []event.ID {
	r.mu.Lock()
	c := r.comparison
	if !c.open() || !c.whole || c.held == nil {
		r.mu.Unlock()
		return nil
	}
	c.done = true
	noted := c.noted
	r.mu.Unlock()
	lost := c.lost(noted, c.held)
	r.mu.Lock()
	c.level = len(lost) == 0
	r.mu.Unlock()
	return lost
}

// forget lets go of the notes of a comparison that was made.
func (r *relay) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.comparison; c != nil && c.done {
		c.noted = nil
	}
}

// behind finds the message of a stream behind which is noted what comes: that of
// the mark, or none when the mark does not hold.
func (r *relay) behind(ctx context.Context, w *watched, s jetstream.Stream) error {
	r.mu.Lock()
	var mark Mark
	open := r.comparison.open()
	if open {
		mark = r.comparison.since[w.stream]
	}
	r.mu.Unlock()
	if !open {
		return nil
	}
	info := s.CachedInfo()
	holds := mark.Seq > 0 && info.Created.Equal(mark.Created) && mark.Seq <= info.State.LastSeq
	if holds {
		msg, err := s.GetMsg(ctx, mark.Seq)
		if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
			return fmt.Errorf("read the mark of the checkpoint on %s: %w", w.stream, err)
		}
		holds = err == nil && markHash(msg.Header.Get(nats.MsgIdHdr)) == mark.Hash
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	w.behind = 0
	if holds {
		w.behind = mark.Seq
	}
	return nil
}

// jot notes the identity of a message of the service's own, if it is a true one.
func (r *relay) jot(w *watched, subject string, header nats.Header, id event.ID) {
	m, refused := w.to.placed(subject, header, nil)
	if refused != nil || m.Source != r.source || !r.bus.made(id) {
		return // it is nobody's loss: the service never said it
	}
	r.mu.Lock()
	overflows := r.comparison.open() && r.comparison.add(id)
	r.mu.Unlock()
	if overflows {
		r.bus.log.Warn("so much lies on the bus behind the checkpoint that of each record the last alone is noted", slog.Int("messages", notedMost))
	}
}

// against holds a commit against what was noted of its version, also in places in
// which the commit has nothing to tell: a lost commit, and one that was made in
// its stead, may differ there alone. The lock is held.
func (r *relay) against(c *journal.Commit) {
	if r.comparison == nil || !r.comparison.whole || c.Passed || c.Stands {
		return // a person has decided on it
	}
	notes := r.comparison.noted[c.Record]
	first, _ := slices.BinarySearchFunc(notes, note{version: c.Version}, note.compare)
	for _, n := range notes[first:] {
		if n.version != c.Version {
			break
		}
		want := c.EventID(n.index)
		if len(c.Events) == 0 {
			// Its key was erased, and with it which form its identities have.
			if n.tail == 0 {
				continue
			}
			want.Tail = c.Tail
		}
		place, _ := event.CutTail(want.String())
		if n.tail == want.Tail {
			continue
		}
		if others := r.seen.expel(r.key(place, ""), want.Tail); len(others) > 0 {
			r.comparison.forked = true
			r.forked(want, others...)
		}
	}
}
