package journaltest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
)

// stored is a whole journal as it is stored, the newest checkpoint of it that was
// kept outside, and the keys.
type stored struct {
	docs journal.Documents
	kept []byte
	keys *seal.Keys
}

// collections of a journal, by name.
func collections(d *journal.Documents) map[string]*[]bson.Raw {
	return map[string]*[]bson.Raw{
		"keys": &d.Keys, "statements": &d.Statements, "checkpoints": &d.Checkpoints, "journal": &d.Journal,
	}
}

// verify tells what is found in documents, with the keys or without.
func (s *stored) verify(d journal.Documents, keys *seal.Keys) (found []journal.Finding, v journal.Verified) {
	v = journal.VerifyDocuments(journal.Verification{
		Service: service, Keys: keys, Known: [][]byte{s.kept},
		Report: func(f journal.Finding) { found = append(found, f) },
	}, d)
	return found, v
}

// rawOf is all that a collection holds, in the order of the store.
func rawOf(t testing.TB, coll *mongo.Collection) (docs []bson.Raw) {
	t.Helper()
	cursor, err := coll.Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	return docs
}

func documentsOf(t testing.TB, db *mongo.Database) (d journal.Documents) {
	t.Helper()
	for name, docs := range collections(&d) {
		*docs = rawOf(t, db.Collection(name))
	}
	return d
}

// lives is what a journal goes through: three processes, of which the second died,
// an erasure, a commit that was passed over, a claim that was refused, and a
// checkpoint at the end.
func lives(t *testing.T, open Open) *stored {
	t.Helper()
	var w wire
	db, keyset := open(t), newKeyset(t)
	first := mustBegin(t, db, keyset)
	for n := range 4 {
		chainOf(t, &first.Fixture, fmt.Sprint("ref_1", n), 4)
	}
	cover(t, first)
	if n, err := first.Erase(t.Context(), "case_ref_10", "her_wish"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	chainOf(t, &first.Fixture, "ref_14", 3)
	first.mustStop(t)

	dying := mustBegin(t, w.connect(t, open, db), keyset)
	for n := range 3 {
		chainOf(t, &dying.Fixture, fmt.Sprint("ref_2", n), 4)
	}
	cover(t, dying)
	chainOf(t, &dying.Fixture, "ref_23", 3)
	w.kill()
	dying.abandon()

	last := mustBegin(t, db, keyset)
	chainOf(t, &last.Fixture, "ref_31", 6)
	if err := last.PassOver(t.Context(), "ref_31", 3, "wrong"); err != nil {
		t.Fatal(err)
	}
	held := &journal.HeldError{}
	if _, err := begin(t, db, keyset); !errors.As(err, &held) {
		t.Fatal("two processes hold the journal:", err)
	}
	chainOf(t, &last.Fixture, "ref_32", 6)
	cover(t, last)

	docs := documentsOf(t, db)
	used := map[string]bool{"signing": true}
	for _, raw := range docs.Journal {
		used[raw.Lookup("key").StringValue()] = true
	}
	docs.Keys = slices.DeleteFunc(docs.Keys, func(raw bson.Raw) bool { return !used[raw.Lookup("_id").StringValue()] })
	keys, err := seal.Look(t.Context(), db.Collection("keys"), keyset, service)
	if err != nil {
		t.Fatal(err)
	}
	return &stored{docs: docs, kept: last.newestKept(), keys: keys}
}

func cover(t testing.TB, p *process) {
	t.Helper()
	if err := p.Cover(t.Context()); err != nil {
		t.Fatal("make a checkpoint:", err)
	}
}

// mutation is one change of what is stored.
type mutation struct {
	name string
	docs journal.Documents
	// unseen says that it cannot be found without the keys.
	unseen bool
}

// mutations holds that whatever is changed, removed, exchanged or cut off in a
// journal is found.
//
// Without keys these are not found, since nothing that can be read covers them:
//
//	the wrapped bytes of a data key, changed or exchanged with those of another
//	the wrapped bytes of the signing key
//
// Nor is, in any way, what was signed and not covered by a checkpoint, when it is cut
// off at the end, beside commits of a record that goes on; and a data key that no
// commit is sealed with.
func mutations(t *testing.T, open Open) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	s := lives(t, open)
	for name, keys := range map[string]*seal.Keys{"with keys": s.keys, "without keys": nil} {
		found, v := s.verify(s.docs, keys)
		if len(found) > 0 || v.Commits != int64(len(s.docs.Journal)) || v.Uncovered+v.Recent != 0 {
			t.Fatal("an untouched journal,", name, ":", v, found)
		}
	}
	t.Log(len(s.docs.Journal), "commits,", len(s.docs.Statements), "statements,", len(s.docs.Checkpoints), "checkpoints,", len(s.docs.Keys), "keys")
	for name, all := range map[string]func(*stored, func(mutation)){
		"Flipped": flipped, "Removed": removed, "Exchanged": exchanged, "Cut": cut,
	} {
		t.Run(name, func(t *testing.T) {
			var n, unseen atomic.Int64
			s.each(all, func(m mutation) {
				n.Add(1)
				// What is found without keys is found with them: nothing is checked less.
				if found, _ := s.verify(m.docs, nil); len(found) > 0 {
					return
				}
				if !m.unseen {
					t.Errorf("%s: not found without keys", m.name)
				}
				unseen.Add(1)
				if found, _ := s.verify(m.docs, s.keys); len(found) == 0 {
					t.Errorf("%s: not found", m.name)
				}
			})
			t.Log(n.Load(), "mutations,", unseen.Load(), "of them seen with keys only")
		})
	}
	t.Run("FlippedTogether", func(t *testing.T) { flippedTogether(t, s) })
}

