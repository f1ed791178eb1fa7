package bustest

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/patience"
)

const (
	day = 24 * time.Hour
	age = 90 * day
)

// ledger is a journal that knows which of its records are closed, under a clock
// that a test moves.
type ledger struct {
	*Journal
	shift time.Duration

	mu    sync.Mutex
	ended map[string]bool
}

func newLedger() *ledger { return &ledger{Journal: NewJournal(), ended: map[string]bool{}} }

// ends closes a record.
func (l *ledger) ends(record string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended[record] = true
}

func (l *ledger) closed(record string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended[record]
}

// The clock is ahead of the machine's by the shift: the bus stamps what it
// stores with the machine's, and to a service at the shift that is long ago.
func (l *ledger) now() time.Time { return time.Now().Add(l.shift) }

// Unclosed visits the open records.
func (l *ledger) Unclosed(visit func(string, time.Time)) {
	changed := map[string]time.Time{}
	for _, c := range l.all() {
		changed[c.Record] = c.At
	}
	for record, at := range changed {
		if !l.closed(record) {
			visit(record, at)
		}
	}
}

// IsOpen says whether a record is open.
func (l *ledger) IsOpen(record string) bool { return !l.closed(record) }

// Tail reads a record.
func (l *ledger) Tail(_ context.Context, record string, from uint64) ([]*journal.Commit, error) {
	var tail []*journal.Commit
	for _, c := range l.all() {
		if c.Record == record && c.Version >= from {
			tail = append(tail, c)
		}
	}
	return tail, nil
}

func (l *ledger) all() (all []*journal.Commit) {
	_ = l.Replay(context.Background(), func(c *journal.Commit) error { all = append(all, c); return nil })
	return all
}

// say appends an event at the present instant of the ledger.
func (l *ledger) say(s *Service, record string, events ...fact.Data) {
	c := l.Append(record, events...)
	c.At = l.now().UTC().Truncate(time.Millisecond)
	s.Bus.Offer(c)
}

// runs starts a service on the ledger, and waits until the bus is level with it.
func (l *ledger) runs(t testing.TB, srv Server, name string, options ...option) *Service {
	t.Helper()
	shift := l.shift
	s := start(t, srv, name, l.Journal, append([]option{func(s *settings) {
		s.Age, s.Records, s.Clock = age, l, func() time.Time { return time.Now().Add(shift) }
	}}, options...)...)
	s.level(t)
	return s
}

func (s *Service) level(t testing.TB) {
	t.Helper()
	s.eventually(t, "the bus is level with the journal", s.Bus.Level)
}

