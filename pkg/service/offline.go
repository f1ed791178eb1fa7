package service

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/telemetry"
)

// Workshop is a service that an operator's tool works on. It was read whole, and
// has the journal's lane.
type Workshop struct {
	Name      string
	Journal   *journal.Journal
	Bus       *bus.Bus
	Catalogue event.Catalogue
	unit      *Unit
}

// Quarantined lists the records that are set aside.
func (w *Workshop) Quarantined() []record.Quarantined { return w.unit.Book.Quarantined() }

// Lost are the events that the bus holds and the journal lacks, by record, version
// and index.
func (w *Workshop) Lost() []event.ID { return w.unit.lost }

// Compared says whether the bus could be asked what the journal lacks.
func (w *Workshop) Compared() bool { return w.Bus.Compared() }

// Kept is a record of a survivor's that need not be kept any more: by whose rule, since when nobody
// worked on it, and until when it had to be kept.
type Kept struct {
	Record, Programme string
	Closed, Until     time.Time
}

// Keeps has an operator's tool learn which records of a room need not be kept any more.
func (u *Unit) Keeps(over func(ctx context.Context, now time.Time) ([]Kept, error)) { u.over = over }

// Over lists what the service need not keep any more, as its room orders it; nothing where the room
// does not say. It changes nothing.
func (w *Workshop) Over(ctx context.Context, now time.Time) ([]Kept, error) {
	if w.unit.over == nil {
		return nil, nil
	}
	return w.unit.over(ctx, now)
}

// Holds has an operator's tool learn whether a law has a room keep what it has of a case.
func (u *Unit) Holds(held func(ctx context.Context, of string, now time.Time) (bool, error)) {
	u.holds = held
}

// Held reports whether a law has the service keep what it has of a case. In doubt it gives an error.
func (w *Workshop) Held(ctx context.Context, of string, now time.Time) (bool, error) {
	if w.unit.holds == nil {
		return false, nil
	}
	return w.unit.holds(ctx, of, now)
}

// Offline opens services for an operator's tool and lets it work on them, one after
// the other. The services answer no request, react to nothing, wake nothing and
// publish nothing. It refuses while a service runs: two would write one journal.
// What was done takes effect at the next start.
func Offline(ctx context.Context, cfg Config, opts Options, do func(context.Context, *Workshop) error, rooms ...Room) error {
	return still(ctx, cfg, opts, time.Time{}, rooms, func(h *Host) error {
		for _, u := range h.units {
			u.bus.TellForks(ctx) // nobody runs the bus
			w := &Workshop{Name: u.name, Journal: u.journal, Bus: u.bus, Catalogue: u.catalogue, unit: u}
			if err := do(ctx, w); err != nil {
				return fmt.Errorf("%s: %w", u.name, err)
			}
		}
		return nil
	})
}

// still lets a tool work on services that answer no request and send no notice.
func still(ctx context.Context, cfg Config, opts Options, since time.Time, rooms []Room, do func(*Host) error) (err error) {
	h := &Host{logger: opts.Telemetry.Logger, named: telemetry.NewNamed(opts.Telemetry.Registry), serving: make(chan error, 1)}
	defer func() { err = errors.Join(err, h.close(context.WithoutCancel(ctx))) }()
	cfg.Notices = notify.Config{}
	deps, err := h.connect(cfg, opts)
	if err != nil {
		return err
	}
	deps.Since = since
	for _, room := range rooms {
		h.units = append(h.units, room(deps))
	}
	if err := h.start(ctx, opts.Progress); err != nil {
		return err
	}
	return do(h)
}
