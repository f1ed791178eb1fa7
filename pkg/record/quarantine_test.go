package record_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// canary stands for what a record holds. It is never to be seen.
const canary = "canary-9f3b"

// heavy is an event on which the domain fails.
type heavy struct {
	Text string `json:"text"`
}

func (heavy) EventType() string { return "counting.heavy.v1" }

// dossier is a record that fails on heavy, is in a list from its first commit on, and
// is closed from the second on.
type dossier struct{ N int }

var dossiers = image.List[dossier]{Keys: func(dossier) []string { return []string{fact.Key("a")} }}

func (f dossier) Evolve(e fact.Event) dossier {
	if h, ok := e.Data.(heavy); ok {
		panic(h.Text)
	}
	return dossier{f.N + 1}
}
func (dossier) Case() string                            { return "" }
func (dossier) Visible(fact.By) bool                    { return true }
func (f dossier) Closed() bool                          { return f.N > 1 }
func (dossier) Deadlines() []fact.Deadline              { return nil }
func (f dossier) View(fact.By) any                      { return f.N }
func addTo(dossier, fact.By) ([]fact.Event, error)      { return fact.Of(oneMore{}), nil }
func nothingFor(dossier, fact.By) ([]fact.Event, error) { return nil, nil }

// tampered is a journal of which single commits cannot be believed.
type tampered struct {
	*recordtest.Journal
	why map[string]journal.Reason
}

func (j tampered) as(c *journal.Commit) *journal.Commit {
	if why, there := j.why[c.ID()]; there {
		return &journal.Commit{Record: c.Record, Version: c.Version, Broken: why}
	}
	return c
}

func (j tampered) Replay(ctx context.Context, visit func(*journal.Commit) error, progress func(done, total int64)) error {
	return j.Journal.Replay(ctx, func(c *journal.Commit) error { return visit(j.as(c)) }, progress)
}

func (j tampered) Tail(ctx context.Context, name string, from uint64) ([]*journal.Commit, error) {
	commits, err := j.Journal.Tail(ctx, name, from)
	for i, c := range commits {
		if commits[i] = j.as(c); commits[i].Broken != "" {
			return commits[:i+1], err
		}
	}
	return commits, err
}

// files is a book of files.
type files struct {
	book    *record.Book
	rs      *record.Records[dossier]
	journal tampered
	offered []string
	told    []journal.Reason
	watched map[string]int // what Held knew when a watcher was last told
}

func openFiles(t *testing.T, j tampered) *files {
	t.Helper()
	f := openFilesOn(t, j)
	f.journal = j
	return f
}

func openFilesOn(t *testing.T, j record.Journal) *files {
	t.Helper()
	f := &files{watched: map[string]int{}}
	f.book = record.NewBook(event.NewCatalogue(event.Type[oneMore](), event.Private[noted, note](), event.Type[heavy]()), time0)
	f.rs = record.New(f.book, "file", &dossiers)
	f.rs.Watch(func(id string, _ dossier) {
		held, _ := f.rs.Held(id)
		f.watched[id] = held.State.N
	})
	f.book.OnQuarantine(func(r journal.Reason) { f.told = append(f.told, r) })
	err := f.book.Open(t.Context(), j, func(c *journal.Commit) { f.offered = append(f.offered, c.ID()) }, func(string, []fact.Deadline) {}, nil)
	if err != nil {
		t.Fatalf("it does not start: %v", err)
	}
	return f
}

// as somebody of an agency, and as the network.
func somebody(t *testing.T, cause string) context.Context {
	return record.With(t.Context(), record.Command{Op: "x", Cause: cause, Digest: []byte("d"), By: fact.By{Principal: "p", Agency: "a"}})
}

func network(t *testing.T, cause string) context.Context {
	return record.With(t.Context(), record.Command{Op: "x", Cause: cause})
}

