package bustest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/fault"
)

// fired is a deadline that came due, and when.
type fired struct {
	bus.Due
	when time.Time
}

// clockwork notes the deadlines of a name that come due.
type clockwork struct {
	mu    sync.Mutex
	fired []fired
}

func (c *clockwork) setup(names ...string) option {
	return Setup(func(b *bus.Bus) {
		for _, name := range names {
			b.OnDue(name, c.note)
		}
	})
}

func (c *clockwork) note(_ context.Context, request any) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fired = append(c.fired, fired{request.(bus.Due), time.Now()})
	return nil, nil
}

func (c *clockwork) all() []fired {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]fired(nil), c.fired...)
}

// timersLeft counts the messages of TIMERS under a subject.
func timersLeft(t testing.TB, s *Service, subject string) int {
	st, err := s.JS.Stream(t.Context(), bus.Timers("referral"))
	if err != nil {
		return -1
	}
	info, err := st.Info(t.Context(), jetstream.WithSubjectFilter(subject))
	if err != nil {
		return -1
	}
	n := 0
	for _, k := range info.State.Subjects {
		n += int(k)
	}
	return n
}

func testTimersComeDue(t *testing.T, srv Server) {
	var clock clockwork
	s := start(t, srv, "referral", NewJournal(), clock.setup("response", "expiry"))
	want := map[string]time.Time{}
	latest := time.Duration(0)
	for n := range 50 {
		id := record("ref", n)
		want[id] = time.Now().Add(time.Duration(n*60) * time.Millisecond)
		s.Bus.Arm(id, []fact.Deadline{{Name: "response", At: want[id]}, {Name: "expiry", At: time.Now().Add(5 * time.Minute)}})
	}
	eventually(t, srv, "all come due", func() bool { return len(clock.all()) >= 50 })
	for _, f := range clock.all() {
		at, ok := want[f.Record]
		switch {
		case !ok || f.Name != "response":
			t.Errorf("%s of %s came due twice, or never was to", f.Name, f.Record)
		case !f.At.Equal(at):
			t.Errorf("%s: due at %s, want %s", f.Record, f.At, at)
		case f.when.Before(at):
			t.Errorf("%s: %s early", f.Record, at.Sub(f.when))
		}
		latest = max(latest, f.when.Sub(at))
		delete(want, f.Record)
	}
	t.Logf("the latest came %s after its time", latest)
	// What was handled is gone; what is due later stays.
	eventually(t, srv, "the handled ones are gone", func() bool {
		return timersLeft(t, s, "sanad.timers.referral.due.>") == 0 && timersLeft(t, s, "sanad.timers.referral.at.>") == 50
	})
}

func testTimersReplaceAndCancel(t *testing.T, srv Server) {
	var clock clockwork
	s := start(t, srv, "referral", NewJournal(), clock.setup("response"))
	at := func(in time.Duration) []fact.Deadline {
		return []fact.Deadline{{Name: "response", At: time.Now().Add(in)}}
	}
	for n := range 10 {
		s.Bus.Arm(fmt.Sprint("moved_", n), at(5*time.Minute))
		s.Bus.Arm(fmt.Sprint("gone_", n), at(5*time.Minute))
	}
	eventually(t, srv, "all are armed", func() bool { return timersLeft(t, s, "sanad.timers.referral.at.>") == 20 })
	// Later, and then soon: what the bus fires is the last that it was told. Of
	// each there is one schedule, so that what is replaced cannot fire.
	later := at(6 * time.Minute)
	for n := range 10 {
		s.Bus.Arm(fmt.Sprint("moved_", n), later)
		s.Bus.Arm(fmt.Sprint("gone_", n), nil)
	}
	eventually(t, srv, "half are cancelled and half moved", func() bool {
		moved := 0
		for _, m := range read(t, srv, bus.Timers("referral"), "sanad.timers.referral.at.>") {
			if m.header.Get("Sanad-Deadline") == later[0].At.UTC().Format(time.RFC3339Nano) {
				moved++
			}
		}
		return moved == 10 && timersLeft(t, s, "sanad.timers.referral.at.>") == 10
	})
	soon := at(time.Second)
	for n := range 10 {
		s.Bus.Arm(fmt.Sprint("moved_", n), soon)
	}
	eventually(t, srv, "the moved ones come due", func() bool { return len(clock.all()) >= 10 })
	for _, f := range clock.all() {
		if want := soon[0].At; !f.At.Equal(want) || f.when.Before(want) {
			t.Errorf("%s came due at %s, want %s", f.Record, f.when, want)
		}
	}
	if n := len(clock.all()); n != 10 {
		t.Errorf("%d came due, want 10", n)
	}
	eventually(t, srv, "nothing but one cancellation is left", func() bool { return timersLeft(t, s, "sanad.timers.>") <= 1 })
}

