// Package app holds the use case of the register of workers that needs more than one
// record: who works at an agency. It decides nothing itself, and refuses to hold a
// rule.
package app

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/referral/internal/workers/internal/domain"
)

// Register is the workers of all agencies.
type Register struct {
	Workers *record.Records[domain.Worker]
}

// New adds the records to a book.
func New(b *record.Book) Register {
	return Register{record.New(b, worker.Prefix, &domain.ByAgency)}
}

// Staff is who is on the register of an agency. One who is in quarantine is left out,
// and the staff says that somebody may be missing.
func (r Register) Staff(ctx context.Context, agency string) worker.Seen {
	staff, err := r.staff(ctx, agency)
	return worker.Seen{Staff: staff, Err: err}
}

func (r Register) staff(ctx context.Context, agency string) (look.Fresh[worker.Staff], error) {
	ids, err := r.Workers.FreshIn(ctx, domain.ByAgency.Of(agency))
	if err != nil {
		return look.Fresh[worker.Staff]{}, err
	}
	staff := worker.Staff{Of: map[string]worker.Present{}}
	if !r.Workers.Complete() {
		staff.Unread = record.ErrQuarantined
	}
	for _, id := range ids.Value() {
		w, err := r.Workers.Fresh(ctx, id)
		switch {
		case errors.Is(err, record.ErrQuarantined):
			staff.Unread = err
		case err != nil:
			return look.Fresh[worker.Staff]{}, err
		default:
			staff.Of[w.Value().Subject] = w.Value().Present
		}
	}
	return look.As(ids, func([]string) worker.Staff { return staff }), nil
}

// Colleagues is the staff of the agency that commands.
func (r Register) Colleagues(ctx context.Context, _ string, by fact.By) worker.Seen {
	return r.Staff(ctx, by.Agency)
}
