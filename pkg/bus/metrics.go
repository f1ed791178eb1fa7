package bus

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/sanad-network/sanad/pkg/fault"
)

type metrics struct {
	published, healed, forks prometheus.Counter
	reactions                *prometheus.CounterVec
	seconds                  *prometheus.HistogramVec
	deadLetters              *prometheus.CounterVec
	refused                  *prometheus.CounterVec
	timersArmed, timersFired prometheus.Counter
	repairs                  *prometheus.CounterVec
	pending                  *prometheus.GaugeVec
}

func newMetrics(reg prometheus.Registerer, waits *parked) *metrics {
	f := promauto.With(reg)
	m := &metrics{
		published: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_relay_published_total", Help: "Messages that were published and came back.",
		}),
		healed: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_relay_healed_total", Help: "Commits read from the journal again because the bus lacked them.",
		}),
		forks: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_relay_forks_total", Help: "Events of the service on the bus in the place of which the journal has another.",
		}),
		reactions: f.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_reactions_total", Help: "Deliveries to an endpoint, by event and result.",
		}, []string{"event", "result"}),
		seconds: f.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sanad_reaction_seconds", Help: "Time an endpoint took for a delivery.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 16),
		}, []string{"event"}),
		deadLetters: f.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_deadletters_total", Help: "Deliveries that were refused for good, by event and code of the reason.",
		}, []string{"event", "code"}),
		refused: f.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_refused_deliveries_total", Help: "Deliveries that were refused for good, by event, whatever the reason.",
		}, []string{"event"}),
		timersArmed: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_timers_armed_total", Help: "Deadlines that the bus took, new or changed.",
		}),
		timersFired: f.NewCounter(prometheus.CounterOpts{
			Name: "sanad_timers_fired_total", Help: "Deadlines that came due and were delivered.",
		}),
		repairs: f.NewCounterVec(prometheus.CounterOpts{
			Name: "sanad_bus_repairs_total", Help: "Consumers of the service that were not as declared and were put right, by what was wrong.",
		}, []string{"reason"}),
	}
	m.pending = f.NewGaugeVec(prometheus.GaugeOpts{
		Name: "sanad_consumer_pending_messages", Help: "Messages that the service has yet to take, by stream: not delivered, or not acknowledged. As the bus said some seconds ago.",
	}, []string{"bus_stream"})
	m.expect("unknown")
	for _, r := range repairs {
		m.repairs.WithLabelValues(string(r))
	}
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sanad_parked_messages", Help: "Messages that wait for a release that understands them, or for the decision on their record.",
	}, waits.count)
	return m
}

// deadFor are the reasons that a bus itself has to refuse a delivery for good. The
// codes of rules are not known here: they are more than a hundred, for each of some
// thirty events, and nearly none ever occurs. So what rules refuse is counted from 0
// without its code (refused).
var deadFor = []string{
	errMalformed.Code, errMisplaced.Code, errUnknown.Code, errUndecodable.Code, errIncomplete.Code, errNoDeadline.Code, fault.Internal.String(),
}

// expect begins the counts of an event's dead letters at 0, so that the first one is
// an increase.
func (m *metrics) expect(event string) {
	m.refused.WithLabelValues(event)
	for _, code := range deadFor {
		m.deadLetters.WithLabelValues(event, code)
	}
}

// dead counts a dead letter.
func (m *metrics) dead(event, code string) {
	m.deadLetters.WithLabelValues(event, code).Inc()
	m.refused.WithLabelValues(event).Inc()
}

// gauge exports what is read when it is asked.
func (b *Bus) gauge(reg prometheus.Registerer) {
	f := promauto.With(reg)
	f.NewGaugeFunc(prometheus.GaugeOpts{Name: "sanad_relay_pending_commits", Help: "Commits not known to be on the bus."}, func() float64 {
		n, _ := b.relay.waiting()
		return float64(n)
	})
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sanad_relay_oldest_seconds", Help: "Age of the oldest commit not known to be on the bus, 0 for none.",
	}, func() float64 {
		_, oldest := b.relay.waiting()
		if oldest.IsZero() {
			return 0
		}
		return max(0, b.cfg.Clock().Sub(oldest).Seconds())
	})
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sanad_deadlines_due", Help: "Deadlines whose instant is past and that nothing was decided on yet; NaN until a process that has just started knows all.",
	}, b.timers.due)
	for _, t := range troubles {
		f.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sanad_bus_trouble", Help: "What keeps events from flowing now, by kind: 1 or 0.", ConstLabels: prometheus.Labels{"kind": string(t)},
		}, func() float64 {
			if b.health.has(t) || t == troubleConsumer && b.loose.Load() > 0 {
				return 1
			}
			return 0
		})
	}
}