// told counts the messages that TIMERS ever took.
func told(t testing.TB, s *Service) uint64 {
	t.Helper()
	st, err := s.JS.Stream(t.Context(), bus.Timers("referral"))
	if err != nil {
		t.Fatal(err)
	}
	return st.CachedInfo().State.LastSeq
}

// ahead is a clock that can be moved on.
type ahead struct{ atomic.Int64 }

func (a *ahead) now() time.Time { return time.Now().Add(time.Duration(a.Load())) }

func testTimersFarAway(t *testing.T, srv Server) {
	var (
		clock clockwork
		by    ahead
	)
	s := start(t, srv, "referral", NewJournal(), func(s *settings) {
		clock.setup("response")(s)
		s.Clock = by.now
	})
	arm := func(id string, in time.Duration) {
		s.Bus.Arm(id, []fact.Deadline{{Name: "response", At: by.now().Add(in)}})
	}
	for n := range 10 {
		arm(fmt.Sprint("kept_", n), time.Hour)
		arm(fmt.Sprint("moved_", n), time.Hour)
		arm(fmt.Sprint("gone_", n), time.Hour)
	}
	for n := range 10 {
		arm(fmt.Sprint("moved_", n), 2*time.Hour)
		s.Bus.Arm(fmt.Sprint("gone_", n), nil)
	}
	arm("near_1", 5*time.Minute)
	eventually(t, srv, "the near one is armed", func() bool { return timersLeft(t, s, "sanad.timers.referral.at.>") == 1 })
	if n := told(t, s); n != 1 {
		t.Errorf("the bus took %d messages, want 1", n)
	}
	// One that was near and is far away now is taken back.
	arm("near_1", time.Hour)
	eventually(t, srv, "it is cancelled", func() bool { return timersLeft(t, s, "sanad.timers.referral.at.>") == 0 })

	arm("kept_10", time.Hour+3*time.Second)
	by.Store(int64(time.Hour))
	eventually(t, srv, "what has come near comes due", func() bool { return len(clock.all()) >= 12 })
	for _, f := range clock.all() {
		switch when := f.when.Add(time.Hour); {
		case strings.HasPrefix(f.Record, "moved_"), strings.HasPrefix(f.Record, "gone_"):
			t.Errorf("%s came due", f.Record)
		case when.Before(f.At):
			t.Errorf("%s: %s early", f.Record, f.At.Sub(when))
		}
	}
	if n := len(clock.all()); n != 12 {
		t.Errorf("%d came due, want 12", n)
	}
}

func testTimersOfAClockAhead(t *testing.T, srv Server) {
	var clock clockwork
	at := time.Now().Add(72 * time.Hour)
	deadlines := armed(func(visit func(string, []fact.Deadline)) {
		visit("ref_past", []fact.Deadline{{Name: "response", At: at}})
		visit("ref_soon", []fact.Deadline{{Name: "response", At: at.Add(2 * time.Second)}})
	})
	s := start(t, srv, "referral", NewJournal(), func(s *settings) { clock.setup("response")(s); deadlines(s) })
	eventually(t, srv, "it runs", func() bool { return s.Bus.Ready() == nil })
	s.Stop()
	if n := len(clock.all()); n != 0 {
		t.Fatalf("%d came due three days early", n)
	}
	var by ahead
	by.Store(int64(72 * time.Hour))
	start(t, srv, "referral", NewJournal(), func(s *settings) {
		clock.setup("response")(s)
		deadlines(s)
		s.Clock = by.now
	})
	eventually(t, srv, "both come due", func() bool { return len(clock.all()) == 2 })
	for _, f := range clock.all() {
		if when := f.when.Add(72 * time.Hour); when.Before(f.At) {
			t.Errorf("%s: %s early", f.Record, f.At.Sub(when))
		}
	}
}

