package journal

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// fetched is how many documents one answer of the store carries: about a
	// megabyte.
	fetched = 1000
	// handful is how many of them are handed on at a time.
	handful = 250
)

// scan reads all documents in the order in which the store keeps them, and
// hands them on by the handful. The bytes are the receiver's.
func (j *Journal) scan(ctx context.Context, receive func([]bson.Raw) error) error {
	return scan(ctx, j.coll, receive)
}

func scan(ctx context.Context, coll *mongo.Collection, receive func([]bson.Raw) error) error {
	cursor, err := coll.Find(ctx, bson.D{}, options.Find().SetBatchSize(fetched))
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	for {
		var docs []bson.Raw
		for len(docs) < handful && cursor.Next(ctx) {
			docs = append(docs, append(bson.Raw(nil), cursor.Current...))
		}
		if err := cursor.Err(); err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		if len(docs) == 0 {
			return nil
		}
		if err := receive(docs); err != nil {
			return err
		}
	}
}

// Empty reports whether nothing was ever appended.
func (j *Journal) Empty(ctx context.Context) (bool, error) {
	n, err := j.settled.CountDocuments(ctx, bson.D{}, options.Count().SetLimit(1))
	if err != nil {
		return false, fmt.Errorf("look for commits: %w", err)
	}
	return n == 0, nil
}

// countTimeout bounds how long a start waits to learn how much there is.
const countTimeout = time.Second

// count is how many documents there are, or 0 when the store cannot count quickly.
func count(ctx context.Context, coll *mongo.Collection) int64 {
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	n, err := coll.EstimatedDocumentCount(ctx)
	if err != nil {
		return 0
	}
	return n
}
