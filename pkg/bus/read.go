package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/event"
)

// ErrNotHeld says that the bus does not hold the events that were asked for, or
// that what it holds fails the check.
var ErrNotHeld = errors.New("bus: an event that was asked for is not there")

// Read visits the public halves of the service's own events of these identities, as
// the bus holds them, with the instant at which it stored them: in the order of
// record, version and index, each once. Each event is checked like one that
// arrives, so that nothing is visited that an endpoint would not get.
//
// Of a record it visits all that is asked for, or nothing: one event that is not
// there, or that is refused, ends it with an error.
func (b *Bus) Read(ctx context.Context, ids []event.ID, visit func(e event.Envelope, at time.Time) error) error {
	if b.cfg.Conn == nil || !b.cfg.Conn.IsConnected() {
		return errDisconnected
	}
	own, err := b.ownJudge()
	if err != nil {
		return err
	}
	ids = slices.Compact(slices.SortedFunc(slices.Values(ids), compareIDs))
	for len(ids) > 0 {
		n := 1
		for n < len(ids) && ids[n].Record == ids[0].Record {
			n++
		}
		events, err := b.readRecord(ctx, own, ids[:n])
		if err != nil {
			return err
		}
		for _, e := range events {
			if err := visit(e.Envelope, e.at); err != nil {
				return err
			}
		}
		ids = ids[n:]
	}
	return nil
}

// ownJudge judges the service's own events, to which it does not react.
func (b *Bus) ownJudge() (judge, error) {
	j := newJudge(b.cfg.Catalogue, b.cfg.Schemas)
	for _, typ := range b.cfg.Catalogue.Types() {
		if owner, _ := event.Split(typ); owner != b.cfg.Service {
			continue
		}
		if err := j.add(typ, &reaction{}); err != nil {
			return j, fmt.Errorf("judge %s: %w", typ, err)
		}
	}
	return j, nil
}

// stored is an event as the bus holds it.
type stored struct {
	event.Envelope
	at time.Time
}

// readRecord reads events of one record, which are sorted.
func (b *Bus) readRecord(ctx context.Context, own judge, ids []event.ID) ([]stored, error) {
	found, missing := make([]stored, len(ids)), len(ids)
	why := ErrNotHeld
	record := ids[0].Record
	if !event.IsRecord(record) || !isToken(record) {
		return nil, ErrNotHeld
	}
	// An event that is on several streams, or there in several copies, is taken
	// where it is found first.
	for _, w := range b.relay.watch {
		err := b.walk(ctx, w.stream, recordFilter(w.stream, b.cfg.Service, record), func(msg *jetstream.RawStreamMsg) bool {
			id, _, ok := b.relay.read(ofEvent(msg.Header))
			at, wanted := slices.BinarySearchFunc(ids, id, compareIDs)
			if !ok || !wanted || found[at].ID != "" {
				return true
			}
			m, refused := own.judgeAt(w.to, msg.Subject, msg.Header, msg.Data)
			if refused != nil || m.Source != b.relay.source {
				if refused != nil {
					why = fmt.Errorf("%w: %w", ErrNotHeld, refused)
				}
				return true // the true one may come after it
			}
			found[at] = stored{m.Envelope, msg.Time}
			missing--
			return missing > 0
		})
		if err != nil {
			return nil, err
		}
		if missing == 0 {
			return found, nil
		}
	}
	return nil, why
}

// walk visits the messages of a filter from the first on, until visit wants no
// more.
func (b *Bus) walk(ctx context.Context, stream, filter string, visit func(*jetstream.RawStreamMsg) (more bool)) error {
	s, err := b.findStream(ctx, stream)
	if err != nil {
		return err
	}
	for seq := uint64(1); ; {
		asked, cancel := context.WithTimeout(ctx, asking)
		msg, err := s.GetMsg(asked, seq, jetstream.WithGetMsgSubject(filter))
		cancel()
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read from %s: %w", stream, err)
		}
		if !visit(msg) {
			return nil
		}
		seq = msg.Sequence + 1
	}
}
