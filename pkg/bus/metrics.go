package bus

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	published, healed, forks prometheus.Counter
	reactions                *prometheus.CounterVec
	seconds                  *prometheus.HistogramVec
	deadLetters              *prometheus.CounterVec
	timersArmed, timersFired prometheus.Counter
	repairs                  *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer, waits *parked) *metrics {
	m := &metrics{
		published: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sanad_relay_published_total", Help: "Messages that were published and came back.",
		}),
		healed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sanad_relay_healed_total", Help: "Commits read from the journal again because the bus lacked them.",
		}),
		forks: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sanad_relay_forks_total", Help: "Events of the service on the bus in the place of which the journal has another.",
		}),
		reactions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_reactions_total", Help: "Deliveries to an endpoint, by event and result.",
		}, []string{"event", "result"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sanad_reaction_seconds", Help: "Time an endpoint took for a delivery.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 16),
		}, []string{"event"}),
		deadLetters: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_deadletters_total", Help: "Deliveries that were refused for good, by event and code of the reason.",
		}, []string{"event", "code"}),
		timersArmed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sanad_timers_armed_total", Help: "Deadlines that the bus took, new or changed.",
		}),
		timersFired: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sanad_timers_fired_total", Help: "Deadlines that came due and were delivered.",
		}),
		repairs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_bus_repairs_total", Help: "Consumers of the service that were not as declared and were put right, by what was wrong.",
		}, []string{"reason"}),
	}
	for _, r := range repairs {
		m.repairs.WithLabelValues(string(r))
	}
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sanad_parked_messages", Help: "Messages that wait for a release that understands them, or for the decision on their record.",
	}, waits.count))
	reg.MustRegister(m.published, m.healed, m.forks, m.reactions, m.seconds, m.deadLetters, m.timersArmed, m.timersFired, m.repairs)
	return m
}

var (
	pendingDesc = prometheus.NewDesc("sanad_relay_pending_commits", "Commits not known to be on the bus.", nil, nil)
	oldestDesc  = prometheus.NewDesc("sanad_relay_oldest_seconds", "Age of the oldest commit not known to be on the bus, 0 for none.", nil, nil)
)

// backlog reads the relay when it is asked.
type backlog struct {
	relay *relay
	clock func() time.Time
}

func (b backlog) Describe(ch chan<- *prometheus.Desc) { ch <- pendingDesc; ch <- oldestDesc }

func (b backlog) Collect(ch chan<- prometheus.Metric) {
	n, oldest := b.relay.waiting()
	age := 0.0
	if !oldest.IsZero() {
		age = max(0, b.clock().Sub(oldest).Seconds())
	}
	ch <- prometheus.MustNewConstMetric(pendingDesc, prometheus.GaugeValue, float64(n))
	ch <- prometheus.MustNewConstMetric(oldestDesc, prometheus.GaugeValue, age)
}
