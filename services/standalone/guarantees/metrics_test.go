package guarantees_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// The metrics that dashboards and alerts may use are those that the running
// services export, no more and no less.
func TestMetricsAreTheOnesPromised(t *testing.T) {
	w := begin(t, func(w *world) { w.unwatched = true })
	w.play(t.Context())
	w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	// A dead letter, so that its metric is there.
	nc, err := w.Bus.Connect("intake")
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if err := nc.Publish("sanad.events.intake.service_requested.case_x", []byte("not an event")); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	w.idle()
	live := map[string][]string{}
	w.running().until(t, "the dead letter is counted", func() bool {
		families, err := w.config.Telemetry.Registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		live = promised(families)
		return live["sanad_deadletters_total"] != nil
	})
	raw, err := os.ReadFile("../../../deploy/metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) > 0 && !strings.HasPrefix(line, "#") {
			want[f[0]] = append([]string(nil), f[1:]...)
		}
	}
	if d := cmp.Diff(want, live); d != "" {
		t.Errorf("deploy/metrics.txt against what is exported (-file +live):\n%s", d)
	}
}

// promised are Sanad's own metrics and their labels, sorted.
func promised(families []*dto.MetricFamily) map[string][]string {
	all := map[string][]string{}
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "sanad_") {
			continue
		}
		labels := map[string]bool{}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = true
			}
		}
		all[f.GetName()] = slices.Sorted(maps.Keys(labels))
	}
	return all
}
