package bus

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	referralv1 "github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

func inState(s state) *relay {
	r := New(Config{
		Service: "referral", Catalogue: event.NewCatalogue(event.Type[referralv1.Started]()),
		Registerer: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler), TracerProvider: noop.NewTracerProvider(),
	}).relay
	r.state = s
	return r
}

func started(version uint64) *journal.Commit {
	return &journal.Commit{
		Record: "ref_1", Version: version, Tail: version, At: time.Date(2026, 11, 23, 10, 4, 5, 0, time.UTC),
		Events: []event.Recorded{{Type: referralv1.Started{}.EventType(), Data: []byte(`{"referral":"ref_1"}`)}},
	}
}

// What each state does with what is offered and with what is read from the
// journal, and how it ends.
func TestStatesOfTheRelay(t *testing.T) {
	t.Parallel()
	type outcome struct {
		State          state
		Queued, Missed int
	}
	offer := func(r *relay) error { r.offer(started(1)); return nil }
	full := func(r *relay) error {
		for range backlogLimit {
			r.queue.push(started(1))
		}
		r.offer(started(2))
		return nil
	}
	read := func(r *relay) error { _, err := r.mendOne(t.Context(), started(1)); return err }
	done := func(r *relay) error { r.missed = 3; r.mended(0); return nil }
	for name, c := range map[string]struct {
		in   state
		do   func(*relay) error
		want outcome
		err  error
	}{
		"blind, offered":       {blind, offer, outcome{blind, 0, 1}, nil},
		"mending, offered":     {mending, offer, outcome{mending, 1, 0}, nil},
		"steady, offered":      {steady, offer, outcome{steady, 1, 0}, nil},
		"mending, full":        {mending, full, outcome{blind, 0, backlogLimit + 1}, nil},
		"steady, full":         {steady, full, outcome{blind, 0, backlogLimit + 1}, nil},
		"mending, read":        {mending, read, outcome{mending, 1, 0}, nil},
		"blind, read":          {blind, read, outcome{blind, 0, 0}, errBlind},
		"mending, all is read": {mending, done, outcome{steady, 0, 0}, nil},
		"blind, all is read":   {blind, done, outcome{blind, 0, 3}, nil},
	} {
		r := inState(c.in)
		if err := c.do(r); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", name, err, c.err)
		}
		if d := cmp.Diff(c.want, outcome{r.state, r.queue.len(), r.missed}); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
