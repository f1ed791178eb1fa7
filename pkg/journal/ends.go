package journal

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// tally counts what is there of each lane while the journal is read.
type tally struct {
	lanes map[uint64]*tallied
	// at is the lane of the last commit: the next one mostly has the same.
	at    uint64
	there *tallied
}

// tallied is a lane. Of one that has not ended, the hashes are kept.
type tallied struct {
	count  uint64
	ending bool
	hashes map[uint64][sha256.Size]byte
}

// apart is the most numbers between two commits of a lane of which none was used.
// A commit that is further from the others was not appended by the service: ending
// its lane there would need to count up to it.
const apart = 1 << 20

func (j *Journal) newTally() *tally {
	t := &tally{lanes: map[uint64]*tallied{}}
	for _, n := range j.ledger.unended(j.lane.number) {
		t.lanes[n] = &tallied{ending: true, hashes: map[uint64][sha256.Size]byte{}}
	}
	return t
}

func (t *tally) note(c *Commit) {
	if c.Lane == 0 || c.Void && !c.Passed {
		return
	}
	if t.there == nil || t.at != c.Lane {
		if t.lanes[c.Lane] == nil {
			t.lanes[c.Lane] = &tallied{}
		}
		t.at, t.there = c.Lane, t.lanes[c.Lane]
	}
	t.there.count++
	if t.there.ending {
		t.there.hashes[c.Number] = c.Hash
	}
}

// reach is how far a lane has come that nobody ended: to the last commit that is
// there, or that a checkpoint covers. What is not there, and was not covered, counts
// as unused. Without what was covered the tree is not known.
func (l *tallied) reach(lane uint64, covered *Reach) (r Reach, missing uint64) {
	r.Lane = lane
	if covered != nil {
		r.Number = covered.Number
	}
	for _, n := range slices.Sorted(maps.Keys(l.hashes)) {
		if n > r.Number && n-r.Number > apart {
			break
		}
		r.Number = max(r.Number, n)
	}
	tree := newTree()
	for n := uint64(1); n <= r.Number; n++ {
		hash, there := l.hashes[n]
		if there {
			tree.add(outcome{stored, hash})
			continue
		}
		if covered != nil && n <= covered.Number && !covered.Unused.has(n) {
			missing++ // and may be put back
			continue
		}
		tree.add(outcome{state: unused})
		r.Unused = r.Unused.add(n)
	}
	if missing == 0 {
		r.Tree = tree.parts()
	}
	return r, missing
}

// settleLanes ends the lanes of processes that did not stop in order, before this
// one appends anything. It reads the journal if nobody has.
func (j *Journal) settleLanes(ctx context.Context) error {
	if j.settledLanes.Load() {
		return nil
	}
	if j.lane.beside || len(j.ledger.unended(j.lane.number)) == 0 {
		j.settledLanes.Store(true)
		return nil
	}
	t := j.newTally()
	err := j.scan(ctx, func(docs []bson.Raw) error {
		for _, raw := range docs {
			var d document
			if d.decode(raw) == nil && !j.late(&d) {
				t.note(&Commit{Lane: d.lane, Number: d.number, Hash: d.hash}) // passed over or not
			}
		}
		return nil
	})
	if err != nil {
		return ErrUnavailable.Because(err)
	}
	return j.endLanes(ctx, t)
}

// endLanes ends the lanes that were found open, and tells what of the ended ones
// is not there.
func (j *Journal) endLanes(ctx context.Context, t *tally) error {
	j.books.turn.Lock()
	defer j.books.turn.Unlock()
	if j.settledLanes.Load() {
		return nil
	}
	missing := uint64(0)
	for lane, b := range j.ledger.lanes {
		if b.end == nil {
			continue
		}
		there := uint64(0)
		if l := t.lanes[lane]; l != nil {
			there = l.count
		}
		lost := uint64(0)
		for _, n := range j.ledger.accepted[lane] {
			lost += n.Missing.count()
		}
		if want := b.end.Number - b.end.Unused.count() - lost; there < want {
			missing += want - there
		}
	}
	if !j.lane.beside {
		for _, lane := range j.ledger.unended(j.lane.number) {
			l := t.lanes[lane]
			if l == nil {
				l = &tallied{}
			}
			r, gone := l.reach(lane, j.coveredOf(lane))
			missing += gone
			if err := j.put(ctx, Said{Ended: &r}); err != nil {
				return err
			}
		}
	}
	j.settledLanes.Store(true)
	if missing > 0 {
		j.trouble(TroubleMissing, missing)
		j.log.Error("commits that were signed for are not in the journal", slog.Uint64("commits", missing))
	}
	return nil
}

// coveredOf is how far the newest checkpoint in the store covers a lane. What is
// known elsewhere alone counts as lost, which a Resumption says.
func (j *Journal) coveredOf(lane uint64) *Reach {
	if c := j.books.newest; c != nil {
		for i, r := range c.Lanes {
			if r.Lane == lane {
				return &c.Lanes[i]
			}
		}
	}
	return nil
}

// endLane ends the journal's own lane.
func (j *Journal) endLane(ctx context.Context) error {
	j.resolve(ctx)
	j.books.turn.Lock()
	defer j.books.turn.Unlock()
	r := j.numbers.reach(j.lane.number)
	if j.numbers.open() {
		// A commit may still turn up: the next process says what became of it.
		return j.cover(ctx)
	}
	if err := j.put(ctx, Said{Ended: &r}); err != nil {
		return fmt.Errorf("end the lane: %w", err)
	}
	return j.cover(ctx)
}
