package journaltest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
)

// firstFormat makes a document as releases before format 2 did: its box is bound to
// its _id alone, and its hash covers four fields.
func firstFormat(t testing.TB, keys *seal.Keys, c *journal.Commit) bson.D {
	t.Helper()
	key, err := keys.For(t.Context(), c.Owner)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(map[string]any{"op": c.Op, "actor": c.Actor, "owner": c.Owner, "tailed": true, "events": c.Events})
	if err != nil {
		t.Fatal(err)
	}
	box, err := keys.Seal(key, plain, []byte(c.ID()))
	if err != nil {
		t.Fatal(err)
	}
	at := c.At.UnixMilli()
	h := sha256.New()
	field := func(b []byte) {
		var n [8]byte
		for i := range n {
			n[7-i] = byte(uint64(len(b)) >> (8 * i))
		}
		h.Write(n[:])
		h.Write(b)
	}
	var instant [8]byte
	for i := range instant {
		instant[7-i] = byte(uint64(at) >> (8 * i))
	}
	for _, b := range [][]byte{[]byte(c.ID()), instant[:], []byte(key), box, c.Prev[:]} {
		field(b)
	}
	c.Hash = [sha256.Size]byte(h.Sum(nil))
	return bson.D{
		{Key: "_id", Value: c.ID()},
		{Key: "at", Value: bson.NewDateTimeFromTime(time.UnixMilli(at))},
		{Key: "key", Value: key},
		{Key: "commit", Value: bson.Binary{Data: slices.Concat(c.Prev[:], c.Hash[:], box)}},
	}
}

