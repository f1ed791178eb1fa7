package guarantees_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// What was said of closed records leaves the bus after ninety-five days, and nothing
// else changes by it: not at a restart, not when the bus loses everything, not
// when all of it is published again.
func TestEventsHaveAnEnd(t *testing.T) {
	began := time.Now()
	shift := time.Duration(0)
	w := begin(t, func(w *world) {
		w.config.Clock = func() time.Time { return time.Now().Add(shift) }
		w.config.Service.EventsDays = 95
	})
	story := w.play(t.Context()) // it ends with the case closed
	w.idle()
	w.stop()
	shift = 93 * day
	w.start()
	// Her consents run out, and each room says what came of it, before anything is
	// old enough to leave.
	w.running().until(t, "what was due has happened", func() bool {
		last := map[string]uint64{}
		for _, id := range ids(stored(t, w.Bus, bus.Events)) {
			parsed, _ := event.ParseID(id)
			kind, _, _ := strings.Cut(parsed.Record, "_")
			last[kind] = max(last[kind], parsed.Version)
			if kind == "ref" {
				last[parsed.Record] = max(last[parsed.Record], parsed.Version)
			}
		}
		for _, r := range story.Referrals {
			if last[r] < 7 {
				return false
			}
		}
		return last["exam"] == 7 && last["mat"] == 10 && last["plan"] == 6
	})
	// Each agency says what became of its copies: before, nothing of it is closed.
	for service, desk := range map[string]office.Desk{
		"legal_assistance_service":     w.desk(journey.LegalAid, "lawyer"),
		"psychosocial_service":         w.desk(journey.Counselling, "counsellor"),
		"forensic_examination_service": w.desk(journey.Forensics, "examiner"),
	} {
		if err := desk.Post(t.Context(), "/v1/referrals/"+story.Referrals[service]+"/acknowledge", m{"erasure": "deleted"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.idle()
	w.stop()
	shift = 100 * day
	w.start()
	// A service that says nothing ages nothing: here the front desk says something,
	// and referral that its agencies are still there.
	if err := w.desk(journey.FrontDesk, "caseworker").Post(t.Context(), "/v1/cases", map[string]any{
		"channel": "hotline", "country": "GT", "programme": "guatemala",
		"incident": map[string]any{"types": []string{"physical_assault"}},
		"survivor": map[string]any{"sex": "female", "age_band": "18+"},
	}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
	w.running().until(t, "open records are kept", func() bool {
		said := map[string]bool{}
		for _, m := range stored(t, w.Bus, bus.Events) {
			if m.Header.Get(bus.HeaderOpen) != "" {
				said[strings.Split(m.Subject, ".")[2]] = true
			}
		}
		return said["referral"] // its agencies never close
	})
	w.idle()
	before := stored(t, w.Bus, bus.Events)
	views := w.records(before)
	taken, err := w.Bus.TakeOut(t.Context(), 95*day, w.config.Clock())
	if err != nil || taken.Records == 0 || taken.Held > 0 {
		t.Fatalf("%+v, %v", taken, err)
	}
	rest := ids(stored(t, w.Bus, bus.Events))
	if slices.ContainsFunc(rest, of(story.Case)) || !slices.ContainsFunc(ids(before), of(story.Case)) {
		t.Errorf("the case that was closed a hundred days ago is on the bus still")
	}
	t.Logf("%d of %d events stay, %d records went", len(rest), len(ids(before)), taken.Records)

	// A restart takes nothing for lost, and tells nobody anything.
	w.restart(nil)
	w.idle()
	if now := stored(t, w.Bus, bus.Events); len(now) != len(before)-taken.Messages {
		t.Errorf("%d messages after a restart, %d before", len(now), len(before)-taken.Messages)
	}
	same(t, w, rest, before, views)

	// The bus loses everything.
	w.stop()
	if err := os.RemoveAll(busStore(w.config.Dir)); err != nil {
		t.Fatal(err)
	}
	w.start()
	w.running().until(t, "the bus is filled again", func() bool { return len(ids(stored(t, w.Bus, bus.Events))) >= len(rest) })
	w.idle()
	same(t, w, rest, before, views)

	// Somebody wants all of it.
	w.stop()
	told := republished(t, w, began.Add(-time.Hour))
	w.start()
	w.idle()
	same(t, w, ids(before), before, views)
	if n := told["intake"] + told["referral"] + told["legal-aid"] + told["psychosocial"] + told["forensic-services"]; n < len(ids(before))-len(rest) {
		t.Errorf("republish tells of %v, and %d events were lacking", told, len(ids(before))-len(rest))
	}
}

func of(record string) func(string) bool {
	return func(id string) bool { parsed, _ := event.ParseID(id); return parsed.Record == record }
}

// same compares the events on the bus and the records with what they should be.
func same(t *testing.T, w *world, want []string, told []*nats.Msg, views map[string]string) {
	t.Helper()
	if d := cmp.Diff(want, ids(stored(t, w.Bus, bus.Events))); d != "" {
		t.Errorf("events (-want +there):\n%s", d)
	}
	if d := cmp.Diff(views, w.records(told)); d != "" {
		t.Errorf("records (-before +after):\n%s", d)
	}
	if dead := stored(t, w.Bus, bus.DeadLetters); len(dead) > 0 {
		t.Errorf("%d dead letters, the first from %s", len(dead), dead[0].Subject)
	}
}

// republished fills the bus of a network that is stopped.
func republished(t *testing.T, w *world, since time.Time) map[string]int {
	t.Helper()
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "standalone", Writer: w.logs})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := flush(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	cfg := w.config
	cfg.Telemetry = tel
	told, err := network.Republish(t.Context(), cfg, since, "", nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, w.logs.all())
	}
	return told
}