func testTimersSurviveRestart(t *testing.T, srv Server) {
	var clock clockwork
	s := start(t, srv, "referral", NewJournal(), clock.setup("response"))
	due := time.Now().Add(2 * time.Second)
	for n := range 10 {
		s.Bus.Arm(record("ref", n), []fact.Deadline{{Name: "response", At: due}})
	}
	eventually(t, srv, "all are armed", func() bool { return told(t, s) >= 10 })
	srv.Stop(t)
	// Armed while the bus is away.
	s.Bus.Arm("ref_away", []fact.Deadline{{Name: "response", At: due}})
	srv.Start(t)
	eventually(t, srv, "all come due", func() bool {
		records := map[string]bool{}
		for _, f := range clock.all() {
			if f.when.Before(due) {
				t.Errorf("%s: %s early", f.Record, due.Sub(f.when))
			}
			records[f.Record] = true
		}
		return len(records) == 11
	})
}

func testTimersAreArmedAgain(t *testing.T, srv Server) {
	var clock clockwork
	due := time.Now().Add(3 * time.Second)
	s := start(t, srv, "referral", NewJournal(), func(s *settings) {
		clock.setup("response")(s)
		armed(func(visit func(string, []fact.Deadline)) {
			visit("ref_old", []fact.Deadline{{Name: "response", At: due}})
		})(s)
	})
	s.Bus.Arm("ref_new", []fact.Deadline{{Name: "response", At: due}})
	eventually(t, srv, "both are armed", func() bool { return told(t, s) >= 2 })
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	eventually(t, srv, "both come due", func() bool {
		records := map[string]bool{}
		for _, f := range clock.all() {
			records[f.Record] = true
		}
		return records["ref_old"] && records["ref_new"]
	})
}

// A schedule that the bus will never fire is told again, though the bus looks
// as if it had lost nothing. One that came due is not, whatever became of it.
func testTimersThatNeverFire(t *testing.T, srv Server) {
	var (
		clock   clockwork
		refused atomic.Int32
		by      ahead
	)
	s := start(t, srv, "referral", NewJournal(), func(s *settings) {
		s.Clock = by.now
		s.setup = func(b *bus.Bus) {
			b.OnDue("response", clock.note)
			b.OnDue("expiry", func(context.Context, any) (any, error) {
				refused.Add(1)
				return nil, fault.New(fault.Forbidden, "no", "No.")
			})
		}
	})
	s.Bus.Arm("ref_refused", []fact.Deadline{{Name: "expiry", At: by.now()}})
	eventually(t, srv, "it is refused", func() bool { return refused.Load() == 1 })
	at := by.now().Add(5 * time.Minute)
	s.Bus.Arm("ref_lost", []fact.Deadline{{Name: "response", At: at}})
	eventually(t, srv, "it is armed", func() bool { return timersLeft(t, s, "sanad.timers.referral.at.>") == 1 })
	st, err := s.JS.Stream(t.Context(), bus.Timers("referral"))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Purge(t.Context(), jetstream.WithPurgeSubject("sanad.timers.referral.at.>")); err != nil {
		t.Fatal(err)
	}
	by.Store(int64(time.Hour))
	eventually(t, srv, "it comes due all the same", func() bool { return len(clock.all()) == 1 })
	if f := clock.all()[0]; f.Record != "ref_lost" || !f.At.Equal(at) {
		t.Errorf("%s came due for %s, want %s", f.Record, f.At, at)
	}
	if n := refused.Load(); n != 1 {
		t.Errorf("the other came due %d times", n)
	}
}
