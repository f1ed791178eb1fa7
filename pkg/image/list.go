package image

import (
	"encoding/base64"
	"math"
	"slices"
	"strings"

	"github.com/tidwall/btree"

	"github.com/sanad-network/sanad/pkg/fault"
)

// List declares one ordered list of records.
type List[S any] struct {
	Name string
	// Keys gives the places of a record in the list: each is a composite sort
	// key of parts. No keys: the record is not in the list.
	Keys func(S) [][]string
	// Merges names a list declared before, of which this one, without keys of its
	// own, is a view: it is read as if the part behind the prefix, which is one
	// of Values, were not there.
	Merges string
	Values []string
}

type list[S any] struct {
	keys  func(S) [][]string
	order *btree.BTreeG[place]
	// values are those of the part that is passed over, nil for none.
	values []string
}

// place is a composite key and the record that stands there.
type place struct{ key, id string }

func (p place) compare(q place) int {
	if c := strings.Compare(p.key, q.key); c != 0 {
		return c
	}
	return strings.Compare(p.id, q.id)
}

func order() *btree.BTreeG[place] {
	return btree.NewBTreeGOptions(func(a, b place) bool { return a.compare(b) < 0 }, btree.Options{NoLocks: true})
}

// part ends each part of a composite key; it sorts before every other byte, so
// that "a" comes before "ab" whatever follows.
const part = "\x00"

func compose(parts ...string) string {
	var key strings.Builder
	n := 0
	for _, p := range parts {
		n += len(p) + len(part)
	}
	key.Grow(n)
	for _, p := range parts {
		key.WriteString(p)
		key.WriteString(part)
	}
	return key.String()
}

func (l *list[S]) move(id string, from, to [][]string) {
	if slices.EqualFunc(from, to, slices.Equal) {
		return
	}
	for _, k := range from {
		l.order.Delete(place{compose(k...), id})
	}
	for _, k := range to {
		l.order.Set(place{compose(k...), id})
	}
}

// roots are the beginnings of the keys under a prefix.
func (l *list[S]) roots(prefix []string) []string {
	root := compose(prefix...)
	if l.values == nil {
		return []string{root}
	}
	roots := make([]string, len(l.values))
	for i, v := range l.values {
		roots[i] = root + compose(v)
	}
	return roots
}

// behind gives the places under a prefix, without it, from behind one; in
// order, and the first limit of them at least.
func (l *list[S]) behind(from place, prefix []string, limit int) []place {
	var found []place
	roots := l.roots(prefix)
	for _, root := range roots {
		n := 0
		l.order.Ascend(place{root + from.key, from.id}, func(p place) bool {
			key, under := strings.CutPrefix(p.key, root)
			if !under || n == limit {
				return false
			}
			if p := (place{key, p.id}); p != from {
				found = append(found, p)
				n++
			}
			return true
		})
	}
	if len(roots) > 1 {
		slices.SortFunc(found, place.compare)
	}
	return found
}

var errCursor = fault.New(fault.Invalid, "cursor_invalid", "The cursor does not belong to this list. Start from the first page.")

// Page gives the identifiers of at most limit records of a list whose keys
// begin with the prefix parts, in order, from behind the cursor; and the
// cursor of the next page, empty on the last. Its cost grows with the limit,
// not with the list. A cursor names a place, not a page: records that come and
// go meanwhile shift nothing.
func (t *Table[S]) Page(name string, prefix []string, cursor string, limit int) (ids []string, next string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, "", errCursor.At("cursor", "must be a cursor of this list")
	}
	end := strings.LastIndex(string(raw), part) + 1
	from := place{string(raw[:end]), string(raw[end:])}
	t.mu.RLock()
	defer t.mu.RUnlock()
	found := t.lists[name].behind(from, prefix, limit+1)
	if len(found) > limit {
		found = found[:limit]
		last := found[limit-1]
		next = base64.RawURLEncoding.EncodeToString([]byte(last.key + last.id))
	}
	for _, p := range found {
		ids = append(ids, p.id)
	}
	return ids, next, nil
}

// Find gives the identifiers of all records of a list under a prefix.
func (t *Table[S]) Find(name string, prefix ...string) []string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var ids []string
	for _, p := range t.lists[name].behind(place{}, prefix, math.MaxInt) {
		ids = append(ids, p.id)
	}
	return ids
}
