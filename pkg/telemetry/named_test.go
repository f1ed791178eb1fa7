package telemetry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/sanad-network/sanad/pkg/telemetry"
)

// Who asks for some names is told all of each, of every service, and who asks for one that is not
// known here is told all there is.
func TestNamed(t *testing.T) {
	all := prometheus.NewRegistry()
	promauto.With(all).NewGauge(prometheus.GaugeOpts{Name: "before", Help: "For this test."})
	n := telemetry.NewNamed(all)
	for _, service := range []string{"one", "other"} {
		f := promauto.With(prometheus.WrapRegistererWith(prometheus.Labels{"service": service}, n))
		f.NewGauge(prometheus.GaugeOpts{Name: "a", Help: "For this test."})
		f.NewGauge(prometheus.GaugeOpts{Name: "b", Help: "For this test."})
		f.NewCounterVec(prometheus.CounterOpts{Name: "c_total", Help: "For this test."}, []string{"kind"}).WithLabelValues("x").Inc()
	}
	for what, c := range map[string]struct {
		names []string
		want  map[string]int
	}{
		"one":         {[]string{"a"}, map[string]int{"a": 2}},
		"two":         {[]string{"a", "c_total"}, map[string]int{"a": 2, "c_total": 2}},
		"none":        {nil, map[string]int{"a": 2, "b": 2, "c_total": 2, "before": 1}},
		"an unknown":  {[]string{"a", "d"}, map[string]int{"a": 2, "b": 2, "c_total": 2, "before": 1}},
		"from before": {[]string{"before"}, map[string]int{"a": 2, "b": 2, "c_total": 2, "before": 1}},
	} {
		told, err := n.Of(c.names...).Gather()
		if err != nil {
			t.Fatal(what, err)
		}
		got := map[string]int{}
		for _, family := range told {
			got[family.GetName()] = len(family.GetMetric())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	gone := prometheus.NewGauge(prometheus.GaugeOpts{Name: "e", Help: "For this test."})
	n.MustRegister(gone)
	if !n.Unregister(gone) {
		t.Error("it was not there")
	}
	if err := n.Register(gone); err != nil {
		t.Errorf("it was taken away: %v", err)
	}
	if err := n.Register(gone); err == nil {
		t.Error("it is registered twice")
	}
}