// takeOut has the steward take out what is too old.
func takeOut(t testing.TB, s *Service, parts []bus.Part, now time.Time) bus.Taken {
	t.Helper()
	taken, err := bus.TakeOut(t.Context(), s.JS, bus.Ageing{Parts: parts, Age: age, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// silent are the services of the suite without one that reads.
func silent() []bus.Part {
	return slices.DeleteFunc(Parts(), func(p bus.Part) bool { return len(p.Hears) > 0 })
}

// kept waits until the bus holds a copy that keeps each of these records.
func kept(t testing.TB, srv Server, s *Service, records ...string) {
	t.Helper()
	s.eventually(t, "open records are kept", func() bool {
		for _, record := range records {
			all := read(t, srv, bus.Events, "sanad.events.*.*."+record)
			if len(all) == 0 || all[len(all)-1].header.Get(bus.HeaderOpen) == "" {
				return false
			}
		}
		return true
	})
}

// once are the identities of the events of a service on the bus, each once.
func once(t testing.TB, srv Server, service string) []string {
	t.Helper()
	var ids []string
	for _, m := range read(t, srv, bus.Events, event.Subject(service, "*", "*")) {
		ids = append(ids, m.header.Get("ce-id"))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// lastSeq is the last sequence of a stream, over a connection of its own.
func lastSeq(t testing.TB, srv Server, stream string) uint64 {
	t.Helper()
	js, leave := looking(t, srv)
	defer leave()
	st, err := js.Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	return st.CachedInfo().State.LastSeq
}

// Records of all ages, closed and open: what is old and closed is taken out, and
// nobody takes it for lost; when the bus loses everything, it alone stays away,
// until somebody asks for it.
func testAgedOut(t *testing.T, srv Server) {
	l := newLedger()
	s := l.runs(t, srv, "intake")
	const records = 60
	var open []string
	for n := range records {
		id := record("case", n)
		if n%3 != 0 {
			l.ends(id)
		} else {
			open = append(open, id)
		}
	}
	// Half of the records are spoken of at the beginning only.
	spoken := map[string]bool{}
	for _, n := range rand.Perm(records) {
		l.say(s, record("case", n), caseOpened(record("case", n)), caseOpened(record("case", n)))
	}
	s.level(t)
	s.Stop()
	l.shift = 100 * day
	s = l.runs(t, srv, "intake")
	for n := range records / 2 {
		l.say(s, record("case", 2*n), caseOpened(record("case", 2*n)))
		spoken[record("case", 2*n)] = true
	}
	s.level(t)
	all := l.ids()
	var want []string // what the bus has to hold, in the end
	for _, id := range all {
		parsed, _ := event.ParseID(id)
		record := parsed.Record
		if !l.closed(record) || spoken[record] {
			want = append(want, id)
		}
	}
	var still []string
	for _, id := range open {
		if !spoken[id] {
			still = append(still, id)
		}
	}
	kept(t, srv, s, still...)
	taken := takeOut(t, s, silent(), l.now())
	if out := len(all) - len(want); taken.Messages != out || taken.Records != out/2 || taken.Held != 0 {
		t.Errorf("%+v; want %d messages of %d records", taken, out, out/2)
	}
	if diff := cmp.Diff(want, once(t, srv, "intake")); diff != "" {
		t.Errorf("events (-want +there):\n%s", diff)
	}
	if again := takeOut(t, s, silent(), l.now()); again.Records != 0 {
		t.Errorf("taken out twice: %+v", again)
	}

	// Neither a start nor healing takes for lost what was taken out.
	quiet := lastSeq(t, srv, bus.Events)
	s.Stop()
	s = l.runs(t, srv, "intake")
	if now := lastSeq(t, srv, bus.Events); now != quiet || s.pending(t) != 0 {
		t.Errorf("a start published %d messages, %v are pending", now-quiet, s.pending(t))
	}
	s.Stop()
	srv.Stop(t)
	srv.Save(t)
	srv.Start(t)
	s = l.runs(t, srv, "intake")
	l.say(s, "case_tail", caseOpened("case_tail"))
	want = append(want, l.ids()[slices.IndexFunc(l.ids(), func(id string) bool { return place(id) == "case_tail/1/0" })])
	s.level(t)
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	s.eventually(t, "the lost tail is back", func() bool { return s.Bus.Level() && lastSeq(t, srv, bus.Events) > quiet })
	if now := lastSeq(t, srv, bus.Events); now != quiet+1 || s.pending(t) != 0 {
		t.Errorf("healing published %d messages, %v are pending", now-quiet, s.pending(t))
	}
	s.Stop()

	// The bus loses everything, the mark as well.
	lose(t, srv)
	s = l.runs(t, srv, "intake")
	slices.Sort(want)
	if diff := cmp.Diff(want, once(t, srv, "intake")); diff != "" {
		t.Errorf("events after a loss (-want +there):\n%s", diff)
	}
	// And once more, while the service runs.
	lose(t, srv)
	s.eventually(t, "the bus is filled again", func() bool {
		nc, err := steward(srv)
		if err != nil {
			return false
		}
		defer nc.Close()
		js, err := jetstream.New(nc)
		if err != nil {
			return false
		}
		st, err := js.Stream(t.Context(), bus.Events)
		return err == nil && st.CachedInfo().State.Msgs > 0 && s.Bus.Level()
	})
	if diff := cmp.Diff(want, once(t, srv, "intake")); diff != "" {
		t.Errorf("events after a loss while the service ran (-want +there):\n%s", diff)
	}
	before := lastSeq(t, srv, bus.Events)
	s.Stop()

	// Somebody asks for all of it.
	s = l.runs(t, srv, "intake", since(time.Now().Add(-time.Hour)))
	if diff := cmp.Diff(l.ids(), once(t, srv, "intake")); diff != "" {
		t.Errorf("events published again (-want +there):\n%s", diff)
	}
	if now, lacked := lastSeq(t, srv, bus.Events), len(l.ids())-len(want); int(now-before) != lacked {
		t.Errorf("%d messages were published, %d were lacking", now-before, lacked)
	}
}

func since(at time.Time) option { return func(s *settings) { s.Since = at } }

// lose has the bus lose everything.
func lose(t testing.TB, srv Server) {
	t.Helper()
	nc, err := steward(srv)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(patience.Stall))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{bus.Events, bus.Agencies} {
		if err := js.DeleteStream(t.Context(), name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			t.Fatal(err)
		}
	}
}

// No clock and no setting decides what is lost.
func testAgeAndClocks(t *testing.T, srv Server) {
	l := newLedger()
	s := l.runs(t, srv, "intake")
	for n := range 3 {
		id := record("case", n)
		l.ends(id)
		l.say(s, id, caseOpened(id))
	}
	s.level(t)
	// A steward in another year: what was said last is not old by it.
	if taken := takeOut(t, s, silent(), time.Now().Add(365*day)); taken.Records != 0 {
		t.Errorf("a steward whose clock is ahead took out %+v", taken)
	}
	// A service in another year: what the bus lost comes back. With the mark ...
	lost := func(id string) {
		st, err := s.JS.Stream(t.Context(), bus.Events)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Purge(t.Context(), jetstream.WithPurgeSubject("sanad.events.intake.*."+id)); err != nil {
			t.Fatal(err)
		}
	}
	s.Stop()
	s = Open(t, srv, "intake", l.Journal) // an end that is not looked for
	lost(record("case", 0))
	s.Bus.Close()
	s.Conn.Close()
	srv.Stop(t) // or the bus would still know the ids of what it lost
	srv.Start(t)
	l.shift = 365 * day
	s = l.runs(t, srv, "intake")
	if diff := cmp.Diff(l.ids(), once(t, srv, "intake")); diff != "" {
		t.Errorf("events of a service whose clock is ahead (-journal +bus):\n%s", diff)
	}
	s.Stop()
	// ... and without one.
	lose(t, srv)
	s = l.runs(t, srv, "intake")
	if diff := cmp.Diff(l.ids(), once(t, srv, "intake")); diff != "" {
		t.Errorf("events after a loss, without a mark (-journal +bus):\n%s", diff)
	}
	s.Stop()
	// An age that was shorter for a day: what it took out is not lost by a longer
	// one, and the mark does not go back.
	l.shift = 20 * day
	s = l.runs(t, srv, "intake")
	l.say(s, "case_new", caseOpened("case_new"))
	s.level(t)
	short := bus.Ageing{Parts: silent(), Age: 10 * day, Now: l.now()}
	if taken, err := bus.TakeOut(t.Context(), s.JS, short); err != nil || taken.Records != 3 {
		t.Errorf("%+v, %v", taken, err)
	}
	marked := marks(t, s)
	takeOut(t, s, silent(), l.now())
	if diff := cmp.Diff(marked, marks(t, s)); diff != "" || len(marked) != 1 {
		t.Errorf("the marks are %v and moved:\n%s", marked, diff)
	}
	// A stream that is put right keeps it, too.
	st, err := s.JS.Stream(t.Context(), bus.Events)
	if err != nil {
		t.Fatal(err)
	}
	wrong := st.CachedInfo().Config
	wrong.MaxMsgSize++
	if _, err := s.JS.UpdateStream(t.Context(), wrong); err != nil {
		t.Fatal(err)
	}
	if err := bus.Declare(t.Context(), s.JS, 1, Parts()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(marked, marks(t, s)); diff != "" {
		t.Errorf("marks after a declaration (-before +after):\n%s", diff)
	}
	s.Stop()
	s = l.runs(t, srv, "intake")
	if diff := cmp.Diff([]string{"case_new/1/0"}, places(once(t, srv, "intake"))); diff != "" {
		t.Errorf("events under a longer age (-want +there):\n%s", diff)
	}
	if _, err := bus.TakeOut(t.Context(), s.JS, bus.Ageing{Parts: silent(), Age: bus.LeastAge - 1, Now: l.now()}); !errors.Is(err, bus.ErrAge) {
		t.Errorf("an age of less than a week: %v", err)
	}
}

// marks are what EVENTS says of its age.
func marks(t testing.TB, s *Service) map[string]string {
	t.Helper()
	st, err := s.JS.Stream(t.Context(), bus.Events)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for name, at := range st.CachedInfo().Config.Metadata {
		if strings.HasPrefix(name, "sanad-aged-before-") {
			found[name] = at
		}
	}
	return found
}

// What a service has not read stays, also while it is away.
func testAgeWaitsForReaders(t *testing.T, srv Server) {
	l := newLedger()
	s := l.runs(t, srv, "intake")
	l.ends("case_old")
	l.say(s, "case_old", caseOpened("case_old"))
	s.level(t)
	l.shift = 100 * day
	l.say(s, "case_new", caseOpened("case_new"))
	s.level(t)
	want := bus.Taken{Held: 1, Behind: []string{"legal-aid"}}
	if diff := cmp.Diff(want, takeOut(t, s, Parts(), l.now())); diff != "" {
		t.Errorf("a reader that was never there (-want +got):\n%s", diff)
	}
	var heard sync.Map
	refuse := make(chan struct{})
	reader := start(t, srv, "legal-aid", NewJournal(), Setup(func(b *bus.Bus) {
		b.On(intakev1.CaseOpened{}.EventType(), func(ctx context.Context, request any) (any, error) {
			select {
			case <-refuse:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			heard.Store(place(request.(bus.Delivery).ID), true)
			return nil, nil
		})
	}))
	s.eventually(t, "the reader holds what it has not acknowledged", func() bool {
		c, err := s.JS.Consumer(t.Context(), bus.Events, "legal-aid")
		return err == nil && c.CachedInfo().NumAckPending == 2
	})
	if diff := cmp.Diff(want, takeOut(t, s, Parts(), l.now())); diff != "" {
		t.Errorf("a reader that is at it (-want +got):\n%s", diff)
	}
	close(refuse)
	s.eventually(t, "the reader has read", func() bool {
		c, err := s.JS.Consumer(t.Context(), bus.Events, "legal-aid")
		return err == nil && c.CachedInfo().NumAckPending == 0 && c.CachedInfo().NumPending == 0
	})
	if diff := cmp.Diff(bus.Taken{Records: 1, Messages: 1}, takeOut(t, s, Parts(), l.now())); diff != "" {
		t.Errorf("a reader that has read (-want +got):\n%s", diff)
	}
	if _, ok := heard.Load("case_old/1/0"); !ok {
		t.Error("the reader was not told")
	}
	reader.Stop()
}

// The copies for agencies end like the events: by referral.
func testAgeOfCopies(t *testing.T, srv Server) {
	l := newLedger()
	s := l.runs(t, srv, "referral")
	l.say(s, "agency_alpha", registered("alpha", true))
	l.say(s, "agency_beta", registered("beta", true))
	l.ends("ref_closed")
	for _, id := range []string{"ref_closed", "ref_open"} {
		l.say(s, id, accepted(id))
	}
	s.level(t)
	s.Stop()
	l.shift = 100 * day
	s = l.runs(t, srv, "referral")
	kept(t, srv, s, "ref_open", "agency_alpha", "agency_beta")
	l.say(s, "ref_new", accepted("ref_new"))
	s.level(t)
	s.eventually(t, "the copies of the open referral are kept", func() bool {
		return slices.ContainsFunc(read(t, srv, bus.Agencies, "sanad.agencies.*.*.ref_open"), func(m message) bool {
			return m.header.Get(bus.HeaderOpen) != ""
		})
	})
	if taken := takeOut(t, s, silent(), l.now()); taken.Records != 2 || taken.Messages != 3 {
		t.Errorf("%+v", taken)
	}
	var want []string
	for _, id := range []string{"ref_new", "ref_open"} {
		want = append(want, id+"/1/0@alpha", id+"/1/0@beta")
	}
	there := slices.DeleteFunc(ids(t, srv, bus.Agencies, "sanad.agencies.>"), func(id string) bool { return strings.Contains(id, "+") })
	if diff := cmp.Diff(want, places(there)); diff != "" {
		t.Errorf("copies (-want +there):\n%s", diff)
	}
	events, copies := lastSeq(t, srv, bus.Events), lastSeq(t, srv, bus.Agencies)
	s.Stop()
	l.runs(t, srv, "referral")
	if now := lastSeq(t, srv, bus.Events) + lastSeq(t, srv, bus.Agencies); now != events+copies {
		t.Errorf("a start published %d messages", now-events-copies)
	}
}

// The steward is stopped in the middle, and two of them work at once.
func testTakeOutStoppedAndTwice(t *testing.T, srv Server) {
	const records = 400
	l := newLedger()
	s := l.runs(t, srv, "intake")
	for n := range records {
		id := record("case", n)
		l.ends(id)
		l.say(s, id, caseOpened(id), caseOpened(id))
	}
	s.level(t)
	l.shift = 100 * day
	l.say(s, "case_new", caseOpened("case_new"))
	s.level(t)
	messages := func() uint64 {
		st, err := s.JS.Stream(t.Context(), bus.Events)
		if err != nil {
			t.Fatal(err)
		}
		return st.CachedInfo().State.Msgs
	}
	whole := messages()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		_, err := bus.TakeOut(ctx, s.JS, bus.Ageing{Parts: silent(), Age: age, Now: l.now()})
		ended <- err
	}()
	s.eventually(t, "the steward has begun", func() bool { return messages() < whole })
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, err := bus.TakeOut(t.Context(), s.JS, bus.Ageing{Parts: silent(), Age: age, Now: l.now()}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff([]string{"case_new/1/0"}, places(once(t, srv, "intake"))); diff != "" {
		t.Errorf("events (-want +there):\n%s", diff)
	}
	quiet := lastSeq(t, srv, bus.Events)
	s.Stop()
	s = l.runs(t, srv, "intake")
	if now := lastSeq(t, srv, bus.Events); now != quiet {
		t.Errorf("a start published %d messages", now-quiet)
	}
}

// What services alone are told is old with its record, and comes back with it: of INSIDE the same
// is taken out as of EVENTS, and a bus that lost everything gets again what was still there.
func testAgeOfInside(t *testing.T, srv Server) {
	l := newLedger()
	s := l.runs(t, srv, "intake")
	drawn := func(record string) fact.Data {
		return intakev1.CircleDrawn{Circle: staff.Circle{Referral: fact.ID("ref", record), Case: fact.ID("case", record), Turn: 1, Workers: []string{}}}
	}
	for _, record := range []string{"circle_old", "circle_open"} {
		l.say(s, record, drawn(record))
	}
	l.ends("circle_old")
	s.level(t)
	s.Stop()
	l.shift = 100 * day
	s = l.runs(t, srv, "intake")
	l.say(s, "circle_late", drawn("circle_late"))
	l.say(s, "case_late", caseOpened("case_late"))
	s.level(t)
	s.eventually(t, "the open record is kept", func() bool {
		all := read(t, srv, bus.Inside, "sanad.inside.*.*.circle_open")
		return len(all) > 0 && all[len(all)-1].header.Get(bus.HeaderOpen) != ""
	})
	there := func(when string, want ...string) {
		t.Helper()
		var records []string
		for _, m := range read(t, srv, bus.Inside, "sanad.inside.>") {
			records = append(records, m.header.Get("ce-subject"))
		}
		slices.Sort(records)
		if diff := cmp.Diff(want, slices.Compact(records)); diff != "" {
			t.Errorf("%s (-want +there):\n%s", when, diff)
		}
		if leaked := read(t, srv, bus.Events, "sanad.events.*.circle_drawn.>"); len(leaked) > 0 {
			t.Errorf("%s: integrators read %d of them", when, len(leaked))
		}
	}
	if taken := takeOut(t, s, silent(), l.now()); taken.Records != 1 {
		t.Errorf("taken out: %+v", taken)
	}
	there("after it was taken out", "circle_late", "circle_open")
	s.Stop()
	lose(t, srv)
	s = l.runs(t, srv, "intake")
	there("after the bus lost everything", "circle_late", "circle_open")
	s.Stop()
}
