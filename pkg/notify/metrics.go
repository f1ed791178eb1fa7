package notify

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sanad-network/sanad/api/code"
)

// The outcomes by which notices are counted. Refused and out of time are the end of a
// notice that reached nobody.
const (
	sent      = "sent"
	refused   = "refused"
	delayed   = "delayed"
	unsent    = "unsent"
	outOfTime = "out_of_time"
)

var outcomes = []string{sent, refused, delayed, unsent, outOfTime}

func outcomeOf(err error) string {
	switch {
	case err == nil:
		return sent
	case errors.Is(err, ErrRefused):
		return refused
	case errors.Is(err, ErrDelayed):
		return delayed
	}
	return unsent
}

// counters are there from the start, at 0: an alert on an increase sees the first.
type counters struct{ *prometheus.CounterVec }

func newCounters(reg prometheus.Registerer) counters {
	c := counters{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "sanad_notices_total",
		Help: "Notices by channel, kind and outcome: sent; refused for good or out of time; delayed for their recipient or unsent, and tried again.",
	}, []string{"channel", "kind", "outcome"})}
	reg.MustRegister(c)
	for _, ch := range code.NoticeChannels {
		for _, kind := range code.NoticeKinds {
			for _, outcome := range outcomes {
				c.WithLabelValues(string(ch), string(kind), outcome)
			}
		}
	}
	return c
}

func (c counters) count(n Notice, outcome string) {
	c.WithLabelValues(string(n.Channel), string(n.Kind), outcome).Inc()
}
