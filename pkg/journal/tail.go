package journal

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Tail reads a stream from a version on, as the store has it now.
func (j *Journal) Tail(ctx context.Context, stream string, from uint64) ([]*Commit, error) {
	var commits []*Commit
	for version := max(from, 1); ; version++ {
		c, err := j.At(ctx, stream, version)
		if err != nil {
			return nil, err
		}
		if c == nil {
			return commits, nil
		}
		commits = append(commits, c)
	}
}

// At reads one commit, as the store has it now: nil when it is not there.
func (j *Journal) At(ctx context.Context, stream string, version uint64) (*Commit, error) {
	raw, err := j.coll.FindOne(ctx, byID(identify(stream, version))).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil //nolint:nilnil // as said
	}
	if err != nil {
		return nil, ErrUnavailable.Because(err)
	}
	return j.unpack(ctx, raw)
}
