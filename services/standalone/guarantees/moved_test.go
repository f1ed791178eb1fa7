package guarantees_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// After a pause one delivery does what several deadlines ask for, each at its own instant.
// The delivery of another of them then finds its deadline at the next instant of its name.
// It is done with, and does not come again and again until then.
func TestADeadlineThatMovedIsNotWaitedFor(t *testing.T) {
	shift := time.Duration(0)
	w := begin(t, func(w *world) { w.config.Clock = func() time.Time { return time.Now().Add(shift) } })
	ctx := t.Context()
	names := w.lawyers(ctx, 20)
	front := w.desk(journey.FrontDesk, "caseworker")
	id := agree(ctx, t, front, names)
	for _, name := range names {
		want(ctx, t, front, id, m{"recipient": name})
	}
	w.idle()
	w.stop()
	shift = 25 * time.Hour // the answer is late, and the first step of the ladder is taken; the second comes later
	w.start()
	js, leave := connect(t, w.Bus)
	defer leave()
	escalated := func() int {
		stream, err := js.Stream(ctx, bus.Events)
		if err != nil {
			return 0
		}
		info, err := stream.Info(ctx, jetstream.WithSubjectFilter("sanad.events.referral.escalated.*"))
		if err != nil {
			return 0
		}
		return len(info.State.Subjects)
	}
	w.running().until(t, "each ladder takes its first step", func() bool { return escalated() == len(names) })
	w.idle() // no deadline is delivered again
	if n := escalated(); n != len(names) {
		t.Errorf("%d steps for %d referrals", n, len(names))
	}
}
