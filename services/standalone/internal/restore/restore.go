// Package restore puts into a journal what the bus holds and a backup lacked. It
// applies what closes, refuses or withdraws, from the public half, as the same
// events: their identities stay. Nothing else is restored by itself: its private
// half is lost, and those who wrote it must be asked.
//
// It refuses to use a version twice: what it does not apply keeps its place as an
// empty commit.
package restore

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/service"
)

// opRestore is the operation of a commit that is recovered from the bus. Of one that
// is not recovered it is journal.OpLost.
const opRestore = "restore"

// Version is a commit that the journal lacks, as far as the bus holds it.
type Version struct {
	Version uint64
	// Types are its events, none when the bus holds none that can be trusted.
	Types []string
	// Ends says that all of them close, refuse or withdraw.
	Ends bool

	at     time.Time
	tail   uint64
	events []event.Recorded
}

// What says in words what becomes of the version.
func (v Version) What() string {
	if v.Ends {
		return "recovered from the bus"
	}
	return "empty; what it said is lost"
}

// Record is a record of which the bus holds more than the journal.
type Record struct {
	ID       string
	Versions []Version

	prev  [32]byte
	owner string
}

// Ends says that everything which is lost of the record closes, refuses or
// withdraws, so that it can be recovered without a person.
func (r Record) Ends() bool {
	return !slices.ContainsFunc(r.Versions, func(v Version) bool { return !v.Ends })
}

// Records are those of which the bus holds more.
func Records(w *service.Workshop) (records []string) {
	for _, id := range w.Lost() {
		records = append(records, id.Record)
	}
	slices.Sort(records)
	return slices.Compact(records)
}

// errBroken says that the record cannot be gone on from.
var errBroken = errors.New("what the journal holds of the record cannot be trusted; mend or release that first")

// Look reads what is lost of a record.
func Look(ctx context.Context, w *service.Workshop, record string) (r Record, err error) {
	r.ID = record
	commits, err := w.Journal.Tail(ctx, record, 1)
	if err != nil {
		return r, err
	}
	held := uint64(0)
	for _, c := range commits {
		if c.Broken != "" {
			return r, errBroken
		}
		held, r.prev, r.owner = c.Version, c.Hash, cmp.Or(c.Owner, r.owner)
	}
	lost := map[uint64][]event.ID{}
	last := held
	for _, id := range w.Lost() {
		if id.Record == record && id.Version > held {
			lost[id.Version] = append(lost[id.Version], id)
			last = max(last, id.Version)
		}
	}
	for n := held + 1; n <= last; n++ {
		v, err := version(ctx, w, n, lost[n])
		if err != nil {
			return r, err
		}
		r.Versions = append(r.Versions, v)
	}
	return r, nil
}

// version reads the events of a commit that is lost.
func version(ctx context.Context, w *service.Workshop, n uint64, ids []event.ID) (Version, error) {
	v := Version{Version: n}
	if len(ids) == 0 {
		return v, nil
	}
	v.tail = ids[0].Tail
	whole := true
	for i, id := range ids {
		whole = whole && id.Index == i && id.Tail == v.tail
	}
	err := w.Bus.Read(ctx, ids, func(e event.Envelope, _ time.Time) error {
		v.Types, v.at = append(v.Types, e.Type), e.Time
		v.events = append(v.events, event.Recorded{Type: e.Type, Data: e.Data})
		return nil
	})
	if errors.Is(err, bus.ErrNotHeld) {
		return Version{Version: n, tail: v.tail}, nil
	}
	v.Ends = whole && v.tail != 0 && !slices.ContainsFunc(v.events, func(e event.Recorded) bool {
		_, err := w.Catalogue.Decode(e, v.at)
		return err != nil || !ends[e.Type] || w.Catalogue.Half(e.Type) != nil && !beside[e.Type]
	})
	return v, err
}

// Fill appends what is lost of the record: what ends something as it was, in the
// place of all else an empty commit. It tells what it appended.
func (r Record) Fill(ctx context.Context, w *service.Workshop) (filled []Version, err error) {
	for _, v := range r.Versions {
		c := &journal.Commit{
			Record: r.ID, Version: v.Version, At: time.Now().UTC(), Owner: r.owner, Op: journal.OpLost, Origin: v.tail, Prev: r.prev,
		}
		if v.Ends {
			c.At, c.Op, c.Events = v.at, opRestore, v.events
		}
		if err := w.Journal.Append(ctx, c); err != nil {
			return filled, err
		}
		r.prev = c.Hash
		filled = append(filled, v)
	}
	return filled, nil
}
