package app

import (
	"context"
	"errors"
	"time"

	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
)

// Over lists the cases and enquiries whose time of being kept is over. Those whose keys were erased
// are not there any more, and of those in quarantine nothing can be known.
func (a App) Over(ctx context.Context, now time.Time) ([]domain.Kept, error) {
	cases, err := kept(ctx, a.Cases, domain.ByReference.Of(), func(c domain.Case) domain.Kept { return c.Kept(a.Rules, now) })
	if err != nil {
		return nil, err
	}
	enquiries, err := kept(ctx, a.Enquiries, domain.EnquiriesByAgency.Of(), func(e domain.Enquiry) domain.Kept { return e.Kept(a.Rules, now) })
	if err != nil {
		return nil, err
	}
	return domain.Over(append(cases, enquiries...), now, a.Cases.Aside), nil
}

// kept reads all records of a kind that can be read, each once.
func kept[S record.State[S]](ctx context.Context, rs *record.Records[S], all image.Part[S], of func(S) domain.Kept) (list []domain.Kept, err error) {
	seen := map[string]bool{}
	for _, id := range rs.Find(all) {
		if seen[id] {
			continue // it has several places
		}
		seen[id] = true
		res, err := rs.Get(ctx, id)
		if errors.Is(err, record.ErrQuarantined) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if k := of(res.State); k.Record != "" {
			list = append(list, k)
		}
	}
	return list, nil
}
