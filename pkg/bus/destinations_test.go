package bus

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// What the relay could not watch is refused when it is declared.
func TestWatchable(t *testing.T) {
	good := Streams(1)[0]
	if err := watchable(good); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*jetstream.StreamConfig){
		"a queue of work":      func(s *jetstream.StreamConfig) { s.Retention = jetstream.WorkQueuePolicy },
		"by interest":          func(s *jetstream.StreamConfig) { s.Retention = jetstream.InterestPolicy },
		"the last of a kind":   func(s *jetstream.StreamConfig) { s.MaxMsgsPerSubject = 1 },
		"for a time":           func(s *jetstream.StreamConfig) { s.MaxAge = time.Hour },
		"the oldest make room": func(s *jetstream.StreamConfig) { s.Discard = jetstream.DiscardOld },
		"bounded":              func(s *jetstream.StreamConfig) { s.MaxMsgs = 10 },
		"silent":               func(s *jetstream.StreamConfig) { s.NoAck = true },
		"rolled up":            func(s *jetstream.StreamConfig) { s.AllowRollup = true },
	} {
		s := good
		s.Name = "WEBHOOKS"
		change(&s)
		if err := watchable(s); err == nil || !strings.Contains(err.Error(), "WEBHOOKS") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, s := range Streams(1, Part{Service: "referral", Waits: true})[4:] {
		if err := watchable(s); err == nil {
			t.Errorf("%s can be watched", s.Name)
		}
	}
}

// Where events go, a stream is declared, and the steward takes out what is old.
func TestDestinations(t *testing.T) {
	// TakeOut knows the way out of these. One more needs a way of its own.
	left := []string{Events, Agencies, Inside}
	for _, d := range destinations {
		if !slices.ContainsFunc(Streams(1), func(s jetstream.StreamConfig) bool { return s.Name == d.stream }) {
			t.Errorf("no stream %s is declared", d.stream)
		}
		if !slices.Contains(left, d.stream) {
			t.Errorf("nothing ever leaves %s: TakeOut does not know it", d.stream)
		}
	}
}
