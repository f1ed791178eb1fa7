package network

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/service"
)

// takeOutEvery is how often the steward takes out of the bus what is too old.
const takeOutEvery = 24 * time.Hour

// TakeOut has the steward take out of the bus what is too old at an instant.
func (b Bus) TakeOut(ctx context.Context, age time.Duration, now time.Time) (taken bus.Taken, err error) {
	parts, err := Parts()
	if err != nil {
		return taken, err
	}
	err = b.steward(func(js jetstream.JetStream) error {
		taken, err = bus.TakeOut(ctx, js, bus.Ageing{Parts: parts, Age: age, Now: now})
		return err
	})
	return taken, err
}

// takeOuts is the steward's work in an office, at the start and once a day. Of a
// bus that is elsewhere somebody else is the steward.
func (n *Network) takeOuts(cfg Config) func(context.Context) {
	age, log := cfg.Service.EventsAge(), cfg.Telemetry.Logger
	if !n.Bus.Inside() || age == 0 {
		return nil
	}
	clock := cfg.Clock
	if clock == nil {
		clock = time.Now
	}
	return func(ctx context.Context) {
		tick := time.NewTicker(takeOutEvery)
		defer tick.Stop()
		for {
			taken, err := n.Bus.TakeOut(ctx, age, clock())
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				log.Error("what is too old stays on the bus", slog.Any("error", err))
			}
			if taken.Records > 0 {
				log.Info("what is too old was taken out of the bus", slog.Int("records", taken.Records), slog.Int("messages", taken.Messages))
			}
			if taken.Held > 0 {
				log.Warn("what is too old stays on the bus: services have not read it", slog.Int("records", taken.Held), slog.Any("services", taken.Behind))
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}
}

// age begins the steward's work; stop ends it and waits.
func (n *Network) age(ctx context.Context) (stop func()) {
	if n.ageing == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { n.ageing(ctx) })
	return func() {
		cancel()
		working.Wait()
	}
}

// ErrService refuses a name that no service has.
var ErrService = errors.New("no service has this name")

// Republish has services of the network publish what the bus lacks of all that
// happened since an instant; an empty name is all of them. The network must not
// run: its engines are started and stopped again.
func Republish(ctx context.Context, cfg Config, since time.Time, name string, pending func(commits int)) (told map[string]int, err error) {
	err = stopped(ctx, cfg, name, func(cfg service.Config, opts service.Options, rooms []service.Room) (err error) {
		told, err = service.Republish(ctx, cfg, opts, since, pending, rooms...)
		return err
	})
	return told, err
}

// stopped starts the engines of a network that does not run, for the services of a
// name, and stops them again.
func stopped(ctx context.Context, cfg Config, name string, do func(service.Config, service.Options, []service.Room) error) error {
	rooms, err := roomsOf(name, cfg.TrustFund)
	if err != nil {
		return err
	}
	n := &Network{}
	if err = n.prepare(ctx, &cfg); err == nil {
		err = do(cfg.Service, n.options(cfg), rooms)
	}
	return errors.Join(err, n.closeEngines())
}

// roomsOf are all rooms of a network that has a trust fund or none, or the one of a name.
func roomsOf(name string, fund bool) (rooms []service.Room, err error) {
	for _, s := range With(fund) {
		if cmp.Or(name, s) == s {
			rooms = append(rooms, Rooms[s])
		}
	}
	if len(rooms) == 0 {
		return nil, ErrService
	}
	return rooms, nil
}

// Offline opens the services of a network that is stopped, or the one of a name,
// for an operator's tool; see service.Offline.
func Offline(ctx context.Context, cfg Config, name string, do func(context.Context, *service.Workshop) error) error {
	return stopped(ctx, cfg, name, func(cfg service.Config, opts service.Options, rooms []service.Room) error {
		return service.Offline(ctx, cfg, opts, do, rooms...)
	})
}
