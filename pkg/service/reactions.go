package service

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/go-kit/kit/endpoint"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
)

// On reacts to an event of the network: target names the record that it
// concerns, decide what happens there. A service has one reaction to an event.
func On[S record.State[S], E fact.Data](u *Unit, id string, rs *record.Records[S], target func(E) string, decide Decide[S, E]) {
	OnFunc(u, id, func(ctx context.Context, e E) error {
		_, err := rs.Execute(ctx, target(e), bind(decide, e))
		return err
	})
}

// OnFunc reacts to an event that concerns more than one record. Each record it
// executes on takes the event once; two effects on one record are Steps.
func OnFunc[E fact.Data](u *Unit, id string, react func(context.Context, E) error) {
	var e E
	u.catalogue.Know(event.Type[E]())
	u.bus.On(e.EventType(), u.react(id, func(ctx context.Context, request any) error {
		d := request.(bus.Delivery)
		// The image keeps the cause; the message it is a part of may go.
		return react(record.With(ctx, record.Command{Op: id, Cause: strings.Clone(d.ID)}), d.Data.(E))
	}))
}

// Due asks a record again at its deadline of a name. A deadline that was moved to a later
// instant meanwhile is not asked for: it comes by itself, and a delivery that waited for it
// would come again and again until then.
func Due[S record.State[S]](u *Unit, name, id string, rs *record.Records[S], decide record.Decide[S]) {
	nothing := func(context.Context, string) struct{} { return struct{}{} }
	DueOn(u, name, id, rs, nothing, func(s S, by fact.By, _ struct{}) ([]fact.Event, error) { return decide(s, by) })
}

// DueOn is Due for a decision that hangs on other records: they are looked up before the
// record's turn.
func DueOn[S record.State[S], L any](
	u *Unit, name, id string, rs *record.Records[S],
	look func(ctx context.Context, id string) L, decide func(S, fact.By, L) ([]fact.Event, error),
) {
	u.bus.OnDue(name, u.react(id, func(ctx context.Context, request any) error {
		d := request.(bus.Due)
		ctx = record.With(ctx, record.Command{Op: id, Cause: name + "/" + d.At.UTC().Format("2006-01-02T15:04:05Z")})
		seen := look(ctx, d.Record)
		_, err := rs.Execute(ctx, d.Record, func(s S, by fact.By) ([]fact.Event, error) {
			if moved(s.Deadlines(), name, d.At) {
				return nil, nil
			}
			return decide(s, by, seen)
		})
		return err
	}))
}

// moved says whether the deadline of a name is later than it was.
func moved(deadlines []fact.Deadline, name string, was time.Time) bool {
	i := slices.IndexFunc(deadlines, func(d fact.Deadline) bool { return d.Name == name })
	return i >= 0 && deadlines[i].At.After(was)
}

func (u *Unit) react(id string, fn func(context.Context, any) error) endpoint.Endpoint {
	return u.chain.Around(chain.Operation{ID: id, Permission: chain.System}, func(ctx context.Context, request any) (any, error) {
		return nil, fn(ctx, request)
	})
}