// formats has a journal of an earlier release read, and appended to.
func formats(t *testing.T, open Open) {
	db, keyset := open(t), newKeyset(t)
	keys, err := seal.Open(t.Context(), db.Collection("keys"), keyset, service)
	if err != nil {
		t.Fatal(err)
	}
	var docs []bson.D
	var prev [sha256.Size]byte
	var old []*journal.Commit
	for version := range uint64(3) {
		c := Commit("ref_1", version+1, prev)
		docs = append(docs, firstFormat(t, keys, c))
		prev = c.Hash
		old = append(old, c)
	}
	if _, err := db.Collection("journal").InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	p := mustBegin(t, db, keyset)
	sound(t, p)
	read := replay(t, &p.Fixture)["ref_1"]
	for i, c := range read {
		if c.Hash != old[i].Hash || c.Broken != "" || c.Lane != 0 || cmp.Diff(old[i].Events, c.Events) != "" {
			t.Errorf("%s reads %+v", old[i].ID(), c)
		}
	}
	if len(read) != len(old) {
		t.Fatal(len(read), "commits")
	}
	next := Commit("ref_1", 4, prev)
	if err := p.Append(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	cover(t, p)
	found, v := verify(t, &p.Fixture)
	if len(found) > 0 || v.Uncovered != 3 || v.Commits != 4 || v.Recent != 0 {
		t.Error(v, found)
	}
	// No release goes back: what looks like it is a copy that somebody put there.
	back := Commit("ref_1", 5, next.Hash)
	if _, err := db.Collection("journal").InsertOne(t.Context(), firstFormat(t, keys, back)); err != nil {
		t.Fatal(err)
	}
	sound(t, p, "ref_1/5 it does not follow the version before it")
	if read := replay(t, &p.Fixture)["ref_1"]; len(read) != 5 || read[4].Broken != journal.ReasonForked {
		t.Error("format 1 is accepted behind format 2")
	}
	if tail, err := p.Tail(t.Context(), "ref_1", 4); err != nil || len(tail) != 2 || tail[1].Broken != journal.ReasonForked {
		t.Error("format 1 is accepted behind format 2 in a tail", err)
	}
	if err := keys.Close(); err != nil {
		t.Error(err)
	}
}

// restored puts the database back to an older state of which newer checkpoints are
// known: when the next process begins at once, and when one began that did not know.
func restored(t *testing.T, open Open) {
	for name, unaware := range map[string]bool{"known at once": false, "known later": true} {
		t.Run(name, func(t *testing.T) {
			db, keyset := open(t), newKeyset(t)
			first := mustBegin(t, db, keyset)
			chainOf(t, &first.Fixture, "ref_1", 3)
			cover(t, first)
			backup := documentsOf(t, db)
			chainOf(t, &first.Fixture, "ref_2", 3)
			cover(t, first)
			first.mustStop(t)
			second := mustBegin(t, db, keyset)
			chainOf(t, &second.Fixture, "ref_3", 3)
			second.mustStop(t)
			kept := second.newestKept()
			for name, docs := range collections(&backup) {
				if err := db.Collection(name).Drop(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := db.Collection(name).InsertMany(t.Context(), *docs); err != nil {
					t.Fatal(err)
				}
			}
			if unaware {
				p := mustBegin(t, db, keyset, soon)
				chainOf(t, &p.Fixture, "ref_4", 1)
				for n := range 5 { // further than what is known
					chainOf(t, &p.Fixture, fmt.Sprint("ref_5", n), 1)
					cover(t, p)
				}
				p.mustStop(t)
			}
			lost, err := journal.ReadKept(kept, service, publicOf(t, documentsOf(t, db)))
			if err != nil {
				t.Fatal(err)
			}
			told := func(p *process) (n int) {
				found, _ := verifyKnowing(t, p, kept)
				for _, f := range found {
					if !strings.Contains(f.Problem, "nobody has said why") {
						t.Error("found besides:", f)
					}
				}
				return len(found)
			}
			for range 2 { // also the second time, when it is said already
				p := mustBegin(t, db, keyset, soon, knowing(kept))
				c := chainOf(t, &p.Fixture, fmt.Sprint("ref_6", time.Now().UnixNano()), 1)[0]
				if !unaware && c.Lane <= lost.Claims {
					t.Errorf("lane %d is used again", c.Lane)
				}
				cover(t, p)
				if n := p.Newest().Number(); n <= lost.Number() {
					t.Errorf("checkpoint %d is made again", n)
				}
				if err := p.Err(); !p.Behind() || err == nil || !strings.Contains(err.Error(), string(journal.TroubleBehind)) {
					t.Error("nobody is told:", err)
				}
				if n := told(p); n != 1 {
					t.Error("it is told", n, "times")
				}
				p.mustStop(t)
			}
			p := mustBegin(t, db, keyset, soon) // what is known elsewhere may be gone by then
			if !p.Behind() || p.Err() == nil {
				t.Error("it is forgotten")
			}
			if err := p.Own(t.Context(), ""); err == nil {
				t.Error("a reason is not needed")
			}
			if err := p.Own(t.Context(), "disk_failed"); err != nil {
				t.Fatal(err)
			}
			if n := told(p); n != 0 || p.Behind() || p.Err() != nil {
				t.Error("owned to, and told all the same:", n, p.Err())
			}
			p.mustStop(t)
			p = mustBegin(t, db, keyset, soon, knowing(kept, p.newestKept()))
			replay(t, &p.Fixture)
			if n := told(p); n != 0 || p.Err() != nil {
				t.Error("told again:", n, p.Err())
			}
		})
	}
}

func publicOf(t testing.TB, d journal.Documents) []byte {
	t.Helper()
	for _, raw := range d.Keys {
		if public := seal.PublicOf(raw); public != nil {
			return public
		}
	}
	t.Fatal("there is no signing key")
	return nil
}

func verifyKnowing(t testing.TB, p *process, known ...[]byte) (found []journal.Finding, v journal.Verified) {
	t.Helper()
	v, err := journal.Verify(t.Context(), journal.Verification{
		Database: p.Database, Service: service, Keys: p.Keys, Known: known,
		Report: func(f journal.Finding) { found = append(found, f) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, v
}

// rechecks finds what was changed of what was appended just now, and reads no more
// than that.
func rechecks(t *testing.T, open Open) {
	for name, harm := range map[string]func(t *testing.T, p *process){
		"altered": func(t *testing.T, p *process) {
			coll := p.Database.Collection("journal")
			var d bson.D
			if err := coll.FindOne(t.Context(), bson.D{{Key: "_id", Value: "ref_2/2"}}).Decode(&d); err != nil {
				t.Fatal(err)
			}
			remove(t, p, "ref_2/2")
			store(t, &p.Fixture, "journal", with(d, "at", bson.DateTime(1)))
		},
		"removed":                  func(t *testing.T, p *process) { remove(t, p, "ref_2/2") },
		"removed, the first of it": func(t *testing.T, p *process) { remove(t, p, "ref_2/1") },
		"removed, the last of it":  func(t *testing.T, p *process) { remove(t, p, "ref_2/5") },
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			p := mustBegin(t, db, newKeyset(t))
			chainOf(t, &p.Fixture, "ref_1", 20)
			for _, want := range []int64{20, 0} {
				if n, found, err := p.Recheck(t.Context()); n != want || found != 0 || err != nil {
					t.Error(n, found, err)
				}
			}
			chainOf(t, &p.Fixture, "ref_2", 5)
			if n, found, err := p.Recheck(t.Context()); n != 5 || found != 0 || err != nil {
				t.Error(n, found, err)
			}
			remove(t, p, "ref_2/1", "ref_2/2", "ref_2/3", "ref_2/4", "ref_2/5")
			if n, found, err := p.Recheck(t.Context()); n != 0 || found != 0 || err != nil {
				t.Error("what was read is read again:", n, found, err)
			}
			p = mustBegin(t, open(t), newKeyset(t))
			chainOf(t, &p.Fixture, "ref_2", 5)
			harm(t, p)
			_, found, err := p.Recheck(t.Context())
			if err != nil || found == 0 {
				t.Error(found, err)
			}
			if err := p.Err(); err == nil || !strings.Contains(err.Error(), string(journal.TroubleFindings)) {
				t.Error("trouble:", err)
			}
		})
	}
}

func remove(t testing.TB, p *process, ids ...string) {
	t.Helper()
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
	if _, err := p.Database.Collection("journal").DeleteMany(t.Context(), filter); err != nil {
		t.Fatal(err)
	}
}

// keysPutBack puts a data key back that was erased: nothing is read with it, verify
// tells of it, and the next start deletes it.
func keysPutBack(t *testing.T, open Open) {
	db, keyset := open(t), newKeyset(t)
	p := mustBegin(t, db, keyset)
	c := chainOf(t, &p.Fixture, "ref_1", 2)[0]
	chainOf(t, &p.Fixture, "ref_2", 1)
	var key bson.D
	if err := db.Collection("keys").FindOne(t.Context(), bson.D{{Key: "_id", Value: c.Key}}).Decode(&key); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Erase(t.Context(), c.Owner, "her_wish"); err != nil {
		t.Fatal(err)
	}
	store(t, &p.Fixture, "keys", key)
	if got, err := p.At(t.Context(), "ref_1", 1); err != nil || len(got.Events) > 0 || got.Broken != "" {
		t.Errorf("what was erased is read: %+v %v", got, err)
	}
	found, _ := verify(t, &p.Fixture)
	if len(found) != 1 || found[0].What != "key "+c.Key {
		t.Error(found)
	}
	p.mustStop(t)
	sound(t, mustBegin(t, db, keyset))
}

// damagedStatements has the newest statement and the newest checkpoint changed: it is
// told, and the service goes on behind them.
func damagedStatements(t *testing.T, open Open) {
	db, keyset := open(t), newKeyset(t)
	p := mustBegin(t, db, keyset)
	chainOf(t, &p.Fixture, "ref_1", 2)
	p.mustStop(t)
	for _, name := range []string{"statements", "checkpoints"} {
		var d bson.D
		newest := bson.D{{Key: "_id", Value: int64(1)}}
		if name == "checkpoints" {
			newest = bson.D{{Key: "_id", Value: int64(p.Newest().Number())}}
		}
		if err := db.Collection(name).FindOne(t.Context(), newest).Decode(&d); err != nil {
			t.Fatal(name, err)
		}
		if _, err := db.Collection(name).DeleteOne(t.Context(), newest); err != nil {
			t.Fatal(name, err)
		}
		store(t, &p.Fixture, name, with(d, "signature", bson.Binary{Data: make([]byte, 64)}))
	}
	again := mustBegin(t, db, keyset, soon)
	if err := again.Err(); err == nil || !strings.Contains(err.Error(), string(journal.TroubleStatements)) {
		t.Error("trouble:", err)
	}
	if got := replay(t, &again.Fixture)["ref_1"]; len(got) != 2 || got[1].Broken != "" || got[1].Void {
		t.Error("what is sound does not count", got)
	}
	chainOf(t, &again.Fixture, "ref_2", 1)
	if n, err := again.Erase(t.Context(), "case_ref_1", "her_wish"); n != 1 || err != nil {
		t.Error("nothing can be said any more:", n, err)
	}
	again.mustStop(t)
	found, _ := verify(t, &again.Fixture)
	if len(found) == 0 {
		t.Error("nothing is found")
	}
}

// verifiesWhileItRuns has keys made, data erased and a lane claimed after verify has
// read what was said, and before it reads the commits.
func verifiesWhileItRuns(t *testing.T, open Open) {
	for name, withKeys := range map[string]bool{"with keys": true, "without keys": false} {
		t.Run(name, func(t *testing.T) {
			var w wire
			db, keyset := open(t), newKeyset(t)
			first := mustBegin(t, db, keyset)
			erased := chainOf(t, &first.Fixture, "ref_1", 2)
			cover(t, first)
			v := journal.Verification{Database: w.connect(t, open, db), Service: service}
			if withKeys {
				var err error
				if v.Keys, err = seal.Look(t.Context(), v.Database.Collection("keys"), keyset, service); err != nil {
					t.Fatal(err)
				}
			}
			var found []journal.Finding
			v.Report = func(f journal.Finding) { found = append(found, f) }
			p := w.pauseAt("find", "journal", false, false)
			done := make(chan error, 1)
			go func() {
				_, err := journal.Verify(t.Context(), v)
				done <- err
			}()
			<-p.begun
			if _, err := first.Erase(t.Context(), erased[0].Owner, "her_wish"); err != nil {
				t.Error(err)
			}
			first.mustStop(t)
			second := mustBegin(t, db, keyset)
			chainOf(t, &second.Fixture, "ref_2", 2)
			close(p.over)
			if err := <-done; err != nil || len(found) > 0 {
				t.Error(found, err)
			}
		})
	}
}

// passedOver has a commit passed over: what follows counts, and the commit is there,
// whether its lane was ended by its process or by the next.
func passedOver(t *testing.T, open Open) {
	for name, killed := range map[string]bool{"stopped": false, "killed": true} {
		t.Run(name, func(t *testing.T) {
			var w wire
			db, keyset := open(t), newKeyset(t)
			p := mustBegin(t, w.connect(t, open, db), keyset, soon)
			chainOf(t, &p.Fixture, "ref_1", 3)
			if err := p.PassOver(t.Context(), "ref_1", 2, "wrong"); err != nil {
				t.Fatal(err)
			}
			if killed {
				w.kill()
				p.abandon()
			} else {
				p.mustStop(t)
			}
			next := mustBegin(t, db, keyset, soon)
			got := replay(t, &next.Fixture)["ref_1"]
			if len(got) != 3 || !got[1].Passed || len(got[1].Events) > 0 || got[2].Void || got[2].Broken != "" {
				t.Errorf("%+v", got)
			}
			if err := next.Err(); err != nil {
				t.Error("trouble:", err)
			}
			cover(t, next)
			sound(t, next)
		})
	}
}
