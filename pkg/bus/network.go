package bus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
)

// metaNetwork is under which name EVENTS says of which network it is.
const metaNetwork = "sanad-network"

// ErrNetwork says that the bus is another network's than the journal. Nothing is
// published there, and nothing that comes from there is accepted.
var ErrNetwork = errors.New("bus: it is another network's than the database")

// errJoin says that the network of the bus could not be stored. Until it is stored,
// another bus could not be told from this one.
var errJoin = errors.New("bus: the database cannot take down which network it is")

// belonging is to which network the service's journal belongs.
type belonging struct {
	mu      sync.Mutex
	network string
	join    func(context.Context, string) error
}

// Belong says to which network the journal belongs; empty is to none yet. Then it
// joins that of the bus, as soon as the bus names one. Call it before Begin.
func (b *Bus) Belong(network string, join func(ctx context.Context, network string) error) {
	b.belonging.mu.Lock()
	defer b.belonging.mu.Unlock()
	b.belonging.network, b.belonging.join = network, join
}

// paired gives ErrNetwork for a stream of another network. One that nobody has
// labelled yet may be anybody's: the steward of an earlier release declared it.
func (b *Bus) paired(ctx context.Context, info *jetstream.StreamInfo) error {
	if info.Config.Name != Events {
		return nil
	}
	if err := b.agrees(info); err != nil {
		return err
	}
	of := &b.belonging
	of.mu.Lock()
	defer of.mu.Unlock()
	theirs := info.Config.Metadata[metaNetwork]
	if theirs != "" && of.network == "" && of.join != nil {
		if err := of.join(ctx, theirs); err != nil {
			b.health.set(troubleNetwork, Events, errJoin)
			return fmt.Errorf("%w: %w", errJoin, err)
		}
		of.network = theirs
	}
	if theirs == "" || of.network == "" || theirs == of.network {
		b.health.clear(troubleNetwork, Events)
		return nil
	}
	b.health.set(troubleNetwork, Events, ErrNetwork)
	return ErrNetwork
}

// label has a stream that a service makes again say what the lost one said.
func (b *Bus) label(c *jetstream.StreamConfig) {
	b.belonging.mu.Lock()
	defer b.belonging.mu.Unlock()
	if c.Name == Events && b.belonging.network != "" {
		c.Metadata[metaNetwork] = b.belonging.network
		if b.cfg.Agreed != "" {
			c.Metadata[metaAgreed] = b.cfg.Agreed
		}
	}
}

// NetworkOf tells of which network a bus is; empty when it does not say, and when
// it is not declared.
func NetworkOf(ctx context.Context, js jetstream.JetStream) (string, error) {
	s, err := js.Stream(ctx, Events)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find stream %s: %w", Events, err)
	}
	return s.CachedInfo().Config.Metadata[metaNetwork], nil
}

// Label writes on a declared bus to which network it belongs. Only the steward may
// call it. A bus that had events keeps its label, and another label gives
// ErrNetwork.
func Label(ctx context.Context, js jetstream.JetStream, network string) error {
	s, err := js.Stream(ctx, Events)
	if err != nil {
		return fmt.Errorf("find stream %s: %w", Events, err)
	}
	info := s.CachedInfo()
	theirs := info.Config.Metadata[metaNetwork]
	switch {
	case theirs == network:
		return nil
	case theirs != "" && info.State.LastSeq > 0:
		return ErrNetwork
	}
	c := info.Config
	c.Metadata = maps.Clone(c.Metadata)
	if c.Metadata == nil {
		c.Metadata = map[string]string{}
	}
	c.Metadata[metaNetwork] = network
	if _, err := js.UpdateStream(ctx, c); err != nil {
		return fmt.Errorf("label stream %s: %w", Events, err)
	}
	return nil
}
