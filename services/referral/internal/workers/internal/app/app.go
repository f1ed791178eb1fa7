// Package app holds the use cases of the register of workers that need more than one
// record: who works at an agency, and whose credentials end soon there. It decides nothing itself, and refuses to hold a
// rule.
package app

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/referral/internal/workers/internal/domain"
)

// Register is the workers of all agencies.
type Register struct {
	Workers *record.Records[domain.Worker]
	// Requires is what a role requires of who is given its work.
	Requires credential.Requires
}

// New adds the records to a book.
func New(b *record.Book, all programme.Set) Register {
	return Register{
		Workers: record.New(b, worker.Prefix, &domain.ByAgency, &domain.ByEnd), Requires: credential.Under(all),
	}
}

// Staff is who is on the register of an agency. One who is in quarantine is left out,
// and the staff says that somebody may be missing.
func (r Register) Staff(ctx context.Context, agency string) worker.Seen {
	staff, err := r.staff(ctx, agency)
	return worker.Seen{Staff: staff, Err: err, Requires: r.Requires}
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

// EndingCredentials are the credentials of an agency that end soon, the first end first.
type EndingCredentials struct {
	Items []domain.Ending `json:"items"`
}

// endings is how many credentials a list names at most. A second look shows the rest, when the
// first ones have been renewed.
const endings = 200

// Ending lists the credentials of the caller's agency that end soon. It reads only the workers
// whose credentials end from now on.
func (r Register) Ending(_ context.Context, by fact.By, _ string, q url.Values) (EndingCredentials, error) {
	list := EndingCredentials{Items: []domain.Ending{}}
	before := by.At.Add(domain.Soon(q))
	ids, _ := r.Workers.Span(domain.ByEnd.Of(by.Agency), fact.Sortable(by.At), 0, endings)
	seen := map[string]bool{}
	for _, id := range ids {
		w, held := r.Workers.Held(id)
		if !held || seen[id] {
			continue
		}
		seen[id] = true
		list.Items = append(list.Items, w.State.Ending(by.At, before)...)
	}
	slices.SortFunc(list.Items, func(a, b domain.Ending) int {
		return cmp.Or(a.ValidUntil.Compare(b.ValidUntil), cmp.Compare(a.Credential, b.Credential))
	})
	return list, nil
}
