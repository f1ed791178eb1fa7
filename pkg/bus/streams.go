package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The streams of the network.
const (
	// Events holds the public half of what happened in the last months, and all
	// of what is still open.
	Events = "EVENTS"
	// Agencies holds, per agency that wants it so, what it may see.
	Agencies = "AGENCIES"
	// Inside holds what services alone are told. No integrator and no agency reads
	// it, and nothing on the other streams depends on what is there.
	Inside = "INSIDE"
	// DeadLetters holds what a consumer refused for good or too often.
	DeadLetters = "DEADLETTERS"
)

// Timers is the stream that holds the deadlines of a service that come due soon or
// were not yet handled. Each service has its own: who may write into a stream with
// schedules can fire and cancel the schedules of all others in it.
func Timers(service string) string { return "TIMERS_" + service }

// Checkpoints is the stream that holds the newest checkpoints of a service's
// journal. Each service has its own: who may read a stream by number may read all
// of it.
func Checkpoints(service string) string { return "CHECKPOINTS_" + service }

// retired are streams of earlier releases, whose subjects others have now. What
// they held is told again.
var retired = []string{"TIMERS"}

const (
	duplicatesFor = 2 * time.Minute
	// maxEvent bounds the data of one event: identifiers, codes and instants.
	maxEvent   = 64 << 10
	maxHeaders = 8 << 10
	// maxCheckpoint bounds a checkpoint: some numbers and hashes.
	maxCheckpoint = 64 << 10
	// checkpointsKept is how many of a service's are kept: the newest counts, and
	// a few more say how it came to that.
	checkpointsKept = 8
	// idle is how long a consumer of EVENTS or INSIDE that nobody asks is kept. The server
	// gives it to every consumer that sets none, or refuses one with more. A
	// service that was away for longer reads from the first message again.
	idle = 30 * 24 * time.Hour
)

// Streams declares all streams of a network of these services. They share streams,
// so that one consumer can follow a survivor's path through all; their checkpoints
// and their timers they do not.
func Streams(replicas int, parts ...Part) []jetstream.StreamConfig {
	streams := []jetstream.StreamConfig{
		{
			Name:        Events,
			Description: "What happened, in codes and identifiers. Filled again from the journals when lost.",
			Subjects:    []string{"sanad.events.>"},
			// No age: what is still open stays. The steward takes out the rest.
			MaxMsgs: -1, MaxMsgsPerSubject: -1,
			MaxMsgSize:     maxEvent + maxHeaders,
			Discard:        jetstream.DiscardNew,
			ConsumerLimits: jetstream.StreamConsumerLimits{InactiveThreshold: idle, MaxAckPending: maxAckPending},
		},
		{
			Name:        Agencies,
			Description: "What one agency may see, and nothing else.",
			Subjects:    []string{"sanad.agencies.>"},
			MaxMsgs:     -1, MaxMsgsPerSubject: -1,
			MaxMsgSize: maxEvent + maxHeaders,
			Discard:    jetstream.DiscardNew,
		},
		{
			Name:        Inside,
			Description: "What services alone are told. Filled again from the journals when lost.",
			Subjects:    []string{"sanad.inside.>"},
			MaxMsgs:     -1, MaxMsgsPerSubject: -1,
			MaxMsgSize:     maxEvent + maxHeaders,
			Discard:        jetstream.DiscardNew,
			ConsumerLimits: jetstream.StreamConsumerLimits{InactiveThreshold: idle, MaxAckPending: maxAckPending},
		},
		{
			Name:        DeadLetters,
			Description: "What a consumer refused, with reason, consumer and attempts.",
			Subjects:    []string{"sanad.deadletters.>"},
			// When it is full it refuses: then what should be buried is tried
			// again, and nothing is lost.
			MaxMsgs: 1_000_000, MaxMsgsPerSubject: -1,
			MaxMsgSize: maxEvent + 2*maxHeaders,
			Discard:    jetstream.DiscardNew,
		},
	}
	for _, p := range parts {
		streams = append(streams, jetstream.StreamConfig{
			Name:        Checkpoints(p.Service),
			Description: "How far a service's journal went: the newest checkpoints, signed by the service.",
			Subjects:    []string{checkpointSubject(p.Service)},
			MaxMsgs:     -1, MaxMsgsPerSubject: checkpointsKept,
			MaxMsgSize: maxCheckpoint + maxHeaders,
			// The oldest makes room, and nothing else takes one out. No direct gets:
			// their answers have the headers of what was stored, and a service that
			// was stolen could have one stored under another's subject.
			Discard:    jetstream.DiscardOld,
			DenyDelete: true,
			DenyPurge:  true,
		})
	}
	for _, service := range Waiting(parts) {
		streams = append(streams, jetstream.StreamConfig{
			Name:        Timers(service),
			Description: "Deadlines that are near: one scheduled message each, gone when handled or cancelled.",
			Subjects:    []string{"sanad.timers." + service + ".>"},
			// What was handled is removed, and a subject holds one message: the
			// stream is as large as what is due soon, and does not grow with the
			// history.
			Retention: jetstream.WorkQueuePolicy,
			MaxMsgs:   -1, MaxMsgsPerSubject: 1,
			MaxMsgSize:        maxHeaders,
			Discard:           jetstream.DiscardOld,
			AllowMsgSchedules: true,
			AllowRollup:       true,
		})
	}
	for i := range streams {
		s := &streams[i]
		s.Storage, s.Replicas, s.Duplicates, s.MaxBytes, s.MaxConsumers = jetstream.FileStorage, replicas, duplicatesFor, -1, -1
		StampStream(s, Release)
	}
	return streams
}

// declared is the declaration of a stream, as the service knows it.
func (b *Bus) declared(name string) (jetstream.StreamConfig, bool) {
	for _, s := range Streams(b.cfg.Replicas, Part{Service: b.cfg.Service, Waits: true}) {
		if s.Name == name {
			return s, true
		}
	}
	return jetstream.StreamConfig{}, false
}

// errChanged says that a stream is not as it is declared. The service then neither
// relays nor reacts: a part of the messages may be missing.
var errChanged = errors.New("bus: a stream is not as it is declared; the steward puts it right")

// findStream finds a stream, and makes one that is missing.
func (b *Bus) findStream(ctx context.Context, name string) (jetstream.Stream, error) {
	declared, ok := b.declared(name)
	if !ok {
		return nil, fmt.Errorf("bus: stream %s is not declared", name)
	}
	s, err := b.cfg.JS.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		b.label(&declared)
		s, err = b.cfg.JS.CreateStream(ctx, declared)
	}
	if err != nil {
		return nil, fmt.Errorf("find stream %s: %w", name, err)
	}
	return s, b.asDeclared(ctx, s.CachedInfo())
}

// asDeclared gives errChanged for a stream that is not as it is declared, and
// ErrNetwork for one of another network.
func (b *Bus) asDeclared(ctx context.Context, info *jetstream.StreamInfo) error {
	if err := b.paired(ctx, info); err != nil {
		return err
	}
	name := info.Config.Name
	declared, _ := b.declared(name)
	if mine(info.Config.Metadata, streamShape(info.Config), streamShape(declared)) {
		b.health.clear(troubleStream, name)
		return nil
	}
	err := fmt.Errorf("%w: %s", errChanged, name)
	b.health.set(troubleStream, name, err)
	return err
}
