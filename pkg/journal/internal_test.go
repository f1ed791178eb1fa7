package journal

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/event"
)

func TestParseID(t *testing.T) {
	for _, id := range []string{"", "/", "ref_1", "ref_1/", "/1", "ref_1/0", "ref_1/01", "ref_1/+1", "ref_1/-1", "ref_1/1/2", "ref_1/1 ", "ref_1/99999999999999999999"} {
		if _, _, err := parseID(id); err == nil {
			t.Errorf("%q is taken for an id", id)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		record := rapid.StringMatching(`[a-z]+_[0-9a-z]+`).Draw(t, "record")
		version := rapid.Uint64Min(1).Draw(t, "version")
		s, v, err := parseID(identify(record, version))
		if err != nil || s != record || v != version {
			t.Fatal(s, v, err)
		}
	})
}

// chainDocuments are n stored commits of a record.
func chainDocuments(record string, n int) []bson.Raw {
	docs := make([]bson.Raw, n)
	var prev [sha256.Size]byte
	for i := range docs {
		d := document{
			id: identify(record, uint64(i+1)), at: 1_760_000_000_000 + int64(i), key: "KEY",
			box: []byte(strings.Repeat("box", 5)), prev: prev,
		}
		d.hash = d.sum("test")
		prev = d.hash
		docs[i] = d.encode()
	}
	return docs
}

func verify(docs []bson.Raw) []Finding {
	var findings []Finding
	v := newVerifier(Verification{Service: "test", Report: func(f Finding) { findings = append(findings, f) }})
	v.keyIDs["KEY"], v.keyIDs["K"] = struct{}{}, struct{}{}
	v.begin(nil)
	for _, raw := range docs {
		v.commit(raw)
	}
	v.finish()
	return findings
}

func TestVerifyAcceptsAnyOrder(t *testing.T) {
	docs := append(chainDocuments("ref_a", 9), chainDocuments("ref_b", 9)...)
	for range 50 {
		rand.Shuffle(len(docs), func(i, k int) { docs[i], docs[k] = docs[k], docs[i] })
		if findings := verify(docs); len(findings) > 0 {
			t.Fatal(findings)
		}
	}
}

// Whatever bit of whatever document is turned, the record is named, and the
// version unless the id itself is what was hit.
func TestVerifyFindsEveryTurnedBit(t *testing.T) {
	const record, version, n = "ref_a", 2, 4
	sound := chainDocuments(record, n)[version-1]
	for bit := range 8 * len(sound) {
		docs := chainDocuments(record, n)
		docs[version-1][bit/8] ^= 1 << (bit % 8)
		findings := verify(docs)
		named := false
		for _, f := range findings {
			named = named || f.What == record && f.Version == version
		}
		if !named {
			t.Errorf("bit %d of byte %d: %v", bit%8, bit/8, findings)
		}
		if len(findings) > 4 {
			t.Errorf("bit %d of byte %d is reported %d times: %v", bit%8, bit/8, len(findings), findings)
		}
	}
}

func TestVerifyNamesGapsOnce(t *testing.T) {
	docs := chainDocuments("ref_a", 6)
	got := verify(append(docs[:1:1], docs[3:]...))
	want := []Finding{{"ref_a", 2, "it is missing"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	far := document{id: "ref_a/18446744073709551615", key: "K", box: []byte{1}}
	far.hash = far.sum("test")
	if got := verify([]bson.Raw{docs[0], far.encode()}); len(got) != 1 {
		t.Error(got)
	}
}

func TestVerifyFindsARewrittenCommit(t *testing.T) {
	docs := chainDocuments("ref_a", 3)
	var d document
	if err := d.decode(docs[1]); err != nil {
		t.Fatal(err)
	}
	d.at++
	d.hash = d.sum("test")
	docs[1] = d.encode()
	want := []Finding{{"ref_a", 3, "it does not follow the version before it"}}
	if diff := cmp.Diff(want, verify(docs)); diff != "" {
		t.Error(diff)
	}
}

func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var commits []*Commit
		for s := range rapid.IntRange(1, 4).Draw(t, "records") {
			for v := range rapid.IntRange(1, 6).Draw(t, "versions") {
				commits = append(commits, &Commit{Record: fmt.Sprint("s", s), Version: uint64(v + 1)})
			}
		}
		shuffled := rapid.Permutation(commits).Draw(t, "order")
		lost := rapid.IntRange(-1, len(shuffled)-1).Draw(t, "lost")
		seen, broken := map[string]uint64{}, map[string]Reason{}
		o := order{
			places: map[string]*place{}, early: map[string]map[uint64]*Commit{}, passed: func(string) (time.Time, bool) { return time.Time{}, false },
			apply: func(c *Commit) error {
				if broken[c.Record] != "" {
					t.Fatalf("%s behind one that cannot be trusted", c.ID())
				}
				if c.Version != seen[c.Record]+1 && c.Broken != ReasonForked {
					t.Fatalf("%s after %d", c.ID(), seen[c.Record])
				}
				if c.Broken != "" {
					broken[c.Record] = c.Broken
					return nil
				}
				seen[c.Record]++
				return nil
			},
		}
		last := map[string]uint64{}
		for _, c := range commits {
			last[c.Record] = max(last[c.Record], c.Version)
		}
		for i, c := range shuffled {
			if i == lost {
				continue
			}
			if err := o.take(c); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.complete(); err != nil {
			t.Fatal(err)
		}
		want := map[string]Reason{}
		if lost >= 0 && shuffled[lost].Version != last[shuffled[lost].Record] {
			want[shuffled[lost].Record] = ReasonMissing
			if seen[shuffled[lost].Record] != shuffled[lost].Version-1 {
				t.Fatalf("%s is lost, and %d came before", shuffled[lost].ID(), seen[shuffled[lost].Record])
			}
		}
		if diff := cmp.Diff(want, broken); diff != "" {
			t.Fatal(diff)
		}
		if lost < 0 {
			if err := o.take(&Commit{Record: commits[0].Record, Version: 1}); err != nil || broken[commits[0].Record] != ReasonForked {
				t.Fatal("a commit that is there twice is taken", err)
			}
		}
	})
}

