package journaltest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sanad-network/sanad/pkg/journal"
)

// documents are what is stored in a journal, in the order of the store.
func documents(t testing.TB, f *Fixture) []bson.D {
	t.Helper()
	cursor, err := f.Database.Collection("journal").Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var docs []bson.D
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	return docs
}

// store writes documents to another collection, as somebody would who has the
// database and not the keys.
func store(t testing.TB, f *Fixture, collection string, docs ...bson.D) {
	t.Helper()
	if _, err := f.Database.Collection(collection).InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
}

func field(d bson.D, name string) any {
	return d[slices.IndexFunc(d, func(e bson.E) bool { return e.Key == name })].Value
}

func idOf(d bson.D) string { return field(d, "_id").(string) }

// with is a copy with another value.
func with(d bson.D, name string, value any) bson.D {
	d = slices.Clone(d)
	d[slices.IndexFunc(d, func(e bson.E) bool { return e.Key == name })].Value = value
	return d
}

func findings(t testing.TB, f *Fixture) []journal.Finding {
	t.Helper()
	found, _ := verify(t, f)
	return found
}

func verify(t testing.TB, f *Fixture) (found []journal.Finding, v journal.Verified) {
	t.Helper()
	v, err := journal.Verify(t.Context(), journal.Verification{
		Database: f.Database, Service: service, Collection: f.Collection, Keys: f.Keys,
		Report: func(f journal.Finding) { found = append(found, f) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, v
}

func verifySound(t *testing.T, open Open) {
	f := New(t, open(t))
	for s := range 4 {
		chainOf(t, f, fmt.Sprint("ref_", s), 4)
	}
	if found, v := verify(t, f); len(found) > 0 || v.Commits != 16 {
		t.Error(v, found)
	}
}

func verifyFindsGap(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	chainOf(t, f, "ref_1", 4)
	docs := documents(t, f)
	store(t, f, "gap", slices.Delete(docs, 1, 2)...)
	got := findings(t, f.in(t, "gap"))
	want := []journal.Finding{{What: "ref_1", Version: 2, Problem: "it is missing"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// verifyFindsChangedFields changes one byte of one field of one commit at a
// time, in each of its fields.
func verifyFindsChangedFields(t *testing.T, open Open) {
	db := open(t)
	f := New(t, db)
	chainOf(t, f, "ref_1", 3)
	docs := documents(t, f)
	const changed = 1 // version 2
	for i, e := range docs[changed] {
		for _, version := range flips(e.Value) {
			name := fmt.Sprint("changed_", i, "_", version.place)
			tampered := slices.Clone(docs)
			tampered[changed] = with(docs[changed], e.Key, version.value)
			store(t, f, name, tampered...)
			named := slices.ContainsFunc(findings(t, f.in(t, name)), func(f journal.Finding) bool {
				return f.What == "ref_1" && f.Version == 2
			})
			if !named {
				t.Errorf("byte %d of %s was changed unnoticed", version.place, e.Key)
			}
		}
	}
	for name, d := range map[string]bson.D{
		"added":   append(slices.Clone(docs[changed]), bson.E{Key: "more", Value: 1}),
		"removed": slices.Clone(docs[changed])[:3],
		"retyped": with(docs[changed], "key", 7),
	} {
		tampered := slices.Clone(docs)
		tampered[changed] = d
		store(t, f, name, tampered...)
		if got := findings(t, f.in(t, name)); len(got) != 1 || got[0].What != "ref_1" || got[0].Version != 2 {
			t.Errorf("a field was %s: %v", name, got)
		}
	}
}

type flip struct {
	place int
	value any
}

// flips are copies of a value in which the first, the middle or the last byte
// is another one.
func flips(value any) []flip {
	places := func(n int) []int { return []int{0, n / 2, n - 1} }
	var all []flip
	switch v := value.(type) {
	case string:
		for _, i := range places(len(v)) {
			b := []byte(v)
			b[i] ^= 4
			all = append(all, flip{i, string(b)})
		}
	case bson.Binary:
		for _, i := range places(len(v.Data)) {
			b := slices.Clone(v.Data)
			b[i] ^= 4
			all = append(all, flip{i, bson.Binary{Subtype: v.Subtype, Data: b}})
		}
	case bson.DateTime:
		all = append(all, flip{0, v ^ 1}, flip{4, v ^ 1<<32})
	}
	return all
}
