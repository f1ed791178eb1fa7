package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Declare makes the streams of a network what Streams says, and
// takes away those of earlier releases. What a newer release has declared it
// leaves alone. It is the steward's: a service may only make what is missing.
func Declare(ctx context.Context, js jetstream.JetStream, replicas int, waiting ...string) error {
	for _, name := range retired {
		if err := js.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("take away stream %s: %w", name, err)
		}
	}
	for _, declared := range Streams(replicas, waiting...) {
		s, err := js.Stream(ctx, declared.Name)
		if err == nil {
			actual := s.CachedInfo().Config
			if mine(actual.Metadata, streamShape(actual), streamShape(declared)) && actual.Replicas >= replicas {
				continue
			}
		} else if !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("find stream %s: %w", declared.Name, err)
		}
		if _, err := js.CreateOrUpdateStream(ctx, declared); err != nil {
			return fmt.Errorf("declare stream %s: %w", declared.Name, err)
		}
	}
	return nil
}
