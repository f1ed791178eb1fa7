package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// headerCheckpoint is on a checkpoint and names the service. An answer of the
// server, which a service that was stolen can have stored under any subject, has
// no headers.
const headerCheckpoint = "Sanad-Checkpoint"

var (
	errCheckpoint        = errors.New("bus: a checkpoint is empty or too large")
	errForeignCheckpoint = errors.New("bus: none of what lies among the service's checkpoints is a checkpoint")
)

func checkpointSubject(service string) string { return "sanad.checkpoints." + service }

// KeepCheckpoint has the bus keep a checkpoint of the service's journal, in place
// of the oldest of the few that it keeps. The bus stores bytes: a reader checks the
// signature. It takes some seconds at most, and gives an error when the bus is away
// or did not store it.
func (b *Bus) KeepCheckpoint(ctx context.Context, text []byte) error {
	if len(text) == 0 || len(text) > maxCheckpoint {
		return errCheckpoint
	}
	ctx, cancel, err := b.ask(ctx)
	if err != nil {
		return err
	}
	defer cancel()
	err = b.publishCheckpoint(ctx, text)
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		// An older release declared the network, or the bus lost everything.
		if _, err = b.findStream(ctx, Checkpoints(b.cfg.Service)); err == nil {
			err = b.publishCheckpoint(ctx, text)
		}
	}
	if err != nil {
		return fmt.Errorf("keep a checkpoint: %w", err)
	}
	return nil
}

func (b *Bus) publishCheckpoint(ctx context.Context, text []byte) error {
	msg := nats.NewMsg(checkpointSubject(b.cfg.Service))
	msg.Header.Set(headerCheckpoint, b.cfg.Service)
	msg.Data = text
	_, err := b.cfg.JS.PublishMsg(ctx, msg, jetstream.WithExpectStream(Checkpoints(b.cfg.Service)), jetstream.WithRetryAttempts(0))
	return err
}

// Checkpoint is the newest checkpoint of the service that the bus keeps, nil when
// it keeps none. It refuses a stream that is not as declared, and one on which
// something lies and no checkpoint: somebody has pushed them out.
func (b *Bus) Checkpoint(ctx context.Context) ([]byte, error) {
	ctx, cancel, err := b.ask(ctx)
	if err != nil {
		return nil, err
	}
	defer cancel()
	s, err := b.findStream(ctx, Checkpoints(b.cfg.Service))
	if err != nil {
		return nil, err
	}
	state := s.CachedInfo().State
	if state.Msgs == 0 {
		return nil, nil
	}
	for seq := state.LastSeq; seq >= max(state.FirstSeq, 1); seq-- {
		msg, err := s.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue // it made room meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("read a checkpoint: %w", err)
		}
		if msg.Header.Get(headerCheckpoint) == b.cfg.Service {
			return msg.Data, nil
		}
	}
	return nil, errForeignCheckpoint
}

// ask bounds questions to a bus that is there.
func (b *Bus) ask(ctx context.Context) (context.Context, context.CancelFunc, error) {
	if b.cfg.Conn == nil || !b.cfg.Conn.IsConnected() {
		return nil, nil, errDisconnected
	}
	ctx, cancel := context.WithTimeout(ctx, asking)
	return ctx, cancel, nil
}
