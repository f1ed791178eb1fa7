package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Declare makes the streams of a network what Streams says, and takes away those of
// earlier releases. It does not change what a newer release has declared. Only the
// steward may call it: a service may only make what is missing.
func Declare(ctx context.Context, js jetstream.JetStream, replicas int, parts []Part) error {
	for _, name := range retired {
		if err := js.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("take away stream %s: %w", name, err)
		}
	}
	services := make([]string, len(parts))
	for i, p := range parts {
		services[i] = p.Service
	}
	for _, declared := range Streams(replicas, parts...) {
		declared.Metadata[metaServices] = strings.Join(services, " ")
		err := declare(ctx, js, declared)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			err = declare(ctx, js, declared) // a service that waited for the bus has made it meanwhile
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// declare brings one stream to what is declared.
func declare(ctx context.Context, js jetstream.JetStream, declared jetstream.StreamConfig) error {
	s, err := js.Stream(ctx, declared.Name)
	if err == nil {
		actual := s.CachedInfo().Config
		if kept(actual, declared) {
			return nil
		}
		keepMarks(declared.Metadata, actual.Metadata)
	} else if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("find stream %s: %w", declared.Name, err)
	}
	if _, err := js.CreateOrUpdateStream(ctx, declared); err != nil {
		return fmt.Errorf("declare stream %s: %w", declared.Name, err)
	}
	return nil
}

// kept reports whether nothing is to be done about a stream.
func kept(actual, declared jetstream.StreamConfig) bool {
	shape := streamShape(declared)
	if streamShape(actual) != shape {
		return mine(actual.Metadata, streamShape(actual), shape)
	}
	return actual.Replicas >= declared.Replicas && actual.Metadata[metaServices] == declared.Metadata[metaServices] &&
		releaseOf(actual.Metadata) >= Release
}
