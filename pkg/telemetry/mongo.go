package telemetry

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/event"
)

func newStoreSeconds(reg prometheus.Registerer) *prometheus.HistogramVec {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "sanad_store_command_seconds",
		Help:    "How long commands to the store took, by name and result (ok, failed).",
		Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
	}, []string{"command", "result"})
	reg.MustRegister(seconds)
	return seconds
}

// MongoMonitor measures commands to the store by name. It never looks at what
// they hold.
func (t *Telemetry) MongoMonitor() *event.CommandMonitor {
	return &event.CommandMonitor{
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
			t.store.WithLabelValues(e.CommandName, "ok").Observe(e.Duration.Seconds())
		},
		Failed: func(_ context.Context, e *event.CommandFailedEvent) {
			t.store.WithLabelValues(e.CommandName, "failed").Observe(e.Duration.Seconds())
		},
	}
}