// each makes mutations and tries them on all processors.
func (s *stored) each(all func(*stored, func(mutation)), try func(mutation)) {
	work := make(chan mutation)
	var tasks sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		tasks.Go(func() {
			for m := range work {
				try(m)
			}
		})
	}
	all(s, func(m mutation) { work <- m })
	close(work)
	tasks.Wait()
}

// with is the documents with one collection in another state.
func (s *stored) with(collection string, docs []bson.Raw) journal.Documents {
	d := s.docs
	*collections(&d)[collection] = docs
	return d
}

// order is that of the names, so that two runs tell the same.
func (s *stored) order() []string { return slices.Sorted(maps.Keys(collections(&s.docs))) }

func (s *stored) of(collection string) []bson.Raw { return *collections(&s.docs)[collection] }

// flipped turns single bits: of each byte the lowest and the highest. What names a
// commit is changed in one commit at a time, and the rest in flippedTogether.
func flipped(s *stored, try func(mutation)) {
	for _, name := range s.order() {
		for i, raw := range s.of(name) {
			whole := raw
			if name == "journal" {
				raw = raw[:nameOf(raw)]
			}
			wrapped := -1
			if _, w, ok := raw.Lookup("wrapped").BinaryOK(); ok {
				wrapped = bytes.Index(raw, w)
			}
			for at := range raw {
				for _, bit := range []byte{1, 128} {
					docs := slices.Clone(s.of(name))
					docs[i] = bytes.Clone(whole)
					docs[i][at] ^= bit
					try(mutation{
						name: fmt.Sprintf("%s %v, byte %d ^ %d", name, raw.Lookup("_id"), at, bit),
						docs: s.with(name, docs), unseen: wrapped >= 0 && at >= wrapped,
					})
				}
			}
		}
	}
}

// nameOf is where the name of a commit ends.
func nameOf(raw bson.Raw) int { return bytes.Index(raw, []byte("at\x00")) - 1 }

// flippedTogether turns the same bit in all commits, of which each must be named:
// so there are as many looks as a commit has bytes, and not fifty times as many.
func flippedTogether(t *testing.T, s *stored) {
	longest := 0
	for _, raw := range s.docs.Journal {
		longest = max(longest, len(raw)-nameOf(raw))
	}
	s.each(func(s *stored, try func(mutation)) {
		for at := range longest {
			for _, bit := range []byte{1, 128} {
				docs := slices.Clone(s.docs.Journal)
				for i, raw := range docs {
					if place := nameOf(raw) + at; place < len(raw) {
						docs[i] = bytes.Clone(raw)
						docs[i][place] ^= bit
					}
				}
				try(mutation{name: fmt.Sprintf("byte %d ^ %d", at, bit), docs: s.with("journal", docs)})
			}
		}
	}, func(m mutation) {
		found, _ := s.verify(m.docs, nil)
		told := map[string]bool{}
		for _, f := range found {
			told[fmt.Sprintf("%s/%d", f.What, f.Version)] = true
		}
		for i, raw := range s.docs.Journal {
			id := raw.Lookup("_id").StringValue()
			if !bytes.Equal(raw, m.docs.Journal[i]) && !told[id] {
				t.Errorf("%s of %s: not found", m.name, id)
			}
		}
	})
}

// removed takes single documents away.
func removed(s *stored, try func(mutation)) {
	for _, name := range s.order() {
		for i, raw := range s.of(name) {
			docs := slices.Delete(slices.Clone(s.of(name)), i, i+1)
			try(mutation{name: fmt.Sprintf("%s without %v", name, raw.Lookup("_id")), docs: s.with(name, docs)})
		}
	}
}

// exchanged gives two documents of a collection the contents of each other.
func exchanged(s *stored, try func(mutation)) {
	for _, name := range s.order() {
		all := s.of(name)
		for i := range all {
			for k := range i {
				docs := slices.Clone(all)
				docs[i], docs[k] = renamed(all[k], all[i]), renamed(all[i], all[k])
				try(mutation{
					name:   fmt.Sprintf("%s: %v and %v exchanged", name, all[i].Lookup("_id"), all[k].Lookup("_id")),
					docs:   s.with(name, docs),
					unseen: name == "keys" && len(all[i]) == len(all[k]),
				})
			}
		}
	}
}

// renamed is a document with the _id of another.
func renamed(raw, like bson.Raw) bson.Raw {
	var d bson.D
	if err := bson.Unmarshal(raw, &d); err != nil {
		panic(err)
	}
	d[0].Value = like.Lookup("_id")
	again, err := bson.Marshal(d)
	if err != nil {
		panic(err)
	}
	return again
}

// cut takes away what was stored last, of one collection, of commits and
// checkpoints together, and of statements too.
func cut(s *stored, try func(mutation)) {
	for _, name := range s.order() {
		if name == "keys" {
			continue // each of them is removed alone
		}
		for n := range len(s.of(name)) {
			try(mutation{name: fmt.Sprintf("%s, the first %d", name, n), docs: s.with(name, s.of(name)[:n])})
		}
	}
	for n := range len(s.docs.Journal) {
		for k := range len(s.docs.Checkpoints) {
			d := s.docs
			d.Journal, d.Checkpoints = d.Journal[:n], d.Checkpoints[:k]
			try(mutation{name: fmt.Sprintf("the first %d commits, %d checkpoints", n, k), docs: d})
			for m := range len(s.docs.Statements) {
				if (n+k+m)%5 > 0 {
					continue // a fifth of them: those between differ by one document
				}
				d.Statements = s.docs.Statements[:m]
				try(mutation{name: fmt.Sprintf("the first %d commits, %d checkpoints, %d statements", n, k, m), docs: d})
			}
		}
	}
}
