package journal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// VerifyRecent checks all statements and checkpoints, and of the commits those that
// were appended since the checkpoint before the newest one: they are held against
// the newest one and against the commits before them. It costs what was appended
// and not what there is, so it says nothing of older commits.
func VerifyRecent(ctx context.Context, v Verification) (Verified, error) {
	w, err := gathered(ctx, v)
	if err != nil {
		return Verified{}, err
	}
	r := recent{verifier: w, from: map[uint64]Reach{}}
	r.choose()
	coll := v.Database.Collection(cmp.Or(v.Collection, "journal"))
	docs, err := r.read(ctx, coll)
	if err != nil {
		return w.done, err
	}
	for i, raw := range docs {
		if err := r.seed(ctx, coll, raw); err != nil {
			return w.done, err
		}
		w.commit(raw)
		if v.Progress != nil {
			v.Progress(int64(i+1), int64(len(docs)))
		}
	}
	if err := w.lookAgain(ctx, v.Database); err != nil {
		return w.done, err
	}
	w.finishKeys()
	w.finishChains()
	r.finish()
	return w.done, nil
}

// recent is a verifier that begins somewhere in the middle.
type recent struct {
	*verifier
	// from is, by lane, behind which number commits are read.
	from map[uint64]Reach
}

// choose says from where on each lane is read: from the newest checkpoint that
// covers less of it than the newest one of all.
func (r *recent) choose() {
	if r.newest == nil {
		return
	}
	for _, to := range r.newest.Lanes {
		from := Reach{Lane: to.Lane}
		for _, c := range r.reaches[to.Lane] {
			if c.Number > from.Number && c.Number < to.Number && c.Tree != nil {
				from = c
			}
		}
		r.from[to.Lane] = from
	}
}

// wanted says whether a document is one of those that are read. Of a lane that no
// checkpoint covers all are.
func (r *recent) wanted(d *document) bool {
	if from, known := r.from[d.lane]; known {
		return d.number > from.Number
	}
	return d.lane > 0 && len(r.reaches[d.lane]) == 0
}

// read reads from the end, and gives what was read in the order of the store.
func (r *recent) read(ctx context.Context, coll *mongo.Collection) (docs []bson.Raw, err error) {
	order := options.Find().SetSort(bson.D{{Key: "$natural", Value: -1}}).SetBatchSize(fetched)
	cursor, err := coll.Find(ctx, bson.D{}, order)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	for older := 0; older < slack && cursor.Next(ctx); {
		var d document
		// What cannot be decoded may be one of those.
		if broken := d.decode(cursor.Current); broken == nil && !r.wanted(&d) {
			older++
			continue
		}
		docs = append(docs, bytes.Clone(cursor.Current))
	}
	if err := cursor.Err(); err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	slices.Reverse(docs)
	return docs, nil
}

// seed looks up what the first commit of a record that is read must follow, and has
// its lane take what is read.
func (r *recent) seed(ctx context.Context, coll *mongo.Collection, raw bson.Raw) error {
	var d document
	_ = d.decode(raw) // it is reported where it is checked
	if d.lane > 0 && r.lanes[d.lane] == nil {
		r.lanes[d.lane] = &leaves{far: map[uint64]leaf{}}
	}
	record, version, err := parseID(d.id)
	if err != nil || version == 1 || r.chains[record] != nil {
		return nil //nolint:nilerr // as above
	}
	id := identify(record, version-1)
	before, err := coll.FindOne(ctx, byID(id)).Raw()
	c := &chain{version: version - 1, last: link{lost: true}}
	r.chains[record] = c
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		if _, passed := r.ledger.passedOver(id); !passed {
			r.report(Finding{record, version - 1, "it is missing"})
		}
	case err != nil:
		return fmt.Errorf("read the journal: %w", err)
	default:
		var b document
		broken := b.decode(before)
		_, passed := r.ledger.passedOver(id)
		c.covered = b.lane > 0
		c.last = link{stored: b.hash, computed: b.sum(r.service), lost: broken != nil || passed, lane: b.lane}
	}
	return nil
}

// finish holds what was read against the newest checkpoint.
func (r *recent) finish() {
	if r.newest != nil {
		for _, to := range r.newest.Lanes {
			l, from := r.lanes[to.Lane], r.from[to.Lane]
			if l == nil {
				l = &leaves{}
			}
			tree, err := treeOf(from.Number, from.Tree)
			if err != nil {
				r.found(fmt.Sprintf("lane %d", to.Lane), "what is signed of its commits up to %d is no tree", from.Number)
				continue
			}
			r.segment(fmt.Sprintf("lane %d", to.Lane), l, from.Number, to, tree)
			for number := range l.far {
				if number > to.Number {
					r.done.Recent++
				}
			}
		}
	}
	for n, l := range r.lanes {
		if _, covered := r.from[n]; !covered && n > 0 {
			r.done.Recent += int64(len(l.far))
		}
	}
}
