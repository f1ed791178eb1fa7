package migrate

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// batch is how many documents are written at once.
const batch = 1000

// database takes one database over and tells how many documents each of its
// collections has.
func (m *migration) database(ctx context.Context, name string) (counts map[string]int64, err error) {
	label := strings.TrimPrefix(name, network.DatabaseName(""))
	src, err := openSource(ctx, network.OldDatabaseDir(m.from), network.OldDatabaseDir(m.work), name)
	if err != nil {
		return nil, told(label, err)
	}
	defer func() { err = errors.Join(explained(m.work, err), src.Close()) }()
	if len(src.collections) == 0 {
		m.find("%s: the file %s holds nothing", label, name+extension)
	}
	if err := src.check(func(text string) { m.find("%s: the file %s is damaged: %s", label, name+extension, text) }); err != nil {
		return nil, told(label, err)
	}
	total, err := src.count()
	if err != nil {
		return nil, told(label, err)
	}
	counts = map[string]int64{}
	done := int64(0)
	m.Progress(label, 0, total)
	for _, c := range src.collections {
		t := taking{
			coll: m.client.Database(name).Collection(c.name), sum: sha256.New(),
			written: func(n int) { done += int64(n); m.Progress(label, done, total) },
		}
		err := src.texts(c, func(row int64, text []byte) error {
			doc, damaged, err := decode(text)
			if err != nil {
				return fmt.Errorf("row %d %w: %w", row, ErrUnknown, err)
			}
			for _, field := range damaged {
				m.find("%s: collection %s row %d: field %q is damaged, and is taken as it stands", label, c.name, row, field)
			}
			return t.take(ctx, doc)
		})
		if err == nil {
			err = t.flush(ctx)
		}
		if err == nil {
			err = t.compare(ctx)
		}
		if err != nil {
			return nil, told(label+": collection "+c.name, err)
		}
		counts[c.name] = t.count
	}
	return counts, nil
}

// told says where something failed. SQLite's error may quote a statement, which
// helps nobody here.
func told(where string, err error) error {
	if errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.NOTADB) {
		return fmt.Errorf("%s: %w", where, ErrDamaged)
	}
	if e, ok := errors.AsType[*sqlite3.Error](err); ok {
		return fmt.Errorf("%s: read the old database: %w", where, e.ExtendedCode())
	}
	return fmt.Errorf("%s: %w", where, err)
}

// taking writes one collection.
type taking struct {
	coll    *mongo.Collection
	waiting []bson.Raw
	written func(n int)
	// count and sum are of all documents, in their order.
	count int64
	sum   hash.Hash
}

func (t *taking) take(ctx context.Context, doc bson.Raw) error {
	t.count++
	t.sum.Write(doc)
	if t.waiting = append(t.waiting, doc); len(t.waiting) < batch {
		return nil
	}
	return t.flush(ctx)
}

func (t *taking) flush(ctx context.Context) error {
	if len(t.waiting) == 0 {
		return nil
	}
	if _, err := t.coll.InsertMany(ctx, t.waiting); err != nil {
		return fmt.Errorf("write to the new database: %w", err)
	}
	t.written(len(t.waiting))
	t.waiting = t.waiting[:0]
	return nil
}

// compare holds the new collection against what was read: the same documents,
// byte for byte, in the same order, and no more.
func (t *taking) compare(ctx context.Context) error {
	cursor, err := t.coll.Find(ctx, bson.D{}, options.Find().SetBatchSize(batch))
	if err != nil {
		return fmt.Errorf("read the new database: %w", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	count, sum := int64(0), sha256.New()
	for cursor.Next(ctx) {
		count++
		sum.Write(cursor.Current)
	}
	if err := cursor.Err(); err != nil {
		return fmt.Errorf("read the new database: %w", err)
	}
	if count != t.count || string(sum.Sum(nil)) != string(t.sum.Sum(nil)) {
		return ErrDiffers
	}
	return nil
}
