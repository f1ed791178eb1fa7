package record_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

func time0() time.Time { return start }

// moved gives the file to an agency; ended is the survivor's no.
type (
	moved struct {
		Agency string `json:"agency"`
	}
	ended struct{}
)

func (moved) EventType() string { return "file.moved.v1" }
func (ended) EventType() string { return "file.ended.v1" }

// file is a record of one agency that stands on a consent. Who is of the agency
// "front" needs none.
type file struct {
	Agency  string
	N       int
	EndedAt time.Time
}

func (f file) Evolve(e fact.Event) file {
	f.N++
	switch d := e.Data.(type) {
	case moved:
		f.Agency = d.Agency
	case ended:
		f.EndedAt = e.At
	}
	return f
}
func (file) Case() string               { return "" }
func (f file) Visible(by fact.By) bool  { return by.Agency == f.Agency || by.Agency == "front" }
func (f file) Closed() bool             { return !f.EndedAt.IsZero() }
func (file) Deadlines() []fact.Deadline { return nil }
func (f file) View(fact.By) any         { return f.N }
func (f file) ConsentEnded(by fact.By) time.Time {
	if by.Agency == "front" {
		return time.Time{}
	}
	return f.EndedAt
}

// A request that comes again is answered with what its sender may see now. A
// colleague with the key is told that it is taken, where they may see the record
// at all. To whom may not see it there is none: not by their key, and not by that of
// somebody else.
func TestARepetitionIsJudgedNow(t *testing.T) {
	type result struct {
		n   int
		err error
	}
	shown := func(n int) result { return result{n: n} }
	for name, c := range map[string]struct {
		agency      string
		since       fact.Data
		same, other result
	}{
		"nothing since":               {"a", nil, shown(1), result{err: record.ErrKeyReused}},
		"changed since":               {"a", moved{"a"}, shown(2), result{err: record.ErrKeyReused}},
		"another agency's since":      {"a", moved{"b"}, result{err: record.ErrNotFound}, result{err: record.ErrNotFound}},
		"ended since":                 {"a", ended{}, result{err: record.ErrNotFound}, result{err: record.ErrNotFound}},
		"ended, and needs no consent": {"front", ended{}, shown(2), result{err: record.ErrKeyReused}},
	} {
		for way, do := range map[string]func(*record.Records[file], context.Context, string, record.Decide[file]) (record.Result[file], error){
			"create": (*record.Records[file]).Create, "put": (*record.Records[file]).Put,
		} {
			for _, how := range []string{"running", "shed", "started"} {
				t.Run(name+", "+way+", "+how, func(t *testing.T) {
					j, now := &recordtest.Journal{}, start
					open := func() (*record.Book, *record.Records[file]) {
						b := record.NewBook(event.NewCatalogue(event.Type[moved](), event.Type[ended]()).ReadingBack(), func() time.Time { return now })
						rs := record.New[file](b, "file")
						if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
							t.Fatal(err)
						}
						return b, rs
					}
					b, rs := open()
					send := func(principal string) result {
						ctx := record.With(t.Context(), record.Command{
							Op: "x", Cause: "x/" + c.agency + "/key", Digest: []byte("digest"), By: fact.By{Principal: principal, Agency: c.agency},
						})
						res, err := do(rs, ctx, "file_1", func(file, fact.By) ([]fact.Event, error) { return fact.Of(moved{c.agency}), nil })
						return result{res.State.N, err}
					}
					if got := send("p"); got != shown(1) {
						t.Fatalf("at first: %+v", got)
					}
					now = now.Add(time.Hour)
					if c.since != nil {
						if _, err := rs.Execute(record.With(t.Context(), record.Command{Op: "y"}), "file_1", func(file, fact.By) ([]fact.Event, error) {
							return fact.Of(c.since), nil
						}); err != nil {
							t.Fatal(err)
						}
					}
					now = now.Add(time.Hour)
					switch how {
					case "shed":
						b.Shed(now)
					case "started":
						_, rs = open()
					}
					if got := send("p"); got.n != c.same.n || !errors.Is(got.err, c.same.err) {
						t.Errorf("the same person: %+v, want %+v", got, c.same)
					}
					if got := send("colleague"); got.n != c.other.n || !errors.Is(got.err, c.other.err) {
						t.Errorf("a colleague: %+v, want %+v", got, c.other)
					}
				})
			}
		}
	}
}

// What was done after the end of a consent did not stand on it: that she was told
// so, for one. It is answered when it comes again.
func TestWhatCameAfterTheEndIsAnsweredAgain(t *testing.T) {
	now := start
	b := record.NewBook(event.NewCatalogue(event.Type[moved](), event.Type[ended]()).ReadingBack(), func() time.Time { return now })
	rs := record.New[file](b, "file")
	if err := b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	step := func(cause string, do func(context.Context, string, record.Decide[file]) (record.Result[file], error), d fact.Data) error {
		ctx := record.With(t.Context(), record.Command{Op: "x", Cause: cause, Digest: []byte("d"), By: fact.By{Principal: "p", Agency: "a"}})
		_, err := do(ctx, "file_1", func(file, fact.By) ([]fact.Event, error) { return fact.Of(d), nil })
		return err
	}
	for _, s := range []struct {
		cause string
		d     fact.Data
	}{{"made", moved{"a"}}, {"no", ended{}}, {"told", moved{"a"}}} {
		if err := step(s.cause, rs.Put, s.d); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Millisecond)
	}
	if err := step("told", rs.Change, moved{"a"}); err != nil {
		t.Errorf("after the end: %v", err)
	}
	if err := step("made", rs.Change, moved{"a"}); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("before it: %v", err)
	}
	// Whoever executes judges what may be shown.
	if err := step("made", rs.Execute, moved{"a"}); err != nil {
		t.Errorf("executed: %v", err)
	}
}

// An earlier release wrote the digest of the body's bytes. A request that it did,
// sent again to this release, is answered and not done a second time; another
// request with its key is refused.
func TestWhatAnEarlierReleaseDidIsKnownAgain(t *testing.T) {
	j, now := &recordtest.Journal{}, start
	open := func() *record.Records[file] {
		b := record.NewBook(event.NewCatalogue(event.Type[moved](), event.Type[ended]()).ReadingBack(), func() time.Time { return now })
		rs := record.New[file](b, "file")
		if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
			t.Fatal(err)
		}
		return rs
	}
	send := func(rs *record.Records[file], digest, earlier string) (int, error) {
		cmd := record.Command{Op: "x", Cause: "x/a/key", Digest: []byte(digest), By: fact.By{Principal: "p", Agency: "a"}}
		if earlier != "" {
			cmd.Earlier = []byte(earlier)
		}
		res, err := rs.Put(record.With(t.Context(), cmd), "file_1", func(file, fact.By) ([]fact.Event, error) { return fact.Of(moved{"a"}), nil })
		return res.State.N, err
	}
	if n, err := send(open(), "bytes", ""); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	now = now.Add(record.Remembered - time.Millisecond)
	rs := open()
	if n, err := send(rs, "meaning", "bytes"); n != 1 || err != nil {
		t.Errorf("the same: %d, %v", n, err)
	}
	for _, other := range [][2]string{{"other", "others"}, {"other", ""}, {"meaning", ""}} {
		if _, err := send(rs, other[0], other[1]); !errors.Is(err, record.ErrKeyReused) {
			t.Errorf("%v: %v", other, err)
		}
	}
	// An event has no digest, and is nobody's request: neither is taken for it.
	if n, err := send(rs, "meaning", "bytes"); n != 1 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
}
