package seen

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Own gives the work that a worker has to that worker, and to who covers for them: nobody else,
// also not who leads the agency. It is for lists that say more of work than its frame. Empty: of
// the caller. Work from whose circle the caller is left out is not among it. Errors:
// work.ErrNotTheWorker.
func (d Desk[S]) Own(ctx context.Context, by fact.By, of string) ([]record.Result[S], error) {
	me := worker.ID(by.Agency, by.Principal)
	if of == "" {
		of = me
	}
	mine, err := d.Workers.Fresh(ctx, me)
	if err != nil {
		return nil, err
	}
	them, err := d.Workers.Fresh(ctx, of)
	if err != nil {
		return nil, err
	}
	switch acts := mine.Value().ActsFor(them.Value().Present, by.At); {
	case !acts && of == me:
		return nil, nil
	case !acts:
		return nil, work.ErrNotTheWorker.At("/worker", "oneself, or whom one covers for")
	}
	named, err := d.Works.FreshIn(ctx, d.ByWorker.Of(by.Agency, of))
	if err != nil {
		return nil, err
	}
	var own []record.Result[S]
	for _, id := range named.Value() {
		if d.Circles != nil {
			if in, err := d.Circles.Get(ctx, circle.ID(id)); err != nil || !in.State.Has(me) {
				continue
			}
		}
		if res, err := d.Works.See(ctx, id, by); err == nil && res.State.Has() == of {
			own = append(own, res)
		}
	}
	return own, nil
}
