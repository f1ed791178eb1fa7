// Package image holds what the queries of a service read: the present state of
// each record, and lists of them in order, in memory. It is a fold of the
// journal and can be thrown away at any time; it never reads or writes a store
// by itself, and it knows no rule of any domain.
package image

import (
	"sync"
	"time"

	"github.com/tidwall/btree"

	"github.com/sanad-network/sanad/api/fact"
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
	// Shed says that only this stub is left and State is zero: the record was
	// closed long ago and is read back from the journal on demand.
	Shed bool
}

// Effect is what a cause, a request or an event, did to a record.
type Effect struct {
	Version uint64
	// Digest is that of the request that was the cause, empty for an event.
	Digest string
}

// effect names the effect of a cause on a record.
type effect struct{ id, cause string }

// Table is the image of one kind of record. It is safe for concurrent use; the
// writes to one record must come in the order of its versions.
type Table[S any] struct {
	closed func(S) bool
	lists  map[string]*list[S]

	mu      sync.RWMutex
	rows    map[string]*Row[S]
	effects map[effect]Effect
	// done orders closed records by the instant of their last commit.
	done *btree.BTreeG[place]
}

// New makes an empty table. Closed says which states may be shed.
func New[S any](closed func(S) bool, lists ...List[S]) *Table[S] {
	t := &Table[S]{
		closed:  closed,
		lists:   map[string]*list[S]{},
		rows:    map[string]*Row[S]{},
		effects: map[effect]Effect{},
		done:    order(),
	}
	for _, l := range lists {
		t.lists[l.Name] = &list[S]{List: l, order: order(), counts: map[string]int{}}
	}
	return t
}

// Len is the number of records, shed ones included.
func (t *Table[S]) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.rows)
}

// Get finds a record.
func (t *Table[S]) Get(id string) Row[S] {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if r := t.rows[id]; r != nil {
		return *r
	}
	return Row[S]{}
}

// Effect tells what a cause already did to a record.
func (t *Table[S]) Effect(id, cause string) (Effect, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	e, ok := t.effects[effect{id, cause}]
	return e, ok
}

// Put moves a record to its next state. A cause that is not empty is
// remembered with the version it led to. A shed record must be restored first.
func (t *Table[S]) Put(id string, next Row[S], cause, digest string) {
	was := t.Get(id)
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
	for _, m := range moves {
		m.make(id)
	}
	if exists && t.closed(was.State) {
		t.done.Delete(place{fact.Sortable(was.Changed), id})
	}
	if t.closed(next.State) {
		t.done.Set(place{fact.Sortable(next.Changed), id})
	}
	t.rows[id] = &next
	if cause != "" {
		t.effects[effect{id, cause}] = Effect{Version: next.Version, Digest: digest}
	}
}

// Shed drops the state of records that were closed before an instant and tells
// how many. Their places in the lists, and what caused their changes, stay.
func (t *Table[S]) Shed(before time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for {
		p, ok := t.done.Min()
		if !ok || p.key >= fact.Sortable(before) {
			return n
		}
		t.done.Delete(p)
		r := t.rows[p.id]
		var zero S
		r.State, r.Shed = zero, true
		n++
	}
}

// Restore gives a shed record its state back. It does nothing when the record
// has moved on meanwhile.
func (t *Table[S]) Restore(id string, version uint64, state S) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r := t.rows[id]; r != nil && r.Shed && r.Version == version {
		r.State, r.Shed = state, false
		t.done.Set(place{fact.Sortable(r.Changed), id})
	}
}

// Each visits every record that is not shed, under no lock of the table, so
// that a visit may take its time.
func (t *Table[S]) Each(visit func(id string, row Row[S])) {
	t.mu.RLock()
	ids := make([]string, 0, len(t.rows))
	for id, r := range t.rows {
		if !r.Shed {
			ids = append(ids, id)
		}
	}
	t.mu.RUnlock()
	for _, id := range ids {
		if row := t.Get(id); !row.Shed {
			visit(id, row)
		}
	}
}
