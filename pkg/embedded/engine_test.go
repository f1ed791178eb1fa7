package embedded_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// These check any engine for what a journal, its keys and an operator who looks at
// them ask of it.

func byID(v any) bson.D { return bson.D{{Key: "_id", Value: v}} }

// filled is a collection with documents of these _ids, stored in this order.
func filled(t *testing.T, db *mongo.Database, ids ...any) *mongo.Collection {
	t.Helper()
	c := db.Collection("journal")
	docs := make([]bson.D, len(ids))
	for i, id := range ids {
		docs[i] = bson.D{{Key: "_id", Value: id}, {Key: "n", Value: int32(i)}}
	}
	if _, err := c.InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	return c
}

// ids are those of the documents that a filter finds.
func ids(t *testing.T, c *mongo.Collection, filter any, opts ...options.Lister[options.FindOptions]) []any {
	t.Helper()
	cursor, err := c.Find(t.Context(), filter, opts...)
	if err != nil {
		t.Fatal(err)
	}
	var docs []bson.M
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	var found []any
	for _, d := range docs {
		found = append(found, d["_id"])
	}
	return found
}

func TestEngineFinds(t *testing.T) {
	c := filled(t, database(t), "b/2", "a/1", "b/1", "c/1", "b", "é", int32(7), int64(-3))
	op := func(pairs ...any) bson.D {
		var d bson.D
		for i := 0; i < len(pairs); i += 2 {
			d = append(d, bson.E{Key: pairs[i].(string), Value: pairs[i+1]})
		}
		return byID(d)
	}
	up := options.Find().SetSort(byID(1))
	for name, test := range map[string]struct {
		filter any
		opts   *options.FindOptionsBuilder
		want   []any
	}{
		"one":                    {byID("b/1"), nil, []any{"b/1"}},
		"none":                   {byID("b/9"), nil, nil},
		"a number of any type":   {byID(int64(7)), nil, []any{int32(7)}},
		"a list":                 {op("$in", bson.A{"c/1", "x", "a/1", "c/1"}), up, []any{"a/1", "c/1"}},
		"an empty list":          {op("$in", bson.A{}), nil, nil},
		"a stream":               {op("$gte", "b/", "$lt", "b0"), up, []any{"b/1", "b/2"}},
		"a stream backwards":     {op("$gte", "b/", "$lt", "b0"), options.Find().SetSort(byID(-1)), []any{"b/2", "b/1"}},
		"behind one":             {op("$gt", "b/1"), up, []any{"b/2", "c/1", "é"}},
		"up to one":              {op("$lte", "b"), up, []any{"a/1", "b"}},
		"numbers alone":          {op("$lt", int32(100)), up, []any{int64(-3), int32(7)}},
		"all in order":           {bson.D{}, up, []any{int64(-3), int32(7), "a/1", "b", "b/1", "b/2", "c/1", "é"}},
		"the first of all":       {bson.D{}, options.Find().SetSort(byID(1)).SetLimit(1), []any{int64(-3)}},
		"a page":                 {bson.D{}, options.Find().SetSort(byID(1)).SetSkip(2).SetLimit(3), []any{"a/1", "b", "b/1"}},
		"a page by small steps":  {bson.D{}, options.Find().SetSort(byID(1)).SetSkip(2).SetLimit(3).SetBatchSize(1), []any{"a/1", "b", "b/1"}},
		"by small steps, beyond": {bson.D{}, options.Find().SetSort(byID(1)).SetSkip(7).SetBatchSize(2), []any{"é"}},
	} {
		var opts []options.Lister[options.FindOptions]
		if test.opts != nil {
			opts = append(opts, test.opts)
		}
		if diff := cmp.Diff(test.want, ids(t, c, test.filter, opts...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if n, err := c.CountDocuments(t.Context(), op("$gte", "b/", "$lt", "b0")); err != nil || n != 2 {
		t.Error(n, err)
	}
	if n, err := c.CountDocuments(t.Context(), bson.D{}, options.Count().SetSkip(1).SetLimit(4)); err != nil || n != 4 {
		t.Error(n, err)
	}
	if n, err := c.EstimatedDocumentCount(t.Context()); err != nil || n != 8 {
		t.Error(n, err)
	}
}

// TestEngineScansWhatItHas reads more than one answer carries, while others
// write: what was there at the beginning comes once.
func TestEngineScansWhatItHas(t *testing.T) {
	db := database(t)
	const documents = 3000
	all := make([]any, documents)
	for i := range all {
		all[i] = fmt.Sprintf("%04d", i*7919%documents)
	}
	c := filled(t, db, all...)
	cursor, err := c.Find(t.Context(), bson.D{}, options.Find().SetBatchSize(100))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[any]int{}
	for n := 0; cursor.Next(t.Context()); n++ {
		seen[cursor.Current.Lookup("_id").StringValue()]++
		if n%500 == 0 {
			if _, err := c.InsertOne(t.Context(), byID(fmt.Sprint("new ", n))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cursor.Err(); err != nil {
		t.Fatal(err)
	}
	for _, id := range all {
		if seen[id] != 1 {
			t.Errorf("%v came %d times", id, seen[id])
		}
	}
}

func TestEngineRefusesATakenID(t *testing.T) {
	c := filled(t, database(t), "a", "b")
	again := []bson.D{byID("c"), byID("a"), byID("d"), byID("b")}
	_, err := c.InsertMany(t.Context(), again, options.InsertMany().SetOrdered(false))
	refused, ok := errors.AsType[mongo.BulkWriteException](err)
	if !ok || len(refused.WriteErrors) != 2 || refused.WriteErrors[0].Index != 1 || refused.WriteErrors[1].Index != 3 || !mongo.IsDuplicateKeyError(err) {
		t.Error(err)
	}
	_, err = c.InsertMany(t.Context(), []bson.D{byID("e"), byID("a"), byID("f")})
	refused, ok = errors.AsType[mongo.BulkWriteException](err)
	if !ok || len(refused.WriteErrors) != 1 || refused.WriteErrors[0].Index != 1 {
		t.Error(err)
	}
	want := []any{"a", "b", "c", "d", "e"}
	if diff := cmp.Diff(want, ids(t, c, bson.D{}, options.Find().SetSort(byID(1)))); diff != "" {
		t.Error(diff)
	}
}

func TestEngineDeletesByID(t *testing.T) {
	c := filled(t, database(t), "a", "b", "c", "d")
	if r, err := c.DeleteOne(t.Context(), byID("a")); err != nil || r.DeletedCount != 1 {
		t.Error(r, err)
	}
	if r, err := c.DeleteMany(t.Context(), byID(bson.D{{Key: "$in", Value: bson.A{"b", "x", "c"}}})); err != nil || r.DeletedCount != 2 {
		t.Error(r, err)
	}
	if r, err := c.DeleteOne(t.Context(), byID("a")); err != nil || r.DeletedCount != 0 {
		t.Error(r, err)
	}
	if got := ids(t, c, bson.D{}); !slices.Equal(got, []any{"d"}) {
		t.Error(got)
	}
}

func TestEngineTellsWhatThereIs(t *testing.T) {
	db := database(t)
	c := filled(t, db, "a")
	if err := db.CreateCollection(t.Context(), "keys"); err != nil {
		t.Error(err)
	}
	if _, err := db.Collection("keys").InsertOne(t.Context(), byID("k")); err != nil {
		t.Error(err)
	}
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	slices.Sort(names)
	if err != nil || !slices.Equal(names, []string{"journal", "keys"}) {
		t.Error(names, err)
	}
	databases, err := db.Client().ListDatabaseNames(t.Context(), bson.D{})
	if err != nil || !slices.Contains(databases, db.Name()) {
		t.Error(databases, err)
	}
	indexes, err := c.Indexes().ListSpecifications(t.Context())
	if err != nil || len(indexes) != 1 || indexes[0].Name != "_id_" {
		t.Error(indexes, err)
	}
	if err := c.Drop(t.Context()); err != nil {
		t.Error(err)
	}
	if n, err := c.CountDocuments(t.Context(), bson.D{}); err != nil || n != 0 {
		t.Error(n, err)
	}
	if err := db.RunCommand(t.Context(), bson.D{{Key: "ping", Value: 1}}).Err(); err != nil {
		t.Error(err)
	}
}

// TestEngineLargeDocuments stores documents of which an answer carries few.
func TestEngineLargeDocuments(t *testing.T) {
	c := database(t).Collection("journal")
	box := make([]byte, 6<<20)
	for i := range 4 {
		if _, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: fmt.Sprint(i)}, {Key: "box", Value: box}}); err != nil {
			t.Error(err)
		}
	}
	if got := ids(t, c, bson.D{}); len(got) != 4 {
		t.Error(got)
	}
}

// TestEngineManyAtOnce lets two thousand clients write at once, each on a
// connection of its own.
func TestEngineManyAtOnce(t *testing.T) {
	const clients = 2000
	db := database(t, options.Client().SetMaxPoolSize(clients).SetMaxConnecting(100))
	c := db.Collection("journal")
	ready := make(chan struct{})
	var tasks sync.WaitGroup
	for i := range clients {
		tasks.Go(func() {
			<-ready
			if _, err := c.InsertOne(t.Context(), byID(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
			if err := c.FindOne(t.Context(), byID(fmt.Sprint(i))).Err(); err != nil {
				t.Error("what was acknowledged is not there:", err)
			}
		})
	}
	close(ready)
	tasks.Wait()
	if n, err := c.CountDocuments(t.Context(), bson.D{}); err != nil || n != clients {
		t.Error(n, err)
	}
}
