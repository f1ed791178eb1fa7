package image

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/sanad-network/sanad/api/fact"
)

// place is where a record stands in a list. It is small, and holds nothing that
// the collector has to follow: closed records keep their places.
type place struct {
	under uint32 // the number of a text
	row   uint32
	at    int64
}

// key is a place in words: the parts of a fact.Key up to the last, the last in
// milliseconds when it is an instant, and the record.
type key struct {
	under string
	at    int64
	id    string
}

// never is the instant of a key that has none.
const never = math.MinInt64

// parse takes the instant out of a key whose list says that it ends with one. A
// text that only looks like an instant stays what it is: it may be the name of
// an agency.
func (o *order) parse(text, id string) key {
	if o.timed {
		rest := strings.TrimSuffix(text, fact.Part)
		last := strings.LastIndex(rest, fact.Part) + 1
		if ms, ok := fact.ParseSortable(rest[last:]); ok {
			return key{text[:last], ms, id}
		}
	}
	return key{text, never, id}
}

// A block of places is split when it has this many, and grows and shrinks by
// step: room that is kept for later is paid for by every record.
const (
	blockSize = 512
	step      = 64
)

// order is places in their order, by the block. Neighbours share the texts of
// their keys.
type order struct {
	timed  bool      // keys end with an instant
	blocks [][]place // none is empty
	len    int
	texts  []string
	unused []uint32 // numbers of texts
	// compare tells how a place lies to a key.
	compare func(place, key) int
}

// newOrder makes an empty order of records with identifiers by name.
func newOrder(name func(row uint32) string, timed bool) *order {
	o := &order{timed: timed}
	o.compare = func(p place, k key) int {
		if c := strings.Compare(o.texts[p.under], k.under); c != 0 {
			return c
		}
		if c := cmp.Compare(p.at, k.at); c != 0 {
			return c
		}
		return strings.Compare(name(p.row), k.id)
	}
	return o
}

// find is the first place that does not lie before a key.
func (o *order) find(k key) (block, i int, found bool) {
	block = sort.Search(len(o.blocks), func(b int) bool {
		return o.compare(o.blocks[b][len(o.blocks[b])-1], k) >= 0
	})
	if block < len(o.blocks) {
		i, found = slices.BinarySearchFunc(o.blocks[block], k, o.compare)
	}
	return block, i, found
}

// set adds a place. It reports false when it is there already.
func (o *order) set(k key, row uint32) bool {
	b, i, found := o.find(k)
	if found {
		return false
	}
	p := place{o.text(b, i, k.under), row, k.at}
	if b == len(o.blocks) { // behind all
		if b == 0 || len(o.blocks[b-1]) == blockSize {
			o.blocks = append(o.blocks, nil)
		}
		b = len(o.blocks) - 1
		i = len(o.blocks[b])
	}
	if len(o.blocks[b]) == blockSize {
		left, right := o.blocks[b][:blockSize/2], o.blocks[b][blockSize/2:]
		o.blocks[b] = slices.Clone(left)
		o.blocks = slices.Insert(o.blocks, b+1, slices.Clone(right))
		if i > len(left) {
			b, i = b+1, i-len(left)
		}
	}
	if at := o.blocks[b]; len(at) == cap(at) {
		o.blocks[b] = append(make([]place, 0, len(at)+step), at...)
	}
	o.blocks[b] = slices.Insert(o.blocks[b], i, p)
	o.len++
	return true
}

// delete takes a place out. It reports false when it is not there.
func (o *order) delete(k key) bool {
	b, i, found := o.find(k)
	if !found {
		return false
	}
	under := o.blocks[b][i].under
	o.blocks[b] = slices.Delete(o.blocks[b], i, i+1)
	o.len--
	o.shrink(b)
	if b, i, _ := o.find(k); !o.shares(b, i, under) && !o.shares(b, i-1, under) {
		o.texts[under] = ""
		o.unused = append(o.unused, under)
	}
	return true
}

// shrink gives back what a block does not need, and joins it with the next when
// both have become small.
func (o *order) shrink(b int) {
	if next := b + 1; next < len(o.blocks) && len(o.blocks[b])+len(o.blocks[next]) <= blockSize/2 {
		o.blocks[b] = slices.Concat(o.blocks[b], o.blocks[next])
		o.blocks = slices.Delete(o.blocks, next, next+1)
	}
	switch at := o.blocks[b]; {
	case len(at) == 0:
		o.blocks = slices.Delete(o.blocks, b, b+1)
	case cap(at)-len(at) > 2*step:
		o.blocks[b] = append(make([]place, 0, len(at)+step), at...)
	}
}

// text is the number of the text that a place at a position is to stand under:
// that of a neighbour, or a new one.
func (o *order) text(b, i int, under string) uint32 {
	for _, at := range []int{i, i - 1} {
		if p, ok := o.near(b, at); ok && o.texts[p.under] == under {
			return p.under
		}
	}
	if n := len(o.unused); n > 0 {
		number := o.unused[n-1]
		o.unused = o.unused[:n-1]
		o.texts[number] = strings.Clone(under)
		return number
	}
	o.texts = append(o.texts, strings.Clone(under))
	return uint32(len(o.texts) - 1)
}

func (o *order) shares(b, i int, under uint32) bool {
	p, ok := o.near(b, i)
	return ok && p.under == under
}

// near is the place at a position, which may be one before its block.
func (o *order) near(b, i int) (place, bool) {
	if i < 0 {
		if b--; b < 0 {
			return place{}, false
		}
		i = len(o.blocks[b]) - 1
	}
	if b >= len(o.blocks) || i >= len(o.blocks[b]) {
		return place{}, false
	}
	return o.blocks[b][i], true
}

// ascend visits all places that do not lie before a key, while visit wants
// more.
func (o *order) ascend(from key, visit func(place) bool) {
	b, i, _ := o.find(from)
	o.walk(b, i, visit)
}

func (o *order) walk(b, i int, visit func(place) bool) {
	for ; b < len(o.blocks); b, i = b+1, 0 {
		for _, p := range o.blocks[b][i:] {
			if !visit(p) {
				return
			}
		}
	}
}

// skip visits all places from the nth on, while visit wants more.
func (o *order) skip(n int, visit func(place) bool) {
	for b, block := range o.blocks {
		if n < len(block) {
			o.walk(b, n, visit)
			return
		}
		n -= len(block)
	}
}

// rank is how many places lie before a key.
func (o *order) rank(k key) int {
	b, n, _ := o.find(k)
	for _, block := range o.blocks[:b] {
		n += len(block)
	}
	return n
}

// words is the key of a place as a text, without its record.
func (o *order) words(p place) string {
	if p.at == never {
		return o.texts[p.under]
	}
	return o.texts[p.under] + fact.SortableMilli(p.at) + fact.Part
}
