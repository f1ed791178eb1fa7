package image

import (
	"encoding/base64"
	"slices"
	"sort"
	"strings"

	"github.com/tidwall/btree"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// List declares one ordered list of records.
type List[S any] struct {
	Name string
	// Keys gives the places of a record in the list, each a fact.Key. No keys:
	// the record is not in the list.
	Keys func(S) []string
	// Counted is how many leading parts of a key Count counts by. Zero: none.
	Counted int
}

type list[S any] struct {
	List[S]
	order  *btree.BTreeG[place]
	counts map[string]int
}

// move is what a change of a record means to a list.
type move[S any] struct {
	list     *list[S]
	from, to []string
}

// place is a composite key and the record that stands there.
type place struct{ key, id string }

func order() *btree.BTreeG[place] {
	return btree.NewBTreeGOptions(func(a, b place) bool {
		// Keys of one list have long beginnings in common: read them once.
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c < 0
		}
		return a.id < b.id
	}, btree.Options{NoLocks: true})
}

// make takes a record from its places to others. Those that stay cost nothing.
func (m move[S]) make(id string) {
	l, same := m.list, 0
	for same < min(len(m.from), len(m.to)) && m.from[same] == m.to[same] {
		same++
	}
	for _, k := range m.from[same:] {
		if slices.Contains(m.to, k) {
			continue
		}
		if _, ok := l.order.Delete(place{k, id}); ok {
			l.count(k, -1)
		}
	}
	for _, k := range m.to[same:] {
		if _, ok := l.order.Set(place{k, id}); !ok {
			l.count(k, 1)
		}
	}
}

// count keeps the number of places under the parts that are counted by. What
// has come to nothing takes no room.
func (l *list[S]) count(key string, by int) {
	if l.Counted == 0 {
		return
	}
	end := 0
	for range l.Counted {
		end += strings.Index(key[end:], fact.Part) + 1
	}
	under := key[:end]
	if l.counts[under] += by; l.counts[under] == 0 {
		delete(l.counts, under)
	}
}

// Count is how many places of a list stand under a prefix of as many parts as
// the list counts by. It costs the same however many they are.
func (t *Table[S]) Count(name string, prefix ...string) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.lists[name].counts[fact.Key(prefix...)]
}

var errCursor = fault.New(fault.Invalid, "cursor_invalid", "The cursor does not belong to this list. Start from the first page.")

// Page gives the identifiers of at most limit records of a list whose keys
// begin with the prefix parts, in order, from behind the cursor; and the
// cursor of the next page, empty on the last. Its cost grows with the limit,
// not with the list. A cursor names a place, not a page: records that come and
// go meanwhile shift nothing.
func (t *Table[S]) Page(name string, prefix []string, cursor string, limit int) (ids []string, next string, err error) {
	from := place{key: fact.Key(prefix...)}
	root := from.key
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil {
			return nil, "", errCursor.At("cursor", "must be a cursor of this list")
		}
		end := strings.LastIndex(string(raw), fact.Part) + 1
		from = place{root + string(raw[:end]), string(raw[end:])}
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	var last place
	t.lists[name].order.Ascend(from, func(p place) bool {
		if !strings.HasPrefix(p.key, root) {
			return false
		}
		if cursor != "" && p == from {
			return true
		}
		if len(ids) == limit {
			next = base64.RawURLEncoding.EncodeToString([]byte(strings.TrimPrefix(last.key, root) + last.id))
			return false
		}
		ids, last = append(ids, p.id), p
		return true
	})
	return ids, next, nil
}

// Find gives the identifiers of all records of a list under a prefix.
func (t *Table[S]) Find(name string, prefix ...string) []string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var ids []string
	from := place{key: fact.Key(prefix...)}
	t.lists[name].order.Ascend(from, func(p place) bool {
		if !strings.HasPrefix(p.key, from.key) {
			return false
		}
		ids = append(ids, p.id)
		return true
	})
	return ids
}

// Span gives at most limit identifiers of a list under a prefix, in order, from
// the offset-th on, and how many there are in all. Only places count whose next
// part is not before from. It costs about the same wherever it begins and
// however long the list is.
func (t *Table[S]) Span(name string, prefix []string, from string, offset, limit int) (ids []string, total int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	order := t.lists[name].order
	root := fact.Key(prefix...)
	first, end := rank(order, root+from), order.Len()
	if root != "" {
		end = rank(order, strings.TrimSuffix(root, fact.Part)+"\x01") // behind all that begin with root
	}
	total = end - first
	start, ok := order.GetAt(first + offset)
	if offset >= total || limit <= 0 || !ok {
		return nil, total
	}
	order.Ascend(start, func(p place) bool {
		if len(ids) == min(limit, total-offset) {
			return false
		}
		ids = append(ids, p.id)
		return true
	})
	return ids, total
}

// rank is how many places come before a key.
func rank(order *btree.BTreeG[place], key string) int {
	return sort.Search(order.Len(), func(i int) bool {
		p, _ := order.GetAt(i)
		return p.key >= key
	})
}
