package bus

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// An alert on an increase of dead letters sees the first one: the count of each reason
// that the bus itself has is there before, at 0.
func TestDeadLettersAreCountedFromZero(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	b := inState(steady).bus
	b.metrics = newMetrics(reg, b.parked)
	b.newReaction("referral.started.v1", "sanad.events.referral.started.{record}", nil)
	count := func() int {
		n, err := testutil.GatherAndCount(reg, "sanad_deadletters_total")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	for _, event := range []string{"unknown", "referral.started.v1"} {
		for _, code := range []string{
			"malformed_event", "misplaced_event", "unknown_event", "undecodable_event", "incomplete_event", "unknown_deadline", "internal",
		} {
			if n := testutil.ToFloat64(b.metrics.deadLetters.WithLabelValues(event, code)); n != 0 || count() != before {
				t.Fatalf("%s of %s begins with its first dead letter", code, event)
			}
		}
	}
	// What a rule refuses has a code that the bus does not know: it is counted from 0 as well.
	all := func() int {
		n, err := testutil.GatherAndCount(reg, "sanad_refused_deliveries_total")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	known := all()
	for i, code := range []string{"refused_by_a_rule", "malformed_event"} {
		if n := testutil.ToFloat64(b.metrics.refused.WithLabelValues("referral.started.v1")); n != float64(i) || all() != known {
			t.Fatalf("%v deliveries are refused, want %d", n, i)
		}
		b.metrics.dead("referral.started.v1", code)
	}
}