func TestQueueWithdraw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		a, b, c := &entry{}, &entry{}, &entry{}
		for _, e := range []*entry{a, b, c} {
			if !q.put(e) {
				t.Fatal("refused")
			}
		}
		if !q.withdraw(b) || q.withdraw(b) {
			t.Error("b can be withdrawn once")
		}
		if batch := q.take(1, 100); len(batch) != 1 || batch[0] != a {
			t.Error("the oldest goes first, alone")
		}
		if q.withdraw(a) {
			t.Error("a is under way")
		}
		q.close()
		if q.put(b) {
			t.Error("put into a closed queue")
		}
		if batch := q.take(10, 100); len(batch) != 1 || batch[0] != c {
			t.Error("what was put before the end is taken")
		}
		if batch := q.take(10, 100); batch != nil {
			t.Error("nothing is left")
		}
	})
}

func TestQueueBoundsBytes(t *testing.T) {
	q := newQueue()
	for _, size := range []int{7, 2, 2, 1} {
		q.put(&entry{raw: make([]byte, size)})
	}
	for i, want := range []int{1, 2, 1} { // the first is more than may be, and goes alone
		if batch := q.take(10, 4); len(batch) != want {
			t.Errorf("batch %d has %d entries, want %d", i, len(batch), want)
		}
	}
}

func TestQueueWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		got := make(chan []*entry)
		go func() { got <- q.take(10, 100) }()
		synctest.Wait()
		select {
		case <-got:
			t.Fatal("took something from an empty queue")
		default:
		}
		q.put(&entry{})
		if batch := <-got; len(batch) != 1 {
			t.Error(batch)
		}
		go func() { got <- q.take(10, 100) }()
		synctest.Wait()
		q.close()
		if batch := <-got; batch != nil {
			t.Error(batch)
		}
	})
}

// A box is what encoding/json would make of it.
func TestBox(t *testing.T) {
	first := event.Recorded{Type: "intake.case_opened.v1", Data: []byte(`{"a":[1,"\u003c"]}`)}
	second := event.Recorded{Type: "intake.consent_given.v1", Data: []byte(`{}`), Private: []byte(`{"name":"x"}`)}
	for _, events := range [][]event.Recorded{nil, {first}, {second}, {first, second}} {
		b := box{Op: "x<y", Actor: Actor{"p", "a"}, Cause: `"`, Digest: []byte{1}, Owner: "case_1", Tailed: len(events) > 0, Events: events}
		want, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := b.encode(nil); err != nil || string(got) != string(want) {
			t.Errorf("%v: got %s, want %s", err, got, want)
		}
	}
}

// Boxes of before there were tails stay as they are, and so do the identities of
// their events.
func TestTails(t *testing.T) {
	for _, tt := range []struct{ box, want string }{
		{`{"op":"x","actor":{},"events":[{"type":"a.b.v1","data":{}}]}`, "ref_1/2/1"},
		{`{"op":"x","actor":{},"tailed":true,"events":[{"type":"a.b.v1","data":{}}]}`, "ref_1/2/1/0a0b000000000000"},
		{`{"op":"x","actor":{},"tailed":true,"origin":255,"events":[{"type":"a.b.v1","data":{}}]}`, "ref_1/2/1/00000000000000ff"},
	} {
		c := Commit{Record: "ref_1", Version: 2, Tail: 0x0a0b << 48}
		if err := c.open([]byte(tt.box)); err != nil {
			t.Fatal(err)
		}
		if got := c.EventID(1).String(); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

// FuzzDocument holds that nothing a store may answer makes the decoder panic,
// and that what it accepts is exactly what would be written.
func FuzzDocument(f *testing.F) {
	for _, raw := range chainDocuments("ref_a", 2) {
		f.Add([]byte(raw))
	}
	f.Add([]byte{5, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d document
		if err := d.decode(raw); err != nil {
			return
		}
		var again document
		if err := again.decode(d.encode()); err != nil {
			t.Fatal(err)
		}
		if d.sum("test") != again.sum("test") || d.hash != again.hash {
			t.Fatal("another document came back")
		}
		v := newVerifier(Verification{Service: "test", Report: func(Finding) {}})
		v.begin(nil)
		v.commit(raw)
		v.finish()
	})
}

// FuzzBox holds that no content of a box makes the decoder panic, and that its
// errors quote nothing of it.
func FuzzBox(f *testing.F) {
	f.Add([]byte(`{"op":"x","actor":{"principal":"p"},"events":[{"type":"t","data":{},"private":{"a":1}}]}`))
	f.Add([]byte(`{"digest":"!"}`))
	f.Fuzz(func(t *testing.T, plain []byte) {
		var c Commit
		if err := c.open(plain); err != nil && !errors.Is(err, errBox) {
			t.Fatal(err)
		}
	})
}
