package publication

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// order is a list as one reader has it: the lists of their tiers as one, in the order of
// identifiers. These do not change, so no change of an entry moves another.
type order []func(from string, offset, limit int) (ids []string, total int)

// fixed is the order of some identifiers.
func fixed(ids []string) order {
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(bare(a), bare(b)) })
	ids = slices.Compact(ids)
	return order{func(from string, offset, limit int) ([]string, int) {
		i := sort.Search(len(ids), func(i int) bool { return bare(ids[i]) >= from })
		rest := ids[i:]
		return rest[min(offset, len(rest)):min(offset+limit, len(rest))], len(rest)
	}}
}

// bare is the identifier in the name of a record.
func bare(name string) string { return name[strings.LastIndexByte(name, '_')+1:] }

// behind is where a page begins that follows an identifier.
func behind(id string) string { return id + "~" }

// among are those of an order that are among some names.
func (o order) among(names []string) order {
	var kept []string
	for _, name := range names {
		for _, list := range o {
			if ids, _ := list(bare(name), 0, 1); len(ids) == 1 && bare(ids[0]) == bare(name) {
				kept = append(kept, ids[0])
				break
			}
		}
	}
	return fixed(kept)
}

// count is how many are there from some identifier on.
func (o order) count(from string) int {
	n := 0
	for _, list := range o {
		_, total := list(from, 0, 0)
		n += total
	}
	return n
}

// from gives at most limit names from some identifier on.
func (o order) from(from string, limit int) []string {
	var names []string
	for _, list := range o {
		ids, _ := list(from, 0, limit)
		names = append(names, ids...)
	}
	if len(o) > 1 {
		slices.SortFunc(names, func(a, b string) int { return strings.Compare(bare(a), bare(b)) })
	}
	return names[:min(limit, len(names))]
}

// nth is the identifier that so many come before. It looks at a few, however many there
// are.
func (o order) nth(offset int) (id string, ok bool) {
	all := o.count("")
	for _, list := range o {
		_, n := list("", 0, 0)
		at := func(i int) string {
			ids, _ := list("", i, 1)
			if len(ids) == 0 {
				return "~" // it went meanwhile
			}
			return bare(ids[0])
		}
		i := sort.Search(n, func(i int) bool { return all-o.count(at(i)) >= offset })
		if i < n && all-o.count(at(i)) == offset {
			return at(i), true
		}
	}
	return "", false
}

// walks remembers where the pages ended that were given last. The next page begins there,
// also when entries went meanwhile that stood before it: otherwise as many would be
// skipped. Of several readers of the same list, the earliest counts. What was forgotten is
// found by its number.
type walks struct {
	mu    sync.Mutex
	begin map[walk]begun
}

// walk is a page of a list, for readers who see the same.
type walk struct {
	list string
	page int
}

// begun is where a page begins, as of this part of an hour and of the one before.
type begun struct {
	slot         int64
	now, earlier string
}

const (
	maxWalks = 10_000
	slot     = 1800 // seconds
)

// at is where a page begins, if that is known.
func (w *walks) at(list string, page int, now time.Time) (from string, ok bool) {
	if w == nil {
		return "", false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	b, ok := w.begin[walk{list, page}]
	switch n := now.Unix() / slot; {
	case !ok || n > b.slot+1:
		return "", false
	case n == b.slot && b.earlier != "":
		return min(b.now, b.earlier), true
	}
	return b.now, true
}

// put notes where a page begins.
func (w *walks) put(list string, page int, from string, now time.Time) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	key, n := walk{list, page}, now.Unix()/slot
	b, ok := w.begin[key]
	switch {
	case !ok || n > b.slot+1:
		if len(w.begin) >= maxWalks {
			clear(w.begin)
		}
		b = begun{slot: n, now: from}
	case n > b.slot:
		b = begun{slot: n, now: from, earlier: b.now}
	default:
		b.now = min(b.now, from)
	}
	w.begin[key] = b
}
