package console

import (
	"math"
	"time"
)

// Figures are what a service counts. A pointer is nil where the service does not say.
type Figures struct {
	// Commits are those that the journal took since the service started, at Since.
	Commits *float64
	Since   time.Time
	// Unsent are the commits that nobody was told of yet, and Oldest is how old the first is.
	Unsent *float64
	Oldest *time.Duration
	// Waiting are the messages of the bus that the service has not taken yet.
	Waiting *float64
	// Due are the deadlines whose moment is past, and which were not decided yet.
	Due *float64
	// Parked are the messages that wait for a record that is closed.
	Parked *float64
	// Checkpoint and Verified are when the journal was covered and read back last; zero for
	// not since the service started.
	Checkpoint, Verified time.Time
	// Records are those in the image.
	Records *float64
}

func figures(service string, m Metrics) Figures {
	f := Figures{
		Commits: known(m.Sum("sanad_journal_commits_total", of(service))),
		Unsent:  known(m.Sum("sanad_relay_pending_commits", of(service))),
		Waiting: known(m.Sum("sanad_consumer_pending_messages", of(service))),
		Due:     known(m.Sum("sanad_deadlines_due", of(service))),
		Parked:  known(m.Sum("sanad_parked_messages", of(service))),
		Records: known(m.Sum("sanad_records", of(service))),
		Since:   instant(m.Most("process_start_time_seconds")),

		Checkpoint: instant(m.Most("sanad_journal_checkpoint_timestamp_seconds", of(service))),
		Verified:   instant(m.Most("sanad_journal_verified_timestamp_seconds", of(service))),
	}
	if v, ok := m.Most("sanad_relay_oldest_seconds", of(service)); ok {
		oldest := time.Duration(v * float64(time.Second))
		f.Oldest = &oldest
	}
	return f
}

func known(v float64, ok bool) *float64 {
	if !ok || math.IsNaN(v) {
		return nil
	}
	return &v
}

func instant(seconds float64, ok bool) time.Time {
	if !ok || seconds <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(seconds * 1000))
}
