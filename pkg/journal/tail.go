package journal

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Tail reads a record from a version on, as the store has it now. Nothing is read
// after a commit that cannot be trusted.
func (j *Journal) Tail(ctx context.Context, record string, from uint64) ([]*Commit, error) {
	var commits []*Commit
	order := order{
		passed: j.ledger.passedOver,
		apply:  func(c *Commit) error { commits = append(commits, c); return nil },
	}
	at := &place{version: max(from, 1) - 1, loose: from > 1}
	for {
		c, err := j.At(ctx, record, at.version+1)
		if err != nil {
			return nil, err
		}
		if c == nil {
			return commits, nil
		}
		if err := order.put(at, c); err != nil {
			return nil, err
		}
		if c.Broken != "" {
			return commits, nil
		}
	}
}

// At reads one commit, as the store has it now: nil when it is not there.
func (j *Journal) At(ctx context.Context, record string, version uint64) (*Commit, error) {
	id := identify(record, version)
	raw, err := j.coll.FindOne(ctx, byID(id)).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		if at, ok := j.ledger.passedOver(id); ok {
			return &Commit{Record: record, Version: version, At: at, Void: true, Passed: true}, nil
		}
		return nil, nil //nolint:nilnil // as said
	}
	if err != nil {
		return nil, ErrUnavailable.Because(err)
	}
	return j.unpack(ctx, raw)
}
