package journal

import (
	"crypto/sha256"
	"slices"
	"sync"

	"github.com/transparency-dev/merkle/compact"
)

// Span is a run of numbers, both ends included.
type Span struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// spans are runs of numbers in ascending order.
type spans []Span

// add puts a number behind all the others.
func (s spans) add(n uint64) spans {
	if last := len(s) - 1; last >= 0 && s[last].To+1 == n {
		s[last].To = n
		return s
	}
	return append(s, Span{n, n})
}

func (s spans) has(n uint64) bool {
	_, found := slices.BinarySearchFunc(s, n, func(r Span, n uint64) int {
		switch {
		case r.To < n:
			return -1
		case r.From > n:
			return 1
		}
		return 0
	})
	return found
}

func (s spans) count() (n uint64) {
	for _, r := range s {
		n += r.To - r.From + 1
	}
	return n
}

// tree is a Merkle tree (RFC 6962, section 2.1) over the hashes of a lane in the
// order of their numbers. A number that was not used is an empty leaf. What is
// kept of it are the roots of its complete parts, of which the root follows.
type tree struct{ *compact.Range }

var trees = compact.RangeFactory{Hash: node}

// What stands before a leaf and before a node (RFC 6962, section 2.1).
const (
	leafPrefix = 0
	nodePrefix = 1
)

// node is the hash of two parts, and leafOf that of a commit. The library's own
// allocate three times as often, for each commit.
func node(left, right []byte) []byte {
	var buf [1 + 2*sha256.Size]byte
	buf[0] = nodePrefix
	copy(buf[1:], left)
	copy(buf[1+sha256.Size:], right)
	sum := sha256.Sum256(buf[:])
	return sum[:]
}

func leafOf(text []byte) []byte {
	var buf [1 + sha256.Size]byte
	buf[0] = leafPrefix
	sum := sha256.Sum256(buf[:1+copy(buf[1:], text)])
	return sum[:]
}

func newTree() tree { return tree{trees.NewEmptyRange(0)} }

// treeOf is a tree of so many leaves with what was kept of it.
func treeOf(leaves uint64, parts [][]byte) (tree, error) {
	r, err := trees.NewRange(0, leaves, parts)
	return tree{r}, err
}

func (t tree) add(o outcome) {
	leaf := []byte(nil)
	if o.state == stored {
		leaf = o.hash[:]
	}
	_ = t.Append(leafOf(leaf), nil) // fails for another place only
}

// parts are copies: the tree goes on.
func (t tree) parts() [][]byte { return slices.Clone(t.Hashes()) }

// outcome is what became of a number.
type outcome struct {
	state state
	hash  [sha256.Size]byte
}

type state uint8

const (
	open state = iota // not known yet
	stored
	unused
)

// numbers gives a writer's commits their numbers and books what became of each.
type numbers struct {
	mu sync.Mutex
	// last is the last number given; reached the last of those of which, and of all
	// before, the outcome is known.
	last, reached uint64
	// after are the outcomes behind reached.
	after []outcome
	// free were given, and came back before they were sent to the store.
	free   []uint64
	unused spans
	tree   tree
}

func (n *numbers) take() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	if i := len(n.free) - 1; i >= 0 {
		number := n.free[i]
		n.free = n.free[:i]
		return number
	}
	n.last++
	n.after = append(n.after, outcome{})
	return n.last
}

// giveBack takes a number back that was never sent to the store: the next commit
// may have it.
func (n *numbers) giveBack(number uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.free = append(n.free, number)
}

// settle books what became of a number.
func (n *numbers) settle(number uint64, o outcome) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.set(number, o)
}

func (n *numbers) set(number uint64, o outcome) {
	if number <= n.reached || number > n.last {
		return
	}
	n.after[number-n.reached-1] = o
	done := 0
	for _, o := range n.after {
		if o.state == open {
			break
		}
		done++
		n.reached++
		n.tree.add(o)
		if o.state == unused {
			n.unused = n.unused.add(n.reached)
		}
	}
	n.after = n.after[done:]
}

// reach is how far the lane has come: all before it is known. Numbers that came
// back are given up.
func (n *numbers) reach(lane uint64) Reach {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, number := range n.free {
		n.set(number, outcome{state: unused})
	}
	n.free = nil
	return Reach{Lane: lane, Number: n.reached, Unused: slices.Clone(n.unused), Tree: n.tree.parts()}
}

// gaveUp says whether a number was given up as unused.
func (n *numbers) gaveUp(number uint64) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return number <= n.reached && n.unused.has(number)
}

// open says whether the outcome of a number is not known.
func (n *numbers) open() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.reached < n.last
}