// put appends a commit past the book, as another process would.
func (j tampered) put(t *testing.T, name string, events ...event.Recorded) {
	t.Helper()
	before, err := j.Journal.Tail(t.Context(), name, 1)
	if err != nil {
		t.Fatal(err)
	}
	c := &journal.Commit{Record: name, Version: uint64(len(before)) + 1, At: start, Op: "x", Events: events}
	if len(before) > 0 {
		c.Prev = before[len(before)-1].Hash
	}
	if err := j.Append(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func sound() event.Recorded {
	return event.Recorded{Type: oneMore{}.EventType(), Data: []byte(`{}`)}
}

// bad are all ways in which a commit can be bad: the event in it, or what the
// journal says of it.
func bad() map[string]struct {
	event  event.Recorded
	broken journal.Reason
	want   journal.Reason
} {
	type how = struct {
		event  event.Recorded
		broken journal.Reason
		want   journal.Reason
	}
	all := map[string]how{
		"an unknown type":          {event: event.Recorded{Type: "counting.invented.v1", Data: []byte(`{"x": "` + canary + `"}`)}, want: record.ReasonNewer},
		"an unknown code":          {event: event.Recorded{Type: noted{}.EventType(), Data: []byte(`{"service": "` + canary + `"}`)}, want: record.ReasonNewer},
		"a half of another type":   {event: event.Recorded{Type: noted{}.EventType(), Data: []byte(`{"service": "` + string(code.Police) + `"}`), Private: []byte(`{"text": ["` + canary + `"]}`)}, want: record.ReasonNewer},
		"a half that is not known": {event: event.Recorded{Type: oneMore{}.EventType(), Data: []byte(`{}`), Private: []byte(`{"text": "` + canary + `"}`)}, want: record.ReasonNewer},
		"the domain fails":         {event: event.Recorded{Type: heavy{}.EventType(), Data: []byte(`{"text": "` + canary + `"}`)}, want: record.ReasonFold},
	}
	for _, r := range []journal.Reason{journal.ReasonUnreadable, journal.ReasonAltered, journal.ReasonForked, journal.ReasonMissing, journal.ReasonKeyLost} {
		all[string(r)] = how{event: sound(), broken: r, want: r}
	}
	return all
}

const ill, well = "file_ill", "file_well"

// A record of which a commit cannot be believed, understood or folded is set aside
// wherever it is met: at the start, first or in the middle, when it is read back
// into memory, and when another process appends to it. The service starts, and the
// others are served.
func TestARecordIsSetAside(t *testing.T) {
	for name, how := range bad() {
		for place, at := range map[string]uint64{"first": 1, "in the middle": 2, "last": 3} {
			for _, when := range []string{"at the start", "running", "shed"} {
				if when == "shed" && how.broken == "" {
					continue // what could be folded once can be folded again
				}
				t.Run(name+"/"+place+"/"+when, func(t *testing.T) {
					j := tampered{&recordtest.Journal{}, map[string]journal.Reason{}}
					id := fmt.Sprintf("%s/%d", ill, at)
					fill := func(from, to uint64) {
						for v := from; v <= to; v++ {
							e := sound()
							if v == at {
								e = how.event
							}
							j.put(t, ill, e)
						}
					}
					damage := func() {
						if how.broken != "" {
							j.why[id] = how.broken
						}
					}
					for range 3 {
						j.put(t, well, sound())
					}
					var f *files
					switch when {
					case "at the start":
						fill(1, 3)
						damage()
						f = openFiles(t, j)
					case "running":
						j.Beside = true // who damages it reached the store
						fill(1, at-1)
						f = openFiles(t, j)
						fill(at, 3)
						damage()
						if _, err := f.rs.Fresh(t.Context(), ill); !errors.Is(err, record.ErrQuarantined) {
							t.Fatalf("fresh: %v", err)
						}
					case "shed":
						fill(1, 3)
						f = openFiles(t, j)
						if n := f.book.Shed(start.AddDate(10, 0, 0)); n != 2 {
							t.Fatalf("shed %d", n)
						}
						damage()
						if _, err := f.rs.Get(t.Context(), ill); !errors.Is(err, record.ErrQuarantined) {
							t.Fatalf("get: %v", err)
						}
					}
					want := []record.Quarantined{{Record: ill, Version: at, Reason: how.want}}
					if d := cmp.Diff(want, f.book.Quarantined()); d != "" {
						t.Errorf("set aside (-want +got):\n%s", d)
					}
					if d := cmp.Diff([]journal.Reason{how.want}, f.told); d != "" {
						t.Errorf("told (-want +got):\n%s", d)
					}
					if when != "shed" && slices.ContainsFunc(f.offered, func(o string) bool { return o >= id && strings.HasPrefix(o, ill) }) {
						t.Errorf("offered for publication: %v", f.offered)
					}
					if n := f.watched[ill]; n != 0 {
						t.Errorf("who watches was last told of %d", n)
					}
					closed(t, f)
					served(t, f)
					listed := at > 1 || when == "shed"
					if ids := f.rs.Find(dossiers.Of("a")); slices.Contains(ids, ill) != listed {
						t.Errorf("found %v; listed must be %t", ids, listed)
					}
				})
			}
		}
	}
}

// closed holds that nothing is shown of the record, and nothing decided on it.
func closed(t *testing.T, f *files) {
	t.Helper()
	decide := func(dossier, fact.By) ([]fact.Event, error) {
		t.Error("a decision was asked for")
		return nil, nil
	}
	ways := map[string]func() error{
		"get":   func() error { _, err := f.rs.Get(t.Context(), ill); return err },
		"fresh": func() error { _, err := f.rs.Fresh(t.Context(), ill); return err },
		"see":   func() error { _, err := f.rs.See(t.Context(), ill, fact.By{Agency: "a"}); return err },
		"history": func() error {
			entries, err := f.book.History(t.Context(), ill)
			if len(entries) > 0 {
				t.Errorf("history tells %d entries", len(entries))
			}
			return err
		},
	}
	for whose, as := range map[string]func(*testing.T, string) context.Context{"somebody": somebody, "network": network} {
		for name, do := range map[string]func(context.Context, string, record.Decide[dossier]) (record.Result[dossier], error){
			"create": f.rs.Create, "put": f.rs.Put, "change": f.rs.Change, "execute": f.rs.Execute,
		} {
			ways[name+" as "+whose] = func() error {
				res, err := do(as(t, "cause "+name), ill, decide)
				if res.State.N != 0 {
					t.Errorf("%s gives %+v", name, res)
				}
				return err
			}
		}
	}
	for way, do := range ways {
		err := do()
		if !errors.Is(err, record.ErrQuarantined) || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v", way, err)
		}
		if f := fault.Of(err); f.Kind != fault.Unavailable || f.Code != fault.Quarantined || f.Current != nil {
			t.Errorf("%s: %+v", way, f)
		}
	}
	if res, held := f.rs.Held(ill); held || res.State.N != 0 {
		t.Errorf("held: %+v", res)
	}
	if err := f.book.Follow(t.Context(), ill, 9); err != nil {
		t.Errorf("follow: %v", err)
	}
	if !f.rs.Aside(ill) || f.rs.Aside(well) || f.rs.Complete() {
		t.Error("it is not said which is set aside")
	}
	// What the bus holds of it may be all that there is.
	if !f.book.IsOpen(ill) {
		t.Error("its events may leave the bus")
	}
	n := 0
	f.book.Unclosed(func(name string, _ time.Time) {
		if name == ill {
			n++
		}
	})
	if n != 1 {
		t.Errorf("visited %d times among the open ones", n)
	}
	tail, err := f.book.Tail(t.Context(), ill, 1)
	if at := f.book.Quarantined()[0].Version; err != nil || len(tail) != int(at)-1 {
		t.Errorf("%d commits count, %v", len(tail), err)
	}
}

// served holds that another record of the kind is.
func served(t *testing.T, f *files) {
	t.Helper()
	if res, err := f.rs.Execute(network(t, "more"), well, addTo); err != nil || res.State.N != 4 {
		t.Errorf("the other: %+v, %v", res, err)
	}
	page, next, err := f.rs.Page(t.Context(), dossiers.Of("a"), "", 10)
	if err != nil || next != "" || len(page) != 1 || page[0].ID != well {
		t.Errorf("the page has %d records: %v", len(page), err)
	}
	var done []string
	err = record.Each([]string{ill, well}, func(id string) error {
		_, err := f.rs.Execute(network(t, "each"), id, addTo)
		if err == nil {
			done = append(done, id)
		}
		return err
	})
	if !errors.Is(err, record.ErrQuarantined) || len(done) != 1 || done[0] != well {
		t.Errorf("of all, done with %v: %v", done, err)
	}
}

// What a record of another kind is that no release here knows, is newer too.
func TestAKindThatIsNotKnown(t *testing.T) {
	j := tampered{&recordtest.Journal{}, nil}
	j.put(t, "letter_1", sound())
	j.put(t, well, sound())
	f := openFiles(t, j)
	want := []record.Quarantined{{Record: "letter_1", Version: 1, Reason: record.ReasonNewer}}
	if d := cmp.Diff(want, f.book.Quarantined()); d != "" {
		t.Error(d)
	}
	if _, held := f.rs.Held(well); !held || !f.rs.Complete() {
		t.Error("the other is not served")
	}
}

// A record that lost its end while it was not in memory is not shown as it was
// before that end.
func TestAShedRecordThatLostItsEnd(t *testing.T) {
	whole, cut := &recordtest.Journal{}, &recordtest.Journal{}
	for range 3 {
		tampered{Journal: whole}.put(t, ill, sound())
	}
	for range 2 {
		tampered{Journal: cut}.put(t, ill, sound())
	}
	j := &swapped{Journal: whole}
	f := &files{}
	f.book = record.NewBook(event.NewCatalogue(event.Type[oneMore]()), time0)
	f.rs = record.New[dossier](f.book, "file")
	if err := f.book.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	f.book.Shed(start.AddDate(10, 0, 0))
	j.Journal = cut
	if res, err := f.rs.Get(t.Context(), ill); !errors.Is(err, record.ErrQuarantined) {
		t.Errorf("it is shown as of version %d: %v", res.Version, err)
	}
	want := []record.Quarantined{{Record: ill, Version: 3, Reason: journal.ReasonMissing}}
	if d := cmp.Diff(want, f.book.Quarantined()); d != "" {
		t.Error(d)
	}
}

type swapped struct{ *recordtest.Journal }

// What does not follow the commit that this process holds is a fork, which no tail
// by itself can show.
func TestATailThatDoesNotFollow(t *testing.T) {
	j := tampered{&recordtest.Journal{}, nil}
	j.put(t, ill, sound())
	f := openFiles(t, j)
	if err := j.Append(t.Context(), &journal.Commit{Record: ill, Version: 2, At: start, Prev: [32]byte{1}, Events: []event.Recorded{sound()}}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.rs.Execute(network(t, "x"), ill, nothingFor); !errors.Is(err, record.ErrQuarantined) {
		t.Errorf("taken: %v", err)
	}
	want := []record.Quarantined{{Record: ill, Version: 2, Reason: journal.ReasonForked}}
	if d := cmp.Diff(want, f.book.Quarantined()); d != "" {
		t.Error(d)
	}
}

// Every reason has its place in the list that metrics are made of.
func TestReasonsAreListed(t *testing.T) {
	for name, how := range bad() {
		if !slices.Contains(record.Reasons, how.want) {
			t.Errorf("%s is for a reason that is not listed: %s", name, how.want)
		}
	}
}

// A history is read from the journal itself, and may be the first to find that it
// cannot be believed. It is not told in part.
func TestAHistoryThatIsNotWhole(t *testing.T) {
	j := tampered{&recordtest.Journal{}, map[string]journal.Reason{}}
	for range 3 {
		j.put(t, ill, sound())
	}
	f := openFiles(t, j)
	j.why[ill+"/2"] = journal.ReasonAltered
	entries, err := f.book.History(t.Context(), ill)
	if !errors.Is(err, record.ErrQuarantined) || len(entries) > 0 {
		t.Errorf("%d entries are told: %v", len(entries), err)
	}
	if !f.rs.Aside(ill) {
		t.Error("the record is not set aside")
	}
}

// What a newer release wrote is closed in this one, and open again in that one: with
// all that it wrote, and without a decision.
func TestANewerReleaseFindsItsRecords(t *testing.T) {
	j := tampered{&recordtest.Journal{}, nil}
	j.put(t, ill, sound())
	open := func(entries ...event.Entry) (*record.Book, *record.Records[dossier]) {
		b := record.NewBook(event.NewCatalogue(append(entries, event.Type[oneMore]())...), time0)
		rs := record.New[dossier](b, "file")
		if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
			t.Fatal(err)
		}
		return b, rs
	}
	_, newer := open(event.Private[noted, note]())
	if _, err := newer.Execute(network(t, "a"), ill, func(dossier, fact.By) ([]fact.Event, error) {
		return fact.With(noted{code.Police}, note{"text"}), nil
	}); err != nil {
		t.Fatal(err)
	}
	b, older := open()
	if _, err := older.Execute(network(t, "b"), ill, addTo); !errors.Is(err, record.ErrQuarantined) || b.Quarantined()[0].Reason != record.ReasonNewer {
		t.Errorf("the older release decides on it: %v", err)
	}
	b, newer = open(event.Private[noted, note]())
	if res, err := newer.Execute(network(t, "b"), ill, addTo); err != nil || res.State.N != 3 || len(b.Quarantined()) != 0 {
		t.Errorf("back with the newer release: %+v, %v", res, err)
	}
}

// The bus knows the answer by its code, and waits.
func TestTheBusKnowsTheCode(t *testing.T) {
	if record.ErrQuarantined.Code != fault.Quarantined {
		t.Errorf("%q is the code, and the bus waits at %q", record.ErrQuarantined.Code, fault.Quarantined)
	}
}
