// Package image holds what the queries of a service read: the present state of
// each record, and lists of them in order, in memory. It is a fold of the
// journal and can be thrown away at any time; it never reads or writes a store
// by itself, and it knows no rule of any domain.
package image

import (
	"sync"
	"time"
)

// Row is one record as the image knows it. The zero Row is a record that does
// not exist.
type Row[S any] struct {
	State   S
	Version uint64
	// Hash is the hash of the last commit, on which the next one builds.
	Hash [32]byte
	// Changed is the instant of the last commit.
	Changed time.Time
	// Effects are what causes did to the record, the oldest first. The holder of
	// a row may append to them, and changes none.
	Effects []Effect
	// Void says that no commit counts: there is no record yet.
	Void bool
	// Shed says that the version is all that is left: the record was closed long
	// ago and is read back from the journal on demand.
	Shed bool
}

// Effect is what a cause, a request or an event, did to a record. It is kept for
// each commit of an open record, so it is small and in one piece.
type Effect struct {
	// Cause and Digest are the beginnings of hashes. An event has no digest.
	Cause, Digest [16]byte
	// At is the instant of the commit, in milliseconds since 1970.
	At int64
}

// Table is the image of one kind of record. It is safe for concurrent use; the
// writes to one record must come in the order of its versions.
type Table[S any] struct {
	closed func(S) bool
	lists  map[*List[S]]*list[S]

	mu      sync.RWMutex
	numbers map[string]uint32
	rows    [][]row[S] // by number, chunk after chunk
	// done orders closed records by the instant of their last commit.
	done *order
}

// row is a record by its number. What is not kept of a shed one is apart, so
// that it takes no room.
type row[S any] struct {
	id      string
	version uint64
	full    *Row[S]
}

const chunk = 256

// New makes an empty table. Closed says which states may be shed.
func New[S any](closed func(S) bool, lists ...*List[S]) *Table[S] {
	t := &Table[S]{closed: closed, lists: map[*List[S]]*list[S]{}, numbers: map[string]uint32{}}
	t.done = newOrder(t.name, true)
	for _, l := range lists {
		t.lists[l] = &list[S]{List: l, order: newOrder(t.name, l.Timed), counts: map[string]int{}}
	}
	return t
}

// Len is the number of records, shed ones included.
func (t *Table[S]) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.numbers)
}

// Get finds a record.
func (t *Table[S]) Get(id string) Row[S] {
	t.mu.RLock()
	defer t.mu.RUnlock()
	n, ok := t.numbers[id]
	if !ok {
		return Row[S]{}
	}
	r := t.row(n)
	if r.full == nil {
		return Row[S]{Version: r.version, Shed: true}
	}
	return *r.full
}

// Put moves a record to its next row. Was is the one before, as Get gave it or as
// it was restored: its state gives the places that it leaves.
func (t *Table[S]) Put(id string, was, next Row[S]) {
	exists := was.Version > 0
	moves := make([]move[S], 0, 8) // composed under no lock
	for _, l := range t.lists {
		m := move[S]{list: l, to: l.Keys(next.State)}
		if exists {
			m.from = l.Keys(was.State)
		}
		moves = append(moves, m)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.number(id)
	for _, m := range moves {
		m.make(id, n)
	}
	if exists && t.closed(was.State) {
		t.done.delete(ended(was.Changed, id))
	}
	if t.closed(next.State) {
		t.done.set(ended(next.Changed, id), n)
	}
	r := t.row(n)
	r.version, r.full = next.Version, &next
}

// Shed drops the state and the effects of records that were closed before an
// instant, and counts them. Their places in the lists stay.
func (t *Table[S]) Shed(before time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for len(t.done.blocks) > 0 {
		p := t.done.blocks[0][0]
		if p.at >= before.UnixMilli() {
			break
		}
		r := t.row(p.row)
		t.done.delete(key{at: p.at, id: r.id})
		r.full = nil
		n++
	}
	return n
}

// Restore gives a shed record back what was shed. It does nothing when the
// record has changed meanwhile.
func (t *Table[S]) Restore(id string, full Row[S]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.numbers[id]
	if !ok {
		return
	}
	if r := t.row(n); r.full == nil && r.version == full.Version {
		r.full = &full
		t.done.set(ended(full.Changed, id), n)
	}
}

// Each visits every record that is not shed, under no lock of the table, so
// that a visit may take long.
func (t *Table[S]) Each(visit func(id string, row Row[S])) {
	t.mu.RLock()
	ids := make([]string, 0, len(t.numbers))
	for _, rows := range t.rows {
		for _, r := range rows {
			if r.full != nil {
				ids = append(ids, r.id)
			}
		}
	}
	t.mu.RUnlock()
	for _, id := range ids {
		if row := t.Get(id); !row.Shed {
			visit(id, row)
		}
	}
}

func (t *Table[S]) row(n uint32) *row[S] { return &t.rows[n/chunk][n%chunk] }

func (t *Table[S]) name(n uint32) string { return t.row(n).id }

// number finds a record's number, and gives it one when it is new.
func (t *Table[S]) number(id string) uint32 {
	n, ok := t.numbers[id]
	if !ok {
		n = uint32(len(t.numbers))
		t.numbers[id] = n
		if n%chunk == 0 {
			t.rows = append(t.rows, make([]row[S], 0, chunk))
		}
		last := &t.rows[n/chunk]
		*last = append(*last, row[S]{id: id})
	}
	return n
}

// ended is the key of a closed record.
func ended(changed time.Time, id string) key { return key{at: changed.UnixMilli(), id: id} }
