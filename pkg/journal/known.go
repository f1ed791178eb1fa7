package journal

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
)

// compare holds the store against checkpoints that were kept outside it. Behind is
// the newest lane that only they know.
func (j *Journal) compare(known [][]byte) (behind uint64, err error) {
	j.books.known = nil
	var newest *Checkpoint
	for _, text := range known {
		if len(text) == 0 {
			continue
		}
		c, err := ReadKept(text, j.service, j.signer.Public())
		if err != nil {
			return 0, fmt.Errorf("a checkpoint that was kept outside the database: %w; it is another service's or another network's, or the signing key is", err)
		}
		if newest == nil || c.number > newest.number {
			newest = c
		}
	}
	if newest == nil || j.books.newest != nil && j.books.newest.number >= newest.number || j.owned(newest) {
		return 0, nil
	}
	j.books.known = newest
	for _, r := range newest.Lanes {
		behind = max(behind, r.Lane)
	}
	return max(behind, newest.Lane), nil
}

// owned says whether the store has gone on behind a checkpoint that it lacks, and
// said so.
func (j *Journal) owned(c *Checkpoint) bool {
	return slices.ContainsFunc(j.ledger.resumed, func(r Resumption) bool {
		return r.Lost == c.number && bytes.Equal(r.Hash, c.hash[:])
	})
}

// resume says that the store is behind a checkpoint, and goes on after it: no
// number of what was lost is used again.
func (j *Journal) resume(ctx context.Context, lost *Checkpoint) error {
	from := uint64(0)
	if j.books.newest != nil {
		from = j.books.newest.number
	}
	j.log.Error("the database is older than a checkpoint that was kept outside it: it was restored from a backup, or cut",
		slog.Uint64("holds", from), slog.Uint64("known", lost.number))
	j.trouble(TroubleBehind, lost.number-from)
	j.books.turn.Lock()
	defer j.books.turn.Unlock()
	if err := j.put(ctx, Said{Resumed: &Resumption{From: from, Lost: lost.number, Hash: lost.hash[:]}}); err != nil {
		return err
	}
	return j.cover(ctx)
}

// Behind says whether the store was found older than what was known of it, and
// nobody has owned to it.
func (j *Journal) Behind() bool {
	j.ledger.mu.RLock()
	defer j.ledger.mu.RUnlock()
	open := false
	for _, r := range j.ledger.resumed {
		open = r.Reason == ""
	}
	return open
}

// Own records why the store is older than what was known of it.
func (j *Journal) Own(ctx context.Context, reason string) error {
	j.ledger.mu.RLock()
	var last *Resumption
	for i := range j.ledger.resumed {
		last = &j.ledger.resumed[i]
	}
	j.ledger.mu.RUnlock()
	if last == nil || last.Reason != "" {
		return nil
	}
	owned := *last
	owned.Reason = reason
	if err := j.declare(ctx, Said{Resumed: &owned}); err != nil {
		return err
	}
	j.trouble(TroubleBehind, 0)
	return nil
}
