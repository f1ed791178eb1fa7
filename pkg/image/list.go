package image

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// List declares one ordered list of records: a variable of the domain of these
// records. A reader passes it, and New takes the lists that a table keeps.
type List[S any] struct {
	// Keys gives the places of a record in the list, each a fact.Key with as many
	// parts as the others. No keys: the record is not in the list.
	Keys func(S) []string
	// Timed says that the last part of each key is an instant (fact.Sortable).
	// Such a place takes less room; no prefix reaches into the instant.
	Timed bool
	// Counted is how many leading parts of a key Count counts by. Zero: none.
	Counted int
}

// Part is what stands in a list under the leading parts of its keys.
type Part[S any] struct {
	list *List[S]
	root string
	also []Part[S]
	so   func(S) bool
}

// Of is the part of the list under some leading parts of its keys: all of it
// under none.
func (l *List[S]) Of(leading ...string) Part[S] { return Part[S]{list: l, root: fact.Key(leading...)} }

// And is what stands in other parts as well, in the order of the first.
func (p Part[S]) And(others ...Part[S]) Part[S] {
	p.also = slices.Concat(p.also, others)
	return p
}

// Where is what a record says of itself as well, in the order of the list: what no list can know,
// because it hangs on the instant of the request. It is for pages.
func (p Part[S]) Where(so func(S) bool) Part[S] {
	p.so = so
	return p
}

// Holds says whether a record is in the part.
func (p Part[S]) Holds(s S) bool {
	return slices.ContainsFunc(p.list.Keys(s), func(k string) bool { return strings.HasPrefix(k, p.root) }) && p.Keeps(s)
}

// Keeps says whether a record that is in the first of the parts is in the others, and is as
// Where says.
func (p Part[S]) Keeps(s S) bool {
	return (p.so == nil || p.so(s)) && !slices.ContainsFunc(p.also, func(o Part[S]) bool { return !o.Holds(s) })
}

type list[S any] struct {
	*List[S]
	order  *order
	counts map[string]int
}

// of finds a list. A list that New did not get is a defect.
func (t *Table[S]) of(p Part[S]) *list[S] {
	l := t.lists[p.list]
	if l == nil {
		panic("image: these records do not keep such a list; name it where they are made")
	}
	return l
}

// Lists says whether a part is of a list that the table keeps.
func (t *Table[S]) Lists(p Part[S]) bool { return t.lists[p.list] != nil }

// move is what a change of a record means to a list.
type move[S any] struct {
	list     *list[S]
	from, to []string
}

// make takes a record from its places to others. Places that stay cost nothing.
func (m move[S]) make(id string, row uint32) {
	l, same := m.list, 0
	for same < min(len(m.from), len(m.to)) && m.from[same] == m.to[same] {
		same++
	}
	for _, k := range m.from[same:] {
		if slices.Contains(m.to, k) {
			continue
		}
		if l.order.delete(l.order.parse(k, id)) {
			l.count(k, -1)
		}
	}
	for _, k := range m.to[same:] {
		if l.order.set(l.order.parse(k, id), row) {
			l.count(k, 1)
		}
	}
}

// count keeps the number of places under the parts that are counted by. A count
// of zero takes no room.
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

// Count is how many places stand in a part with as many leading parts as its list
// counts by. Its cost does not grow with them.
func (t *Table[S]) Count(p Part[S]) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.of(p).counts[p.root]
}

var errCursor = fault.New(fault.Invalid, "cursor_invalid", "The cursor does not belong to this list. Start from the first page.")

// Page gives the identifiers of at most limit records of a part, in order, from
// behind the cursor; and the cursor of the next page, empty on the last. Its cost
// grows with the limit, not with the list. A cursor names a place, not a page:
// records that come and go meanwhile move nothing. In a part of several lists it
// reads only the first.
func (t *Table[S]) Page(part Part[S], cursor string, limit int) (ids []string, next string, err error) {
	root := part.root
	t.mu.RLock()
	defer t.mu.RUnlock()
	o := t.of(part).order
	from := key{under: root, at: never}
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil || !strings.HasPrefix(string(raw), mark(root)) {
			return nil, "", errCursor.At("cursor", "must be a cursor of this list")
		}
		raw = raw[len(mark(root)):]
		end := strings.LastIndex(string(raw), fact.Part) + 1
		from = o.parse(root+string(raw[:end]), string(raw[end:]))
	}
	var last place
	o.ascend(from, func(p place) bool {
		if !strings.HasPrefix(o.texts[p.under], root) {
			return false
		}
		if cursor != "" && o.compare(p, from) == 0 {
			return true
		}
		if len(ids) == limit {
			next = base64.RawURLEncoding.EncodeToString([]byte(mark(root) + strings.TrimPrefix(o.words(last), root) + t.name(last.row)))
			return false
		}
		ids, last = append(ids, t.name(p.row)), p
		return true
	})
	return ids, next, nil
}

// mark says of which part a cursor is: a place of another one is nowhere here, and a page
// from there would leave out records and say nothing of it.
func mark(root string) string {
	sum := sha256.Sum256([]byte(root))
	return string(sum[:6])
}

// Find gives the identifiers of all records of a part.
func (t *Table[S]) Find(part Part[S]) []string {
	root := part.root
	t.mu.RLock()
	defer t.mu.RUnlock()
	o := t.of(part).order
	var ids []string
	o.ascend(key{under: root, at: never}, func(p place) bool {
		if !strings.HasPrefix(o.texts[p.under], root) {
			return false
		}
		ids = append(ids, t.name(p.row))
		return true
	})
	return ids
}

// Span gives at most limit identifiers of a part, in order, from the offset-th on,
// and how many there are in all. Only places count whose next part is not before
// from. Its cost does not depend on the beginning or on the length of the list.
func (t *Table[S]) Span(part Part[S], from string, offset, limit int) (ids []string, total int) {
	root := part.root
	t.mu.RLock()
	defer t.mu.RUnlock()
	o := t.of(part).order
	begin := key{under: root, at: never}
	if from != "" {
		begin = o.parse(root+from, "")
	}
	first, end := o.rank(begin), o.len
	if root != "" {
		end = o.rank(key{under: strings.TrimSuffix(root, fact.Part) + "\x01"}) // behind all that begin with root
	}
	total = end - first
	if offset >= total || limit <= 0 {
		return nil, total
	}
	o.skip(first+offset, func(p place) bool {
		if len(ids) == min(limit, total-offset) {
			return false
		}
		ids = append(ids, t.name(p.row))
		return true
	})
	return ids, total
}
