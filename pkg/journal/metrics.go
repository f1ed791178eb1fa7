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

	checkpoints prometheus.Counter
	uncovered   prometheus.Counter
	covered     prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	f := promauto.With(reg)
	return &metrics{
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
		checkpoints: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_journal_checkpoints_total", Help: "Checkpoints made.",
		}),
		uncovered: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_journal_checkpoints_failed_total", Help: "Checkpoints that could not be stored.",
		}),
		covered: f.NewGauge(prometheus.GaugeOpts{
			Name: "sanad_journal_checkpoint_timestamp_seconds", Help: "When the newest checkpoint of this process was made.",
		}),
	}
}

// gauge exports what is wrong with the journal: one series for each kind, since an
// alert on a series that is not there does not fire.
func (t *troubles) gauge(reg prometheus.Registerer) {
	for kind := range troubleWords {
		promauto.With(reg).NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sanad_journal_trouble", Help: "What is wrong with the journal beyond single records, by kind.",
			ConstLabels: prometheus.Labels{"kind": string(kind)},
		}, func() float64 { return float64(t.all()[kind]) })
	}
}
