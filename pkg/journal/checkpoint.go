package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// CheckpointEvery is how often what was appended is covered.
	CheckpointEvery = 20 * time.Second
	// doubtFor is how long a commit may still appear that the store did not
	// confirm. After that its number counts as unused, and the commit counts for
	// nothing.
	doubtFor = time.Minute
)

// doubt is a commit of which it is not known whether it is stored.
type doubt struct {
	id    string
	o     outcome
	since time.Time
}

// books is what the maker of checkpoints holds.
type books struct {
	// turn is held while a checkpoint or a numbered statement is made.
	turn sync.Mutex
	// newest is the newest checkpoint in the store, nil when there is none.
	newest *Checkpoint

	mu       sync.Mutex
	doubtful map[uint64]doubt
}

func (b *books) doubt(number uint64, d doubt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.doubtful == nil {
		b.doubtful = map[uint64]doubt{}
	}
	b.doubtful[number] = d
}

// readNewest reads the newest checkpoint in the store that is the service's, nil
// when there is none, and tells what of those behind it does not hold.
func (j *Journal) readNewest(ctx context.Context) (c *Checkpoint, wrong []error, err error) {
	numbered := bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: int64(0)}}}}
	order := options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetBatchSize(1)
	cursor, err := j.checkpoints.Find(ctx, numbered, order)
	if err != nil {
		return nil, nil, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	for cursor.Next(ctx) {
		c, err := j.readCheckpoint(cursor.Current)
		if err == nil {
			return c, wrong, nil
		}
		wrong = append(wrong, err)
	}
	if err := cursor.Err(); err != nil {
		return nil, nil, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	return nil, wrong, nil
}

// Found is the newest checkpoint that was there at the start, nil when there was
// none.
func (j *Journal) Found() *Checkpoint { return j.found }

func (c *Checkpoint) positions() json.RawMessage {
	if c == nil {
		return nil
	}
	return c.Positions
}

// Newest is the newest checkpoint of the journal, nil when there is none.
func (j *Journal) Newest() *Checkpoint {
	j.books.turn.Lock()
	defer j.books.turn.Unlock()
	return j.books.newest
}

// tend makes checkpoints and looks for claims until the journal is closed, or lost.
// Each has a goroutine of its own: a claim must be refused in time, also while a
// checkpoint waits for a bus or a disk that is slow.
func (j *Journal) tend(every time.Duration) {
	defer close(j.covered)
	var tasks sync.WaitGroup
	tasks.Go(func() { j.repeat(every, writeTimeout, j.tryCover) })
	if !j.lane.alone && !j.lane.beside {
		tasks.Go(func() { j.repeat(j.lane.lookEvery(), settleTimeout, j.tryLook) })
	}
	tasks.Wait()
}

// repeat does something from time to time, for so long at most.
func (j *Journal) repeat(every, limit time.Duration, do func(context.Context)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-j.closing:
			return
		case <-j.lane.lost:
			return
		case <-tick.C:
			ctx, cancel := context.WithTimeout(context.Background(), limit)
			do(ctx)
			cancel()
		}
	}
}

func (j *Journal) tryLook(ctx context.Context) {
	if err := j.look(ctx, true); err != nil {
		j.log.Warn("cannot see whether another process wants the journal", slog.Any("error", err))
	}
}

func (j *Journal) tryCover(ctx context.Context) {
	if err := j.Cover(ctx); err != nil {
		j.metrics.uncovered.Inc()
		j.log.Warn("what was appended is not covered by a checkpoint yet", slog.Any("error", err))
	}
}

// Cover makes a checkpoint of all that was appended, unless the newest one covers
// it already.
func (j *Journal) Cover(ctx context.Context) error {
	j.resolve(ctx)
	j.books.turn.Lock()
	defer j.books.turn.Unlock()
	return j.cover(ctx)
}

func (j *Journal) cover(ctx context.Context) error {
	// The place of the service on the bus is read first: what is on the bus by then
	// was appended before.
	var positions []byte
	if j.positions != nil {
		positions = j.positions()
	}
	reach := j.numbers.reach(j.lane.number)
	claims := j.lane.next.Load() - 1
	said, last := j.ledger.lastSaid()
	if b := j.books.newest; b != nil && b.Statements == said && b.Claims >= claims && b.covers(reach) {
		return nil
	}
	unread := uint64(0)
	for {
		if err := j.Hold(ctx); err != nil {
			return err
		}
		c := &Checkpoint{
			At: now(), Lane: j.lane.number, Lanes: append([]Reach{reach}, j.unended()...), Claims: claims,
			Statements: said, Last: last, Positions: positions,
		}
		c.number, c.Before = j.behind()
		c.number += 1 + unread
		s, err := j.statement(placeCheckpoints, int64(c.number), c)
		if err != nil {
			return err
		}
		_, err = j.checkpoints.InsertOne(ctx, s.document())
		if mongo.IsDuplicateKeyError(err) {
			ours, moved, err := j.readUp(ctx, s)
			if err != nil {
				return err
			}
			if moved {
				unread = 0
				continue
			}
			if !ours {
				unread++ // what has the number is not the service's, and was told of
				continue
			}
		} else if err != nil {
			return fmt.Errorf("store a checkpoint: %w", err)
		}
		c.hash = s.sum(j.service)
		j.books.newest = c
		j.metrics.checkpoints.Inc()
		j.metrics.covered.Set(float64(c.At.Unix()))
		if j.keep != nil {
			j.keep(ctx, s.keep())
		}
		return nil
	}
}

