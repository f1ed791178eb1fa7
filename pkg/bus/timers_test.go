package bus

import (
	"fmt"
	"maps"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/fact"
)

// Whatever happens, a bus that got all deadlines holds what is due before the edge
// and nothing else, what is past came due, and what did not in time is told again:
// no sooner, and never what came due.
func TestTimers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var (
			now     = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			timers  = newTimers(&Bus{cfg: Config{Clock: func() time.Time { return now }}})
			want    = map[timer]time.Time{}
			bus     = map[timer]time.Time{}
			told    = map[timer]time.Time{} // when, of what is still wanted so
			cameDue = map[timer]bool{}
			stuck   = map[timer]bool{}
		)
		late := func(k timer) bool {
			since := want[k]
			if told[k].After(since) {
				since = told[k]
			}
			return now.After(since.Add(grace))
		}
		wakeUp := func() {
			for k, at := range bus {
				if !at.After(now) {
					cameDue[k] = cameDue[k] || want[k].Equal(at)
					timers.came(k, at)
					delete(bus, k)
				}
			}
		}
		tell := func() {
			timers.widen()
			for batch := timers.take(); len(batch) > 0; batch = timers.take() {
				for k, at := range batch {
					if at.IsZero() {
						delete(bus, k)
						continue
					}
					if _, again := told[k]; again && (cameDue[k] || !late(k)) {
						t.Errorf("%v is told twice", k)
					}
					bus[k], told[k] = at, now
					delete(stuck, k)
				}
			}
			wakeUp()
		}
		t.Repeat(map[string]func(*rapid.T){
			"arm": func(t *rapid.T) {
				record := fmt.Sprint("ref_", rapid.IntRange(1, 3).Draw(t, "record"))
				var deadlines []fact.Deadline
				for _, name := range []string{"response", "consent"} {
					k := timer{name, record}
					before, armed := want[k]
					delete(want, k)
					if rapid.Bool().Draw(t, name) {
						at := now.Add(time.Duration(rapid.IntRange(-5, 30).Draw(t, "minutes")) * time.Minute)
						deadlines = append(deadlines, fact.Deadline{Name: name, At: at})
						want[k] = at
					}
					if at, still := want[k]; !armed || !still || !at.Equal(before) {
						delete(told, k)
						delete(cameDue, k)
					}
				}
				timers.arm(record, deadlines)
			},
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(10, 1200).Draw(t, "seconds")) * time.Second)
				wakeUp()
			},
			"lose": func(*rapid.T) {
				clear(bus)
				clear(told)
				timers.tellAfter(time.Time{})
			},
			"stick": func(*rapid.T) {
				for k := range bus {
					stuck[k] = true
				}
				clear(bus)
			},
			"look": func(t *rapid.T) {
				timers.late()
				tell()
				for k := range stuck {
					if _, wanted := want[k]; wanted && late(k) {
						t.Errorf("%v is not told again", k)
					}
				}
			},
			"tell": func(t *rapid.T) {
				tell()
				near := maps.Clone(want)
				maps.DeleteFunc(near, func(k timer, at time.Time) bool {
					past := !at.After(now)
					if past && !cameDue[k] && !stuck[k] {
						t.Errorf("%v never came due", k)
					}
					return past || at.After(timers.edge) || stuck[k]
				})
				if d := cmp.Diff(near, bus, cmp.AllowUnexported(timer{})); d != "" {
					t.Error(d)
				}
				for k := range timers.told {
					if _, wanted := want[k]; !wanted || cameDue[k] {
						t.Errorf("%v is waited for", k)
					}
				}
				if ahead := timers.edge.Sub(now); ahead < horizon/2 || ahead > horizon {
					t.Errorf("told of %s", ahead)
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
	now = now.Add(horizon)
	timers.widen()
	if n := len(timers.take()); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

// A bus that catches up with very many is not told of all of them once more.
func TestLateDeadlinesAreToldAgainBitByBit(t *testing.T) {
	t.Parallel()
	now := time.Now()
	timers := newTimers(&Bus{cfg: Config{Clock: func() time.Time { return now }}})
	told := func() (n int) {
		for batch := timers.take(); len(batch) > 0; batch = timers.take() {
			n += len(batch)
		}
		return n
	}
	const many = 3*timerBatch - 1
	for i := range many {
		timers.arm(fmt.Sprint("ref_", i), []fact.Deadline{{Name: "response", At: now.Add(-time.Hour)}})
	}
	if n := told() + timers.late(); n != many {
		t.Errorf("%d were told, want %d", n, many)
	}
	now = now.Add(grace + 1)
	var late [4]int
	for i := range late {
		late[i] = timers.late()
	}
	if want := [...]int{timerBatch, timerBatch, timerBatch - 1, 0}; late != want {
		t.Errorf("%d are late, want %d", late, want)
	}
	if n := told() + timers.late(); n != many {
		t.Errorf("%d were told again, want %d", n, many)
	}
}

// A walk over all lets others arm meanwhile, and misses nothing of theirs.
func TestArmingDuringTheWalk(t *testing.T) {
	t.Parallel()
	const records = 4 * walkBatch
	began := time.Now()
	var passed atomic.Int64
	timers := newTimers(&Bus{cfg: Config{Clock: func() time.Time { return began.Add(time.Duration(passed.Load())) }}})
	at := func(in time.Duration) []fact.Deadline { return []fact.Deadline{{Name: "response", At: began.Add(in)}} }
	for i := range records {
		timers.arm(fmt.Sprint("ref_", i), at(horizon+time.Minute))
	}
	passed.Store(int64(horizon))
	var arming sync.WaitGroup
	arming.Go(func() {
		for i := range records {
			switch id := fmt.Sprint("ref_", i); i % 4 {
			case 0:
				timers.arm(id, nil)
			case 1:
				timers.arm(id, at(horizon+2*time.Minute))
			case 2:
				timers.arm(id, at(time.Hour))
			}
			timers.arm(fmt.Sprint("new_", i), at(horizon+time.Minute))
		}
	})
	timers.widen()
	arming.Wait()
	told := 0
	for batch := timers.take(); len(batch) > 0; batch = timers.take() {
		for k, at := range batch {
			if want, _ := deadline(timers.armed[k.record], k.name); !at.IsZero() && !at.Equal(want) {
				t.Errorf("%v is told for %s, want %s", k, at, want)
			} else if !at.IsZero() {
				told++
			}
		}
	}
	if want := records/2 + records; told != want {
		t.Errorf("%d were told, want %d", told, want)
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

// A deadline is due from its instant until the record does not want it any more. What is
// far away costs the count nothing until it comes near, and before all are known there is no count.
func TestDueDeadlinesAreCounted(t *testing.T) {
	now := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	timers := newTimers(&Bus{cfg: Config{Clock: func() time.Time { return now }}})
	holds := func(when string, due float64, near int) {
		t.Helper()
		if got := timers.due(); got != due || len(timers.near) != near {
			t.Errorf("%s: %g due of %d near, want %g of %d", when, got, len(timers.near), due, near)
		}
	}
	at := func(name string, d time.Duration) fact.Deadline {
		return fact.Deadline{Name: name, At: now.Add(d)}
	}
	past, soon, far := at("past", -time.Hour), at("soon", time.Minute), at("far", time.Hour)
	timers.arm("ref_1", []fact.Deadline{past, soon, far})
	if n := timers.due(); !math.IsNaN(n) {
		t.Errorf("it is not known yet what there is, and %g are due", n)
	}
	timers.remembered()
	holds("armed", 1, 2)
	now = now.Add(2 * time.Minute)
	holds("the second came", 2, 2)
	timers.arm("ref_1", []fact.Deadline{soon, far})
	holds("the first was decided on", 1, 1)
	moved := fact.Deadline{Name: "soon", At: now.Add(time.Minute)}
	timers.arm("ref_1", []fact.Deadline{moved, far})
	holds("the second was moved", 0, 1)
	now = now.Add(time.Hour)
	timers.widen()
	holds("all came near", 2, 2)
	timers.arm("ref_1", nil)
	holds("nothing is wanted", 0, 0)
}
