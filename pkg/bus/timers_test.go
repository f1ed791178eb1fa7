package bus

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/fact"
)

// Whatever happens, a bus that was told all holds the near deadlines and no
// others, and those that are past came due.
func TestTimers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var (
			now     = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			timers  = newTimers(&Bus{cfg: Config{Clock: func() time.Time { return now }}})
			want    = map[timer]time.Time{}
			bus     = map[timer]time.Time{}
			cameDue = map[wait]bool{}
		)
		wakeUp := func() {
			for k, at := range bus {
				if !at.After(now) {
					cameDue[wait{at, k}] = true
					delete(bus, k)
				}
			}
		}
		tell := func() {
			for batch := timers.take(); len(batch) > 0; batch = timers.take() {
				for k, at := range batch {
					if bus[k] = at; at.IsZero() {
						delete(bus, k)
					}
				}
			}
			wakeUp()
		}
		t.Repeat(map[string]func(*rapid.T){
			"arm": func(t *rapid.T) {
				stream := fmt.Sprint("ref_", rapid.IntRange(1, 3).Draw(t, "stream"))
				var deadlines []fact.Deadline
				for _, name := range []string{"response", "consent"} {
					delete(want, timer{name, stream})
					if rapid.Bool().Draw(t, name) {
						at := now.Add(time.Duration(rapid.IntRange(-5, 30).Draw(t, "minutes")) * time.Minute)
						deadlines = append(deadlines, fact.Deadline{Name: name, At: at})
						want[timer{name, stream}] = at
					}
				}
				timers.arm(stream, deadlines)
			},
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 20).Draw(t, "minutes")) * time.Minute)
				wakeUp()
			},
			"lose": func(*rapid.T) {
				clear(bus)
				timers.armAgain()
			},
			"tell": func(t *rapid.T) {
				tell()
				near := maps.Clone(want)
				maps.DeleteFunc(near, func(k timer, at time.Time) bool {
					past := !at.After(now)
					if past && !cameDue[wait{at, k}] {
						t.Errorf("%v never came due", k)
					}
					return past || at.After(now.Add(horizon))
				})
				if d := cmp.Diff(near, bus, cmp.AllowUnexported(timer{})); d != "" {
					t.Error(d)
				}
			},
		})
	})
}

func TestFarDeadlinesCostNoMessage(t *testing.T) {
	t.Parallel()
	now := time.Now()
	timers := newTimers(&Bus{cfg: Config{Clock: func() time.Time { return now }}})
	at := func(in time.Duration) []fact.Deadline {
		return []fact.Deadline{{Name: "response", At: now.Add(in)}, {Name: "consent", At: now.Add(2 * in)}}
	}
	timers.arm("ref_1", at(time.Hour))
	timers.arm("ref_1", at(24*time.Hour))
	timers.arm("ref_1", nil)
	timers.arm("ref_2", at(horizon+1))
	if n := len(timers.take()); n != 0 || len(timers.wake) > 0 {
		t.Errorf("%d messages", n)
	}
	if n := timers.far.Len(); n != 2 {
		t.Errorf("%d wait, want 2", n)
	}
}

func TestInstantsByTheClockOfTheBus(t *testing.T) {
	t.Parallel()
	machine := time.Date(2026, 1, 1, 12, 0, 0, 123456789, time.UTC)
	for _, c := range []struct {
		name                string
		service, at, wanted time.Time
	}{
		{"one clock", machine.Add(-time.Microsecond), machine.Add(time.Minute), machine.Truncate(time.Second).Add(61 * time.Second)},
		{"one clock, a whole second", machine.Add(-time.Microsecond), machine.Truncate(time.Second).Add(time.Minute), machine.Truncate(time.Second).Add(time.Minute)},
		{"ahead", machine.Add(72 * time.Hour), machine.Add(72*time.Hour + 2*time.Second), machine.Truncate(time.Second).Add(3 * time.Second)},
		{"ahead, past", machine.Add(72 * time.Hour), machine.Add(time.Hour), machine.Truncate(time.Second).Add(-71*time.Hour + time.Second)},
		{"behind", machine.Add(-72 * time.Hour), machine.Add(-72*time.Hour + 2*time.Second), machine.Truncate(time.Second).Add(3 * time.Second)},
	} {
		if got := onTheBus(c.at, c.service, machine); !got.Equal(c.wanted) {
			t.Errorf("%s: %s, want %s", c.name, got, c.wanted)
		}
	}
}
