package console

import (
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// Alarm is one thing that is wrong now. It goes by the name of its runbook, which is that of
// the alert of a network with Prometheus.
type Alarm struct {
	Runbook string
	// About is what it is about: the end of the id of its text.
	About string
	// Service is who says so; empty where nobody does.
	Service string
	// Kind is a code that says more; empty for none.
	Kind string
	// N is how many, and Age how long; which of them counts, the runbook says.
	N   int
	Age time.Duration
}

// watched is one alert that a single look at the metrics can find. Those that need the
// figures of some time are Prometheus' alone.
type watched struct {
	runbook, about, metric string
	labels                 []Label
	// by is the label whose values are told apart; empty for none.
	by string
	// above is what a value must be above.
	above float64
	// age says that the value is an age in seconds, and stamp that it is the moment from
	// which the age counts; 0 is never, and no alarm.
	age, stamp bool
}

// watch is the alerts in the order in which they press. Their thresholds are those of
// deploy/prometheus/alerts.yml.
var watch = []watched{
	{runbook: "SanadForks", about: "forks", metric: "sanad_relay_forks_total"},
	{runbook: "SanadForgedEvents", about: "forged", metric: "sanad_deadletters_total", labels: []Label{{"code", []string{"misplaced_event", "malformed_event"}}}},
	{runbook: "SanadReferralsEscalated", about: "escalated", metric: "sanad_referrals_escalated"},
	{runbook: "SanadNoticesNotDelivered", about: "notices", metric: "sanad_notices_total", labels: []Label{{"outcome", []string{"refused", "out_of_time"}}}, by: "kind"},
	{runbook: "SanadRelayBehind", about: "relay", metric: "sanad_relay_oldest_seconds", above: 60, age: true},
	{runbook: "SanadMessagesParked", about: "parked", metric: "sanad_parked_messages"},
	{runbook: "SanadBusTrouble", about: "bus", metric: "sanad_bus_trouble", by: "kind"},
	{runbook: "SanadJournalTrouble", about: "journal", metric: "sanad_journal_trouble", by: "kind"},
	{runbook: "SanadBusPutRight", about: "put_right", metric: "sanad_bus_repairs_total", by: "reason"},
	{runbook: "SanadJournalNotVerified", about: "not_verified", metric: "sanad_journal_verified_timestamp_seconds", above: 3 * 3600, stamp: true},
}

// unwatched are the alerts that need the figures of some time, and those that the list of
// what is stuck tells in its own way.
var unwatched = []string{
	"SanadNotScraped", "SanadNotReady", "SanadDeadLetters", "SanadRecordsQuarantined", "SanadRecordsNewer",
	"SanadJournalNotCovered", "SanadJournalSlow", "SanadOperationsFailing",
}

// alarmsOf are what is wrong in a look: services first that do not answer or do no work.
func alarmsOf(look Look, processes []*process) (all []Alarm) {
	for _, s := range look.Services {
		switch {
		case s.Known && s.Away:
			all = append(all, Alarm{Runbook: "SanadNotScraped", About: "away", Service: s.Name})
		case s.Known && !s.Ready:
			all = append(all, Alarm{Runbook: "SanadNotReady", About: "not_ready", Service: s.Name})
		}
	}
	for _, w := range watch {
		for _, p := range processes {
			all = append(all, w.in(p.metrics, look.At)...)
		}
	}
	return all
}

// in is the alert in one process: one alarm for each service and kind.
func (w watched) in(m Metrics, now time.Time) (all []Alarm) {
	m.each(w.metric, w.labels, func(series *dto.Metric, v float64) {
		a := Alarm{Runbook: w.runbook, About: w.about, Service: label(series, "service")}
		if w.by != "" {
			a.Kind = label(series, w.by)
		}
		if w.stamp {
			if v <= 0 {
				return
			}
			v = now.Sub(instant(v, true)).Seconds()
		}
		if v <= w.above {
			return
		}
		if w.age || w.stamp {
			a.Age = time.Duration(v * float64(time.Second))
		} else {
			a.N = int(v)
		}
		i := slices.IndexFunc(all, func(b Alarm) bool { return b.Service == a.Service && b.Kind == a.Kind })
		if i < 0 {
			all = append(all, a)
			return
		}
		all[i].N, all[i].Age = all[i].N+a.N, max(all[i].Age, a.Age)
	})
	return all
}
