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
		raw, err := j.coll.FindOne(ctx, byID(identify(stream, version))).Raw()
		if errors.Is(err, mongo.ErrNoDocuments) {
			return commits, nil
		}
		if err != nil {
			return nil, ErrUnavailable.Because(err)
		}
		c, err := j.unpack(ctx, raw)
		if err != nil {
			return nil, err
		}
		commits = append(commits, c)
	}
}
