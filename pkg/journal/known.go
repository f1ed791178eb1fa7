package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// compare holds the store against checkpoints that were kept outside it, and gives
// the newest if the store does not hold it and has not said so.
func (j *Journal) compare(ctx context.Context, known [][]byte) (lost *Checkpoint, err error) {
	var newest *Checkpoint
	for _, text := range known {
		if len(text) == 0 {
			continue
		}
		c, err := ReadKept(text, j.service, j.signer.Public())
		if err != nil {
			return nil, fmt.Errorf("a checkpoint that was kept outside the database: %w; it is another service's or another network's, or the signing key is", err)
		}
		if newest == nil || c.number > newest.number {
			newest = c
		}
	}
	if newest == nil || j.ledger.toldOf(newest) {
		return nil, nil //nolint:nilnil // as said
	}
	if held, err := j.holds(ctx, newest); held || err != nil {
		return nil, err
	}
	return newest, nil
}

// holds says whether the store has a checkpoint, and not another one in its place:
// it may have gone on from an older state, before this one was known.
func (j *Journal) holds(ctx context.Context, c *Checkpoint) (bool, error) {
	raw, err := j.checkpoints.FindOne(ctx, bson.D{{Key: "_id", Value: int64(c.number)}}).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for a checkpoint: %w", err)
	}
	there, err := j.readCheckpoint(raw)
	if err != nil {
		return false, nil //nolint:nilerr // what is not the service's is not what is known
	}
	return there.hash == c.hash, nil
}

// toldOf says whether a statement tells that the store lacks a checkpoint.
func (l *ledger) toldOf(c *Checkpoint) bool {
	return slices.ContainsFunc(l.resumed, func(r Resumption) bool {
		return r.Lost == c.number && bytes.Equal(r.Hash, c.hash[:])
	})
}

// resume says that the store lacks a checkpoint, and goes on after it: no number of
// what was lost is used again.
func (j *Journal) resume(ctx context.Context, lost *Checkpoint) error {
	from := uint64(0)
	if j.books.newest != nil {
		from = j.books.newest.number
	}
	j.log.Error("the database lacks a checkpoint that was kept outside it: it was restored from a backup, or cut",
		slog.Uint64("holds", from), slog.Uint64("known", lost.number))
	return j.declare(ctx, Said{Resumed: &Resumption{From: from, Lost: lost.number, Hash: lost.hash[:]}})
}

// unowned are the resumptions for which no person gave a reason.
func (l *ledger) unowned() (open []Resumption) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, r := range l.resumed {
		same := func(o Resumption) bool { return o.Lost == r.Lost && bytes.Equal(o.Hash, r.Hash) }
		owned := func(o Resumption) bool { return o.Reason != "" && same(o) }
		if !slices.ContainsFunc(l.resumed, owned) && !slices.ContainsFunc(open, same) {
			open = append(open, r)
		}
	}
	return open
}

// Behind says whether the store was behind what was known of it, and no person has
// given a reason.
func (j *Journal) Behind() bool { return len(j.ledger.unowned()) > 0 }

// Own records a person's reason why the store was behind what was known of it.
func (j *Journal) Own(ctx context.Context, reason string) error {
	if reason == "" {
		return errReason
	}
	for _, r := range j.ledger.unowned() {
		r.Reason = reason
		if err := j.declare(ctx, Said{Resumed: &r}); err != nil {
			return err
		}
	}
	j.trouble(TroubleBehind, 0)
	return nil
}
