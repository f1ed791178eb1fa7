package bus

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/sanad-network/sanad/pkg/fault"
)

// verdict says what becomes of a delivery that failed: it is tried again, after
// a delay that doubles from first to last, until it was tried so often; or, with
// no attempts, it is refused at once.
type verdict struct {
	attempts    int
	first, last time.Duration
}

// forever is about a week of trying once a minute: what is away comes back, and
// what has not by then needs a person.
const forever = 10_000

// verdicts is the whole policy. No error at all is acknowledged. A kind that is not
// here is the refusal of a rule, or of a message: trying again changes nothing.
var verdicts = map[fault.Kind]verdict{
	fault.Internal:    {attempts: 10, first: 250 * time.Millisecond, last: time.Minute},
	fault.Contended:   {attempts: forever, first: 50 * time.Millisecond, last: 5 * time.Second},
	fault.RateLimited: {attempts: forever, first: time.Second, last: time.Minute},
	fault.Unavailable: {attempts: forever, first: 250 * time.Millisecond, last: time.Minute},
}

// parking is the verdict on what only a newer release understands, and on what
// meets a record that is set aside: it waits for that release or the decision,
// without an end, and no person has to bring it back.
var parking = verdict{attempts: math.MaxInt, first: time.Second, last: time.Minute}

// waits reports whether a delivery that failed so is parked.
func waits(f *fault.Error) bool { return f.Kind == fault.Unavailable && f.Code == fault.Quarantined }

// tryAgain says whether a delivery that failed for the nth time is tried again,
// and after which delay.
func tryAgain(kind fault.Kind, attempt int) (delay time.Duration, again bool) {
	return verdicts[kind].after(attempt)
}

func (v verdict) after(attempt int) (delay time.Duration, again bool) {
	if attempt >= v.attempts {
		return 0, false
	}
	delay = v.last
	if n := attempt - 1; n < 16 {
		delay = min(v.first<<n, v.last)
	}
	// Spread, so that what failed together does not come back together.
	return delay*3/4 + rand.N(delay/2), true //nolint:gosec // spread, not secrecy
}
