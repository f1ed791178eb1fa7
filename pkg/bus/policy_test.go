package bus

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/fault"
)

// Every kind of fault has its place: tried again, or refused at once.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	for kind, tries := range map[fault.Kind]int{
		fault.Internal: 10, fault.Contended: forever, fault.RateLimited: forever, fault.Unavailable: forever,
		fault.Malformed: 1, fault.Invalid: 1, fault.Unauthenticated: 1, fault.Forbidden: 1, fault.NotFound: 1,
		fault.Conflict: 1, fault.Stale: 1, fault.TooLarge: 1, fault.Unsupported: 1,
	} {
		if _, again := tryAgain(kind, tries); again {
			t.Errorf("%s is tried more than %d times", kind, tries)
		}
		if _, again := tryAgain(kind, tries-1); !again && tries > 1 {
			t.Errorf("%s is tried less than %d times", kind, tries)
		}
	}
}

func TestTryAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]fault.Kind{fault.Internal, fault.Contended, fault.RateLimited, fault.Unavailable}).Draw(t, "kind")
		attempt := rapid.IntRange(1, verdicts[kind].attempts-1).Draw(t, "attempt")
		delay, again := tryAgain(kind, attempt)
		v := verdicts[kind]
		if !again || delay < v.first*3/4 || delay > v.last*5/4 {
			t.Fatalf("attempt %d at %s: %s, %t", attempt, kind, delay, again)
		}
	})
	first, _ := tryAgain(fault.Unavailable, 1)
	if late, _ := tryAgain(fault.Unavailable, 12); late < 10*first || late < 45*time.Second {
		t.Errorf("the delay does not grow: %s, then %s", first, late)
	}
}

// What waits for a newer release is never given up, and asks once a minute.
func TestParking(t *testing.T) {
	t.Parallel()
	for _, attempt := range []int{1, 10, forever, 100 * forever} {
		delay, again := parking.after(attempt)
		if !again || delay > 75*time.Second || attempt >= 10 && delay < 45*time.Second {
			t.Errorf("attempt %d: %s, %t", attempt, delay, again)
		}
	}
}

// What meets a record that is set aside waits as long. Every other fault has the
// verdict of its kind.
func TestQuarantinedWaits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind fault.Kind
		code string
		want bool
	}{
		{fault.Unavailable, fault.Quarantined, true},
		{fault.Unavailable, "journal_unavailable", false},
		{fault.Internal, fault.Quarantined, false},
		{fault.Conflict, fault.Quarantined, false},
	} {
		if got := waits(fault.New(c.kind, c.code, "")); got != c.want {
			t.Errorf("%s %s: waits %t", c.kind, c.code, got)
		}
	}
}
