package journal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// others is how far the lanes of other processes were read: the last number of each,
// in the order of the store. One process stores one batch after the other, so what
// lies before a commit of its lane was there before it.
type others struct {
	mu   sync.Mutex
	read map[uint64]uint64
	// end is the commit with which the journal ended at the last look. What lies well
	// before it was read then, also of a lane of which nothing was there.
	end string
	// next is the lane that nobody has claimed yet.
	next uint64
	// begun and done count looks, so that an older one takes nothing back.
	begun, done uint64
}

// Sole says whether only this process writes the journal, so that what it has read
// and appended is all that there is. ErrUnavailable: that cannot be known now.
func (j *Journal) Sole(ctx context.Context) (bool, error) {
	return !j.lane.beside, j.Hold(ctx)
}

// Others visits what other processes have appended since the last look, the newest
// first. When it returns without an error, it has visited all that they had
// acknowledged at its beginning. It reads from the end, so its cost grows with what
// was appended and not with the journal.
func (j *Journal) Others(ctx context.Context, visit func(record string, version uint64) error) error {
	read, before, turn, err := j.others.begin(ctx, j)
	if err != nil || len(read) == 0 {
		return err
	}
	newest := map[uint64]uint64{}
	met := map[uint64]bool{}
	end, known, older := "", false, 0
	err = j.backwards(ctx, func(d *document) (bool, error) {
		if end == "" {
			end = d.id
		}
		if known = known || before != "" && d.id == before; known {
			older++ // never counted when nothing was looked at before
		}
		last, beside := read[d.lane]
		switch {
		case !beside || met[d.lane]:
		case d.number == last:
			met[d.lane] = true
		default:
			older = 0
			if newest[d.lane] == 0 {
				newest[d.lane] = d.number
			}
			if record, version, err := parseID(d.id); err == nil {
				if err := visit(record, version); err != nil {
					return false, err
				}
			}
		}
		return len(met) < len(read) && older < slack, nil
	})
	if err == nil {
		j.others.looked(turn, end, newest)
	}
	return err
}

// begin gives the lanes of others that have not ended, how far each was read, and the
// end of the last look.
func (o *others) begin(ctx context.Context, j *Journal) (read map[uint64]uint64, end string, turn uint64, err error) {
	o.mu.Lock()
	next := max(o.next, j.lane.number+1)
	o.begun++
	turn = o.begun
	o.mu.Unlock()
	for {
		_, err := j.statements.FindOne(ctx, byID(laneID(next))).Raw()
		if errors.Is(err, mongo.ErrNoDocuments) {
			break
		}
		if err != nil {
			return nil, "", 0, ErrUnavailable.Because(fmt.Errorf("look for other writers: %w", err))
		}
		next++
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	lanes := []uint64(nil)
	if o.next == 0 { // those from before this process
		lanes = j.ledger.unended(j.lane.number)
	}
	for n := max(o.next, j.lane.number+1); n < next; n++ {
		lanes = append(lanes, n)
	}
	for _, n := range lanes {
		if _, known := o.read[n]; !known {
			o.note(n, 0)
		}
	}
	o.next = max(o.next, next)
	return maps.Clone(o.read), o.end, turn, nil
}

func (o *others) looked(turn uint64, end string, newest map[uint64]uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if turn < o.done {
		return
	}
	o.done, o.end = turn, end
	for lane, number := range newest {
		o.note(lane, number)
	}
}

func (o *others) note(lane, number uint64) {
	if o.read == nil {
		o.read = map[uint64]uint64{}
	}
	o.read[lane] = number
}

// replayed notes what a replay read of lanes that go on.
func (o *others) replayed(j *Journal, lane, number uint64) {
	if !j.lane.beside || lane == 0 || lane == j.lane.number || j.ledger.end(lane) != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.note(lane, number)
}

// backwards reads the journal from its end, until visit has enough.
func (j *Journal) backwards(ctx context.Context, visit func(*document) (more bool, err error)) error {
	order := options.Find().SetSort(bson.D{{Key: "$natural", Value: -1}}).SetBatchSize(handful)
	cursor, err := j.coll.Find(ctx, bson.D{}, order)
	if err != nil {
		return ErrUnavailable.Because(fmt.Errorf("read the journal back: %w", err))
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	for cursor.Next(ctx) {
		var d document
		_ = d.decode(cursor.Current) // of what is damaged, what can be read
		if more, err := visit(&d); err != nil || !more {
			return err
		}
	}
	if err := cursor.Err(); err != nil {
		return ErrUnavailable.Because(fmt.Errorf("read the journal back: %w", err))
	}
	return nil
}
