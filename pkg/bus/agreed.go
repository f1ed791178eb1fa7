package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// metaAgreed is under which name EVENTS says by which rules its network works: its mode, and
// the hash of its programmes.
const metaAgreed = "sanad-agreed"

// What may differ between a service and its network.
var (
	// ErrMode says that one is live and the other in training. Nothing is published there, and
	// nothing that comes from there is accepted: what is not real must never become real.
	ErrMode = errors.New("bus: one of the network and the service is in training, and the other is live")
	// errRules says that the service reads other programmes than the steward did.
	errRules = errors.New("bus: the service reads other programmes than the network has agreed on")
)

// training and live are the modes.
const (
	training = "training"
	live     = "live"
)

// mode is the first word of what was agreed.
func mode(agreed string) string {
	first, _, _ := strings.Cut(agreed, " ")
	return first
}

// agrees compares the rules of the service with those of the network. A network that says none
// is compared with nothing. A service that agreed once works on with its own when the network
// moves on: it gets the new ones at its next start.
func (b *Bus) agrees(info *jetstream.StreamInfo) error {
	theirs := info.Config.Metadata[metaAgreed]
	switch {
	case theirs == "" || b.cfg.Agreed == "":
	case mode(theirs) != mode(b.cfg.Agreed):
		b.health.set(troubleMode, Events, ErrMode)
		return ErrMode
	case theirs == b.cfg.Agreed:
		b.agreed.Store(true)
	case !b.agreed.Load():
		b.health.clear(troubleMode, Events)
		b.health.set(troubleRules, Events, errRules)
		return nil
	}
	b.health.clear(troubleMode, Events)
	b.health.clear(troubleRules, Events)
	return nil
}

// Agree writes on a declared bus by which rules its network works: a mode, a blank and a hash.
// Only the steward may call it. Of a bus that had events the mode stays: ErrMode. One that had
// events and says no mode is from before there were modes, so what it holds is real.
func Agree(ctx context.Context, js jetstream.JetStream, agreed string) error {
	s, err := js.Stream(ctx, Events)
	if err != nil {
		return fmt.Errorf("find stream %s: %w", Events, err)
	}
	info := s.CachedInfo()
	theirs := info.Config.Metadata[metaAgreed]
	switch {
	case theirs == agreed:
		return nil
	case info.State.LastSeq > 0 && cmp.Or(mode(theirs), live) != mode(agreed):
		return ErrMode
	}
	c := info.Config
	c.Metadata = maps.Clone(c.Metadata)
	if c.Metadata == nil {
		c.Metadata = map[string]string{}
	}
	c.Metadata[metaAgreed] = agreed
	if _, err := js.UpdateStream(ctx, c); err != nil {
		return fmt.Errorf("label stream %s: %w", Events, err)
	}
	return nil
}
