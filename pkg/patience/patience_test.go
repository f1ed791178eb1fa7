package patience

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// bubble is a test under a clock of its own, which may not be asked for the time
// of all tests.
type bubble struct{ testing.TB }

// Something that moves is waited for, however long it takes; something that
// stands still is not, and the wait says where it stood.
func TestAWaitLastsWhileSomethingMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		moving := func() string { return fmt.Sprintf("%.0f hours", min(time.Since(began).Hours(), 3)) }
		slowly := func() string { return fmt.Sprint(int(min(time.Since(began), 3*time.Hour) / (Stall - 2*every))) }
		ctx, cancel := Context(t.Context(), bubble{t}, "the fourth hour", moving, slowly)
		defer cancel()
		<-ctx.Done()
		if took := time.Since(began); took < 3*time.Hour || took > 3*time.Hour+2*Stall {
			t.Errorf("waited for %s", took)
		}
		why := fmt.Sprint(context.Cause(ctx))
		for _, said := range []string{"the fourth hour", "nothing moves", "after 3h", "3 hours"} {
			if !strings.Contains(why, said) {
				t.Errorf("%q does not say %q", why, said)
			}
		}
	})
}

func TestUntilReturnsWhenItHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		Until(bubble{t}, "an hour", func() bool { return time.Since(began) >= time.Hour },
			func() string { return time.Since(began).Truncate(Stall / 2).String() })
		if took := time.Since(began); took > time.Hour+every {
			t.Errorf("waited for %s", took)
		}
	})
}

// A machine that slept, or gave the test no processor, has not stood still: the
// test did not look.
func TestWhatNobodyLookedAtDoesNotCount(t *testing.T) {
	now := time.Now()
	w := &wait{began: now, looked: now, moved: now}
	for range int(Stall/longest) - 1 {
		now = now.Add(time.Hour)
		if err := w.look(now); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.look(now.Add(time.Hour)); err == nil {
		t.Error("waited for ever")
	}
}

func TestAWaitEndsBeforeTheTestsDo(t *testing.T) {
	now := time.Now()
	w := &wait{what: "x", began: now, looked: now, moved: now, limit: now.Add(time.Second), marks: []Mark{func() string { return now.String() }}}
	if err := w.look(now.Add(time.Second)); err != nil {
		t.Error(err)
	}
	now = now.Add(2 * time.Second)
	if err := w.look(now); err == nil || !strings.Contains(err.Error(), "the time of all tests is over") {
		t.Error(err)
	}
}
