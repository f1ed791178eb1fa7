package telemetry

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/event"
)

// MongoMonitor measures commands to the store by name. It never looks at what
// they hold.
func MongoMonitor(reg prometheus.Registerer) *event.CommandMonitor {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "sanad_store_command_seconds",
		Help:    "How long commands to the store took, by name and result (ok, failed).",
		Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
	}, []string{"command", "result"})
	reg.MustRegister(seconds)
	return &event.CommandMonitor{
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
			seconds.WithLabelValues(e.CommandName, "ok").Observe(e.Duration.Seconds())
		},
		Failed: func(_ context.Context, e *event.CommandFailedEvent) {
			seconds.WithLabelValues(e.CommandName, "failed").Observe(e.Duration.Seconds())
		},
	}
}
