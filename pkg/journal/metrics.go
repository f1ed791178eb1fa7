package journal

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	commits   prometheus.Counter
	conflicts prometheus.Counter
	batch     prometheus.Histogram
	seconds   prometheus.Histogram
}

func newMetrics(reg prometheus.Registerer) metrics {
	f := promauto.With(reg)
	return metrics{
		commits: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_journal_commits_total", Help: "Commits stored.",
		}),
		conflicts: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_journal_conflicts_total", Help: "Commits whose version another replica took.",
		}),
		batch: f.NewHistogram(prometheus.HistogramOpts{
			Name: "sanad_journal_batch_commits", Help: "Commits that one write carried.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 8),
		}),
		seconds: f.NewHistogram(prometheus.HistogramOpts{
			Name: "sanad_journal_append_seconds", Help: "How long an append took, waiting for its turn included.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}),
	}
}