// behind is the number and the hash of the checkpoint that the next one follows:
// also of one that was known elsewhere alone, so that two never have one number.
func (j *Journal) behind() (number uint64, hash []byte) {
	if b := j.books.newest; b != nil {
		number, hash = b.number, b.hash[:]
	}
	j.ledger.mu.RLock()
	defer j.ledger.mu.RUnlock()
	for _, r := range j.ledger.resumed {
		if r.Lost > number {
			number, hash = r.Lost, r.Hash
		}
	}
	return number, hash
}

// unended are the lanes of the newest checkpoint, but for this process's, that
// nobody has ended: how far they were covered must be kept until then.
func (j *Journal) unended() (lanes []Reach) {
	if j.books.newest == nil {
		return nil
	}
	for _, r := range j.books.newest.Lanes {
		if r.Lane != j.lane.number && j.ledger.end(r.Lane) == nil {
			lanes = append(lanes, r)
		}
	}
	return lanes
}

// readUp reads the newest checkpoint, since the number of s is taken: by s, when an
// answer got lost, or by another process, when moved says that there is a newer one.
func (j *Journal) readUp(ctx context.Context, s *statement) (ours, moved bool, err error) {
	c, _, err := j.readNewest(ctx)
	if err != nil || c == nil {
		return false, false, err
	}
	if c.hash == s.sum(j.service) {
		return true, false, nil
	}
	if number, _ := j.behind(); c.number <= number {
		return false, false, nil
	}
	j.books.newest = c
	return false, true, nil
}

func (j *Journal) readCheckpoint(raw bson.Raw) (*Checkpoint, error) {
	s, err := readStatement(raw, placeCheckpoints, j.service, j.signer.Public())
	if err != nil {
		return nil, fmt.Errorf("checkpoint %v: %w", s.id, err)
	}
	return checkpointOf(s, j.service)
}

// covers says whether a checkpoint says the same of a lane.
func (c *Checkpoint) covers(r Reach) bool {
	i := slices.IndexFunc(c.Lanes, func(o Reach) bool { return o.Lane == r.Lane })
	return i >= 0 && c.Lanes[i].Number == r.Number && c.Lanes[i].Unused.count() == r.Unused.count()
}

// resolve looks for the commits that the store did not confirm.
func (j *Journal) resolve(ctx context.Context) {
	j.books.mu.Lock()
	doubtful := maps.Clone(j.books.doubtful)
	j.books.mu.Unlock()
	for number, d := range doubtful {
		var there document
		raw, err := j.settled.FindOne(ctx, byID(d.id)).Raw()
		switch {
		case err == nil:
			_ = there.decode(raw)
			if there.hash != d.o.hash {
				d.o = outcome{state: unused}
			}
		case errors.Is(err, mongo.ErrNoDocuments) && time.Since(d.since) > doubtFor:
			d.o = outcome{state: unused}
		default:
			continue
		}
		j.numbers.settle(number, d.o)
		j.books.mu.Lock()
		delete(j.books.doubtful, number)
		j.books.mu.Unlock()
	}
}

// declare stores a numbered statement, and a checkpoint that covers it.
func (j *Journal) declare(ctx context.Context, what Said) error {
	j.books.turn.Lock()
	defer j.books.turn.Unlock()
	if err := j.put(ctx, what); err != nil {
		return err
	}
	if err := j.cover(ctx); err != nil {
		return err
	}
	return j.Hold(ctx) // who was paused in between acknowledges nothing
}

// put stores a numbered statement. It goes on behind what is not the service's.
func (j *Journal) put(ctx context.Context, what Said) error {
	unread := uint64(0)
	for {
		if err := j.Hold(ctx); err != nil {
			return err
		}
		number, before := j.ledger.lastSaid()
		number += 1 + unread
		what.At, what.Lane, what.Before = now(), j.lane.number, before
		s, err := j.statement(placeStatements, int64(number), what)
		if err != nil {
			return err
		}
		if _, err = j.statements.InsertOne(ctx, s.document()); err == nil {
			j.ledger.add(number, s.sum(j.service), &what)
			return nil
		}
		if !mongo.IsDuplicateKeyError(err) {
			return fmt.Errorf("store a statement: %w", err)
		}
		ours, err := j.readSaid(ctx, s)
		switch {
		case errors.Is(err, errStatement) || errors.Is(err, errSignature):
			unread++
		case err != nil || ours:
			return err
		default:
			unread = 0
		}
	}
}

// readSaid reads the numbered statement that is in the place of ours. Ours is there
// already when an answer got lost; another one is of a process beside this one.
func (j *Journal) readSaid(ctx context.Context, s *statement) (ours bool, err error) {
	there, err := j.said(ctx, s.id)
	if err != nil {
		return false, err
	}
	var said Said
	if err := unmarshal(there, &said); err != nil {
		return false, err
	}
	j.ledger.add(uint64(s.id.(int64)), there.sum(j.service), &said)
	return bytes.Equal(there.body, s.body), nil
}

// lastSaid is the number and the hash of the last numbered statement.
func (l *ledger) lastSaid() (number uint64, hash []byte) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.said == 0 {
		return 0, nil
	}
	return l.said, slices.Clone(l.last[:])
}
