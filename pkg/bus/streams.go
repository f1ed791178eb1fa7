package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The streams of the network.
const (
	// Events holds the public half of all that happened.
	Events = "EVENTS"
	// Agencies holds, per agency that wants it so, what it may see.
	Agencies = "AGENCIES"
	// Timers holds deadlines that come due soon or were not yet handled.
	Timers = "TIMERS"
	// DeadLetters holds what a consumer refused for good or too often.
	DeadLetters = "DEADLETTERS"
)

const (
	duplicateWindow = 2 * time.Minute
	// maxEvent bounds the data of one event: identifiers, codes and instants.
	maxEvent   = 64 << 10
	maxHeaders = 8 << 10
)

// Streams declares all streams of the network; deployment files are rendered
// from it. Streams of different services share them, so that one consumer can
// follow a survivor's path through all.
func Streams(replicas int) []jetstream.StreamConfig {
	return []jetstream.StreamConfig{
		{
			Name:        Events,
			Description: "What happened, in codes and identifiers. Filled again from the journals when lost.",
			Subjects:    []string{"sanad.events.>"},
			Retention:   jetstream.LimitsPolicy,
			// No age and no count: a service that is new reads from the first.
			MaxMsgs: -1, MaxBytes: -1, MaxMsgsPerSubject: -1, MaxConsumers: -1,
			MaxMsgSize: maxEvent + maxHeaders,
			Discard:    jetstream.DiscardNew,
			Storage:    jetstream.FileStorage,
			Replicas:   replicas,
			Duplicates: duplicateWindow,
		},
		{
			Name:        Agencies,
			Description: "What one agency may see, and nothing else.",
			Subjects:    []string{"sanad.agencies.>"},
			Retention:   jetstream.LimitsPolicy,
			MaxMsgs:     -1, MaxBytes: -1, MaxMsgsPerSubject: -1, MaxConsumers: -1,
			MaxMsgSize: maxEvent + maxHeaders,
			Discard:    jetstream.DiscardNew,
			Storage:    jetstream.FileStorage,
			Replicas:   replicas,
			Duplicates: duplicateWindow,
		},
		{
			Name:        Timers,
			Description: "Deadlines that are near: one scheduled message each, gone when handled or cancelled.",
			Subjects:    []string{"sanad.timers.>"},
			// What was handled is removed, and a subject holds one message: the
			// stream is as large as what is due soon, whatever the history.
			Retention: jetstream.WorkQueuePolicy,
			MaxMsgs:   -1, MaxBytes: -1, MaxMsgsPerSubject: 1, MaxConsumers: -1,
			MaxMsgSize:        maxHeaders,
			Discard:           jetstream.DiscardOld,
			Storage:           jetstream.FileStorage,
			Replicas:          replicas,
			Duplicates:        duplicateWindow,
			AllowMsgSchedules: true,
			AllowRollup:       true,
		},
		{
			Name:        DeadLetters,
			Description: "What a consumer refused, with reason, consumer and attempts.",
			Subjects:    []string{"sanad.deadletters.>"},
			Retention:   jetstream.LimitsPolicy,
			// Full, it refuses: then what should be buried is tried again and
			// nothing is lost unseen.
			MaxMsgs: 1_000_000, MaxBytes: -1, MaxMsgsPerSubject: -1, MaxConsumers: -1,
			MaxMsgSize: maxEvent + 2*maxHeaders,
			Discard:    jetstream.DiscardNew,
			Storage:    jetstream.FileStorage,
			Replicas:   replicas,
			Duplicates: duplicateWindow,
		},
	}
}

// Declare creates the streams, or brings those that exist to what Streams says.
func Declare(ctx context.Context, js jetstream.JetStream, replicas int) error {
	for _, s := range Streams(replicas) {
		if _, err := js.CreateOrUpdateStream(ctx, s); err != nil {
			return fmt.Errorf("declare stream %s: %w", s.Name, err)
		}
	}
	return nil
}
