package journal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/seal"
)

// Finding is something in a journal that does not hold.
type Finding struct {
	// What is a record, or what else is meant: "lane 3", "checkpoint 17",
	// "statement 4", "key ABC", or what stands in a document that names no commit.
	What string
	// Version is 0 for what is not a commit.
	Version uint64
	Problem string
}

// Verification says what is verified, and how.
type Verification struct {
	// Database holds the collections of the journal. Required.
	Database *mongo.Database
	// Service is the name of the service. Required.
	Service string
	// Collection is where the commits are. Default: "journal".
	Collection string
	// Keys open what is sealed. Default: none; then chains, checkpoints and
	// statements are verified, and that no data key is missing.
	Keys *seal.Keys
	// Known are checkpoints that were kept outside the database. Default: none;
	// then nobody can see that commits and checkpoints were cut off together.
	Known [][]byte
	// Report gets what does not hold. Required.
	Report func(Finding)
	// Opened gets each event of a commit that was opened, with the owner of its data key.
	// Default: nothing gets it. It needs Keys.
	Opened func(owner string, e event.Recorded)
	// Progress gets how many commits were read; a total of 0 means that the store
	// cannot count them quickly. Default: nothing gets it.
	Progress func(done, total int64)
}

// Verified is what was verified.
type Verified struct {
	// Commits were read. Of them Uncovered are of format 1, which no checkpoint
	// covers, and Recent lie behind the newest checkpoint.
	Commits, Uncovered, Recent int64
	Checkpoints                int64
}

// Verify checks what is stored: each document, its place in its chain, and that
// nothing is missing of what a checkpoint covers.
func Verify(ctx context.Context, v Verification) (Verified, error) {
	w, err := gathered(ctx, v)
	if err != nil {
		return Verified{}, err
	}
	coll := v.Database.Collection(cmp.Or(v.Collection, "journal"))
	var total int64
	if v.Progress != nil {
		total = count(ctx, coll)
	}
	err = scan(ctx, coll, func(docs []bson.Raw) error {
		for _, raw := range docs {
			w.commit(raw)
		}
		if v.Progress != nil {
			v.Progress(w.done.Commits, total)
		}
		return nil
	})
	if err != nil {
		return w.done, err
	}
	if err := w.lookAgain(ctx, v.Database); err != nil {
		return w.done, err
	}
	w.finish()
	return w.done, nil
}

// gathered is a verifier that knows all but the commits.
func gathered(ctx context.Context, v Verification) (*verifier, error) {
	w := newVerifier(v)
	for _, c := range []struct {
		name  string
		check func(bson.Raw)
	}{{"keys", w.key}, {placeStatements, w.statement}, {placeCheckpoints, w.checkpoint}} {
		if err := each(ctx, v.Database.Collection(c.name), c.check); err != nil {
			return nil, err
		}
	}
	w.begin(v.Known)
	return w, nil
}

// lookAgain reads keys and statements once more where some are missing: a service
// that runs made keys and statements while the journal was read.
func (v *verifier) lookAgain(ctx context.Context, db *mongo.Database) error {
	if !v.lacks() {
		return nil
	}
	again := v.again()
	if err := each(ctx, db.Collection("keys"), again.key); err != nil {
		return err
	}
	if err := each(ctx, db.Collection(placeStatements), again.statement); err != nil {
		return err
	}
	v.renew(again)
	return nil
}

// Documents are what is stored of a journal, as it is stored.
type Documents struct{ Keys, Statements, Checkpoints, Journal []bson.Raw }

// VerifyDocuments checks documents as Verify does, wherever they come from.
func VerifyDocuments(v Verification, d Documents) Verified {
	w := newVerifier(v)
	for _, raw := range d.Keys {
		w.key(raw)
	}
	for _, raw := range d.Statements {
		w.statement(raw)
	}
	for _, raw := range d.Checkpoints {
		w.checkpoint(raw)
	}
	w.begin(v.Known)
	for _, raw := range d.Journal {
		w.commit(raw)
	}
	w.finish()
	return w.done
}

// each visits all documents of a collection.
func each(ctx context.Context, coll *mongo.Collection, visit func(bson.Raw)) error {
	cursor, err := coll.Find(ctx, bson.D{}, options.Find().SetBatchSize(fetched))
	if err != nil {
		return fmt.Errorf("read %s: %w", coll.Name(), err)
	}
	for cursor.Next(ctx) {
		visit(bytes.Clone(cursor.Current))
	}
	if err := errors.Join(cursor.Err(), cursor.Close(context.WithoutCancel(ctx))); err != nil {
		return fmt.Errorf("read %s: %w", coll.Name(), err)
	}
	return nil
}
